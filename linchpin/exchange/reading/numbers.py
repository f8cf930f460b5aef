"""Numbers as people write them: 1.234,56, 1,234.56, 1 234,56, 1'234.56, (12.50)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.utils.translation import gettext as _

from linchpin.exchange.reading.problems import Unreadable, shown

Style = Literal["", "point", "comma"]
Finding = Literal["point", "comma", "ambiguous", "mixed", ""]

LONGEST = 60
CURRENCY = re.compile(r"^(?:[$€£¥]|usd|eur|gbp|chf)\s*|\s*(?:[$€£¥]|usd|eur|gbp|chf)$", re.I)
SHAPES: dict[str, re.Pattern[str]] = {
    "point": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:([ ,'])\d{3})(?:\1\d{3})*)?(?:\.\d+)?(?:[eE][+-]?\d{1,3})?"),
    "comma": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:([ .'])\d{3})(?:\1\d{3})*)?(?:,\d+)?(?:[eE][+-]?\d{1,3})?"),
}


def parse_decimal(raw: Any, style: Style = "") -> Decimal:
    """The number that the cell means; `style` names the decimal sign. Raises Unreadable with the reason."""
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise _not_a_number(raw)
    if not isinstance(raw, str):
        return _finite(raw)
    if len(raw) > LONGEST:
        raise _not_a_number(raw)
    text, negative = _bare(raw)
    readings = {s: _value(text, s) for s in (SHAPES if not style else (style,))}
    values = {value for value in readings.values() if value is not None}
    if not values:
        raise _not_a_number(raw)
    if len(values) > 1:
        raise Unreadable(_("“%s” can be read as two numbers: say for this column which sign parts the decimals.") % shown(raw))
    return -values.pop() if negative else values.pop()


def parse_integer(raw: Any, style: Style = "") -> int:
    """A whole number. Raises Unreadable."""
    number = parse_decimal(raw, style)
    if number != number.to_integral_value():
        raise Unreadable(_("“%s” is not a whole number.") % shown(raw))
    if abs(number) >= 10**18:
        raise Unreadable(_("“%s” is too large a number.") % shown(raw))
    return int(number)


def decimal_style(values: Iterable[Any]) -> Finding:
    """Which sign parts the decimals of a column, decided by the numbers that can be read one way only."""
    seen: set[str] = set()
    for value in values:
        if not isinstance(value, str) or len(value) > LONGEST:
            continue
        text, _negative = _bare(value)
        readings = {s: _value(text, s) for s in SHAPES}
        fitting = [s for s, v in readings.items() if v is not None]
        if len(fitting) == 1:
            seen.add(fitting[0])
        elif len(set(readings.values())) > 1:
            seen.add("either")
    if {"point", "comma"} <= seen:
        return "mixed"
    for style in ("point", "comma"):
        if style in seen:
            return style
    return "ambiguous" if "either" in seen else ""


def _bare(raw: str) -> tuple[str, bool]:
    """The digits and signs alone, and whether the bookkeeper's parentheses or a trailing minus say that it is negative."""
    text = unicodedata.normalize("NFKC", raw).strip().replace("−", "-").replace("’", "'")
    text = CURRENCY.sub("", re.sub(r"\s", " ", text)).strip()
    if text.startswith("(") and text.endswith(")"):
        return CURRENCY.sub("", text[1:-1].strip()), True
    if text.endswith("-") and len(text) > 1:
        return text[:-1].strip(), True
    if len(text) > 1 and text[0] in "+-":
        text = text[0] + CURRENCY.sub("", text[1:].strip())
    return text, False


def _value(text: str, style: str) -> Decimal | None:
    match = SHAPES[style].fullmatch(text)
    if not match or not any(c.isdigit() for c in text):
        return None
    if match[1] and text.lstrip("+-").startswith("0"):
        return None  # 0.097 and 0,097 are decimals: no group begins with a nought
    digits = text.replace(match[1], "") if match[1] else text
    return _finite(digits.replace(",", "."))


def _finite(raw: Any) -> Decimal:
    try:
        number = Decimal(repr(raw) if isinstance(raw, float) else str(raw))
    except InvalidOperation:
        raise _not_a_number(raw) from None
    if not number.is_finite():
        raise _not_a_number(raw)
    return number.quantize(Decimal(1)) if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15 else number


def _not_a_number(raw: Any) -> Unreadable:
    return Unreadable(_("“%s” is not a number.") % shown(raw))
