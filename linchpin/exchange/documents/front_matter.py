"""What a file says about itself: the lines between `---` at its top, else its first heading and its name."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath

LONGEST = 20_000
"""Characters within which the lines about the file must end."""
LINE = re.compile(r"^(?P<name>[A-Za-z][\w -]{0,40}):(?:\s+(?P<value>.*))?$")
ITEM = re.compile(r"^\s+-\s+(?P<value>.+)$|^-\s+(?P<item>.+)$")
NUMBER = re.compile(r"^(?P<number>[A-Z]{2,6}(?:[-_][A-Z]{2,6})*[-_ ]?\d{1,6}[A-Za-z]?)(?![A-Za-z0-9])")
HEADING = re.compile(r"^#\s+(?P<title>.+?)\s*#*$", re.M)
NUMBERS = ("id", "number", "document_id", "doc_id", "document_number", "code")
LABELS = ("version", "revision", "rev")
AUTHORS = ("author", "owner", "document_owner", "prepared_by")
DAYS = ("effective_date", "effective", "date", "approved_date", "issued")
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("procedure", frozenset({"sop", "procedure", "pr"})),
    ("instruction", frozenset({"wi", "instruction", "instructions", "guide"})),
    ("policy", frozenset({"policy", "pol"})),
    ("manual", frozenset({"manual", "handbook", "qm"})),
    ("form", frozenset({"form", "template", "tmpl", "checklist", "fo"})),
    ("plan", frozenset({"plan", "schedule", "sch"})),
    ("record", frozenset({"report", "record", "list", "rpt"})),
)  # fmt: skip
"""The kind by words in type, number and name, in this order; whatever has none of them is a procedure."""
NOT_YET = ("draft", "in review", "in_review", "review", "proposed")
NO_MORE = ("obsolete", "retired", "superseded", "withdrawn", "archived")


@dataclass(frozen=True)
class About:
    """What is known of one file. `number` is its own, or its path where it has none: the same file gives the same again."""

    number: str
    title: str
    kind: str
    label: str
    status: str
    author: str
    effective: date | None
    place: str
    text: str = ""
    named: tuple[tuple[str, str], ...] = ()
    said: dict[str, str | list[str]] = field(default_factory=dict)


def about(path: str, text: str, head: str = "") -> About:
    """Read what the file at `path` (relative to the folder) says; `text` is empty where it is no Markdown, then `head` is its first line."""
    said, body = split(text)
    where = PurePosixPath(path)
    heading, by_name = HEADING.search(body), NUMBER.match(where.stem)
    number = _first(said, NUMBERS) or (by_name["number"] if by_name else str(where.with_suffix("")))
    title = _first(said, ("title", "name")) or head or (heading["title"] if heading else _spelled(where.stem, by_name))
    kind = _first(said, ("type", "kind", "category"))
    return About(
        number=number[:120].strip(), title=_plain(title)[:200], kind=_kind(f"{kind} {where.stem}"), label=_first(said, LABELS)[:20] or "1",
        status=_status(_first(said, ("status", "state"))), author=_first(said, AUTHORS)[:120], effective=_day(_first(said, DAYS)),
        place=" / ".join(where.parts[:-1])[:120], text=body.strip(), said=said,
        named=tuple((what, ", ".join(_listed(said.get(what)))) for what in ("reviewers", "approvers") if said.get(what)),
    )  # fmt: skip


def split(text: str) -> tuple[dict[str, str | list[str]], str]:
    """The lines about the file by name (texts, and lists of texts), and what follows them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    end = text.find("\n---", 3, LONGEST) if text.startswith("---\n") else -1
    if end < 0:
        return {}, text
    said: dict[str, str | list[str]] = {}
    name = ""
    for line in text[4 : end + 1].splitlines():
        item = ITEM.match(line) if name else None
        if item is not None:
            standing = said.get(name)
            said[name] = [*(standing if isinstance(standing, list) else []), _bare(item["value"] or item["item"])]
        elif found := LINE.match(line):
            name = found["name"].strip().lower().replace(" ", "_").replace("-", "_")
            said[name] = _value(found["value"] or "")
    return said, text[text.find("\n", end + 1) + 1 :] if "\n" in text[end + 1 :] else ""


def _value(text: str) -> str | list[str]:
    text = text.strip()
    if text.startswith("[") and text.endswith("]") and "," in text:
        return [_bare(part) for part in text[1:-1].split(",")]
    return _bare(text)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def _first(said: dict[str, str | list[str]], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := said.get(name), str) and value), "")


def _listed(value: str | list[str] | None) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _spelled(stem: str, number: re.Match[str] | None) -> str:
    words = re.sub(r"[-_]+", " ", stem[number.end() :] if number else stem).strip() or stem
    return words[:1].upper() + words[1:]


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[*_`#<>]", "", title).split()) or "Document"


def _kind(words: str) -> str:
    there = set(re.split(r"[^a-z]+", words.lower()))
    return next((kind for kind, marks in KINDS if marks & there), "procedure")


def _status(text: str) -> str:
    lower = text.lower().strip()
    return "planned" if lower in NOT_YET else "withdrawn" if lower in NO_MORE else "in_force"


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return day if date(1900, 1, 1) <= day <= date(2200, 12, 31) else None
