"""How a record's values are shown: one cell or one line at a time, the same in lists, pages and print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.kernel.people.calendar import working_days_between
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Provenance
from linchpin.kernel.records.registry import RecordType


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of one record: what kind of thing it is decides how it is drawn."""

    name: str
    kind: str
    text: str
    extra: Any = None


def cells_of(record: Any, record_type: RecordType, labels: str) -> list[Cell]:
    """The cells of a record's row, in the order of the type's columns."""
    return [cell(record, record_type, name, labels) for name in record_type.list_columns]


def cell(record: Any, record_type: RecordType, name: str, labels: str) -> Cell:
    if name == "number":
        return Cell(name, "number", record.number or "")
    if name == "title":
        return Cell(name, "title", record.title, tags_of(record))
    if name == "status":
        return Cell(name, "status", record_type.lifecycle.label(record.status), pins_of(record, record_type))
    if name == "due":
        return Cell(name, "due", "", due_of(record))
    if name == "owner" and not record.owner_id:
        return Cell(name, "owner", _("owner “%s”") % record.owner_text if record.owner_text else "")
    return Cell(name, "plain", shown(record, name), getattr(record, name))


def shown(record: Any, name: str) -> str:
    """A field's value in the reader's words, language and zone; empty text for nothing."""
    value = getattr(record, name)
    if value in (None, ""):
        return ""
    field = record._meta.get_field(name)
    if field.choices:
        return str(getattr(record, f"get_{name}_display")())
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "j M Y, H:i")
    if isinstance(value, dt.date):
        return formats.date_format(value, "j M Y")
    if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField):
        return formats.number_format(value, use_l10n=True)
    return str(value)


@dataclass(frozen=True, slots=True)
class Tag:
    """A small mark beside a title: why this record is not like the others."""

    kind: str
    text: str


def tags_of(record: Any) -> list[Tag]:
    tags = []
    if getattr(record, "on_hold", False) or getattr(record, "stop_line", False):
        tags.append(Tag("stop", _("on hold") if hasattr(record, "on_hold") else _("stopped")))
    if getattr(record, "repeat", False):
        tags.append(Tag("stop", _("came back")))
    if record.exceptions:
        tags.append(Tag("exception", _("exception")))
    if record.provenance == Provenance.IMPORTED:
        tags.append(Tag("imported", _("imported, %s") % record.reference if record.reference else _("imported")))
    return tags


@dataclass(frozen=True, slots=True)
class Pins:
    """How far a record has come: a mark per station (`d` done, `n` now, empty to come), or how it ended."""

    marks: tuple[str, ...]
    ended: str = ""


def pins_of(record: Any, record_type: RecordType) -> Pins:
    here = record_type.lifecycle.station(record.status)
    if here is None:
        good = record.phase == "done" and record.status not in ("closed_no_fix", "cancelled", "answered")
        return Pins((), "good" if good else "none")
    return Pins(tuple("d" if n < here else "n" if n == here else "" for n in range(len(record_type.lifecycle.stations))))


@dataclass(frozen=True, slots=True)
class Due:
    """A due date as it is shown: overdue in working days, the first date beside a moved one, or what is to be agreed."""

    day: dt.date | None
    first: dt.date | None
    over: str
    agree: bool


def due_of(record: Any) -> Due:
    day = record.due
    open_ = record.phase in ("draft", "open")
    if record.provenance == Provenance.IMPORTED and open_ and not record.due_moves and (day is None or day < today()):
        return Due(day, None, "", True)
    if day is None or not open_:
        return Due(day if open_ else None, None, "", False)
    first = record.original_due if record.due_was_moved else None
    if day >= today():
        return Due(day, first, "", False)
    late = max(1, working_days_between(day, today(), record.unit.country))
    return Due(day, first, ngettext("%(n)s day over", "%(n)s days over", late) % {"n": late}, False)
