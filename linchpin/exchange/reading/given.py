"""What a table does not have itself: what a covering sheet says once for all rows, the beginning of another column, fixed values of the profile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from linchpin.exchange.reading.fields import Fields
from linchpin.exchange.reading.headers import FoundColumn, Table, normal
from linchpin.exchange.reading.problems import Unreadable
from linchpin.exchange.reading.shapes import Column, Part
from linchpin.exchange.reading.sources import Cell, Row, is_blank
from linchpin.exchange.reading.values import read, text_of

TOP = 100
"""Rows of another sheet in which what it says of the whole file is looked for."""


def with_given(table: Table, columns: Sequence[Column], places: dict[str, int], beside: Iterable[Sequence[Row]]) -> Table:
    """The table with a column more for each of the profile's that says where else its values stand and is not there; `places` gains its place."""
    covers = list(beside)
    for column in columns:
        if column.name in places or not (column.beside or column.part_of):
            continue
        if column.beside:
            said = _beside(column.beside, covers)
            values: list[Cell] = [said] * len(table.rows)
        else:
            index = places.get(column.part_of)
            values = [_beginning(row, index, column.until) for row in table.rows]
        if any(value is not None for value in values):
            places[column.name] = max((found.index for found in table.columns), default=-1) + 1
            table = _extended(table, column.known_by[0], places[column.name], values)
    return table


def _beside(label: str, covers: Iterable[Sequence[Row]]) -> Cell:
    """The first filled cell to the right of the one that says the label."""
    for row in (row for rows in covers for row in rows[:TOP]):
        for place, cell in enumerate(row):
            if isinstance(cell, str) and normal(cell) == normal(label):
                return next((value for value in row[place + 1 :] if not is_blank(value)), None)
    return None


def _beginning(row: Row, index: int | None, until: str) -> Cell:
    try:
        text = text_of(row[index]) if index is not None and index < len(row) else ""
    except Unreadable:
        return None
    return (text.split(until)[0].strip() if until else text) or None


def _extended(table: Table, header: str, index: int, values: Sequence[Cell]) -> Table:
    """Rows that say nothing stay as they are: a blank row is no record for what the cover says."""
    rows = [
        row if number < table.header_row or all(map(is_blank, row)) else [*row, *[None] * (index - len(row)), values[number]]
        for number, row in enumerate(table.rows)
    ]
    samples = tuple(dict.fromkeys(values[table.header_row :]))[:5]
    column = FoundColumn(index, header, samples, sum(len(row) > index for row in rows))
    return replace(table, columns=(*table.columns, column), rows=rows)


def constants_of(constants: Mapping[str, str], fields: Fields) -> dict[str, Any]:
    """The profile's fixed values, typed."""
    return {name: read(text, fields[name], Part("")) for name, text in constants.items()}
