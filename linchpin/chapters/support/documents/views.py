"""The lists that only documents have: what was kept long enough, and the records kept under one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.chapters.support.documents.keeping import due_documents, due_revisions, until_of
from linchpin.chapters.support.documents.lifecycle import DISPOSERS
from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.documents.reading import KEPT_UNDER
from linchpin.kernel.links.reading import ending_at
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Missing, NotAllowed
from linchpin.kernel.records.registry import get_type

A_PAGE = 50
SHOWN = 200
"""Of each: whoever works through them sees the next once these are done."""


@login_required
@require_safe
def due_for_disposal(request: HttpRequest) -> HttpResponse:
    """Documents and superseded texts whose years are over. Nothing is disposed of by itself."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*DISPOSERS):
        raise NotAllowed(_("Disposal is for the quality manager and the document controller."))
    documents, revisions = due_documents(access), due_revisions(access)
    context = {
        "documents": [(one, until_of(one)) for one in documents[:SHOWN]],
        "revisions": [(one, until_of(one)) for one in revisions[:SHOWN]],
        "count": documents.count() + revisions.count(),
    }
    return render(request, "document/disposal.html", context)


@login_required
@require_safe
def kept(request: HttpRequest, number: str) -> HttpResponse:
    """The records kept under a document, as far as the reader may see them, page by page."""
    access: Access = request.access  # type: ignore[attr-defined]
    document = Document.objects.visible_to(access).filter(number=number).first()
    if document is None:
        raise Missing(_("There is no such record, or it is not for you."))
    asked = request.GET.get("after", "")
    after = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 19 else 0
    found = ending_at(document, KEPT_UNDER, access, size=A_PAGE, after=after)
    rows = [(one, get_type(one.type).label(access.person.labels)) for one in found.records]
    return render(request, "document/kept.html", {"record": document, "kept": found, "rows": rows, "first": not after})
