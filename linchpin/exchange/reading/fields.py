"""What the reading layer knows of a field that cells can become: made from a record type, or by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.db import models

from linchpin.exchange.reading.dates import plain

Kind = Literal["line", "text", "date", "datetime", "integer", "decimal", "boolean", "choice", "person", "unit", "other"]


@dataclass(frozen=True)
class Field:
    """One field: how it is called, what it takes. `choices` maps values to labels, `also` other plain words to values; `longest` 0 means unlimited."""

    name: str
    label: str
    kind: Kind = "text"
    choices: Mapping[str, str] = field(default_factory=dict)
    required: bool = False
    longest: int = 0
    names: tuple[str, ...] = ()
    has_default: bool = False
    also: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def choice_names(self) -> dict[str, str]:
        """Stored value by every plain word for a choice."""
        names = dict(self.also)
        names |= {plain(label): value for value, label in self.choices.items()}
        names |= {plain(value.replace("_", " ")): value for value in self.choices}
        return names | {plain(value): value for value in self.choices}

    @property
    def is_text(self) -> bool:
        return self.kind in ("line", "text")

    @property
    def is_reference(self) -> bool:
        """Whether cells name a person or unit; the name stays text until somebody matches it."""
        return self.kind in ("person", "unit")


Fields = Mapping[str, Field]


def fields_of(record_type: Any) -> dict[str, Field]:
    """The fields of a registered record type that cells may become, by name."""
    return {name: _field(record_type, name, model_field) for name, model_field in record_type.fields.items()}


def _field(record_type: Any, name: str, model_field: Any) -> Field:
    return Field(
        name=name,
        label=str(model_field.verbose_name),
        kind=kind_of(model_field),
        choices={str(value): str(label) for value, label in model_field.choices or ()},
        required=name in record_type.required,
        longest=getattr(model_field, "max_length", None) or 0,
        names=tuple(record_type.synonyms.get(name, ())),
        has_default=model_field.has_default() and bool(model_field.get_default()),
    )


def kind_of(model_field: Any) -> Kind:
    """What kind of cells the model field takes."""
    if isinstance(model_field, models.ForeignKey):
        targets: dict[str, Kind] = {"person": "person", "unit": "unit"}
        return targets.get(str(model_field.related_model._meta.model_name), "other")
    if model_field.choices:
        return "choice"
    kinds: list[tuple[type[models.Field[Any, Any]], Kind]] = [
        (models.DateTimeField, "datetime"), (models.DateField, "date"), (models.BooleanField, "boolean"),
        (models.IntegerField, "integer"), (models.DecimalField, "decimal"), (models.FloatField, "decimal"),
        (models.TextField, "text"), (models.CharField, "line"),
    ]  # fmt: skip
    return next((kind for model, kind in kinds if isinstance(model_field, model)), "other")
