"""What a person was given to do, resolved once per request into unit ids per role."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Delegation, Grant, Organization, Person, Role, Unit
from linchpin.kernel.people.stamps import heard

EVERYWHERE = None
"""The unit ids of somebody whose grant stands at the root: no predicate is needed."""
SITES = (Unit.Kind.SITE, Unit.Kind.COMPANY)
LENT, WAS_LENT = "for:", "was:"
"""Mark among a person's roles the delegations by which they stand in for somebody, or once did."""
HELD = f"""SELECT role, unit_id, starts, ends FROM {Grant._meta.db_table} WHERE person_id = %s
UNION ALL SELECT CASE WHEN d.ended_at IS NULL AND d.ends >= %s AND p.state IN ('{Person.State.ACTIVE}', '{Person.State.LEAVING}')
THEN '{LENT}' ELSE '{WAS_LENT}' END || d.id || ':' || d.giver_id, p.unit_id, d.starts, d.ends
FROM {Delegation._meta.db_table} d JOIN {Person._meta.db_table} p ON p.id = d.giver_id WHERE d.delegate_id = %s AND d.starts <= %s"""
TREE = f"""SELECT id, path, kind, head_person_id, (SELECT fields_stamp FROM {Organization._meta.db_table} ORDER BY id LIMIT 1)
FROM {Unit._meta.db_table}"""
"""By hand, because every request asks them: to make the statements anew took longer than to answer them."""


class Given(NamedTuple):
    """A role over a unit and everything below it, between two days. To a guest maybe for some record types only (none named: all)."""

    role: str
    unit: int
    starts: date | None
    ends: date | None
    types: frozenset[str] = frozenset()
    over: bool = False
    """Ended by somebody before its last day."""
    host: str = ""
    public: bool = False
    """Whether a guest also reads what is public outside the unit."""

    def holds(self, day: date) -> bool:
        return not self.over and (self.starts is None or self.starts <= day) and (self.ends is None or day <= self.ends)


INVITING: list[Callable[[Person], Iterable[Given]]] = []
"""What else lets a guest in besides grants: asked for guests only."""


@dataclass(frozen=True)
class Access:
    """A person with their roles: role → the ids of all units it covers, or `EVERYWHERE`.

    Who stands in for somebody has a second access, `through` a delegation: the roles are the giver's, the hand is their own.
    """

    person: Person
    roles: dict[str, frozenset[int] | None]
    lent: tuple[int, ...] = ()
    """The delegations by which the person stands in for others today."""
    stood_for: frozenset[int] = frozenset()
    """For whom they stand in or ever did."""
    through: Delegation | None = None
    own: Access | None = None
    """Of an access through a delegation: what the person may do in their own name."""
    within: frozenset[int] | None = EVERYWHERE
    """Of an access through a delegation: the units it is for."""
    types: frozenset[str] | None = None
    """What a guest's invitation is for (None: every record type)."""
    public: bool = True
    """Whether what is public is read wherever it stands: by everybody of the house, and by guests whose invitation says so."""
    _covered: dict[tuple[str, ...], frozenset[int] | None] = field(default_factory=dict, init=False, repr=False, compare=False)

    _standing_in: list[Access] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def on_behalf_of(self) -> Person | None:
        return self.through.giver if self.through else None

    @property
    def acts_as(self) -> Person:
        """Whose right it is by which they act: their own, or that of whom they stand in for."""
        return self.through.giver if self.through else self.person

    @property
    def is_guest(self) -> bool:
        """Somebody from outside, who reads within an invitation."""
        return self.person.employment == Person.Employment.EXTERNAL_AUDITOR

    def has(self, *roles: str) -> bool:
        """Whether any of the roles is held anywhere."""
        return any(role in self.roles for role in roles)

    def units(self, roles: Iterable[str]) -> frozenset[int] | None:
        """The units covered by any of the roles: EVERYWHERE, or ids (none of them: the empty set)."""
        asked = tuple(roles)
        if asked not in self._covered:  # a list asks the same for each of its rows
            self._covered[asked] = self._units(asked)
        return self._covered[asked]

    def _units(self, roles: tuple[str, ...]) -> frozenset[int] | None:
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


class Node(NamedTuple):
    """A unit as far as access asks for it."""

    id: int
    path: str
    kind: str
    head_person_id: int | None

    @property
    def is_root(self) -> bool:
        return self.path == f"/{self.id}/"


def access_of(person: Person, today: date | None = None) -> Access:
    """Resolve grants in force, a guest's invitation, unit heads and the implicit `everyone` of one's own site. Two queries, a guest's three."""
    if person.is_system:
        return Access(person, {role.value: EVERYWHERE for role in Role})
    day = today or clock.today()
    held, tree = _held(person, day), _tree()
    roots: dict[str, list[Node]] = {}
    marks = [role for role, *_rest in held if role.startswith((LENT, WAS_LENT))]
    given = [Given(*row) for row in held if row[0] not in marks] + invitations(person)
    in_force = [one for one in given if one.holds(day)]
    for one in in_force:
        roots.setdefault(one.role, []).append(tree[one.unit])
    if person.employment != Person.Employment.EXTERNAL_AUDITOR:
        roots.setdefault(Role.EVERYONE, []).append(_site(tree[person.unit_id], tree))
        if heads := [node for node in tree.values() if node.head_person_id == person.pk]:
            roots.setdefault(Role.LINE_MANAGER, []).extend(heads)
    covered = {str(role): _subtrees(nodes, tree) for role, nodes in roots.items()}
    return Access(person, covered, *_standing(marks), types=_types(in_force), public=_public(person, in_force))


def _tree() -> dict[int, Node]:
    """Every unit by its id. The stamp of the fields that the house added comes along."""
    with connection.cursor() as cursor:
        cursor.execute(TREE)
        units = cursor.fetchall()
    heard(units[0][4] or "" if units else "")
    return {row[0]: Node(*row[:4]) for row in units}


def _standing(marks: list[str]) -> tuple[tuple[int, ...], frozenset[int]]:
    """The delegations of today, and everybody for whom the person ever stood in."""
    lent = tuple(int(mark.split(":")[1]) for mark in marks if mark.startswith(LENT))
    return lent, frozenset(int(mark.split(":")[2]) for mark in marks)


def _held(person: Person, day: date) -> list[tuple[str, int, date | None, date | None]]:
    """What the person was given, and in the same query for whom they stand in or once did."""
    asked = connection.ops.adapt_datefield_value(day)
    with connection.cursor() as cursor:
        cursor.execute(HELD, [person.pk, asked, person.pk, asked])
        return [(role, unit, _day(starts), _day(ends)) for role, unit, starts, ends in cursor.fetchall()]


def _day(stored: date | str | None) -> date | None:
    """SQLite gives days as text."""
    return date.fromisoformat(stored) if isinstance(stored, str) else stored


def given_to(person: Person) -> list[Given]:
    """Every grant of the person, in force or not, and for a guest every invitation."""
    given = [Given(*row) for row in Grant.objects.filter(person=person).values_list("role", "unit_id", "starts", "ends")]
    return given + invitations(person)


def invitations(person: Person) -> list[Given]:
    """What lets a guest in besides grants; nothing for everybody else, who is asked no more."""
    guest = person.employment == Person.Employment.EXTERNAL_AUDITOR
    return [one for source in INVITING for one in source(person)] if guest else []


def _types(in_force: Sequence[Given]) -> frozenset[str] | None:
    if not in_force or any(not given.types for given in in_force):
        return None
    return frozenset().union(*(given.types for given in in_force))


def _public(person: Person, in_force: Sequence[Given]) -> bool:
    return person.employment != Person.Employment.EXTERNAL_AUDITOR or any(given.public for given in in_force)


def _site(unit: Node, tree: Mapping[int, Node]) -> Node:
    above = [tree[pk] for pk in _ids(unit.path)]
    return next((node for node in reversed(above) if node.kind in SITES), above[0])


def _subtrees(roots: Sequence[Node], tree: Mapping[int, Node]) -> frozenset[int] | None:
    if any(root.is_root for root in roots):
        return EVERYWHERE
    tops = tuple(root.path for root in roots)
    return frozenset(node.id for node in tree.values() if node.path.startswith(tops))


def _ids(path: str) -> list[int]:
    """A unit and those above it, the root first."""
    return [int(part) for part in path.split("/") if part]


def site_of(unit: Unit) -> Unit:
    """The site (or company) that a unit belongs to: the nearest such ancestor, else the root."""
    chain = sorted(Unit.objects.filter(pk__in=_ids(unit.path)), key=lambda u: len(u.path), reverse=True)
    return next((u for u in chain if u.kind in SITES), chain[-1] if chain else unit)


def subtree_ids(unit: Unit) -> frozenset[int]:
    return frozenset(Unit.objects.filter(path__startswith=unit.path).values_list("id", flat=True))


def holders(role: str, unit: Unit) -> list[Person]:
    """Active people who hold the role over the unit: on it or on a unit above it."""
    above = _ids(unit.path)
    today = clock.today()
    in_force = (Q(starts=None) | Q(starts__lte=today)) & (Q(ends=None) | Q(ends__gte=today))
    granted = Q(pk__in=Grant.objects.filter(in_force, role=role, unit_id__in=above).values("person_id"))
    if role == Role.LINE_MANAGER:
        granted |= Q(pk__in=Unit.objects.filter(pk__in=above).exclude(head_person=None).values("head_person_id"))
    return list(Person.objects.filter(granted, state=Person.State.ACTIVE).order_by("name"))
