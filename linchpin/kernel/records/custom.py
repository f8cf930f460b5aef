"""Fields that the house adds to a type, built from their definitions: model fields like any other, only that no table has them.

A value stands on the record as JSON, under the field's name; if the field filters, also in a typed row with an index.
"""

from __future__ import annotations

import datetime as dt
import decimal
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from linchpin.kernel.people.models import Organization, Person
from linchpin.kernel.records import further
from linchpin.kernel.records.custom_models import CustomField, CustomValue
from linchpin.kernel.records.further import Further

Field = Any
PREFIX = "x_"
"""What every added field's name begins with: no own field of any type ever does."""
LONGEST_CHOICE = 100
COLUMNS = {"line": "text", "number": "number", "day": "day", "yes_no": "text", "choice": "text", "person": "person"}
"""Where the typed row keeps a value, by kind; a long text has none, it does not filter."""
YES, NO = "yes", "no"


class Number(models.DecimalField):  # type: ignore[type-arg]
    """A number with its unit, its decimals and its bounds."""

    unit = ""
    smallest: float | None = None
    largest: float | None = None

    def formfield(self, **kwargs: Any) -> Any:
        field: Any = super().formfield(**kwargs)
        for bound, validator, sentence in (
            (self.smallest, MinValueValidator, _("Not less than %(limit_value)s.")),
            (self.largest, MaxValueValidator, _("Not more than %(limit_value)s.")),
        ):
            if bound is not None:
                field.validators.append(validator(decimal.Decimal(format(bound, "g")), sentence))
        return field


class Reference(models.ForeignKey):  # type: ignore[type-arg]
    """A person. The attribute that holds the id is none that a field's name could be."""

    def get_attname(self) -> str:
        return f"{self.name}{ID}"


ID = "__pk"


def field_of(row: CustomField) -> Field:
    """The model field that a definition makes."""
    usual: dict[str, Any] = {"verbose_name": row.label, "help_text": row.help, "blank": not row.required}
    kinds: dict[str, Any] = {
        "line": partial(models.CharField, max_length=200),
        "text": models.TextField,
        "number": partial(Number, max_digits=15, decimal_places=row.decimals, null=True),
        "day": partial(models.DateField, null=True),  # type: ignore[misc]
        "yes_no": partial(models.BooleanField, default=False),
        "choice": partial(models.CharField, max_length=LONGEST_CHOICE, choices=[(c, c) for c in row.choices]),
        "person": partial(Reference, Person, models.PROTECT, null=True, related_name="+"),
    }
    if row.kind == "yes_no":
        usual["blank"] = True
    made = kinds[row.kind](**usual)
    made.set_attributes_from_name(row.key)
    made.custom = row
    if isinstance(made, Number):
        made.unit, made.smallest, made.largest = row.unit, row.smallest, row.largest
    return made


def refresh(stamp: str) -> None:
    """Read the definitions again if they are others than this process knows."""
    if stamp == further.now().stamp:
        return
    found: tuple[dict[str, dict[str, Field]], dict[str, dict[str, Field]]] = defaultdict(dict), defaultdict(dict)
    if stamp:
        for row in CustomField.objects.order_by("type", "place", "pk"):
            found[row.retired_at is not None][row.type][row.key] = field_of(row)
    further.exchange(Further(stamp, dict(found[0]), dict(found[1])))


def reload() -> None:
    """The same without having asked for anybody's access: for what reads before somebody signs in, and after a change."""
    refresh(Organization.objects.values_list("fields_stamp", flat=True).first() or "")


def stored(field: Field, value: Any) -> Any:
    """The value as JSON keeps it; None for nothing said."""
    if value in (None, ""):
        return None
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def value_of(record: Any, name: str) -> Any:
    """The value of an added field on a record, typed; `…__pk`: the id of the person it names. Raises AttributeError for no such field."""
    wanted = name.removesuffix(ID)
    field = further.known(further.key_of(record), wanted)
    if field is None:
        raise AttributeError(name)
    held = record.__dict__
    if name != wanted and wanted in held:
        return held[wanted].pk if held[wanted] is not None else None
    raw = (record.custom or {}).get(wanted)
    if name != wanted:
        return raw
    held[wanted] = value = _typed(field, raw)
    return value


def _typed(field: Field, raw: Any) -> Any:
    if raw is None:
        return "" if isinstance(field, models.CharField | models.TextField) else None
    if isinstance(field, models.DecimalField):
        return decimal.Decimal(raw)
    if isinstance(field, models.DateField):
        return dt.date.fromisoformat(raw)
    return Person.objects.filter(pk=raw).first() if isinstance(field, models.ForeignKey) else raw


def with_people(rows: list[Any], record_type: Any) -> list[Any]:
    """The same rows, the people in their added columns fetched: one query, none where no column names any."""
    names = [n for n in record_type.columns if n in record_type.added and record_type.added[n].custom.kind == "person"]
    wanted = {pk for row in rows for n in names if (pk := row.custom.get(n))}
    if wanted:
        people = Person.objects.in_bulk(wanted)
        for row in rows:
            row.__dict__.update((n, people.get(row.custom.get(n))) for n in names)
    return rows


def gather(record: Any, fields: Mapping[str, Field]) -> list[str]:
    """Put what was set on the record under the names of these fields into its JSON. Gives the names that were set."""
    given = [name for name in fields if name in record.__dict__]
    if given:
        said = {name: stored(fields[name], getattr(record, name)) for name in given}
        record.custom = {name: value for name, value in {**(record.custom or {}), **said}.items() if value is not None}
    return given


def write_rows(records: Iterable[Any], fields: Iterable[Field], *, fresh: bool = False) -> None:
    """The typed rows of these records in those of the fields that filter; within a command. `fresh`: they have none yet."""
    filtering = [field for field in fields if field.custom.filtered and field.custom.kind in COLUMNS]
    if not filtering:
        return
    rows, ids = [], []
    for record in records:
        ids.append(record.pk)
        rows += [made for field in filtering if (made := _row(record, field)) is not None]
    if not fresh:
        CustomValue.objects.filter(record_id__in=ids, field_id__in=[field.custom.pk for field in filtering]).delete()
    CustomValue.objects.bulk_create(rows, batch_size=1_000)


def _row(record: Any, field: Field) -> CustomValue | None:
    raw = (record.custom or {}).get(field.name)
    return None if raw is None else CustomValue(record_id=record.pk, field_id=field.custom.pk, **column_value(field, raw))


def column_value(field: Field, raw: Any) -> dict[str, Any]:
    """Column and value of the typed row for what the JSON holds; texts without case."""
    kind = field.custom.kind
    if kind == "number":
        return {"number": float(raw)}
    if kind == "day":
        return {"day": dt.date.fromisoformat(raw)}
    if kind == "person":
        return {"person_id": raw}
    return {"text": (YES if raw else NO) if kind == "yes_no" else str(raw).casefold()[:200]}


def words_of(record: Any, key: str) -> str:
    """The texts of a record's added fields, for the full-text index."""
    values = record.custom or {}
    return "\n".join(str(v) for n, f in further.active(key).items() if f.custom.kind in ("line", "text", "choice") and (v := values.get(n)))
