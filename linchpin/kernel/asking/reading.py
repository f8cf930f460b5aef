"""Whom a record asks now, who has answered, and how far each unit has come."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from linchpin.kernel.asking.models import Asked, Audience
from linchpin.kernel.people.models import Grant, Person, Role, Unit


def asked_of(record: Any, duty: str) -> QuerySet[Asked]:
    """The rows of the record's newest round, whoever answered first on top."""
    rows = Asked.objects.filter(record_id=record.pk, duty=duty, round=record.round).exclude(answer=Asked.Answer.LAPSED)
    return rows.select_related("person__unit", "witness", "stood_in", "taken_from").order_by("answered_at", "person__name")


def audience_of(record: Any, duty: str) -> list[Audience]:
    """Who was named, as it was named: people, units, roles."""
    return list(Audience.objects.filter(record_id=record.pk, duty=duty).select_related("person", "unit").order_by("id"))


def people_in(audience: Iterable[Audience], record: Any) -> list[Person]:
    """Everybody at work who is meant, each once: those of a unit with the units below it, those of a role in the record's unit."""
    found: dict[int, Person] = {}
    at_work = Person.objects.filter(state=Person.State.ACTIVE).exclude(employment=Person.Employment.SYSTEM)
    inside = at_work.exclude(employment=Person.Employment.EXTERNAL_AUDITOR)
    for line in audience:
        rows = at_work.filter(pk=line.person_id or 0)
        if line.unit is not None:
            rows = inside.filter(unit__path__startswith=line.unit.path)
        elif line.role:
            here = _on_the_way(record.unit)
            rows = at_work.filter(pk__in=Grant.objects.filter(role=line.role, unit__in=here).values("person_id"))
        found |= {person.pk: person for person in rows.select_related("unit")}
    return list(found.values())


def _on_the_way(unit: Unit) -> QuerySet[Unit]:
    """The unit, those above it and those below it."""
    above = [int(part) for part in unit.path.split("/") if part]
    return Unit.objects.filter(pk__in=above) | Unit.objects.filter(path__startswith=unit.path)


@dataclass
class Coverage:
    """How far the people of one unit (or of all) have come."""

    unit: Unit | None
    asked: int = 0
    done: int = 0
    witnessed: int = 0

    @property
    def answered(self) -> int:
        return self.done + self.witnessed

    @property
    def waiting(self) -> int:
        return self.asked - self.answered

    def count(self, answer: str, n: int) -> None:
        self.asked += n
        self.done += n * (answer == Asked.Answer.DONE)
        self.witnessed += n * (answer == Asked.Answer.WITNESSED)


def coverage_of(record: Any, duty: str) -> tuple[Coverage, list[Coverage]]:
    """All together, and unit by unit in the order of the tree. Two queries, however many were asked."""
    everybody, units = Coverage(None), dict[int, Coverage]()
    counted = list(asked_of(record, duty).order_by().values_list("person__unit_id", "answer").annotate(n=Count("id")))
    known = Unit.objects.only("name", "path").in_bulk({unit for unit, _answer, _n in counted})
    for unit, answer, n in counted:
        for one in (everybody, units.setdefault(unit, Coverage(known[unit]))):
            one.count(answer, n)
    return everybody, sorted(units.values(), key=lambda one: one.unit.path if one.unit else "")


def waiting_in(record: Any, duty: str, units: Collection[int], manager: Person) -> list[Person]:
    """Who has not answered, of these units and of the manager's own people: whoever leads them sees their names."""
    rows = asked_of(record, duty).filter(Q(person__unit__in=units) | Q(person__manager=manager), answer=Asked.Answer.OPEN)
    return [row.person for row in rows.order_by("person__name")]


def choosable(*, groups: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Whom one may name: people, and with `groups` units and roles, each with the value that a form posts."""
    people = Person.objects.filter(state=Person.State.ACTIVE).exclude(employment=Person.Employment.SYSTEM).order_by("name")
    named = [(f"person:{p.pk}", f"{p.name}, {p.position}" if p.position else p.name) for p in people]
    if not groups:
        return [(_("People"), named)]
    units = [(f"unit:{u.pk}", u.name) for u in Unit.objects.filter(state=Unit.State.ACTIVE).order_by("path")]
    roles = [(f"role:{value}", str(label)) for value, label in Role.choices if value != Role.EVERYONE]
    return [(_("Everybody of a unit"), units), (_("Everybody with a role"), roles), (_("One person"), named)]
