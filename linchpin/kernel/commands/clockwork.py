"""Moves that follow from the calendar alone: the automatic ones of every open record whose type has any."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from linchpin.kernel.commands.fetching import locked
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people import clock
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import RecordType, all_types


def settle_by_time() -> int:
    """Judge the automatic moves of every open record, each in a transaction of its own. Gives how many moved."""
    moved = 0
    for record_type in all_types():
        for pk in list(_candidates(record_type, clock.today())):
            with command():
                record, found_type = locked(Record(pk=pk))
                moved += settle(record, found_type)
    return moved


def _candidates(record_type: RecordType, day: date) -> QuerySet[Any, int]:
    """Open records that stand before an automatic move; of those that wait for a day, only the ones whose day has come."""
    chosen = Q(pk__in=())
    for move in record_type.lifecycle.transitions:
        if move.automatic:
            chosen |= Q(status__in=move.source) & (move.by_day(day) if move.by_day else Q())
    rows = record_type.model._default_manager.filter(chosen, phase=Phase.OPEN)
    return rows.values_list("pk", flat=True)
