"""How the typed rows of added fields are asked: equal, beginning with, from–to."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from linchpin.kernel.records.custom import COLUMNS
from linchpin.kernel.records.custom_models import CustomValue
from linchpin.kernel.records.refusals import Refused, never

BETWEEN = ".."


def added_choices(field: Any) -> list[tuple[str, str]]:
    """The few values that can be asked for, if they are few."""
    kind = field.custom.kind
    if kind == "yes_no":
        return [("yes", _("yes")), ("no", _("no"))]
    if kind == "person":
        return [("me", _("me"))]
    return [(value, str(label)) for value, label in field.choices or ()]


def example_of(field: Any) -> str:
    """How a value is asked for where it is typed in."""
    return {"line": _("L-20 or L-*"), "number": "100..500", "day": "2026-01-01..2026-03-31"}.get(field.custom.kind, "")


def added_rows(field: Any, values: Sequence[str] | None = None) -> QuerySet[CustomValue]:
    """The typed rows of the field that have one of the values; all of them without. Raises Refused for what is no value."""
    rows = CustomValue.objects.filter(field_id=field.custom.pk)
    if values is None:
        return rows
    wanted = Q(pk__in=())
    for value in values:
        wanted |= _meaning(field, value)
    return rows.filter(wanted)


def lacking(fields: Sequence[Any]) -> Q:
    """Records without a value in one of the fields: by the typed rows where there are some, else by what the record itself keeps."""
    found = Q()
    for field in fields:
        here = CustomValue.objects.filter(field_id=field.custom.pk, record_id=OuterRef("pk"))
        found |= ~Q(Exists(here)) if field.custom.filtered else ~Q(custom__has_key=field.name) | Q(custom=None)
    return found


def _meaning(field: Any, value: str) -> Q:
    column = COLUMNS[field.custom.kind]
    if column != "text":
        return _span(field, column, value)
    text = value.casefold()
    if field.custom.kind != "line" or not text.endswith("*"):
        return Q(text=text)
    start = text[:-1]
    return Q(text__gte=start, text__lt=f"{start}\U0010ffff") if start else Q()


def _span(field: Any, column: str, value: str) -> Q:
    """`5` is five, `5..` from five on, `..5` up to five, `1..5` both."""
    low, between, high = value.partition(BETWEEN)
    if not between:
        return Q(**{column: _read(field, column, low)})
    answer = Q()
    if low.strip():
        answer &= Q(**{f"{column}__gte": _read(field, column, low)})
    if high.strip():
        answer &= Q(**{f"{column}__lte": _read(field, column, high)})
    return answer


def _read(field: Any, column: str, text: str) -> Any:
    try:
        if column == "day":
            return dt.date.fromisoformat(text.strip())
        number = float(text.strip().replace(",", "."))
    except ValueError as problem:
        words = {"value": text[:40], "example": example_of(field)}
        raise Refused(never(_("“%(value)s” cannot be asked for here: write it as in %(example)s.") % words, field.name)) from problem
    if not math.isfinite(number):
        raise Refused(never(_("“%s” is no number.") % text[:40], field.name))
    return number
