"""Kinds of fields that a record type may have, whether or not one has them today: what is described is what is taken."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any

import pytest
from django.db import models

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.cleaning import cleaner
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.api.payloads import read_schema_of, schema_of, shaped
from linchpin.surfaces.api.presenting import plain

KINDS: dict[str, tuple[models.Field[Any, Any], Any, Any, Any]] = {
    "text": (models.CharField("Text", max_length=20), "Cell 4", "Cell 4", 4),
    "long text": (models.TextField("Long text", blank=True), "Line one\nline two", "Line one\nline two", ["x"]),
    "choice": (models.CharField("Choice", max_length=5, choices=[("a", "A"), ("b", "B")]), "a", "a", 1),
    "flag": (models.BooleanField("Flag", default=False), True, True, "true"),
    "count": (models.PositiveIntegerField("Count", null=True, blank=True), 3, 3, -1),
    "small": (models.SmallIntegerField("Small"), -7, -7, 40_000),
    "large": (models.BigIntegerField("Large"), 2**40, 2**40, 2**60),
    "measure": (models.FloatField("Measure"), 0.25, 0.25, True),
    "money": (models.DecimalField("Money", max_digits=12, decimal_places=2), "86400.50", decimal.Decimal("86400.50"), ["86400"]),
    "day": (models.DateField("Day"), "2026-02-28", dt.date(2026, 2, 28), 20_260_228),
    "moment": (models.DateTimeField("Moment"), "2026-02-28T10:00:00Z", dt.datetime(2026, 2, 28, 10, tzinfo=dt.UTC), 0),
    "table": (models.JSONField("Table", default=list), [{"n": 1}], [{"n": 1}], None),
}


class Kinds(RecordType):
    """A type of nothing but fields."""

    fields = {name.replace(" ", "_"): field for name, (field, *_rest) in KINDS.items()}

    def field_label(self, name: str) -> str:
        return str(self.fields[name].verbose_name)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_of_the_kind_is_taken_and_what_is_not_is_refused(name: str) -> None:
    field, sent, typed, wrong = KINDS[name]
    field.set_attributes_from_name(name.replace(" ", "_"))
    values = {field.name: sent}
    assert shaped(Kinds(), values) == values
    assert cleaner(field)(sent) == typed
    if wrong is not None:
        with pytest.raises(Refused) as refused:
            shaped(Kinds(), {field.name: wrong})
        assert list(refused.value.by_field()) == [field.name]


@pytest.mark.parametrize("name", KINDS)
def test_the_description_of_a_field_has_its_label_and_fits_what_is_answered(name: str) -> None:
    field, _sent, typed, _wrong = KINDS[name]
    assert schema_of(field)["title"] == read_schema_of(field)["title"] == str(field.verbose_name)
    types = {str: "string", bool: "boolean", int: "integer", float: "number"}
    described = str(read_schema_of(field))
    assert name == "table" or types[type(plain(typed))] in described


def test_references_are_uids_when_sent_and_have_names_when_answered() -> None:
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name="Confirms")
    record = models.ForeignKey(Record, models.PROTECT, verbose_name="Belongs to")
    assert {"type": "null"} in schema_of(person)["anyOf"]
    assert schema_of(record)["format"] == "uuid"
    assert "schemas/Reference" in str(read_schema_of(person))
    assert "schemas/RecordReference" in str(read_schema_of(record))


def test_numbers_keep_every_digit_and_times_are_utc() -> None:
    dublin = dt.timezone(dt.timedelta(hours=1))
    assert plain(decimal.Decimal("0.10")) == "0.1"
    assert plain(decimal.Decimal("1E+3")) == "1000"
    assert plain(dt.datetime(2026, 7, 1, 12, tzinfo=dublin)) == "2026-07-01T11:00:00+00:00"
    assert plain(dt.time(6, 30)) == "06:30:00"
