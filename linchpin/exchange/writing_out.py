"""Everything a register shows, as a file: the same rows in the same order, under headers that an import guesses back."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.db import models
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from linchpin.exchange.reading.writing import csv_lines, write_xlsx
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.listing import Asked, every, matching
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import RecordType

TYPES_OF_FILE: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8",
}
"""Content type by ending."""
BATCH = 1_000
LAST = ("created_at", "created_by", "updated_at")
"""The columns that end every file."""
BETWEEN_UNITS = " / "
"""Between the names of a unit and the units above it."""
SPAN = 64 * 1024


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: the field's name, the label in the header, and the cell that a record has in it.

    In JSON lines a choice keeps its stored value, which `stored` gives.
    """

    name: str
    header: str
    read: Callable[[Any], Any]
    stored: Callable[[Any], Any]


def export_response(record_type: RecordType, asked: Asked, access: Access, ending: str) -> HttpResponseBase:
    """The file as a download, sent while it is written. Raises Refused when a filter or the order makes no sense."""
    columns = columns_of(record_type, asked, access)
    rows = _begun(every(record_type, asked, access, BATCH))
    name = f"{slugify(record_type.plural(access.person.labels)) or record_type.key}-{clock.today().isoformat()}.{ending}"
    if ending == "xlsx":
        book = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
        write_xlsx(_table(columns, rows), book, _sheet(record_type))
        book.seek(0)
        return FileResponse(book, as_attachment=True, filename=name, content_type=TYPES_OF_FILE[ending])
    answer = StreamingHttpResponse(_spans(_lines(columns, rows, ending)), content_type=TYPES_OF_FILE[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def write_register(record_type: RecordType, asked: Asked, access: Access, ending: str, out: BinaryIO) -> int:
    """Write the same file to `out`. Gives the number of records. Raises Refused before anything is written."""
    columns = columns_of(record_type, asked, access)
    counted = _Counted(_begun(every(record_type, asked, access, BATCH)))
    if ending == "xlsx":
        write_xlsx(_table(columns, counted), out, _sheet(record_type))
    else:
        for span in _spans(_lines(columns, counted, ending)):
            out.write(span)
    return counted.count


def columns_of(record_type: RecordType, asked: Asked, access: Access) -> list[Column]:
    """The register's columns first, then every other field, then when and by whom the record was raised.

    Records' own numbers stand first where there are any: brought in again they keep them, else their number becomes their own.
    """
    shown = dict.fromkeys([*record_type.list_columns, *record_type.fields, *LAST, *record_type.retired])
    names = [name for name in shown if name != "reference"]
    if matching(record_type, asked.filters, access).exclude(reference="").exists():
        names.insert(0, "reference")
    people = {pk: email or name for pk, email, name in Person.objects.values_list("pk", "email", "name")}
    units = unit_paths()
    return [_column(record_type, name, people, units) for name in names]


def header_of(record_type: RecordType, name: str) -> str:
    """What stands above the field's column."""
    return str(_("Raised by")) if name == "created_by" else record_type.field_label(name)


def unit_paths() -> dict[int, str]:
    """How each unit is written: its name behind those of the units above it."""
    names = dict(Unit.objects.values_list("pk", "name"))
    paths = Unit.objects.values_list("pk", "path")
    return {pk: BETWEEN_UNITS.join(names[int(part)] for part in path.split("/") if part) for pk, path in paths}


def _column(record_type: RecordType, name: str, people: Mapping[int, str], units: Mapping[int, str]) -> Column:
    field = record_type.field(name)
    header = header_of(record_type, name)
    read = _reader(field, people, units)
    if name == "owner":
        return Column(name, header, by_owner := _owner(read), by_owner)
    labels = dict(record_type.lifecycle.states.choices) if name == "status" else dict(getattr(field, "choices", None) or ())
    if not labels:
        return Column(name, header, read, read)
    words = {value: str(label) for value, label in labels.items()}
    return Column(name, header, lambda record: words.get(read(record), read(record)), read)


def _reader(field: Any, people: Mapping[int, str], units: Mapping[int, str]) -> Callable[[Any], Any]:
    name = field.attname
    if isinstance(field, models.ForeignKey):
        if field.related_model in (Person, Unit):
            known = people if field.related_model is Person else units
            return lambda record: known.get(getattr(record, name))
        by_number = issubclass(field.related_model, Record)
        return lambda record: (found := getattr(record, field.name)) and (found.number if by_number else str(found))
    if isinstance(field, models.JSONField):
        return lambda record: json.dumps(value, ensure_ascii=False) if (value := getattr(record, name)) else None
    if isinstance(field, models.DateTimeField):
        return lambda record: _minute(getattr(record, name))
    return lambda record: getattr(record, name)


def _owner(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda record: read(record) or record.owner_text or None


def _minute(at: dt.datetime | None) -> str | None:
    return timezone.localtime(at).isoformat(" ", "minutes")[:16] if at else None


class _Counted(Iterator[Any]):
    """The same rows, and how many came by."""

    def __init__(self, rows: Iterator[Any]) -> None:
        self.rows, self.count = rows, 0

    def __next__(self) -> Any:
        row = next(self.rows)
        self.count += 1
        return row


def _sheet(record_type: RecordType) -> str:
    """The plural without the signs that no sheet's name may have."""
    return re.sub(r"[\[\]:*?/\\]", " ", record_type.plural())


def _begun(rows: Iterator[Any]) -> Iterator[Any]:
    """The same rows, the first batch already fetched: what is wrong with the question is said before the answer begins."""
    first = list(itertools.islice(rows, 1))
    return itertools.chain(first, rows)


def _table(columns: list[Column], rows: Iterable[Any]) -> Iterator[list[Any]]:
    yield [column.header for column in columns]
    for record in rows:
        yield [column.read(record) for column in columns]


def _lines(columns: list[Column], rows: Iterable[Any], ending: str) -> Iterator[bytes]:
    if ending == "csv":
        yield from csv_lines(_table(columns, rows))
        return
    for record in rows:
        values = {column.name: _json(column.stored(record)) for column in columns}
        yield json.dumps(values, ensure_ascii=False).encode() + b"\n"


def _json(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _spans(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines together in pieces worth sending."""
    piece = bytearray()
    for line in lines:
        piece += line
        if len(piece) >= SPAN:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)
