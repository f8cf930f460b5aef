"""Columns of a spreadsheet as numbers and names, every cell that cannot be read refused with its row and column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linchpin.exchange.reading.numbers import decimal_style, parse_decimal
from linchpin.exchange.reading.problems import Unreadable
from linchpin.exchange.reading.sources import cells, is_blank

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "–"})


class Unusable(Exception):
    """The file or the choice of columns cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows chosen from a sheet: names of the columns, cells by row, and the number of each row in the file."""

    names: tuple[str, ...]
    rows: tuple[Sequence[Any], ...]
    numbers: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, name: str) -> int:
        """The place of a column, by its exact name or else regardless of case. Raises Unusable."""
        if name in self.names:
            return self.names.index(name)
        alike = [place for place, other in enumerate(self.names) if other.casefold() == name.strip().casefold()]
        if len(alike) != 1:
            raise Unusable(f"There is no column “{name}”. The file has: {', '.join(self.names)}.")
        return alike[0]

    def texts(self, name: str) -> list[str]:
        """The column as names; an empty cell is an error, since it names nothing."""
        place, found = self.place(name), []
        for row, number in zip(self.rows, self.numbers, strict=True):
            cell = row[place] if place < len(row) else None
            if is_blank(cell):
                raise Unusable(f"Row {number}, column “{self.names[place]}” is empty.")
            found.append(_as_text(cell))
        return found

    def values(self, name: str) -> list[float]:
        """The column as numbers; empty cells and NA are missing (NaN). Raises Unusable for anything else that is no number."""
        place = self.place(name)
        column = [row[place] if place < len(row) else None for row in self.rows]
        style = decimal_style(column)
        if style == "mixed":
            raise Unusable(f"Column “{self.names[place]}” has decimal commas in some cells and decimal points in others.")
        found = []
        for cell, number in zip(column, self.numbers, strict=True):
            try:
                found.append(math.nan if _is_missing(cell) else float(parse_decimal(cell, style if style in ("point", "comma") else "point")))
            except Unreadable as error:
                raise Unusable(f"Row {number}, column “{self.names[place]}”: {error}") from error
        return found

    def where(self, conditions: Sequence[str]) -> Columns:
        """The rows that fulfill every COLUMN=VALUE. Raises Unusable when none does, naming the values that there are."""
        kept = list(range(len(self.rows)))
        for condition in conditions:
            name, sign, wanted = condition.partition("=")
            if not sign:
                raise Unusable(f"“{condition}” is no condition: write COLUMN=VALUE.")
            place = self.place(name.strip())
            texts = [_as_text(row[place]) if place < len(row) and not is_blank(row[place]) else "" for row in self.rows]
            kept = [i for i in kept if _same(texts[i], wanted)]
            if not kept:
                there = list(dict.fromkeys(texts))
                raise Unusable(f"No row has {name.strip()} = “{wanted.strip()}”. There are: {', '.join(there[:12])}{' …' if len(there) > 12 else ''}.")
        return Columns(self.names, tuple(self.rows[i] for i in kept), tuple(self.numbers[i] for i in kept))


def columns_of(file: Path, *, sheet: str = "", header_row: int = 0) -> Columns:
    """A csv, tsv or xlsx file. The header is the first row that is not empty, or `header_row`; rows without any value are left out,
    as a spreadsheet's empty lines are. Raises Unusable, or Refused by the reader."""
    rows = cells(file, sheet)
    first = header_row or next((number for number, row in enumerate(rows, 1) if any(not is_blank(cell) for cell in row)), 0)
    if not 1 <= first <= len(rows):
        raise Unusable("The file is empty." if not header_row else f"There is no row {header_row} in the file.")
    names = tuple("" if is_blank(cell) else _as_text(cell) for cell in rows[first - 1])
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise Unusable(f"Two columns are named “{twice[0]}”: give each its own name.")
    kept = [(row, number) for number, row in enumerate(rows[first:], first + 1) if any(not is_blank(cell) for cell in row)]
    if not kept:
        raise Unusable("The file has a header, but no rows below it.")
    return Columns(names, tuple(row for row, _number in kept), tuple(number for _row, number in kept))


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _is_missing(cell: Any) -> bool:
    return is_blank(cell) or (isinstance(cell, str) and cell.strip().casefold() in MISSING)


def _same(text: str, wanted: str) -> bool:
    """Equal as text regardless of case, or as numbers."""
    wanted = wanted.strip()
    if text.casefold() == wanted.casefold():
        return True
    try:
        return float(text) == float(wanted)
    except ValueError:
        return False
