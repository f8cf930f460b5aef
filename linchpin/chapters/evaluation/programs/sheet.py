"""What the page of an audit program shows: what each area needs and who may audit it, the audits below it, and what slipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.auditors.pool import Pool, listed, pool
from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.audits.rules import LEADING
from linchpin.chapters.evaluation.programs.needing import AWAITED, MOST, Need, needs_of
from linchpin.chapters.evaluation.programs.rules import unfit
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.registry import get_type

SOON = timedelta(days=60)
"""So long before its last day a competence is shown as ending (model, section 16)."""


@dataclass(frozen=True, slots=True)
class Line:
    """An area: what it needs, who of the auditors is independent there, and whether it came after the approval."""

    need: Need
    auditors: tuple[str, ...]
    later: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """An audit of the program: its state in words, why its auditors may not hold it, and how it slipped; both empty when all is well."""

    audit: Any
    status: str
    bound: str
    slipped: str


def sheet_of(program: Any, access: Access) -> dict[str, Any]:
    """The context of `audit_program/page.html` beside what every record's page has."""
    needs = needs_of(program, access)
    known = pool()
    people = [one for one in auditors_of(program.unit) if not known.is_kept or one.pk in known.competent_on(clock.today())]
    leaders = _leaders([need.area.unit for need in needs])
    audits = audits_of(program, access, known)
    is_draft = program.status == "draft"
    return {
        "lines": [Line(need, _independent(people, need.area.unit, leaders), _came_later(need.area, program)) for need in needs],
        "left_out": list(program.children.visible_to(access).filter(type="audited_area", status="left_out").order_by("title")),
        "most": MOST,
        "audits": audits,
        "pool": [(one, one.valid_until < clock.today(), one.valid_until < clock.today() + SOON) for one in listed(access)],
        "pool_is_kept": known.is_kept,
        "may_pool": may_create(access, get_type("audit_competence")),
        "slipped": [one for one in audits if one.slipped],
        "may_name": is_draft and may_create(access, get_type("audited_area")),
        "may_plan": program.is_open and program.status != "evaluated" and may_create(access, get_type("audit")),
    }


def audits_of(program: Any, access: Access, known: Pool) -> list[Planned]:
    """The audits below the program by their day, those without a day last."""
    rows = Audit.objects.visible_to(access).filter(parent_id=program.pk).exclude(phase="void")
    rows = rows.select_related("owner__unit", "auditor__unit", "unit__head_person")
    kind, found = get_type("audit"), []
    for audit in sorted(rows, key=lambda row: (row.held_from or date.max, row.pk)):
        refusal = unfit(audit, known) if audit.status in AWAITED else None
        found.append(Planned(audit, kind.lifecycle.label(audit.status), str(refusal.sentence) if refusal else "", slipped(audit)))
    return found


def slipped(audit: Any) -> str:
    """How an audit is late, as a sentence; empty while it is not."""
    today = clock.today()
    if audit.status in AWAITED and audit.held_from is None:
        return _("No day is agreed yet.")
    if audit.status in AWAITED and audit.held_from < today:
        return _("Planned for %s and not held.") % clock.in_words(audit.held_from)
    if audit.status == "reporting" and audit.due and audit.due < today:
        return _("Its report was due by %s.") % clock.in_words(audit.due)
    if audit.status == "cancelled":
        return _("Cancelled.")
    return ""


def auditors_of(unit: Unit) -> list[Person]:
    """Everybody who may audit in the unit, each once."""
    people = {person.pk: person for role in (Role.LEAD_AUDITOR, Role.AUDITOR) for person in holders(role, unit)}
    units = {one.pk: one for one in Unit.objects.filter(pk__in={person.unit_id for person in people.values()})}
    for person in people.values():
        person.unit = units[person.unit_id]
    return sorted(people.values(), key=lambda person: person.name)


def _leaders(units: Sequence[Unit]) -> dict[int, set[int]]:
    """Who leads each unit, asked once for each."""
    return {unit.pk: {unit.head_person_id or 0, *(p.pk for role in LEADING for p in holders(role, unit))} for unit in {u.pk: u for u in units}.values()}


def _independent(pool: Sequence[Person], unit: Unit, leaders: dict[int, set[int]]) -> tuple[str, ...]:
    return tuple(p.name for p in pool if not p.unit.path.startswith(unit.path) and p.pk not in leaders[unit.pk])


def _came_later(area: Any, program: Any) -> bool:
    return bool(program.approved_on and program.status != "draft" and area.created_at.date() > program.approved_on)
