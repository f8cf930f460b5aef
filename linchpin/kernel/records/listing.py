"""A page of a register: filtered, ordered and seen by one person, as fast on page 1,800 as on page 1.

Ids are chosen first, then those rows are fetched (joining in the ordered query made SQLite start from the wrong table).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import seen, visible
from linchpin.kernel.records.cleaning import as_text, cleaner
from linchpin.kernel.records.filters import where
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.ordering import ByAdded, ByColumn, Order
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType

COUNTED = 1_000
"""Counting stops here: “1,000+” tells as much."""
COMMON_SORTS = {"number": "serial", "title": "title", "due": "due", "changed": "updated_at", "raised": "created_at"}
SORTING = ("line", "number", "day", "choice", "yes_no")
"""Kinds of added fields that order a register."""

Read = Callable[[RecordType, Sequence[int]], list[Any]]
"""How the rows of a page are read by their ids: as whole records (`fetch`), or as far as a list shows them (`glances`)."""


@dataclass(frozen=True)
class Asked:
    """What is asked for: filters by name, an order (`-due`: descending), words, and the cursor of a page."""

    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "-number"
    cursor: str = ""
    size: int = 50


@dataclass
class Page:
    """Rows of one page; `newer` and `older` are the cursors of its neighbors, empty where there are none."""

    rows: list[Any]
    before: str
    after: str


def sorts_of(record_type: RecordType) -> dict[str, str]:
    """What may be ordered by: name → column. Only what has an index."""
    indexed = {index.fields[0] for index in record_type.model._meta.indexes if index.fields}
    own = {name: name for name in record_type.list_columns if name in indexed and name in record_type.own_fields}
    added = {name: name for name, field in record_type.added.items() if field.custom.filtered and field.custom.kind in SORTING}
    return COMMON_SORTS | own | added


class Listing:
    """The records of a type that pass the filters and that a person may see. Raises Refused when a filter makes no sense."""

    def __init__(self, record_type: RecordType, filters: Mapping[str, Sequence[str]], access: Access) -> None:
        self.record_type, self.access = record_type, access
        self.common, self.own = where(record_type, filters, access)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All of them, unordered; the type's own table is joined only if needed."""
        manager: Any = self.record_type.model._default_manager if self.own else Record.objects
        return manager.filter(visible(self.access, "read", self.record_type.key), self.common, self.own)

    def page(self, asked: Asked, read: Read | None = None) -> Page:
        """The asked-for page, its rows as `read` gives them. Raises Refused when its order or cursor makes no sense."""
        name, descending = asked.sort.removeprefix("-"), asked.sort.startswith("-")
        column = _column(self.record_type, name)
        start = _Cursor.read(asked.cursor, self.record_type, column) if asked.cursor else None
        added = self.record_type.added.get(column)
        rows = self.rows if added else self._to_order(column in self.record_type.own_fields)
        order = ByAdded(rows, added) if added else ByColumn(rows, column)
        backwards = start is not None and start.backwards
        keys = _keys(order, descending != backwards, start, asked.size + 1, backwards)
        more, keys = len(keys) > asked.size, keys[: asked.size]
        if backwards:
            keys.reverse()
        has_before, has_after = (more, True) if backwards else (start is not None, more)
        return Page(
            (read or fetch)(self.record_type, [pk for pk, _value in keys]),
            _Cursor(*keys[0], True).write() if keys and has_before else "",
            _Cursor(*keys[-1], False).write() if keys and has_after else "",
        )

    def total(self, page: Page) -> int:
        """How many there are, at most one more than `COUNTED`. One query, unless they all stand on this page."""
        return counted(self.rows) if page.before or page.after or not page.rows else len(page.rows)

    def _to_order(self, by_own: bool) -> QuerySet[Any]:
        """The same rows, asked for so that SQLite walks the index of the order instead of sorting all that match.

        What it could start from otherwise is hidden from it: the type where a column of the type's own table orders, and a filter
        on that table which lets more rows through than are counted. PostgreSQL knows how many they are, and chooses by itself.
        """
        model, key = self.record_type.model._default_manager, self.record_type.key
        if by_own:
            kept = Exact(Concat(F("type"), Value("")), key) if connection.vendor == "sqlite" else Q(type=key)
            return model.filter(kept, seen(self.access, self.record_type), self.common, self.own)
        if self.own and connection.vendor == "sqlite" and model.filter(self.own)[: COUNTED + 1].count() > COUNTED:
            return Record.objects.filter(visible(self.access, "read", key), self.common, Exists(model.filter(self.own, pk=OuterRef("pk"))))
        return self.rows


def matching(record_type: RecordType, filters: Mapping[str, Sequence[str]], access: Access) -> QuerySet[Any]:
    """Visible records of the type that pass the filters, unordered."""
    return Listing(record_type, filters, access).rows


def counted(rows: QuerySet[Any]) -> int:
    """How many, at most one more than `COUNTED`."""
    return rows.order_by()[: COUNTED + 1].count()


def page(record_type: RecordType, asked: Asked, access: Access) -> Page:
    """The asked-for page as whole records."""
    return Listing(record_type, asked.filters, access).page(asked)


def fetch(record_type: RecordType, ids: Sequence[int]) -> list[Any]:
    """The records of those ids, in that order, with owner and unit. One query."""
    found = record_type.model._default_manager.select_related("owner", "unit").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def every(record_type: RecordType, asked: Asked, access: Access, batch: int = 1_000) -> Iterator[Any]:
    """All matching records in order, a batch at a time: for exports."""
    cursor = ""
    while True:
        found = page(record_type, Asked(asked.filters, asked.sort, cursor, batch), access)
        yield from found.rows
        cursor = found.after
        if not cursor:
            return


def _column(record_type: RecordType, name: str) -> str:
    known = sorts_of(record_type)
    if name not in known:
        raise Refused(never(_("It cannot be ordered by “%(name)s”. It can by: %(known)s.") % {"name": name, "known": ", ".join(known)}, "sort"))
    return known[name]


@dataclass(frozen=True)
class _Cursor:
    """The last row seen (its id and the value it was ordered by) and the direction to go on."""

    pk: int
    value: Any
    backwards: bool

    def write(self) -> str:
        text = json.dumps([self.pk, as_text(self.value), self.backwards], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, record_type: RecordType, column: str) -> _Cursor:
        try:
            pk, value, backwards = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(int(pk), _typed(record_type, column, value), bool(backwards))
        except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error, ValidationError) as problem:
            raise Refused(never(_("This page address is damaged: begin at the first page."), "cursor")) from problem


def _typed(record_type: RecordType, column: str, value: Any) -> Any:
    """The value as it stands in the column. Raises what `read` takes for damage: an address can be typed by anybody."""
    added = record_type.added.get(column)
    field_: Any = added or record_type.field(column)
    if value is None and (added or field_.null):
        return None
    if not isinstance(value, str) or "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise TypeError(column)
    if column == "serial":
        return int(value)
    if column in ("updated_at", "created_at"):
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    if added:
        return float(value) if added.custom.kind == "number" else dt.date.fromisoformat(value) if added.custom.kind == "day" else value
    return value if column == "title" else cleaner(field_)(value)


def _keys(order: Order, descending: bool, start: _Cursor | None, size: int, backwards: bool) -> list[tuple[int, Any]]:
    """(id, value) of the next rows: those with a value, then those without one, whichever way it is ordered."""
    spans = [False, True] if order.nullable else [False]
    if backwards:
        spans.reverse()
    if start is not None and start.value is None:
        spans = spans[spans.index(True) :] if True in spans else spans
    elif start is not None:
        spans = spans[spans.index(False) :]
    keys: list[tuple[int, Any]] = []
    for n, empty in enumerate(spans):
        begin = start if n == 0 else None
        keys += _span(order, descending, begin, size - len(keys), empty)
        if len(keys) >= size:
            break
    return keys


def _span(order: Order, descending: bool, start: _Cursor | None, size: int, empty: bool) -> list[tuple[int, Any]]:
    op, sign = ("lt", "-") if descending else ("gt", "")
    column, key = order.column, order.key
    if empty:
        rows = order.lacking()
        rows = rows.filter(**{f"{order.bare}__{op}": start.pk}) if start else rows
        return [(pk, None) for pk in rows.order_by(f"{sign}{order.bare}").values_list("pk", flat=True)[:size]]
    rows = order.having()
    if start:
        beyond = Q(**{f"{column}__{op}": start.value}) | Q(**{f"{key}__{op}": start.pk})
        rows = rows.filter(beyond, **{f"{column}__{op}e": start.value})
    return list(rows.order_by(f"{sign}{column}", f"{sign}{key}").values_list(order.record, column)[:size])
