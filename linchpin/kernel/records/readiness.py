"""Ready for an audit on any day: for each clause the records that prove it, their newest day, and whether that is old."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, When

from linchpin import standard
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.evidence import proving
from linchpin.kernel.records.literal import Literal
from linchpin.kernel.records.models import DeclaredException, Phase, Provenance, Record
from linchpin.kernel.records.registry import RecordType, all_types

DAYS_OF_A_MONTH = 365.25 / 12
YEAR = timedelta(days=365)
EVERYTHING = Q()
LOOKED_AT: Mapping[str, Q] = {
    "": EVERYTHING,
    "imported": Q(provenance=Provenance.IMPORTED) & ~Q(provenance=Literal("entered")),
    "exceptions": Q(exceptions__gt=Literal(0)),
}
"""What may be looked at alone: what was imported, and what was bent. Written so that the partial indexes are used."""
BROUGHT_IN_ONLY = Q(provenance=Provenance.IMPORTED, version=1)
EVIDENCE_OF = Max(Case(When(BROUGHT_IN_ONLY, then=F("created_at")), default=F("updated_at")))
"""A record counts from the day it was last worked on; what was brought in and not touched since, from its own day."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Records of one type that speak for a clause: how many, the newest day; the clauses that they name, where the type leaves that to them."""

    type: RecordType
    count: int
    newest: datetime
    named: tuple[str, ...] = ()

    @property
    def is_old(self) -> bool:
        return clock.now() - self.newest > timedelta(days=round(self.type.fresh_for * DAYS_OF_A_MONTH))


@dataclass(frozen=True, slots=True)
class Line:
    """One clause with what proves it, the freshest first."""

    clause: standard.Clause
    proofs: tuple[Proof, ...]

    @property
    def state(self) -> str:
        """`fresh` while one of the registers is, `old` when none is, `nothing` without any record."""
        if not self.proofs:
            return "nothing"
        return "old" if all(proof.is_old for proof in self.proofs) else "fresh"

    def same_as(self, other: Line | None) -> bool:
        """Whether the same records prove the other clause too."""
        return other is not None and bool(self.proofs) and set(self.proofs) == set(other.proofs)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the standard with its clauses."""

    clause: standard.Clause
    lines: tuple[Line, ...]

    def count(self, state: str) -> int:
        return sum(line.state == state for line in self.lines)


def readiness(edition: standard.Edition, access: Access, narrowed: Q = EVERYTHING) -> list[Chapter]:
    """The chapters of an edition that ask for something, from what the reader may see and what passes `narrowed` (a predicate on `Record`).

    One statement, and one more for each type whose records name their own clause.
    """
    said = list(_said(access, narrowed))
    lines = [Line(clause, _proofs(clause.number, edition.id, said)) for clause in edition.clauses.values() if clause.level > 1]
    chapters = [clause for clause in edition.clauses.values() if clause.level == 1]
    found = [Chapter(chapter, tuple(line for line in lines if line.clause.number.startswith(f"{chapter.number}."))) for chapter in chapters]
    return [chapter for chapter in found if chapter.lines]


def _said(access: Access, narrowed: Q) -> Iterator[tuple[RecordType, str, int, datetime]]:
    """Type, clause (of either edition), count and newest day: of what types declare, and of what records name themselves."""
    rows = Record.objects.visible_to(access).filter(narrowed).exclude(phase=Phase.VOID).order_by()
    held = {key: (n, newest) for key, n, newest in rows.values_list("type").annotate(n=Count("pk"), newest=EVIDENCE_OF)}
    for one in all_types():
        if one.key in held:
            yield from ((one, declared, *held[one.key]) for declared in one.clauses)
        if one.clause_field and one.key in held:
            named: QuerySet[Any] = proving(one, access).filter(narrowed).exclude(**{one.clause_field: ""})
            for number, n, newest in named.values_list(one.clause_field).annotate(n=Count("pk"), newest=EVIDENCE_OF):
                yield one, f"={number}", n, newest


def _proofs(number: str, edition: str, said: list[tuple[RecordType, str, int, datetime]]) -> tuple[Proof, ...]:
    declared: dict[str, Proof] = {}
    named: dict[str, Proof] = {}
    for one, about, n, newest in said:
        if about.startswith("=") and about[1:] in standard.numbers() and standard.evidences(about[1:], number, edition):
            before = named.get(one.key)
            count, day = (n + before.count, max(newest, before.newest)) if before else (n, newest)
            named[one.key] = Proof(one, count, day, (*(before.named if before else ()), about[1:]))
        elif not about.startswith("=") and standard.evidences(about, number, edition):
            declared[one.key] = Proof(one, n, newest)
    found = [*declared.values(), *(proof for key, proof in named.items() if key not in declared)]
    return tuple(sorted(found, key=lambda proof: (proof.is_old, -proof.newest.timestamp())))


def shown_exceptions(access: Access, narrowed: Q = EVERYTHING) -> QuerySet[DeclaredException]:
    """Exceptions declared within a year, and older ones that nobody looked at yet, on records that the reader may see."""
    rows = Record.objects.visible_to(access).filter(narrowed, exceptions__gt=0).values("pk")
    found = DeclaredException.objects.filter(record_id__in=rows).filter(Q(declared_at__gte=clock.now() - YEAR) | Q(checked_at=None))
    return found.select_related("record", "declared_by", "checked_by")


def below(units: Iterable[Unit]) -> Q:
    """The units with everything below them; of none: everything."""
    return reduce(or_, (Q(unit__path__startswith=unit.path) for unit in units), EVERYTHING)


def overdue_first(found: QuerySet[DeclaredException]) -> list[DeclaredException]:
    """What still waits for somebody to look, the longest overdue first; then what was looked at, newest first."""
    rows = list(found)
    waiting = sorted((row for row in rows if not row.checked_at), key=lambda row: (row.check_due, row.pk))
    return waiting + sorted((row for row in rows if row.checked_at), key=lambda row: (row.declared_at, row.pk), reverse=True)


def intervals() -> Mapping[int, list[RecordType]]:
    """After how many months evidence is old, and of which types: the rule that the pages say."""
    found: dict[int, list[RecordType]] = {}
    for one in sorted(all_types(), key=lambda one: one.fresh_for):
        found.setdefault(one.fresh_for, []).append(one)
    return found

