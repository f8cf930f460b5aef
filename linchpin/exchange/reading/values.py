"""From one raw cell to the typed value of a field, or a sentence that says why not."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from linchpin.exchange.reading.dates import parse_date, parse_datetime, plain
from linchpin.exchange.reading.fields import Field
from linchpin.exchange.reading.markup import as_plain
from linchpin.exchange.reading.numbers import parse_decimal, parse_integer
from linchpin.exchange.reading.problems import Uncomputed, Unreadable, shown
from linchpin.exchange.reading.shapes import Part

LONGEST_TEXT = 100_000
INVISIBLE = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2060, 0x2065), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0xFEFF, 0xAD])
LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
ERRORS = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
NOTHING = {"", "-", "–", "—", "n/a", "na", "n.a.", "n. a.", "none", "null", "k.a.", "?"}
"""Words that leave a day, number or choice empty. Text fields keep them."""

YES_WORDS = "yes y true t 1 x ✓ ✔ ☑ ja j oui o si sim s da tak ano wahr vrai verdadero verdadeiro vero on checked"
NO_WORDS = "no n false f 0 ☐ ✗ ✘ nein non nao ne nie falsch faux falso off unchecked"
YES, NO = frozenset(YES_WORDS.split()), frozenset(NO_WORDS.split())
LIKELY, CLEARLY = 86, 8
"""Least likeness of a misspelled choice, and by how much it must lead the second."""


def text_of(raw: Any) -> str:
    """The cell as clean text: no direction marks, plain line ends, whole numbers without decimals, days as 2026-02-28."""
    if raw is None:
        return ""
    if isinstance(raw, Uncomputed):
        raise Unreadable(_("The formula was never computed: open the file in a spreadsheet program, save it, and bring it in again."))
    if isinstance(raw, str):
        return _clean(raw)
    if isinstance(raw, bool):
        return "TRUE" if raw else "FALSE"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, dt.datetime):
        return raw.date().isoformat() if raw.time() == dt.time() else raw.isoformat(" ", "minutes")
    return raw.isoformat() if isinstance(raw, dt.date | dt.time) else str(raw)


def _clean(raw: str) -> str:
    if len(raw) <= LONGEST_TEXT and raw.isascii() and raw.isprintable() and "_x" not in raw and not raw.startswith("#"):
        return raw.strip()  # nothing below could change it
    if raw in ERRORS:
        raise Unreadable(_("The formula ended in the error “%s”: correct it in the file, or write the value.") % raw)
    text = ESCAPED.sub(lambda m: chr(int(m[1], 16)) if int(m[1], 16) < 32 else m[0], raw) if "_x" in raw else raw
    text = LINE_ENDS.sub("\n", text)
    text = text.strip() if text.isascii() else unicodedata.normalize("NFC", text.translate(INVISIBLE)).strip()
    if len(text) > LONGEST_TEXT:
        raise Unreadable(_("This text has %s characters; the longest allowed is 100,000.") % f"{len(text):,}")
    if CONTROL.search(text):
        raise Unreadable(_("The text contains control characters: remove them."))
    return text


def read(raw: Any, field: Field, part: Part) -> Any:
    """The typed value that the cell gives to the field, None when it says nothing. Raises Unreadable.

    Days, numbers and yes/no become themselves, choices their stored value; people and units stay text.
    """
    if type(raw) is dt.date and field.kind == "date" and not part.values and not part.empty:
        return raw
    text = text_of(raw)
    if not text or text in part.empty:
        return None
    if part.split == "letters":
        letters = [mapped(c, part.values) for c in text if c.isalnum()]
        return "; ".join(v for v in letters if v) or None
    said = mapped(text, part.values) if part.values else text
    if not said:
        return None
    return _typed(raw if said == text else said, said, field, part)


def _typed(raw: Any, text: str, field: Field, part: Part) -> Any:
    if field.is_text:
        return _cut(" ".join(text.split()) if field.kind == "line" else text, part) or None
    if field.kind != "other" and not field.is_reference and plain(text) in NOTHING:
        return None
    match field.kind:
        case "date":
            return parse_date(raw if not isinstance(raw, str) else text, part.dates)
        case "datetime":
            return parse_datetime(raw if not isinstance(raw, str) else text, part.dates)
        case "integer":
            return parse_integer(raw if not isinstance(raw, str) else text, part.decimals)
        case "decimal":
            return parse_decimal(raw if not isinstance(raw, str) else text, part.decimals)
        case "boolean":
            return parse_boolean(raw)
        case "choice":
            return parse_choice(text, field)
    return text


def mapped(text: str, values: Mapping[str, str]) -> str:
    """What a declared mapping makes of the text: exact, then without regard to case; `*` for all others; else itself."""
    if text in values:
        return values[text]
    folded = {plain(key): value for key, value in values.items()}
    return folded.get(plain(text), values.get("*", text))


def _cut(text: str, part: Part) -> str:
    if part.markup:
        text = as_plain(text)
    for phrase in part.until:
        before = text.partition(phrase)[0].strip()
        text = before or text
    if part.shorten and len(text) > part.shorten:
        text = " ".join(text.split())
        if len(text) > part.shorten:
            text = text[: part.shorten].rpartition(" ")[0].rstrip(" ,;:.-") + "…"
    return f"{part.prefix}{text}" if text else ""


def parse_boolean(raw: Any) -> bool:
    """Yes or no, in several languages, or a mark. Raises Unreadable."""
    if isinstance(raw, bool):
        return raw
    word = plain(text_of(raw)).strip(" .!")
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(_("“%s” is neither yes nor no.") % shown(raw))


def parse_choice(text: str, field: Field) -> str:
    """The stored value of a choice from its value, label or another word for it, small misspellings included. Raises Unreadable."""
    names = field.choice_names
    word = plain(text)
    if found := names.get(word) or _likest(word, field.name, tuple(names.items())):
        return found
    raise Unreadable(_("“%(value)s” is none of: %(choices)s.") % {"value": shown(text), "choices": ", ".join(field.choices.values())})


@lru_cache(maxsize=10_000)
def _likest(word: str, _field: str, names: tuple[tuple[str, str], ...]) -> str:
    """The choice that is clearly most alike; empty when there is none."""
    if len(word) <= 3:
        return ""
    known = dict(names)
    found = process.extract(word, list(known), scorer=fuzz.ratio, limit=5)
    if not found or found[0][1] < LIKELY:
        return ""
    best = known[found[0][0]]
    others = [score for name, score, _at in found if known[name] != best]
    return best if not others or found[0][1] - others[0] >= CLEARLY else ""


def as_text(value: Any) -> str:
    """A typed value as it is shown and joined: days as 2026-02-28, decimals without an exponent."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return text_of(value)
