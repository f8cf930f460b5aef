"""Dates that came with an import: which are still to be agreed, and which day is suggested.

An old date is agreed once it was replaced: the first one stays beside it, and from then on the record is reminded like any other.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F, Q

from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.records.literal import Literal
from linchpin.kernel.records.models import Provenance

SUGGESTED = 10
"""Working days from today until the day that is suggested."""


def never_agreed() -> Q:
    """Imported records whose date nobody here has agreed, past or not: they are quiet."""
    return Q(provenance=Provenance.IMPORTED, due_moves=0) & (Q(due=None) | Q(original_due=F("due")))


def to_be_agreed(day: date | None = None) -> Q:
    """Those that are open and whose old date has passed, found by the index `record_to_agree`. Nothing that is brought in is a draft."""
    found_by = Q(provenance=Literal("imported"), due_moves=Literal(0), phase=Literal("open"), due__lt=day or clock.today())
    return found_by & Q(original_due=F("due"))


def was_never_agreed(record: Any) -> bool:
    """`never_agreed` for one record."""
    return record.provenance == Provenance.IMPORTED and not record.due_moves and record.due in (None, record.original_due)


def suggested_day(country: str) -> date:
    """The day that stands in the field before somebody chooses another."""
    return add_working_days(clock.today(), SUGGESTED, country)
