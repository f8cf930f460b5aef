"""A folder of documents, or several files, dropped in the browser: what became of each stands on the page that answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linchpin.exchange.documents.bringing import Brought, Folder, bring_in_folder
from linchpin.exchange.models import Import
from linchpin.exchange.undoing import worked_on
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.importing import found_import


@login_required
@require_http_methods(["GET", "POST"])
def documents(request: HttpRequest) -> HttpResponse:
    """The drop area; afterwards the list of files with what became of them."""
    access: Access = request.access  # type: ignore[attr-defined]
    keepers = get_type("document").who("import")
    if not access.has(*keepers):
        raise NotAllowed(_("Bringing in documents is for the quality manager and the document controller."))
    refused: Refused | None = None
    if request.method == "POST":
        try:
            folder = _bring_in(request, access)
        except Refused as problem:
            refused = problem
        else:
            return render(request, "linchpin/documents_brought.html", _became(folder.rows, folder.source))
    context = {
        "refused": refused,
        "units": [unit for unit in Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path") if access.covers(keepers, unit.pk)],
        "unit": request.POST.get("unit") or str(access.person.unit_id),
    }
    return render(request, "linchpin/documents_in.html", context, status=refused.status if refused else 200)


@login_required
@require_safe
def brought(request: HttpRequest, uid: Any) -> HttpResponse:
    """What a folder became, and the way back as long as nobody touched it."""
    source = found_import(request, uid)
    rows = [Brought(**row.draft) for row in source.rows.order_by("row", "id")]
    return render(request, "linchpin/documents_brought.html", _became(rows, source))


def _became(rows: list[Brought], source: Import | None) -> dict[str, Any]:
    return {
        "rows": sorted(rows, key=lambda row: row.outcome != "left_out"),
        "counts": Counter(row.outcome for row in rows),
        "source": source,
        "touched": worked_on(source)[:5] if source and source.is_accepted else [],
    }


def _bring_in(request: HttpRequest, access: Access) -> Folder:
    uploads, paths = request.FILES.getlist("file"), request.POST.getlist("path")
    if not uploads:
        raise Refused(never(_("Choose a folder, or some files."), "file"))
    chosen = request.POST.get("unit", "")
    unit = Unit.objects.filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 19 else None
    names = paths if len(paths) == len(uploads) else [upload.name or "" for upload in uploads]
    files = ((name, upload.read()) for name, upload in zip(names, uploads, strict=True))
    return bring_in_folder(files, actor=access, unit=unit)
