"""What became of what I raised: my reports and the records I began, newest first, closed ones too; parts of a larger record are found there."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Provenance, Record
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.web.rows import row_of

SHOWN = 50


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    of_its_own = [record_type.key for record_type in all_types() if record_type.listed]
    raised = Record.objects.visible_to(access).filter(created_by=access.person, type__in=of_its_own).exclude(provenance=Provenance.IMPORTED)
    rows = raised.select_related("unit", "owner").order_by("-id")[:SHOWN]
    return render(request, "linchpin/mine.html", {"rows": [row_of(r, access) for r in rows]})
