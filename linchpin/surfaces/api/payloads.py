"""What may be sent for each field of a type, as JSON Schema and as a check; the kernel's cleaners then do the rest."""

from __future__ import annotations

import math
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from django.db import models
from django.utils.translation import gettext as _

from linchpin.kernel.records.cleaning import LONGEST_TEXT, as_text
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType

Json = dict[str, Any]
Field: TypeAlias = "models.Field[Any, Any]"


def schema_of(field: Field) -> Json:
    """The JSON Schema of a field as it is sent."""
    schema = _bare(field)
    if field.null or (field.blank and isinstance(field, models.ForeignKey)):
        schema = _or_null(schema)
    schema["title"] = str(field.verbose_name)
    if field.help_text:
        schema["description"] = str(field.help_text)
    return schema


def _or_null(schema: Json) -> Json:
    return {"anyOf": [schema, {"type": "null"}]}


def _bare(field: Field) -> Json:
    if isinstance(field, models.ForeignKey):
        return {"type": "string", "format": "uuid", "description": f"The uid of a {field.related_model._meta.verbose_name}."}
    if field.choices:
        values = [value for value, _label in field.flatchoices if value != ""]
        return {"type": "string", "enum": ["", *values] if field.blank else values}
    if isinstance(field, models.JSONField):
        return {"type": ["object", "array", "string", "number", "boolean"]}
    if isinstance(field, models.BooleanField):
        return {"type": "boolean"}
    if isinstance(field, models.IntegerField):
        low, high = _bounds(field)
        return {"type": "integer", "minimum": low, "maximum": high}
    if isinstance(field, models.FloatField):
        return {"type": "number"}
    if isinstance(field, models.DecimalField):
        return {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}
    for kind, name in ((models.DateTimeField, "date-time"), (models.DateField, "date"), (models.TimeField, "time")):
        if isinstance(field, kind):
            return {"type": "string", "format": name}
    return {"type": "string", "maxLength": field.max_length or LONGEST_TEXT} | ({} if field.blank else {"minLength": 1})


def _bounds(field: Field) -> tuple[int, int]:
    """What every database keeps in such a column."""
    low = 0 if isinstance(field, models.PositiveIntegerField | models.PositiveSmallIntegerField | models.PositiveBigIntegerField) else None
    small = isinstance(field, models.SmallIntegerField | models.PositiveSmallIntegerField)
    big = isinstance(field, models.BigIntegerField | models.PositiveBigIntegerField)
    high = 2**15 - 1 if small else 2**53 - 1 if big else 2**31 - 1
    return (-high if low is None else low), high


def read_schema_of(field: Field) -> Json:
    """The JSON Schema of a field as it is answered: people, units and records with their names."""
    if isinstance(field, models.ForeignKey):
        name = "RecordReference" if issubclass(field.related_model, Record) else "Reference"
        schema = _or_null({"$ref": f"#/components/schemas/{name}"})
    elif isinstance(field, models.JSONField):
        schema = {}
    else:
        schema = {k: v for k, v in _bare(field).items() if k in ("type", "format", "enum")}
        schema = _or_null(schema) if field.null else schema
    return schema | {"title": str(field.verbose_name)}


def values_schema(record_type: RecordType, names: Iterable[str], required: Iterable[str] = ()) -> Json:
    """The JSON Schema of the `values` that a create, an edit or a move takes."""
    schema: Json = {"type": "object", "additionalProperties": False, "properties": {n: schema_of(record_type.fields[n]) for n in names}}
    if needed := sorted(required):
        schema["required"] = needed
    return schema


def shaped(record_type: RecordType, values: Mapping[str, Any]) -> Json:
    """The values, if each is of the kind of JSON that its field takes. Raises Refused with a sentence per field."""
    refusals = [refusal for name, value in values.items() if (refusal := _misfit(record_type, name, value))]
    if refusals:
        raise Refused(*refusals)
    return dict(values)


def _misfit(record_type: RecordType, name: str, value: Any) -> Refusal | None:
    field = record_type.fields.get(name)
    if field is None or value is None or (value == "" and field.blank and not isinstance(field, models.BooleanField)):
        return None  # the kernel says which fields there are, and which may be empty
    sentence = _sentence(field, value)
    return never(f"“{record_type.field_label(name)}” {sentence}", name) if sentence else None


def _sentence(field: Field, value: Any) -> str:
    """Why the JSON value is of the wrong kind; empty when it is of the right one."""
    if isinstance(field, models.ForeignKey):
        return "" if _is_uid(value) else _("takes a uid: look it up under /people/, /units/ or on the record.")
    if isinstance(field, models.JSONField):
        return ""
    if isinstance(field, models.BooleanField):
        return "" if isinstance(value, bool) else _("is true or false.")
    if isinstance(field, models.IntegerField) and not field.choices:
        low, high = _bounds(field)
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and low <= value <= high else _("takes a whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
    if isinstance(field, models.FloatField | models.DecimalField):
        number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
        return "" if number or isinstance(value, str) else _("takes a number.")
    return "" if isinstance(value, str) else _("is text: put it in quotation marks.")


def _is_uid(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(uuid.UUID(value))
    except ValueError:
        return False


def seen(values: Mapping[str, Any]) -> dict[str, str | None]:
    """Old values as the trail writes them, to be compared with what now stands."""
    return {name: as_text(value) for name, value in values.items()}
