"""Moves that follow from the calendar alone: the automatic ones of every open record whose type has any."""

from __future__ import annotations

from linchpin.kernel.commands.fetching import locked
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import all_types


def settle_by_time() -> int:
    """Judge the automatic moves of every open record, each in a transaction of its own. Gives how many moved."""
    moved = 0
    for record_type in all_types():
        sources = {s for t in record_type.lifecycle.transitions if t.automatic for s in t.source}
        rows = Record.objects.filter(type=record_type.key, status__in=sources, phase=Phase.OPEN)
        for pk in rows.values_list("pk", flat=True):
            with command():
                record, found_type = locked(Record(pk=pk))
                moved += settle(record, found_type)
    return moved
