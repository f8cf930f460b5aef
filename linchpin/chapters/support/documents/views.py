"""The one list that only documents have: what was kept long enough."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.chapters.support.documents.keeping import due_documents, due_revisions, until_of
from linchpin.chapters.support.documents.lifecycle import DISPOSERS
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import NotAllowed

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
