"""How much a column looks like a field: by its header, and by what its cells say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rapidfuzz import fuzz

from linchpin.exchange.reading.dates import parse_date, plain
from linchpin.exchange.reading.fields import Field
from linchpin.exchange.reading.headers import FoundColumn, normal
from linchpin.exchange.reading.numbers import parse_decimal
from linchpin.exchange.reading.problems import Unreadable
from linchpin.exchange.reading.values import NO, NOTHING, YES, text_of

INITIALS = re.compile(r"[A-ZÄÖÜČŠŽ]{2,4}|(?:[A-Z]\.){2,3}")
FULL_NAME = re.compile(r"[^\W\d_][\w'’.-]*,? (?:[^\W\d_][\w'’.-]*,? ?){1,3}")
SURE, LIKELY, POSSIBLE = 100, 80, 60
LOOKED_AT = 100
WORDS_FOR_PEOPLE = "by who person people responsible resp lead leader init initials assignee name owner verantwortlich zustandig responsavel odgovorni"
PERSON_WORDS = frozenset(WORDS_FOR_PEOPLE.split())


def name_likeness(header: str, field: Field) -> int:
    """0 to 100: the header against the field's label, name and declared synonyms."""
    words = normal(header)
    names = [normal(name) for name in (field.label, field.name, *field.names)]
    return max((_alike(words, name) for name in names if name), default=0)


def _alike(header: str, name: str) -> int:
    if header == name:
        return SURE
    if len(name) > 2 and set(name.split()) <= set(header.split()):
        return LIKELY + 2 * len(name.split()) - len(header.split())
    likeness = int(max(fuzz.ratio(header, name), fuzz.token_sort_ratio(header, name)))
    return min(likeness, 95) if likeness >= 84 and min(len(header), len(name)) > 4 else 0


def value_likeness(values: Sequence[str], raw: Sequence[Any], field: Field) -> float:
    """0 to 1: the share of different cells that are what the field is for; text is for words, not for numbers and days."""
    said = [(text, cell) for text, cell in zip(values, raw, strict=True) if plain(text) not in NOTHING]
    if not said:
        return 1.0 if field.is_text else 0.5
    match field.kind:
        case "date" | "datetime":
            return _share(is_day(cell) for _text, cell in said)
        case "integer" | "decimal":
            return _share(is_number(cell) for _text, cell in said)
        case "boolean":
            return _share(plain(text) in YES | NO for text, _cell in said)
        case "choice":
            names = field.choice_names
            return _share(plain(text) in names for text, _cell in said)
        case "person":
            return _share(looks_like_a_person(text) for text, _cell in said)
    return _share(not is_number(cell) and not is_day(cell) for _text, cell in said)


def different(column: FoundColumn, cells: Sequence[Any]) -> tuple[list[str], list[Any]]:
    """The first different cells of a column, as text and as read."""
    found: dict[str, Any] = {}
    seen: set[str] = set()
    for cell in cells:
        if type(cell) is str:
            if cell in seen:
                continue
            seen.add(cell)
        try:
            text = text_of(cell)
        except Unreadable:
            continue
        if text and text not in found:
            found[text] = cell
            if len(found) >= LOOKED_AT:
                break
    return list(found), list(found.values())


def is_day(cell: Any) -> bool:
    """Whether the cell names a day, in either order."""
    if isinstance(cell, str) and not any(c.isdigit() for c in cell[:40]):
        return False
    for order in ("dmy", "mdy"):
        try:
            parse_date(cell, order)
        except Unreadable:
            continue
        return True
    return False


def is_number(cell: Any) -> bool:
    """Whether the cell is a number under either decimal sign."""
    if isinstance(cell, str) and not any(c.isdigit() for c in cell[:40]):
        return False
    for style in ("point", "comma"):
        try:
            parse_decimal(cell, style)
        except Unreadable:
            continue
        return True
    return False


def looks_like_a_person(text: str) -> bool:
    """Initials, an address, or two to four words that begin with letters."""
    return bool(INITIALS.fullmatch(text) or re.fullmatch(r"\S+@\S+\.\w+", text) or (FULL_NAME.fullmatch(text) and text[:1].isupper() and len(text) < 50))


def _share(answers: Iterable[bool]) -> float:
    listed = list(answers)
    return sum(listed) / len(listed)
