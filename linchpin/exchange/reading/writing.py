"""Tables written so that a spreadsheet program shows text as text: what begins like a formula is never run."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from linchpin.exchange.reading.problems import Problem, Uncomputed
from linchpin.exchange.reading.rehearsal import Rehearsal

STARTS = ("=", "+", "-", "@", "\t", "\r", "'")
LONGEST_CELL = 32_767
"""A workbook's limit; longer text goes on in cells at the end of the row."""

Table = Iterable[Sequence[Any]]


def export_cells(rows: Table, to: Path | BinaryIO, kind: str, *, sheet: str = "") -> None:
    """Write the rows as `csv` (UTF-8 with a mark, so that Excel reads it) or `xlsx`. Text stays text in both."""
    data = csv_bytes(rows) if kind == "csv" else xlsx_bytes(rows, sheet)
    if isinstance(to, Path):
        to.write_bytes(data)
    else:
        to.write(data)


def csv_bytes(rows: Table) -> bytes:
    """A text table in which an apostrophe stands before everything that a spreadsheet program would compute."""
    return b"".join(csv_lines(rows))


def csv_lines(rows: Table) -> Iterator[bytes]:
    """The same line by line, the mark before the first."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    mark = "\ufeff"
    for row in rows:
        writer.writerow([guarded(_plain(value)) for value in row])
        yield (mark + out.getvalue()).encode()
        out.seek(0)
        out.truncate()
        mark = ""


def guarded(text: str) -> str:
    """The text with an apostrophe before a start that would be computed; numbers are no formulas. `unguarded` undoes it."""
    if text.startswith(STARTS) and not _is_number(text):
        return f"'{text}"
    return text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `guarded` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) and not _is_number(text[1:]) else text


def xlsx_bytes(rows: Table, sheet: str = "") -> bytes:
    """A workbook with one sheet, its first row bold and fixed. Texts are written as texts, whatever they begin with."""
    out = io.BytesIO()
    write_xlsx(rows, out, sheet)
    return out.getvalue()


def write_xlsx(rows: Table, out: BinaryIO, sheet: str = "") -> None:
    """The same into a file, with one row at a time in memory."""
    _write_sheets({sheet: rows}, out)


def sheets_bytes(sheets: Mapping[str, Table]) -> bytes:
    """A workbook with several sheets, by their names."""
    out = io.BytesIO()
    _write_sheets(sheets, out)
    return out.getvalue()


def _write_sheets(sheets: Mapping[str, Table], out: BinaryIO) -> None:
    from openpyxl import Workbook  # here and below: it takes half a second, and few processes ever write a workbook

    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        page = book.create_sheet(name[:31] or _("Rows"))
        page.freeze_panes = "A2"
        for number, row in enumerate(rows):
            page.append([_cell(page, value, bold=number == 0) for value in _in_limits(row)])
    book.save(out)


def rejected_workbook(rehearsal: Rehearsal, more: Iterable[Problem] = ()) -> bytes:
    """The rejected rows as they came, with the row's old number and the reasons in front, ready to be corrected and brought in again.

    `more` are problems found after the rehearsal; their rows are given back too.
    """
    reasons: dict[int, list[str]] = {}
    for problem in [*rehearsal.problems, *more]:
        if problem.blocking:
            where = f"{problem.header} ({problem.column}): " if problem.column else ""
            reasons.setdefault(problem.row, []).append(f"{where}{problem.message}")
    return xlsx_bytes(_rejected_rows(rehearsal, reasons), _("Not taken"))


def _rejected_rows(rehearsal: Rehearsal, reasons: dict[int, list[str]]) -> Table:
    columns = rehearsal.table.columns
    yield [*(column.header for column in columns), _("Row"), _("Why it was not taken")]
    for number in sorted(set(rehearsal.rejected_rows) | set(reasons)):
        row = rehearsal.table.rows[number - 1]
        cells = [row[c.index] if c.index < len(row) else None for c in columns]
        yield [*cells, number, "\n".join(dict.fromkeys(reasons.get(number, [])))]


def _cell(page: Any, value: Any, bold: bool) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    if isinstance(value, Decimal):
        value = float(value) if len(value.as_tuple().digits) < 16 else format(value, "f")
    if isinstance(value, Uncomputed) or not isinstance(value, str | int | float | bool | dt.date | dt.time | dt.timedelta | None):
        value = str(value)
    if isinstance(value, dt.datetime) and value.tzinfo:
        value = value.isoformat(" ", "seconds")
    cell = WriteOnlyCell(page, value=None)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
        cell.data_type = "s"  # never a formula, although it may begin with “=”
    else:
        cell.value = value
    if bold:
        cell.font = Font(bold=True)
    return cell


def _in_limits(row: Sequence[Any]) -> list[Any]:
    """The row, with the rest of texts that no cell holds behind its last cell, so that the columns stay in place."""
    cells, rest = [], []
    for value in row:
        if isinstance(value, str) and len(value) > LONGEST_CELL:
            rest += [value[at : at + LONGEST_CELL] for at in range(LONGEST_CELL, len(value), LONGEST_CELL)]
            value = value[:LONGEST_CELL]
        cells.append(value)
    return cells + rest


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _is_number(text: str) -> bool:
    """A signed number may stand as it is: no program computes more from it than it says."""
    return text[:1] in "+-" and text[1:].replace(".", "", 1).isdecimal() and text.isascii()
