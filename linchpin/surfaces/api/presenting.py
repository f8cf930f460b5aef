"""A record as data. Names of people, units and other records are looked up once for all rows of an answer."""

from __future__ import annotations

import datetime as dt
import decimal
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.db import models
from django.http import HttpResponse
from ninja.responses import Response

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import RecordType, get_type

Data = dict[str, Any]
Column = tuple[str, str, Any]
"""(name, attribute that holds it, table that it points to or None)"""
AS_THEY_ARE = (str, bool, int, float, list, dict)
API = "/api/v1"


def answer(data: Any, status: int = 200) -> HttpResponse:
    """Data as JSON that no cache keeps."""
    response = Response(data, status=status)
    response["Cache-Control"] = "private, no-store"
    return response


def address(record: Any) -> str | None:
    """Where the record is read; None while it has no number."""
    return f"{API}/{record.type}/{record.number}/" if record.number else None


def moment(at: dt.datetime | None) -> str | None:
    return at.astimezone(dt.UTC).isoformat() if at else None


def named(subject: Any) -> Data | None:
    """A person or unit as its uid and name."""
    return {"uid": str(subject.uid), "name": subject.name} if subject is not None else None


def reference(record: Any) -> Data:
    return {"uid": str(record.uid), "type": record.type, "number": record.number, "title": record.title}


def brief(record: Any) -> Data:
    """A record among others: how it stands, whose it is, and where it is read."""
    due = record.due.isoformat() if record.due else None
    standing = {"status": record.status, "phase": record.phase, "owner": named(record.owner), "unit": named(record.unit), "due": due}
    return reference(record) | standing | {"url": address(record)}


def computed_fields(record_type: RecordType) -> tuple[models.Field[Any, Any], ...]:
    """What nobody fills in: the type's own fields that the system computes, and fields of the house that are retired.

    One without a label of its own is machinery, and stays inside.
    """
    return _computed(record_type, record_type.shape)


@lru_cache(maxsize=200)
def _computed(record_type: RecordType, _shape: str) -> tuple[models.Field[Any, Any], ...]:
    own: list[Any] = [record_type.model._meta.get_field(name) for name in sorted(record_type.own_fields - set(record_type.fields))]
    computed = [f for f in own if str(f.verbose_name) != f.name.replace("_", " ")]
    return (*computed, *record_type.retired.values())


def shown(rows: Sequence[Any], record_type: RecordType, access: Access) -> list[Data]:
    """The records as data, in their order; a fixed number of queries however many there are."""
    fields = [*record_type.fields.values(), *computed_fields(record_type)]
    names = Names(rows, [f for f in fields if isinstance(f, models.ForeignKey)], access)
    return [_shown(record, names) for record in rows]


def _shown(record: Any, names: Names) -> Data:
    record_type = get_type(record.type)
    written, computed = _columns(record_type, record_type.shape)
    return {
        "uid": str(record.uid),
        "type": record.type,
        "number": record.number,
        "url": address(record),
        "status": record.status,
        "phase": record.phase,
        "version": record.version,
        "parent": names.number(record.parent_id),
        "provenance": record.provenance,
        "owner_text": record.owner_text,
        "original_due": record.original_due.isoformat() if record.original_due else None,
        "due_moves": record.due_moves,
        "exceptions": record.exceptions,
        "created_at": moment(record.created_at),
        "created_by": names.of(Person, record.created_by_id),
        "updated_at": moment(record.updated_at),
        "values": _values(record, written, names),
        "computed": _values(record, computed, names),
    }


@lru_cache(maxsize=200)
def _columns(record_type: RecordType, _shape: str) -> tuple[list[Column], list[Column]]:
    """What is read of each record of the type: filled in by people, and by the system."""
    written = [_column(field) for field in record_type.fields.values()]
    return written, [_column(field) for field in computed_fields(record_type)]


def _column(field: Any) -> Column:
    return field.name, field.attname, field.related_model if isinstance(field, models.ForeignKey) else None


def _values(record: Any, columns: list[Column], names: Names) -> Data:
    found = ((name, getattr(record, place), model) for name, place, model in columns)
    return {name: names.of(model, value) if model else plain(value) for name, value, model in found}


def plain(value: Any) -> Any:
    """The value as JSON: times in UTC, days as text, decimals as text so that no digit is lost."""
    if value is None or type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return format(value.normalize(), "f") if isinstance(value, decimal.Decimal) else str(value)


class Names:
    """Who and what the rows' ids stand for: one query per table that they point to."""

    def __init__(self, rows: Iterable[Any], fields: Sequence[models.ForeignKey[Any, Any]], access: Access) -> None:
        self.found: dict[Any, dict[int, Data]] = {Person: {}, Unit: {}}
        ids: dict[Any, set[int]] = defaultdict(set)
        for record in rows:
            ids[Person].add(record.created_by_id)
            ids[Record].add(record.parent_id)
            for field in fields:
                ids[field.related_model].add(getattr(record, field.attname))
                if field.related_model in self.found and hasattr(field, "model") and field.is_cached(record) and (seen := named(getattr(record, field.name))):
                    self.found[field.related_model][getattr(record, field.attname)] = seen
        for model, wanted in ids.items():
            known = self.found.setdefault(model, {})
            known.update(_look_up(model, wanted - {None} - set(known), access))

    def of(self, model: Any, pk: int | None) -> Data | None:
        return self.found.get(model, {}).get(pk) if pk is not None else None

    def number(self, pk: int | None) -> str | None:
        parent = self.of(Record, pk)
        return parent["number"] if parent else None


def _look_up(model: Any, ids: set[int], access: Access) -> dict[int, Data]:
    """Records only as far as the reader may know of them."""
    if not ids:
        return {}
    if issubclass(model, Record):
        return {r.pk: reference(r) for r in Record.objects.visible_to(access).filter(pk__in=ids)}
    rows = model._default_manager.filter(pk__in=ids)
    if model in (Person, Unit):
        return {pk: {"uid": str(uid), "name": name} for pk, uid, name in rows.values_list("pk", "uid", "name")}
    return {row.pk: {"uid": str(row.uid), "name": str(row)} for row in rows}
