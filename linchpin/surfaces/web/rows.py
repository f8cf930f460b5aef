"""One line of a table that holds records of several types: to do, mine, what a search found, what hangs below a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.drawing import draw_due, draw_status, draw_tags
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


def draw_rows(rows: Iterable[Row], but: Any = None, unowned: Any = False) -> SafeString:
    """The lines of such a table. `but`: the id of a record that is shown elsewhere; `unowned`: all have the same owner."""
    return mark_safe("".join([_line(row, bool(unowned)) for row in rows if row.record.pk != but]))  # noqa: S308  every value in it went through `escape`


def _line(row: Row, unowned: bool) -> str:
    record, title = row.record, escape(row.record.title)
    number, owner = escape(record.number or ""), escape(str(record.owner)) if record.owner_id and not unowned else ""
    link = f'<a href="/{escape(record.type)}/{number}/" title="{title}">{title}</a>'
    cells = (
        f'<td role="cell" class="k-number h-number">{number}</td>',
        f'<th role="rowheader" scope="row" class="t"><div class="tt">{link}{draw_tags(row.tags)}</div></th>',
        f'<td role="cell" class="f-kind h-kind">{escape(row.kind)}</td>',
        f'<td role="cell" class="k-status h-status st">{draw_status(row.pins, row.status)}</td>',
        "" if unowned else f'<td role="cell" class="f-owner h-owner">{owner}</td>',
        f'<td role="cell" class="k-due h-due">{draw_due(row.due)}</td>',
    )
    return f'<tr role="row">{"".join(cells)}</tr>'


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
