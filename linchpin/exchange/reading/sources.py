"""Opening a file of any kind that is taken, and reading its sheets as rows of raw typed values."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from linchpin.exchange.reading.decoding import decode
from linchpin.exchange.reading.dialects import records
from linchpin.exchange.reading.problems import Uncomputed
from linchpin.exchange.reading.safety import MOST_COLUMNS, MOST_ROWS, Inspected, Source, damaged, inspect
from linchpin.exchange.reading.scanning import Extent, extent, worksheet_parts
from linchpin.kernel.records.refusals import Refused

Cell = None | str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | Uncomputed
Answer = TypeVar("Answer")
Row = list[Cell]
"""One row of raw values; its number in the file is its place in the list plus one. None stands for an empty cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet by name, and the size of the part that holds values."""

    name: str
    rows: int
    columns: int


class Book:
    """A file that was found safe, opened. Reads each sheet when asked."""

    def __init__(self, source: Source, name: str = "") -> None:
        self.inspected: Inspected = inspect(source, name)
        self._data = source if isinstance(source, bytes) else source.read_bytes()
        self._read: dict[str, list[Row]] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        return self.inspected.warnings

    @property
    def sheets(self) -> list[Sheet]:
        """Every sheet with cells, in the file's order; a text table is one sheet, named by its file."""
        if self.inspected.kind != "xlsx":
            rows = self.cells()
            return [Sheet(self._text_name, len(rows), max(map(len, rows), default=0))]
        return [Sheet(name, found.rows, found.columns) for name, found in self._extents.items()]

    def cells(self, sheet: str = "") -> list[Row]:
        """Rows of the sheet (the first one unless named) down to the last that holds a value. Raises Refused."""
        if self.inspected.kind != "xlsx":
            return self._read.get("") or self._read.setdefault("", _text_rows(self._data))
        name = sheet or next(iter(self._extents), "")
        if name not in self._extents:
            raise Refused(_("There is no sheet “%(sheet)s”. The file has: %(sheets)s.") % {"sheet": name, "sheets": ", ".join(self._extents)})
        if name not in self._read:
            self._read[name] = self._sheet_rows(name)
        return self._read[name]

    @property
    def _text_name(self) -> str:
        return Path(self.inspected.name).stem

    @cached_property
    def _extents(self) -> Mapping[str, Extent]:
        """The reach of every worksheet, found before anything holds it whole."""
        kinds = {sheet.name: sheet.typ for sheet in self._workbook.sheets_metadata}
        try:
            with zipfile.ZipFile(io.BytesIO(self._data)) as archive:
                parts = worksheet_parts(archive)
                return {n: extent(archive, p, n) for n, p in parts.items() if kinds.get(n) == SheetTypeEnum.WorkSheet}
        except (KeyError, StopIteration, ParseError, ValueError) as error:
            raise self._damaged() from error

    @cached_property
    def _workbook(self) -> CalamineWorkbook:
        return self._calmly(lambda: CalamineWorkbook.from_filelike(io.BytesIO(self._data)))

    def _sheet_rows(self, name: str) -> list[Row]:
        reach = self._extents[name]
        if not reach.rows:
            return []
        raw = self._calmly(lambda: self._workbook.get_sheet_by_name(name).to_python(skip_empty_area=False, nrows=reach.rows))
        rows: list[Row] = [[None if value == "" else value for value in row[: reach.columns]] for row in raw]
        for (row, column), value in reach.odd.items():
            if row <= len(rows) and column <= len(rows[row - 1]):
                rows[row - 1][column - 1] = value
        return trimmed(rows)

    def _calmly(self, reading: Callable[[], Answer]) -> Answer:
        """The reader's answer, or a refusal; a panic of its Rust code is no Exception in Python and would end the process."""
        try:
            return reading()
        except (CalamineError, ValueError, OSError, OverflowError) as error:
            raise self._damaged() from error
        except BaseException as error:
            if type(error).__name__ == "PanicException":
                raise self._damaged() from error
            raise

    def _damaged(self) -> Refused:
        return Refused(damaged(self.inspected.name))


def sheets(source: Source, name: str = "") -> list[Sheet]:
    """Names and sizes of the file's sheets. Raises Refused."""
    return Book(source, name).sheets


def cells(source: Source, sheet: str = "", name: str = "") -> list[Row]:
    """Rows of raw typed values of one sheet. Raises Refused."""
    return Book(source, name).cells(sheet)


def _text_rows(data: bytes) -> list[Row]:
    rows: list[Row] = []
    for number, record in records(decode(data)[0]):
        if number > MOST_ROWS:
            raise Refused(_("The file has more than 1,000,000 rows: split it into several files."))
        if len(record) > MOST_COLUMNS:
            raise Refused(_("Row %(row)s has %(columns)s columns; at most 1,000 columns are read. Keep the columns you need, and save it again.")
                          % {"row": number, "columns": len(record)})  # fmt: skip
        rows.extend([] for _missing in range(number - 1 - len(rows)))
        rows.append([None if text == "" else text for text in record])
    return trimmed(rows)


def trimmed(rows: list[Row]) -> list[Row]:
    """The rows without the empty ones at the end; a formula without a value does not make a row real."""
    last = len(rows)
    while last and all(is_blank(value) for value in rows[last - 1]):
        last -= 1
    return rows[:last]


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing: empty, only spaces, or a formula that no program has computed."""
    if type(value) is str:
        return not value or value.isspace()
    return value is None or isinstance(value, Uncomputed)
