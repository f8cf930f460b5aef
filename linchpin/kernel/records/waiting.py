"""What waits for somebody although it is not theirs: they are named in it, or an exception wants to be looked at."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import DeclaredException, Phase, Record
from linchpin.kernel.records.registry import RecordType, all_types, get_type, has_type

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


def _lent(access: Access) -> list[tuple[Any, str]]:
    """What waits for whom somebody stands in for: what they are asked for and named in; unless only signatures were handed over, what they own."""
    found = [*_asked_for(access), *(pair for one in all_types() for pair in _named_in(one, access))]
    if access.through is not None and access.through.scope != access.through.Scope.APPROVALS:
        owned = Record.objects.visible_to(access).filter(owner=access.acts_as, phase=Phase.OPEN).exclude(at_rest(clock.today()))
        rows = owned.select_related("unit", "owner").order_by("due", "id")[:SHOWN]
        found += [(row, _owned(row)) for row in rows if has_type(row.type)]
    return found


def _owned(record: Record) -> str:
    status = get_type(record.type).lifecycle.label(record.status)
    return _("%(status)s, due %(day)s") % {"status": status, "day": clock.in_words(record.due)} if record.due else status


def _asked_for(access: Access) -> list[tuple[Any, str]]:
    """Records that ask the person for something: to review, to approve, to have read. One query."""
    rows = access.acts_as.asked.filter(answer="").select_related("record__unit", "record__owner").order_by("asked_at", "id")
    found = []
    for row in rows[:SHOWN]:
        record_type = get_type(row.record.type) if has_type(row.record.type) else None
        asking = record_type.askings.get(row.duty) if record_type else None
        move = record_type.lifecycle.transition(asking.move) if record_type and asking else None
        if move is not None and asking is not None and row.record.status in asking.states and may(access, "read", row.record):
            found.append((row.record, str(move.called)))
    return found


def _named_in(record_type: RecordType, access: Access) -> list[tuple[Any, str]]:
    """Records that name the person in a field which stands where a role stands: as verifier, say; not those they own, which wait for them anyway. One query."""
    moves = moves_of_named(record_type)
    if not moves:
        return []
    mine = Q(pk__in=())
    for name, wanted in states_of(moves).items():
        mine |= Q(**{name: access.acts_as}, status__in=wanted)
    rows: Any = record_type.model._default_manager
    found = rows.visible_to(access).filter(mine).exclude(owner=access.acts_as).select_related("unit", "owner").order_by("due", "id")[:SHOWN]
    return [(record, _words(record, moves, access)) for record in found]


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
