"""The screens that no other type has: two revisions of a document with every word that changed, and the pictures of a Word file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.chapters.support.revisions.comparing import DOCX, compare, text_of
from linchpin.chapters.support.revisions.models import Revision
from linchpin.chapters.support.revisions.word_files import picture as picture_of
from linchpin.kernel.files.storing import ALONE
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Missing


@login_required
@require_safe
def compared(request: HttpRequest, number: str, other: str) -> HttpResponse:
    """What became of the revision `other` in the revision `number`."""
    access: Access = request.access  # type: ignore[attr-defined]
    rows = Revision.objects.visible_to(access).select_related("owner", "parent").filter(number__in=(number, other))
    found = {row.number: row for row in rows}
    new, old = found.get(number), found.get(other)
    if new is None or old is None or new.parent_id is None or new.parent_id != old.parent_id:
        raise Missing(_("There are no such two revisions of one document."))
    texts = text_of(old), text_of(new)
    lines = compare(texts[0], texts[1]) if texts[0] is not None and texts[1] is not None else None
    others = Revision.objects.filter(parent_id=new.parent_id).exclude(pk=new.pk).exclude(phase="void").order_by("-position")
    context = {"new": new, "old": old, "document": new.parent.document, "lines": lines, "others": others}
    context["changed"] = any(line.kind not in ("same", "left_out") for line in lines or ())
    return render(request, "revision/compare.html", context)


@login_required
@require_safe
def picture(request: HttpRequest, number: str, name: str) -> FileResponse:
    """A picture of the Word file that is the revision, for who may read the revision."""
    access: Access = request.access  # type: ignore[attr-defined]
    revision = Revision.objects.visible_to(access).filter(number=number).first()
    file = revision.content_file() if revision is not None and not revision.content else None
    found = picture_of(file.sha256, name) if file and file.content_type == DOCX else None
    if found is None:
        raise Missing(_("There is no such picture."))
    answer = FileResponse(found[0].open("rb"), content_type=found[1])
    answer["X-Content-Type-Options"], answer["Content-Security-Policy"] = "nosniff", ALONE
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
