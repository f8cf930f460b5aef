"""Files made on the spot, and the fields that their cells become."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from linchpin.exchange.reading.fields import Field

REGISTERS = Path(__file__).resolve().parents[2] / "../shared/data/registers"

PROBLEM = {
    field.name: field
    for field in (
        Field("title", "Title", "line", required=True, longest=200, names=("problem", "issue", "finding")),
        Field("reference", "Own number", "line", longest=120, names=("number", "nr", "id")),
        Field("description", "What happened", "text", names=("details", "beschreibung")),
        Field("occurred", "Occurred", "date", names=("date", "datum")),
        Field("severity", "Severity", "choice", {"critical": "Critical", "major": "Serious", "minor": "Minor"}, names=("class", "schwere")),
        Field("on_hold", "Parts are on hold", "boolean"),
        Field("cost", "Cost", "decimal", names=("costs", "kosten")),
        Field("owner", "Owner", "person", names=("responsible", "verantwortlich")),
        Field("due", "Due", "date", names=("due date", "termin")),
    )
}
ACTION = {
    field.name: field
    for field in (
        Field("title", "Title", "line", required=True, longest=200, names=("action", "corrective action", "maßnahme")),
        Field("reference", "Own number", "line", longest=120),
        Field("what", "What is to be done", "text"),
        Field("kind", "Kind", "choice", {"corrective": "Lasting fix", "other": "Other"}, required=True, has_default=True),
    )
}


def workbook(*rows: list[Any], sheet: str = "Rows") -> bytes:
    """An .xlsx file with these rows."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_members(data: bytes, members: Mapping[str, bytes]) -> bytes:
    """The archive with members added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in members:
                new.writestr(name, old.read(name))
        for name, content in members.items():
            new.writestr(name, content)
    return out.getvalue()


def with_sheet(rows_xml: bytes, dimension: bytes = b"A1") -> bytes:
    """A workbook whose only sheet consists of that XML."""
    head = b'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    xml = head + b'<dimension ref="' + dimension + b'"/><sheetData>' + rows_xml + b"</sheetData></worksheet>"
    return with_members(workbook(["x"]), {"xl/worksheets/sheet1.xml": xml})
