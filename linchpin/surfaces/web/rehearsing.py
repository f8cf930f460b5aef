"""A rehearsal as a page shows it: like the register, with every problem beside its cell and counts that add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linchpin.exchange.findings import ROWS
from linchpin.exchange.importable import importable
from linchpin.exchange.models import Import, StagedRow, Taken
from linchpin.exchange.reading.fields import Field
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.receiving import brought_before
from linchpin.kernel.people import clock
from linchpin.kernel.records.registry import get_type

Outcome = StagedRow.Outcome
SHORT = 160
UNNAMED = Field("", "")


@dataclass(frozen=True, slots=True)
class Head:
    """A column of the rehearsal: the field it fills, its label, and the column of the file that stands behind it."""

    name: str
    label: str
    header: str
    field: Field


@dataclass(slots=True)
class Shown:
    """One cell: its column's label, its text, what stands in the record now (where it would change), and what is said beside it."""

    label: str
    text: str
    before: str | None = None
    wrong: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Line:
    """One staged row: its number in the file, what becomes of it, its cells, and what is said of it as a whole."""

    row: int
    also: int
    outcome: str
    label: str
    cells: list[Shown]
    said: list[str]
    taken: Taken | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One figure of the sum: how many rows, what they are, and where they are shown."""

    count: int
    label: str
    show: str = ""


def summary_of(source: Import) -> dict[str, Any]:
    """The figures of the import, each part of the rows that were read, and what was said of the file as a whole."""
    counts = source.counts
    parts = [
        Part(counts.get("new", 0), _("new"), Outcome.NEW), Part(counts.get("changed", 0), _("change a record"), Outcome.CHANGED),
        Part(counts.get("unchanged", 0), _("change nothing"), Outcome.UNCHANGED), Part(counts.get("merged", 0), _("merged into another row")),
        Part(counts.get("rejected", 0), _("cannot be taken"), Outcome.REJECTED), Part(counts.get("blank", 0), _("blank")),
    ]  # fmt: skip
    earlier = brought_before(source) if source.state == Import.State.REHEARSED else None
    return {
        "read": counts.get("read", 0), "parts": [part for part in parts if part.count], "warnings": source.notes.get("warnings", []),
        "left_out": source.notes.get("left_out", []), "missing": source.notes.get("missing", []), "earlier": earlier, "gaps": source.notes.get("gaps", []),
        "takeable": counts.get("new", 0) + counts.get("changed", 0), "rejected": counts.get("rejected", 0),
        "remarks": source.rows.exclude(outcome=Outcome.REJECTED).exclude(problems=[]).count(),
    }  # fmt: skip


def lines_of(source: Import, show: str, after: int, size: int) -> dict[str, Any]:
    """One page of staged rows, those that cannot be taken first unless something else is asked for."""
    rows = source.rows.order_by("row", "id").filter(row__gt=after)
    if show in Outcome.values:
        rows = rows.filter(outcome=show)
    elif show == "remarks":
        rows = rows.exclude(problems=[])
    elif show in ROWS:
        rows = rows.filter(row__in=ROWS[show](source))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    heads = _heads(source)
    done: dict[int, Taken] = {}
    for taken in Taken.objects.filter(staged__in=found).select_related("record").order_by("-id"):
        done[taken.staged_id] = taken
    return {
        "heads": heads, "lines": [_line(row, heads, done.get(row.pk)) for row in found],
        "after": found[-1].row if more and found else 0, "first": not after,
    }  # fmt: skip


def _heads(source: Import) -> list[Head]:
    """The fields that the file fills, in its columns' order; last the text that keeps all columns which nothing else takes."""
    fields, answer = importable(), []
    places = sorted(source.notes.get("places", {}).items(), key=lambda item: item[1][2])
    for name, (letter, header, _index) in places:
        below, _colon, own = name.rpartition(":")
        known = fields.get(below or source.type, {}).get(own, UNNAMED)
        label = known.label or _("Belongs to")
        label = f"{get_type(below).label()}: {label}" if below else label
        answer.append(Head(name, label, f"{letter} {header}", known))
    rest = loads(source.profile).unknown_into if source.profile else ""
    if rest and rest not in source.notes.get("places", {}):
        answer.append(Head(rest, fields[source.type][rest].label, _("all other columns"), fields[source.type][rest]))
    return answer


def _line(row: StagedRow, heads: list[Head], taken: Taken | None) -> Line:
    cells = {head.name: Shown(head.label, _text(row, head), _before(row, head)) for head in heads}
    said = []
    for problem in row.problems:
        cell = cells.get(problem["field"])
        if cell is None:
            said.append(f"{problem['header']}: {problem['message']}" if problem["header"] else problem["message"])
        elif problem["message"] not in (*cell.wrong, *cell.doubtful):
            (cell.wrong if problem["blocking"] else cell.doubtful).append(problem["message"])
    return Line(row.row, len(row.rows) - 1, row.outcome, str(row.get_outcome_display()), list(cells.values()), said, taken)


def _text(row: StagedRow, head: Head) -> str:
    """The cell's value in words; below, of all records under this one."""
    below, _colon, own = head.name.rpartition(":")
    if head.name == "parent":
        return str((row.draft.get("parent") or ["", ""])[1])
    drafts = [d for d in row.draft.get("children", []) if d["type"] == below] if below else [row.draft]
    return _shortened("; ".join(_in_words(str(draft["values"].get(own) or ""), head.field) for draft in drafts))


def _before(row: StagedRow, head: Head) -> str | None:
    if head.name not in row.before:
        return None
    return _shortened(_in_words(row.before[head.name] or "", head.field)) or _("empty")


def _in_words(value: str, field: Field) -> str:
    """What the register will show for the value: the label of a choice, a day that people read, lines after each other."""
    day = parse_date(value) if field.kind == "date" else None
    return clock.in_words(day) if day else field.choices.get(value, value).replace("\n", " · ")


def _shortened(text: str) -> str:
    text = text.strip("; ")
    return text if len(text) <= SHORT else text[: SHORT - 1].rstrip() + "…"


def in_sum(parts: list[Part]) -> str:
    """The parts as a sentence: “30 new + 124 merged into another row”."""
    return " + ".join(f"{part.count} {part.label}" for part in parts)


def rows_in_words(count: int) -> str:
    return ngettext("%s row", "%s rows", count) % count
