"""What waits for somebody although it is not theirs: they are named in it, or an exception wants to be looked at."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.access import may
from linchpin.kernel.records.models import DeclaredException, Record
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
    """Records that wait for this person, each with the words for what is to be done; at most 20 of a kind."""
    return [*_asked_for(access), *(pair for one in all_types() for pair in _named_in(one, access)), *_to_be_checked(access)]


def _asked_for(access: Access) -> list[tuple[Any, str]]:
    """Records that ask the person for something: to review, to approve, to have read. One query."""
    rows = access.person.asked.filter(answer="").select_related("record__unit", "record__owner").order_by("asked_at", "id")
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
    moves: dict[tuple[str, str], str] = {}
    for one in record_type.lifecycle.transitions:
        for name in set(one.by) & record_type.own_fields if not one.backward else ():
            moves |= {(name, status): str(one.label) for status in one.source if (name, status) not in moves}
    if not moves:
        return []
    states: dict[str, set[str]] = defaultdict(set)
    for name, status in moves:
        states[name].add(status)
    mine = Q(pk__in=())
    for name, wanted in states.items():
        mine |= Q(**{name: access.person}, status__in=wanted)
    rows: Any = record_type.model._default_manager
    found = rows.visible_to(access).filter(mine).exclude(owner=access.person).select_related("unit", "owner").order_by("due", "id")[:SHOWN]
    return [(record, _words(record, moves, access)) for record in found]


def _words(record: Any, moves: dict[tuple[str, str], str], access: Access) -> str:
    return next(
        label for (name, status), label in moves.items() if status == record.status and getattr(record, f"{name}_id") == access.person.pk
    )


def _to_be_checked(access: Access) -> list[tuple[Any, str]]:
    if not access.has(Role.QUALITY_MANAGER):
        return []
    checks = DeclaredException.objects.filter(checked_at=None).exclude(declared_by=access.person)
    seen = Record.objects.visible_to(access).filter(pk__in=checks.values("record_id"))
    rows = checks.filter(record__in=seen).select_related("record__owner", "record__unit").order_by("check_due", "id")[:SHOWN]
    return [(row.record, _("Look at a declared exception by %s") % clock.in_words(row.check_due)) for row in rows]
