"""By clause, within an auditor's visit: what proves each clause, in the units that the invitation names."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linchpin import standard
from linchpin.chapters.evaluation.visits.inviting import units_of
from linchpin.chapters.evaluation.visits.looking_back import OWN
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.evidence import edition_of
from linchpin.surfaces.web.ready import sheet, shown_of
from linchpin.surfaces.web.rooms import frame, visit_of


@login_required
@require_safe
def by_clause(request: HttpRequest, number: str = "") -> HttpResponse:
    """The audit-ready page as the guest reads it; what the visit itself made is no evidence for it."""
    access: Access = request.access  # type: ignore[attr-defined]
    visit = visit_of(access, number)
    edition = edition_of(request.GET.get("edition", "") or visit.edition)
    units = [unit for unit in units_of(visit) if unit.parent_id]
    context = frame(visit, number, access, "clauses") | sheet(edition, access, units, shown_of(request), ~Q(type__in=OWN))
    context |= {"editions": [standard.catalogue(one) for one in standard.EDITIONS], "address": request.path}
    return render(request, "linchpin/room/clauses.html", context)
