"""How a record's values are shown: one value or one mark at a time, the same in lists, pages and print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from linchpin.kernel.people.calendar import working_days_between
from linchpin.kernel.records.agreeing import was_never_agreed
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.custom import Number
from linchpin.kernel.records.further import key_of
from linchpin.kernel.records.models import Provenance
from linchpin.kernel.records.registry import RecordType, get_type


def shown(record: Any, name: str) -> str:
    """A field's value in the reader's words, language and zone; empty text for nothing."""
    if name == "owner" and not record.owner_id:
        return _("owner “%s”") % record.owner_text if record.owner_text else ""
    return said(get_type(key_of(record)).field(name), getattr(record, name))


def said(field: Any, value: Any) -> str:
    """A value of a field, the same way."""
    if value in (None, ""):
        return ""
    if isinstance(field, Number):
        number = formats.number_format(value, field.decimal_places, use_l10n=True, force_grouping=True).replace("-", "\u2212")
        return f"{number}\u00a0{field.unit}" if field.unit else number
    if field.choices:
        return _labels(field, get_language() or "").get(value, str(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "j M Y, H:i")
    if isinstance(value, dt.date):
        return formats.date_format(value, "j M Y")
    if isinstance(field, models.PositiveSmallIntegerField | models.PositiveIntegerField):
        return formats.number_format(value, use_l10n=True)
    return str(value)


@lru_cache(maxsize=2000)
def _labels(field: Any, _language: str) -> dict[Any, str]:
    return {value: str(label) for value, label in field.flatchoices}


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
        own = record.reference if "reference" not in get_type(record.type).list_columns else ""  # there it has a column of its own
        tags.append(Tag("imported", _("imported, %s") % own if own else _("imported")))
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
    day, now = record.due, today()
    open_ = record.phase in ("draft", "open")
    if open_ and was_never_agreed(record) and (day is None or day < now):
        return Due(day, None, "", True)
    if day is None or not open_:
        return Due(day if open_ else None, None, "", False)
    first = record.original_due if record.due_was_moved else None
    if day >= now:
        return Due(day, first, "", False)
    late = max(1, working_days_between(day, now, record.unit.country))
    return Due(day, first, ngettext("%(n)s day over", "%(n)s days over", late) % {"n": late}, False)
