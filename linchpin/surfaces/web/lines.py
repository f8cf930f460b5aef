"""The rows of a register as HTML.

Fifty rows go through here on every page of a register. What draws a column is made once per type, language and day, and keeps what it
drew of values that few records have for themselves: states, dates, choices. A row is then one join of strings.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import DecimalField
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.web.building import built
from linchpin.surfaces.web.drawing import draw_due, draw_status, draw_tags
from linchpin.surfaces.web.presenting import due_of, pins_of, said, tags_of

Draw = Callable[[Any], str]
KEPT = 5_000


def draw_lines(records: list[Any], record_type: RecordType, access: Access, *, arrived: bool = False) -> SafeString:
    """The rows of records, with owner and unit fetched. `arrived`: they have just come through htmx."""
    columns = _columns(record_type, get_language() or "", today(), built("icons.svg"), record_type.shape)
    lines = [_line(record, columns, record.is_open and may(access, "edit", record), arrived) for record in records]
    return mark_safe("".join(lines))  # noqa: S308  every value in it went through `escape`


def _line(record: Any, columns: list[Draw], may_edit: bool, arrived: bool) -> str:
    """`may_edit`: owner and due may be changed in place."""
    edit = f" data-edit=/{record.type}/{escape(record.number or '')}/cell/" if may_edit else ""
    return f'<tr role="row"{edit}{" class=arrive" if arrived else ""}>{"".join([draw(record) for draw in columns])}</tr>\n'


@lru_cache(maxsize=100)
def _columns(record_type: RecordType, _language: str, _day: date, _icons: str, _shape: str) -> list[Draw]:
    """What draws each cell of a row. What they keep is true for a language, a day (how late is it?) and a build of the icons."""
    return [_box(), *(_column(record_type, name) for name in record_type.columns)]


def _box() -> Draw:
    choose = escape(_("Choose %(n)s"))

    def draw(record: Any) -> str:
        number = escape(record.number or "")
        values = f'name="number" value="{number}" aria-label="{choose % {"n": number}}"'
        return f'<td role="cell" class="c"><input class="form-check-input" type="checkbox" form="bulk" {values}></td>'

    return draw


def _column(record_type: RecordType, name: str) -> Draw:

    def status(record: Any) -> str:
        return draw_status(pins_of(record, record_type), record_type.lifecycle.label(record.status))

    known: dict[str, tuple[str, Draw]] = {
        "number": ("k-number f-number", lambda record: escape(record.number or "")),
        "status": ("k-status f-status st", _kept(_standing, status)),
        "due": ("k-due f-due", _kept(_dates, lambda record: draw_due(due_of(record)))),
        "owner": ("k-plain f-owner", _owner),
    }
    if name == "title":
        return _title
    figures = " num" if name in record_type.added and isinstance(record_type.field(name), DecimalField) else ""
    classes, draw = known.get(name) or (f"k-plain f-{name}{figures}", _plain(record_type, name))
    return lambda record: f'<td role="cell" class="{classes}">{draw(record)}</td>'


def _standing(record: Any) -> Hashable:
    return record.status, record.phase


def _dates(record: Any) -> Hashable:
    return record.due, record.original_due, record.due_moves, record.phase, record.provenance, record.unit.country


def _kept(key: Callable[[Any], Hashable], draw: Draw) -> Draw:
    """The same drawing, done once for all records with the same key."""
    known: dict[Hashable, str] = {}

    def drawn(record: Any) -> str:
        found = key(record)
        if found not in known:
            if len(known) >= KEPT:
                known.clear()
            known[found] = draw(record)
        return known[found]

    return drawn


def _title(record: Any) -> str:
    title = escape(record.title)
    address = f"/{record.type}/{escape(record.number or '')}/"
    return f'<th role="rowheader" scope="row" class="t"><div class="tt"><a href="{address}" title="{title}">{title}</a>{draw_tags(tags_of(record))}</div></th>'


def _owner(record: Any) -> str:
    if record.owner_id:
        return escape(str(record.owner))
    return escape(_("owner “%s”") % record.owner_text) if record.owner_text else ""


def _plain(record_type: RecordType, name: str) -> Draw:
    field: Any = record_type.field(name)

    def draw(record: Any) -> str:
        value = getattr(record, name)
        text = escape(said(field, value))
        return f'<b class="stop">{text}</b>' if name == "severity" and value == "critical" else text

    return _kept(lambda record: getattr(record, name), draw) if field.choices else draw
