"""Automatic moves: what follows by itself when a record, its children or the calendar changed."""

from __future__ import annotations

from typing import Any

from linchpin.kernel.commands.saving import update
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.lifecycle import Transition, judge
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import RecordType, get_type

LONGEST_CHAIN = 10
"""Automatic moves that may follow one another before we call it a circle."""


def system_access() -> Access:
    """The system's own person, who makes the automatic moves."""
    return access_of(Person.objects.select_related("unit").get(employment=Person.Employment.SYSTEM))


def settle(record: Any, record_type: RecordType, chain: int = 0) -> bool:
    """Make the automatic moves whose rules hold now. The record is locked by the caller. Gives whether it moved."""
    for transition in record_type.lifecycle.moves_from(record.status):
        if transition.automatic:
            system = system_access()
            if not judge(record, transition, system.person) and chain < LONGEST_CHAIN:
                _advance(record, record_type, transition, system)
                settle(record, record_type, chain + 1)
                settle_dependents(record, record_type)
                return True
    return False


def settle_dependents(record: Any, record_type: RecordType) -> None:
    """Lock each record that depends on this one, then judge it: unlocked, two children would each miss the other."""
    for dependent in record_type.dependents(record):
        row = Record.objects.select_for_update().get(pk=dependent.pk)
        dependent_type = get_type(row.type)
        settle(dependent_type.model._default_manager.get(pk=row.pk), dependent_type)


def _advance(record: Any, record_type: RecordType, transition: Transition, system: Access) -> None:
    stood = {name: getattr(record, name) for name in (*record_type.own_fields, *record_type.fields, "original_due")}
    if transition.effect:
        transition.effect(record, system.person)
    values = {name: getattr(record, name) for name in stood if getattr(record, name) != stood[name]}
    for name, old in stood.items():
        setattr(record, name, old)
    target = transition.target_from(record.status)
    values |= {"status": target, "phase": record_type.lifecycle.phase(target)}
    update(record, record_type, values, actor=system, verb=transition.name, at=clock.now())
    if transition.then:
        transition.then(record, system)
