"""What a person was given to do, resolved once per request into unit ids per role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q

from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Grant, Person, Role, Unit

EVERYWHERE = None
"""The unit ids of somebody whose grant stands at the root: no predicate is needed."""


@dataclass(frozen=True)
class Access:
    """A person with their roles: role → the ids of all units it covers, or `EVERYWHERE`."""

    person: Person
    roles: dict[str, frozenset[int] | None]

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held anywhere."""
        return any(role in self.roles for role in roles)

    def units(self, roles: Iterable[str]) -> frozenset[int] | None:
        """The units covered by any of the roles: EVERYWHERE, or ids (none of them: the empty set)."""
        covered: frozenset[int] = frozenset()
        for role in roles:
            if role in self.roles:
                ids = self.roles[role]
                if ids is EVERYWHERE:
                    return EVERYWHERE
                covered |= ids
        return covered

    def covers(self, roles: Iterable[str], unit_id: int) -> bool:
        ids = self.units(roles)
        return ids is EVERYWHERE or unit_id in ids


def access_of(person: Person, today: date | None = None) -> Access:
    """Resolve grants in force, unit heads and the implicit `everyone` of one's own site. At most four queries."""
    if person.is_system:
        return Access(person, {role.value: EVERYWHERE for role in Role})
    roots: dict[str, list[Unit]] = {}
    day = today or clock.today()
    grants = Grant.objects.filter(person=person).select_related("unit")
    for grant in grants:
        if (grant.starts is None or grant.starts <= day) and (grant.ends is None or day <= grant.ends):
            roots.setdefault(grant.role, []).append(grant.unit)
    if person.employment != Person.Employment.EXTERNAL_AUDITOR:
        roots.setdefault(Role.EVERYONE, []).append(site_of(person.unit))
        if heads := list(Unit.objects.filter(head_person=person)):
            roots.setdefault(Role.LINE_MANAGER, []).extend(heads)
    return Access(person, _subtrees(roots))


def site_of(unit: Unit) -> Unit:
    """The site (or company) that a unit belongs to: the nearest such ancestor, else the root."""
    ids = [int(part) for part in unit.path.split("/") if part]
    chain = sorted(Unit.objects.filter(pk__in=ids), key=lambda u: len(u.path), reverse=True)
    return next((u for u in chain if u.kind in (Unit.Kind.SITE, Unit.Kind.COMPANY)), chain[-1] if chain else unit)


def subtree_ids(unit: Unit) -> frozenset[int]:
    return frozenset(Unit.objects.filter(path__startswith=unit.path).values_list("id", flat=True))


def _subtrees(roots: dict[str, list[Unit]]) -> dict[str, frozenset[int] | None]:
    paths = {unit.path for units in roots.values() for unit in units if unit.parent_id}
    rows = _under(paths)
    answer: dict[str, frozenset[int] | None] = {}
    for role, units in roots.items():
        if any(unit.parent_id is None for unit in units):
            answer[str(role)] = EVERYWHERE
        else:
            tops = tuple(unit.path for unit in units)
            answer[str(role)] = frozenset(pk for pk, path in rows if path.startswith(tops))
    return answer


def _under(paths: set[str]) -> list[tuple[int, str]]:
    if not paths:
        return []
    query = reduce(or_, (Q(path__startswith=path) for path in paths))
    return list(Unit.objects.filter(query).values_list("id", "path"))


def holders(role: str, unit: Unit) -> list[Person]:
    """Active people who hold the role over the unit: on it or on a unit above it."""
    above = [int(part) for part in unit.path.split("/") if part]
    today = clock.today()
    in_force = (Q(starts=None) | Q(starts__lte=today)) & (Q(ends=None) | Q(ends__gte=today))
    granted = Q(pk__in=Grant.objects.filter(in_force, role=role, unit_id__in=above).values("person_id"))
    if role == Role.LINE_MANAGER:
        granted |= Q(pk__in=Unit.objects.filter(pk__in=above).exclude(head_person=None).values("head_person_id"))
    return list(Person.objects.filter(granted, state=Person.State.ACTIVE).order_by("name"))
