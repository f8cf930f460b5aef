"""One line of a table that holds records of several types: to do, mine, what a search found, what hangs below a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.presenting import Due, Pins, Tag, due_of, pins_of, tags_of


@dataclass(frozen=True, slots=True)
class Row:
    """A record, what kind it is in the reader's words, and how far it has come."""

    record: Any
    kind: str
    icon: str
    status: str
    pins: Pins
    due: Due
    tags: list[Tag]


def row_of(record: Record, access: Access) -> Row:
    """The line of one record. Unit and owner should have been fetched with it."""
    record_type = get_type(record.type)
    return Row(
        record,
        record_type.label(access.person.labels),
        record_type.icon,
        record_type.lifecycle.label(record.status),
        pins_of(record, record_type),
        due_of(record),
        tags_of(record),
    )
