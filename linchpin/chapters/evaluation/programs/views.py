"""The screens that only audit programs have: coverage by clause and unit, what stands behind a cell, and the program in force."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linchpin import standard
from linchpin.chapters.evaluation.programs import taking_in
from linchpin.chapters.evaluation.programs.coverage import Cell, Coverage, coverage_of, looks_at
from linchpin.chapters.evaluation.programs.models import AuditProgram
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.evidence import edition_of
from linchpin.kernel.records.refusals import Missing, Refused
from linchpin.kernel.records.registry import get_type


@dataclass(frozen=True, slots=True)
class Row:
    """A clause with its cells in the order of the units, and those of them in which anything stands."""

    clause: standard.Clause
    cells: list[tuple[Unit, Cell]]

    @property
    def filled(self) -> list[tuple[Unit, Cell]]:
        return [(unit, cell) for unit, cell in self.cells if cell.audits]


@login_required
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """Clause by unit for the chosen edition, within a unit and for a program, if they are named; gaps in sentences."""
    access: Access = request.access  # type: ignore[attr-defined]
    within = _unit(request.GET.get("unit", ""))
    program = _program(request.GET.get("program", ""), access)
    edition = edition_of(request.GET.get("edition", "") or (program.edition if program else ""))
    found = coverage_of(edition, access, within, program)
    context = {
        "coverage": found,
        "rows": [Row(clause, [(unit, found.at(clause.number, unit)) for unit in found.units]) for clause in found.clauses],
        "chapters": {one.number: one.title for one in edition.clauses.values() if one.level == 1},
        "summed": [(unit, found.by_unit.get(unit.pk, Cell())) for unit in found.units],
        "program": program,
        "within": within,
        "sites": Unit.objects.filter(kind=Unit.Kind.SITE, state=Unit.State.ACTIVE).order_by("name"),
        "editions": [standard.catalogue(one) for one in standard.EDITIONS],
        "plural": get_type("audit").plural(access.person.labels),
        "looked": _looked(found),
    }
    return render(request, "audit_program/coverage.html", context)


@login_required
@require_safe
def cell(request: HttpRequest, clause: str, unit: int) -> HttpResponse:
    """The audits that looked at a clause in a unit, each with its questions, and those that will."""
    access: Access = request.access  # type: ignore[attr-defined]
    edition = edition_of(request.GET.get("edition", ""))
    place = Unit.objects.filter(pk=unit).first()
    if place is None or clause not in edition.clauses:
        raise Missing(_("There is no such clause or unit."))
    kind = get_type("audit_check").lifecycle
    looks = looks_at(edition, clause, place, access)
    told = [(audit, get_type("audit").lifecycle.label(audit.status), [(c, kind.label(c.status)) for c in checks]) for audit, checks in looks]
    context = {"clause": edition.clauses[clause], "edition": edition, "unit": place, "audits": told, "plural": get_type("audit").plural(access.person.labels)}
    return render(request, "audit_program/cell.html", context)


@login_required
@require_safe
def current(request: HttpRequest) -> HttpResponse:
    """The newest program in force, or the one that is planned; without one, where the first is made."""
    access: Access = request.access  # type: ignore[attr-defined]
    rows = AuditProgram.objects.visible_to(access).filter(phase="open")
    order = {"running": 0, "draft": 1}
    found = min(rows, key=lambda one: (order.get(one.status, 2), -one.pk), default=None)
    return redirect(f"/audit_program/{found.number}/" if found else "/audit_program/")


@login_required
@require_POST
def take_units_in(request: HttpRequest, number: str) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    program = _program(number, access)
    if program is None:
        raise Missing(_("There is no such record."))
    try:
        made = taking_in.take_units_in(program, actor=access)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        said = ngettext("%s unit is named: say how much hangs on it.", "%s units are named: say how much hangs on each.", len(made)) % len(made)
        messages.success(request, said if made else _("Every unit is named already."))
    return redirect(f"/audit_program/{program.number}/#s-needs")


def _program(number: str, access: Access) -> Any:
    if not number:
        return None
    found = AuditProgram.objects.visible_to(access).filter(number=number).select_related("unit", "owner").first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def _unit(text: str) -> Unit | None:
    return Unit.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _looked(found: Coverage) -> str:
    seen = sum(bool(found.by_clause.get(clause.number) and found.by_clause[clause.number].newest) for clause in found.clauses)
    return _("%(n)s of %(all)s clauses were looked at.") % {"n": seen, "all": len(found.clauses)}
