"""What a rehearsal answers with: drafts of records, problems beside their cells, and counts that add up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from linchpin.exchange.reading.fields import Fields
from linchpin.exchange.reading.headers import Table
from linchpin.exchange.reading.problems import Problem, letter, shown
from linchpin.exchange.reading.shapes import When
from linchpin.exchange.reading.values import as_text


@dataclass(frozen=True, slots=True)
class LinkTo:
    """A link that a draft asks for: to the record of that type with that reference."""

    kind: str
    type: str
    reference: str


@dataclass(slots=True)
class Draft:
    """One record to be. `values` are typed (people and units as text); `rows` are the rows it came from.

    `whens` says for which fields writing is limited (`create`, `blank`); `places` where each value stands as (row, column from 0).
    `parent` is (type, reference) of the record above it; children carry none: they go under the draft that holds them.
    """

    type: str
    reference: str
    values: dict[str, Any]
    rows: tuple[int, ...]
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    whens: Mapping[str, When] = field(default_factory=dict)
    parent: tuple[str, str] | None = None
    children: list[Draft] = field(default_factory=list)
    links: list[LinkTo] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows read below the header, and what became of each: read = taken + merged + rejected + blank."""

    read: int
    taken: int
    merged: int
    rejected: int
    blank: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A column of the file that gives nothing to any record, and how many of its cells say something."""

    letter: str
    header: str
    filled: int


@dataclass(slots=True)
class Rehearsal:
    """What the file would become. `names` holds the different names of people and units, by kind (`person`, `unit`)."""

    table: Table
    drafts: list[Draft]
    problems: list[Problem]
    rejected_rows: list[int]
    counts: Counts
    left_out: list[LeftOut]
    missing: list[str]
    names: dict[str, list[str]]

    def problem_at(self, draft: Draft, field_name: str, message: str) -> Problem:
        """A problem found later, by a check of the record type, beside the cell that the field came from."""
        row, index = draft.places.get(field_name, (draft.rows[0], -1))
        if index < 0:
            return Problem(row, "", "", shown(draft.values.get(field_name, "")), message)
        return problem_beside(self.table, row, index, message)


def problem_beside(table: Table, row: int, index: int, message: str, blocking: bool = True) -> Problem:
    """The sentence beside the cell in that row (from 1) and column (from 0)."""
    header = next((c.header for c in table.columns if c.index == index), "")
    cells = table.rows[row - 1]
    value = shown(cells[index]) if index < len(cells) else ""
    return Problem(row, letter(index), header, value, message, blocking)


def names_in(drafts: Iterable[Draft], fields: Mapping[str, Fields]) -> dict[str, list[str]]:
    """Different names of people and units that the drafts speak of, by kind, to be matched once."""
    names: dict[str, set[str]] = {"person": set(), "unit": set()}
    references = {key: [(name, field.kind) for name, field in known.items() if field.kind in names] for key, known in fields.items()}
    for draft in [each for parent in drafts for each in (parent, *parent.children)]:
        for name, kind in references[draft.type]:
            if value := draft.values.get(name):
                names[kind].add(as_text(value))
    return {kind: sorted(found) for kind, found in names.items()}
