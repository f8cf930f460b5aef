"""What audits have looked at: clause by unit, the newest day and what is planned, and the gaps in sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from linchpin import standard
from linchpin.chapters.evaluation.audits.clauses import named_clauses
from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.checks.models import AuditCheck
from linchpin.chapters.evaluation.programs.needing import AWAITED, HELD, day_of, months_after, needs_of
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit

LOOKED_AT = ("conforms", "fails", "opportunity", "good_practice")
EVERY_UNIT, EVERY_CLAUSE = 12, 36
"""Months within which each unit and each clause is looked at, where no program says more (model, section 43)."""


@dataclass(slots=True)
class Cell:
    """A clause in a unit: the audits that looked at it, the newest day, the day of the next that is planned, and the day on which one was not held."""

    audits: dict[int, Any] = field(default_factory=dict)
    newest: date | None = None
    planned: date | None = None
    slipped: date | None = None

    @property
    def age(self) -> str:
        """`fresh` within a year, `old` within three, `stale` beyond; empty when nobody looked."""
        if self.newest is None:
            return ""
        days = (clock.today() - self.newest).days
        return "fresh" if days <= 366 else "old" if days <= 1096 else "stale"

    def take(self, audit: Any) -> None:
        self.audits[audit.pk] = audit
        if audit.status in HELD:
            self.newest = max(filter(None, (self.newest, day_of(audit))))
        elif audit.held_from and audit.held_from >= clock.today():
            self.planned = min(filter(None, (self.planned, audit.held_from)))
        elif audit.held_from:
            self.slipped = max(filter(None, (self.slipped, audit.held_from)))


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that is due and not planned, in a sentence; `clauses` or `unit` say what."""

    sentence: str
    clauses: tuple[str, ...] = ()
    unit: Any = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix of one edition: its clauses of the second level, the units, the cells by both, and each unit's and clause's own sum."""

    edition: standard.Edition
    clauses: list[standard.Clause]
    units: list[Unit]
    cells: dict[tuple[str, int], Cell]
    by_unit: dict[int, Cell]
    by_clause: dict[str, Cell]
    gaps: list[Gap]

    def at(self, clause: str, unit: Unit) -> Cell:
        return self.cells.get((clause, unit.pk), Cell())


def coverage_of(edition: standard.Edition, access: Access | None = None, within: Unit | None = None, program: Any = None) -> Coverage:
    """What internal audits covered and will, as far as the reader may see; `within` narrows it to a unit and those below it. Five queries."""
    audits = _audits(access)
    looks = list(_looks(audits, access))
    shown = _columns({path for _audit, _number, path in looks}, within)
    cells: dict[tuple[str, int], Cell] = defaultdict(Cell)
    by_unit: dict[int, Cell] = defaultdict(Cell)
    by_clause: dict[str, Cell] = defaultdict(Cell)
    for audit, number, path in looks:
        rows = {_row(one) for one in standard.numbered_in(edition.id, number)} if number else set()
        inside = [unit for unit in shown if path.startswith(unit.path)]
        for unit in inside:
            by_unit[unit.pk].take(audit)
        for row in rows if inside or within is None else ():
            by_clause[row].take(audit)
            for unit in inside:
                cells[row, unit.pk].take(audit)
    clauses = [clause for clause in edition.clauses.values() if clause.level == 2]
    found = Coverage(edition, clauses, shown, dict(cells), dict(by_unit), dict(by_clause), [])
    found.gaps.extend([*_unit_gaps(found, program, access), *_clause_gaps(found)])
    return found


def gaps_of(program: Any) -> list[Gap]:
    """What is due within a program's period and not planned."""
    return coverage_of(standard.catalogue(program.edition), None, None if program.unit.parent_id is None else program.unit, program).gaps


def _columns(looked_at: Collection[str], within: Unit | None) -> list[Unit]:
    """Departments, sites that have none, and whatever else was audited as such; teams belong to the department above them."""
    units = list(Unit.objects.filter(state=Unit.State.ACTIVE, in_scope=True).exclude(kind=Unit.Kind.TEAM))
    parents = {one.parent_id for one in units}
    chosen = [one for one in units if one.pk not in parents or one.path in looked_at]
    shown = [one for one in chosen if within is None or one.path.startswith(within.path)]
    return sorted(shown, key=lambda one: [int(part) for part in one.path.strip("/").split("/")])


def _audits(access: Access | None) -> dict[int, Any]:
    rows = Audit.objects.visible_to(access) if access else Audit.objects.all()
    rows = rows.filter(kind=Audit.Kind.INTERNAL, status__in=(*HELD, *AWAITED)).select_related("unit", "owner")
    return {audit.pk: audit for audit in rows}


def _looks(audits: dict[int, Any], access: Access | None) -> Iterable[tuple[Any, str, str]]:
    """Audit, clause (or none) and the path of the unit: of every answered question, and of what a planned audit names."""
    rows = AuditCheck.objects.visible_to(access) if access else AuditCheck.objects.all()
    rows = rows.filter(parent_id__in=audits, status__in=(*LOOKED_AT, "open"))
    for parent, clause, status, path in rows.values_list("parent_id", "clause", "status", "unit__path"):
        if (status == "open") == (audits[parent].status in AWAITED):
            yield audits[parent], clause, path
    for audit in audits.values():
        yield audit, "", audit.unit.path
        if audit.status in AWAITED:
            yield from ((audit, number, audit.unit.path) for number in named_clauses(audit.clauses))


def _row(number: str) -> str:
    """8.5.1 stands in the row of 8.5."""
    return ".".join(number.split(".")[:2])


def _unit_gaps(found: Coverage, program: Any, access: Access | None) -> list[Gap]:
    """Units whose interval has run out (of the program's areas, else a year) with no audit planned in time."""
    today = clock.today()
    until = program.until if program else today
    wanted = {need.area.unit_id: need.next_by for need in needs_of(program, access)} if program else {}
    gaps = []
    for unit in found.units:
        cell = found.by_unit.get(unit.pk, Cell())
        due = wanted.get(unit.pk) or (months_after(cell.newest, EVERY_UNIT) if cell.newest else today)
        if due > until or cell.planned:
            continue
        if cell.slipped:
            gaps.append(Gap(_("%(unit)s was to be audited on %(day)s, and was not.") % {"unit": unit.name, "day": clock.in_words(cell.slipped)}, unit=unit))
        elif cell.newest is None:
            gaps.append(Gap(_("%s was never audited, and no audit is planned.") % unit.name, unit=unit))
        else:
            words = {"unit": unit.name, "last": clock.in_words(cell.newest), "due": clock.in_words(due)}
            gaps.append(Gap(_("%(unit)s was last audited on %(last)s and is due by %(due)s; no audit is planned.") % words, unit=unit))
    return gaps


def _clause_gaps(found: Coverage) -> list[Gap]:
    """Clauses that nobody looked at within three years, and nobody plans to."""
    oldest = clock.today() - timedelta(days=365 * EVERY_CLAUSE // 12)
    never: list[str] = []
    old: list[str] = []
    for clause in found.clauses:
        cell = found.by_clause.get(clause.number, Cell())
        if cell.planned or (cell.newest and cell.newest >= oldest):
            continue
        (old if cell.newest else never).append(clause.number)
    gaps = []
    if never:
        gaps.append(Gap(_("Nobody has looked at %s yet, and no audit plans to.") % ", ".join(never), tuple(never)))
    if old:
        gaps.append(Gap(_("It is more than three years since anybody looked at %s, and no audit plans to.") % ", ".join(old), tuple(old)))
    return gaps


def looks_at(edition: standard.Edition, clause: str, unit: Unit, access: Access) -> list[tuple[Any, list[Any]]]:
    """The audits behind a cell, the newest first, each with its questions about the clause in the unit."""
    audits, checks = _audits(access), defaultdict(list)
    rows = AuditCheck.objects.visible_to(access).filter(parent_id__in=audits, status__in=(*LOOKED_AT, "open"), unit__path__startswith=unit.path)
    for check in rows.order_by("id"):
        if _row(clause) in {_row(one) for one in standard.numbered_in(edition.id, check.clause)}:
            checks[check.parent_id].append(check)
    for audit in audits.values():
        named = {_row(one) for number in named_clauses(audit.clauses) for one in standard.numbered_in(edition.id, number)}
        if audit.status in AWAITED and audit.unit.path.startswith(unit.path) and _row(clause) in named:
            checks[audit.pk] += []
    return sorted(((audits[pk], asked) for pk, asked in checks.items()), key=lambda pair: day_of(pair[0]), reverse=True)
