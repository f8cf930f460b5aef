"""Which row names the columns, found by looking, and what stands under each name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from linchpin.exchange.reading.dates import plain
from linchpin.exchange.reading.problems import letter, shown
from linchpin.exchange.reading.shapes import Column
from linchpin.exchange.reading.sources import Row, is_blank
from linchpin.kernel.records.refusals import Refused

LOOKED_AT, SAMPLES = 30, 5
LONGEST_HEADER = 200
LIKELY = 90
NUMBERISH = re.compile(r"[\d\s.,:/+%€$£-]+")


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of the file: its place from 0, its unique header, a few different values, and how many cells are filled."""

    index: int
    header: str
    samples: tuple[Any, ...]
    filled: int

    @property
    def letter(self) -> str:
        return letter(self.index)


@dataclass(frozen=True, slots=True)
class Table:
    """Header row (counted from 1; 0 when the file has none), the columns, and all rows of the sheet as read."""

    header_row: int
    columns: tuple[FoundColumn, ...]
    rows: Sequence[Row]

    def column(self, index: int) -> Iterable[Any]:
        """The cells under the header, top to bottom."""
        return (row[index] if index < len(row) else None for row in self.rows[self.header_row :])


def find_table(rows: Sequence[Row], header_row: int = 0, known: Collection[str] = ()) -> Table:
    """The table in the rows. A declared header row wins; then the row with most `known` headers; then the likeliest one."""
    row = header_row or header_row_of(rows, known)
    if not rows or row > len(rows):
        raise Refused(_("The sheet has no row %s that could name the columns: choose another sheet or row.") % max(row, 1))
    return Table(row, tuple(_columns(rows, row)), rows)


def header_row_of(rows: Sequence[Row], known: Collection[str] = ()) -> int:
    """The row, counted from 1, that most likely names the columns."""
    top = rows[:LOOKED_AT]
    names = {normal(name) for name in known}
    width = max((sum(not is_blank(v) for v in row) for row in rows[: LOOKED_AT * 2]), default=1) or 1
    scores = [_likeness(row, width, names) - number * 0.02 for number, row in enumerate(top)]
    return scores.index(max(scores)) + 1 if scores else 1


def _likeness(row: Row, width: int, names: Collection[str]) -> float:
    """How much the row looks like headers: many different short words, no numbers or days, known names."""
    filled = [v for v in row if not is_blank(v)]
    if not filled:
        return -1.0
    words = [v for v in filled if isinstance(v, str) and len(v) <= LONGEST_HEADER and not NUMBERISH.fullmatch(v)]
    recognized = sum(normal(v) in names for v in words)
    return (2 * len(words) - len(filled)) / width + 0.5 * len(set(map(plain, words))) / len(filled) + 2 * recognized / len(filled)


def _columns(rows: Sequence[Row], header_row: int) -> Iterable[FoundColumn]:
    width = max(map(len, rows[header_row - 1 :]), default=0)
    headers = rows[header_row - 1]
    seen: Counter[str] = Counter()
    for index in range(width):
        raw = headers[index] if index < len(headers) else None
        samples, filled = _looked(rows, header_row, index)
        if is_blank(raw) and not filled:
            continue
        name = letter(index) if is_blank(raw) else shown(raw, LONGEST_HEADER)
        seen[plain(name)] += 1
        times = seen[plain(name)]
        yield FoundColumn(index, f"{name} ({times})" if times > 1 else name, samples, filled)


def _looked(rows: Sequence[Row], header_row: int, index: int) -> tuple[tuple[Any, ...], int]:
    filled = [v for row in rows[header_row:] if index < len(row) and (v := row[index]) is not None and not is_blank(v)]
    samples: list[Any] = []
    for value in filled:
        if value not in samples:
            samples.append(value)
            if len(samples) == SAMPLES:
                break
    return tuple(samples), len(filled)


def normal(header: Any) -> str:
    """A header for comparison: lower case, no accents, every sign a space."""
    return " ".join(re.findall(r"[^\W_]+", plain(str(header))))


def match_columns(columns: Sequence[FoundColumn], wanted: Sequence[Column]) -> dict[str, int]:
    """Place of each wanted column by its name; those the file lacks are missing from the answer.

    Headers are compared without case, accents and signs, cut ones by their beginning, misspelled ones by likeness.
    """
    free = {column.index: normal(column.header) for column in columns}
    places: dict[str, int] = {}
    for finder in (_equal, _cut, _alike):
        for column in wanted:
            if column.name in places:
                continue
            place = next((p for name in column.known_by if (p := finder(normal(name), free)) is not None), None)
            if place is not None:
                places[column.name] = place
                del free[place]
    return places


def _equal(name: str, free: dict[int, str]) -> int | None:
    return next((place for place, header in free.items() if header == name), None)


def _cut(name: str, free: dict[int, str]) -> int | None:
    """A long header that either side has cut short."""
    fits = [p for p, h in free.items() if min(len(h), len(name)) >= 20 and (h.startswith(name) or name.startswith(h))]
    return fits[0] if len(fits) == 1 else None


def _alike(name: str, free: dict[int, str]) -> int | None:
    if len(name) < 5:
        return None
    found = process.extractOne(name, free, scorer=fuzz.ratio, score_cutoff=LIKELY)
    return found[2] if found else None
