"""What waits for somebody although it is not theirs: they are named in it, or an exception wants to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import DeclaredException, Phase, Record
from linchpin.kernel.records.registry import RecordType, all_types, get_type

SHOWN = 20
NEAR = 14
"""Days before its due date from which a record that rests (a document in force, say) waits for its owner again."""


def at_rest(day: date) -> Q:
    """Open records in which nothing waits for anybody yet, for every type that has such states."""
    resting = Q(pk__in=())
    for one in all_types():
        if one.lifecycle.resting:
            resting |= Q(type=one.key, status__in=one.lifecycle.resting)
    return resting & (Q(due=None) | Q(due__gt=day + timedelta(days=NEAR)))


def waiting_for(access: Access) -> list[tuple[Any, str]]:
    """Records that wait for this person, each with the words for what is to be done; at most 20 of a kind.

    Through a delegation: what waits for whom they stand in for, as far as it was handed over.
    """
    if access.through is not None:
        return _lent(access)
    return [*_asked_for(access), *(pair for one in all_types() for pair in _named_in(one, access)), *_to_be_checked(access)]


def lent_rows(access: Access) -> Iterator[QuerySet[Any]]:
    """What waits for whom somebody stands in for, as rows to be shown or counted: what they are asked for and named in; unless only signatures
    were handed over, what they own."""
    yield _asked_rows(access)
    yield from (_named_rows(one, access) for one in all_types() if moves_of_named(one))
    if access.through is not None and access.through.scope != access.through.Scope.APPROVALS:
        yield _owned_rows(access)


def _lent(access: Access) -> list[tuple[Any, str]]:
    """The same with the words for what is to be done."""
    found = [*_asked_for(access), *(pair for one in all_types() for pair in _named_in(one, access))]
    if access.through is not None and access.through.scope != access.through.Scope.APPROVALS:
        rows = _owned_rows(access).select_related("unit", "owner").order_by("due", "id")[:SHOWN]
        found += [(row, _owned(row)) for row in rows]
    return found


def _owned_rows(access: Access) -> QuerySet[Any]:
    rows = Record.objects.visible_to(access).filter(owner=access.acts_as, phase=Phase.OPEN, type__in=[one.key for one in all_types()])
    return rows.exclude(at_rest(clock.today()))


def _owned(record: Record) -> str:
    status = get_type(record.type).lifecycle.label(record.status)
    return _("%(status)s, due %(day)s") % {"status": status, "day": clock.in_words(record.due)} if record.due else status


def _asked_for(access: Access) -> list[tuple[Any, str]]:
    """Records that ask the person for something: to review, to approve, to have read. One query."""
    rows = _asked_rows(access).select_related("record__unit", "record__owner").order_by("asked_at", "id")[:SHOWN]
    asked = [(row.record, get_type(row.record.type), row.duty) for row in rows if access.through or may(access, "read", row.record)]
    return [(record, str(kind.lifecycle.transition(kind.askings[duty].move).called)) for record, kind, duty in asked]  # type: ignore[union-attr]


def _asked_rows(access: Access) -> QuerySet[Any]:
    waiting = Q(pk__in=())
    for one in all_types():
        for duty, asking in one.askings.items():
            waiting |= Q(record__type=one.key, duty=duty, record__status__in=[str(state) for state in asking.states])
    rows = access.acts_as.asked.filter(waiting, answer="")
    return rows.filter(record__in=Record.objects.visible_to(access)) if access.through else rows


def _named_in(record_type: RecordType, access: Access) -> list[tuple[Any, str]]:
    """Records that name the person in a field which stands where a role stands: as verifier, say; not those they own, which wait for them anyway. One query."""
    moves = moves_of_named(record_type)
    if not moves:
        return []
    found = _named_rows(record_type, access).select_related("unit", "owner").order_by("due", "id")[:SHOWN]
    return [(record, _words(record, moves, access)) for record in found]


def _named_rows(record_type: RecordType, access: Access) -> QuerySet[Any]:
    mine = Q(pk__in=())
    for name, wanted in states_of(moves_of_named(record_type)).items():
        mine |= Q(**{name: access.acts_as}, status__in=wanted)
    rows: Any = record_type.model._default_manager
    found: QuerySet[Any] = rows.visible_to(access).filter(mine).exclude(owner=access.acts_as)
    return found


def moves_of_named(record_type: RecordType) -> dict[tuple[str, str], str]:
    """(field, status) → the move that whoever stands in the field is to make then, in words."""
    moves: dict[tuple[str, str], str] = {}
    for one in record_type.lifecycle.transitions:
        for name in set(one.by) & record_type.own_fields if not one.backward else ():
            moves |= {(name, str(status)): str(one.label) for status in one.source if (name, str(status)) not in moves}
    return moves


def states_of(moves: dict[tuple[str, str], str]) -> dict[str, set[str]]:
    """By field the states in which something waits for whoever stands in it."""
    states: dict[str, set[str]] = defaultdict(set)
    for name, status in moves:
        states[name].add(status)
    return states


def _words(record: Any, moves: dict[tuple[str, str], str], access: Access) -> str:
    return next(
        label for (name, status), label in moves.items() if status == record.status and getattr(record, f"{name}_id") == access.acts_as.pk
    )


def _to_be_checked(access: Access) -> list[tuple[Any, str]]:
    if not access.has(Role.QUALITY_MANAGER):
        return []
    checks = DeclaredException.objects.filter(checked_at=None).exclude(declared_by=access.person)
    if (units := access.units((Role.QUALITY_MANAGER,))) is not EVERYWHERE:
        checks = checks.filter(record__unit_id__in=units)
    seen = Record.objects.visible_to(access).filter(pk__in=checks.values("record_id"))
    rows = checks.filter(record__in=seen).select_related("record__owner", "record__unit").order_by("check_due", "id")[:SHOWN]
    return [(row.record, _("Look at a declared exception by %s") % clock.in_words(row.check_due)) for row in rows]
