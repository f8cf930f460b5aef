"""Which tables a full export holds, and how a row becomes a line of JSON and a row again, on either database."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils.translation import gettext as _

from linchpin.kernel.people.writing import GUARDED_APPS
from linchpin.kernel.records.models import Once, Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import all_types

APPS = (*(label for label in GUARDED_APPS if label != "trail"), "notices", "exchange")
"""What travels besides the record types. The trail has lines of its own; sign-ins, sessions and jobs stay."""
SECRET = frozenset({"password", "secret", "secrets", "token", "tokens", "digest", "pin"})
"""A field with one of these words in its name never leaves."""
FETCH = 2_000


@dataclass(frozen=True)
class Table:
    """A model whose rows travel; a record type's rows carry the fields that all records have."""

    model: type[models.Model]

    @property
    def member(self) -> str:
        """The member's name in the archive: tables/people.unit.jsonl."""
        return f"tables/{self.model._meta.label_lower}.jsonl"

    @cached_property
    def fields(self) -> list[models.Field[Any, Any]]:
        """What leaves of it: the parent's key goes with the parent's own fields."""
        found = self.model._meta.concrete_fields
        return [f for f in found if not _is_secret(f) and not _leads_to_parent(f)]

    def lines(self) -> Iterator[bytes]:
        """Its rows as JSON, in the order of their keys."""
        names = [field.attname for field in self.fields]
        writers = [_writer(field) for field in self.fields]
        for row in self._rows().order_by("pk").values_list(*names).iterator(FETCH):
            values = {name: value if write is None else write(value) for name, write, value in zip(names, writers, row, strict=True)}
            yield json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def _rows(self) -> Any:
        rows = self.model._base_manager.all()
        if self.model is Record:  # those of types that are not installed here any more
            return rows.exclude(type__in=[record_type.key for record_type in all_types()])
        return rows

    def readers(self) -> list[Reader]:
        """How a line of it goes into the tables: a record's into two."""
        if self.model is Record or not issubclass(self.model, Record):
            return [Reader(self.model, self.model)]
        return [Reader(Record, self.model), Reader(self.model, self.model)]


class Reader:
    """One table's share of a line, as values that the database takes. Fields that an older export lacks get their defaults."""

    def __init__(self, model: type[models.Model], table: type[models.Model]) -> None:
        self.model, self.table = model, table
        self.fields = list(model._meta.local_concrete_fields)
        self.columns = [str(field.column) for field in self.fields]
        self.names = ["id" if _leads_to_parent(f) else f.attname for f in self.fields]
        self._convert = [_reader(field) for field in self.fields]

    def rows(self, lines: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Raises Refused when a line has a field that this Linchpin does not know."""
        known = {field.attname for field in Table(self.table).fields}
        given = list(zip(self.names, self.fields, self._convert, strict=True))
        for told in lines:
            if unknown := told.keys() - known:
                sentence = _("“%(table)s” has a field “%(field)s” in the export that is not known here: bring this installation up to that version.")
                raise Refused(sentence % {"table": self.table._meta.label_lower, "field": min(unknown)})
            yield tuple(convert(told[name]) if name in told else _default(field) for name, field, convert in given)


@cache
def _traveling() -> frozenset[type[models.Model]]:
    """Models of our own apps and record types, without secrets, and without what cannot stand alone when those are gone."""
    found = {m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in APPS or issubclass(m, Record)}
    found -= {Once} | {m for m in found if any(_is_secret(f) and f.unique for f in m._meta.concrete_fields)}
    while bound := {m for m in found if any(f.remote_field and not f.null and f.remote_field.model not in found for f in m._meta.concrete_fields)}:
        found -= bound
    return frozenset(found)


def tables() -> list[Table]:
    """Every table that travels, by name."""
    return [Table(model) for model in sorted(_traveling(), key=lambda model: model._meta.label_lower)]


def table_named(member: str) -> Table:
    """The table of a member. Raises Refused when this Linchpin knows no such table."""
    table = {table.member: table for table in tables()}.get(member)
    if table is None:
        raise Refused(_("The export holds “%s”, which is not known here: bring this installation up to the version that wrote it.") % member)
    return table


def _is_secret(field: models.Field[Any, Any]) -> bool:
    return not SECRET.isdisjoint(field.name.split("_"))


def _writer(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    """How a value is written where JSON does not know its type; what points to a table that stays is left empty."""
    if field.remote_field is not None:
        return None if field.remote_field.model in _traveling() else lambda value: None
    if isinstance(field, models.DateTimeField | models.DateField | models.TimeField):
        return lambda value: None if value is None else value.isoformat()
    if isinstance(field, models.UUIDField | models.DecimalField | models.DurationField):
        return lambda value: None if value is None else str(value)
    return None


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    if isinstance(field, models.CharField | models.TextField | models.IntegerField | models.BooleanField | models.FloatField):
        return lambda value: value
    return lambda value: field.get_db_prep_save(field.to_python(value), connection)


def _leads_to_parent(field: Any) -> bool:
    return bool(field.remote_field and field.remote_field.parent_link)


def _default(field: models.Field[Any, Any]) -> Any:
    if field.name == "password":
        return make_password(None)
    return field.get_db_prep_save(field.get_default(), connection)
