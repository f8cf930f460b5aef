"""Forms from the registry: they only show and carry back; the one validation stands in the kernel."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import as_text
from linchpin.kernel.records.markdown import MarkdownField
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType


@dataclass
class Row:
    """One field of a form: what it is called, what stands in it, and what is wrong with it."""

    name: str
    label: str
    kind: str
    value: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    hint: str = ""
    suffix: str = ""
    """The unit of measure behind a number."""
    optional: bool = True
    errors: list[str] = field(default_factory=list)
    old: str = ""
    theirs: str | None = None


@dataclass
class Form:
    """Rows of fields, errors of the whole, and a key that makes posting it twice harmless."""

    rows: list[Row]
    errors: list[str] = field(default_factory=list)
    once: str = ""

    @property
    def faulty(self) -> list[Row]:
        return [row for row in self.rows if row.errors]


def form_for(
    record_type: RecordType,
    names: Sequence[str],
    access: Access,
    *,
    record: Any = None,
    given: Mapping[str, Any] | None = None,
    required: Iterable[str] = (),
    begun: Mapping[str, Any] | None = None,
) -> Form:
    """A form over the named fields: what the person typed (`given`) before what stands on the record, or what a new one is begun with."""
    begun = {**record_type.initial, **(begun or {})} if record is None else {}
    rows = [_row(record_type, name, access, record, given, name in required, begun) for name in names]
    once = str((given or {}).get("once") or uuid.uuid4().hex)
    return Form(rows, once=once)


def _row(record_type: RecordType, name: str, access: Access, record: Any, given: Mapping[str, Any] | None, needed: bool,
         begun: Mapping[str, Any]) -> Row:  # fmt: skip
    model_field = record_type.fields[name]
    standing = getattr(record, name) if record is not None else begun[name] if name in begun else _default(model_field, name, access)
    row = Row(name, str(model_field.verbose_name), kind_of(model_field, name))
    row.choices = _choices(model_field, record)
    row.hint, row.suffix = str(model_field.help_text or ""), getattr(model_field, "unit", "")
    row.optional = model_field.blank and not (needed or name in record_type.needed)
    row.old = as_posted(model_field, standing)
    row.value = str(given.get(name, "")) if given is not None else row.old
    return row


def _default(model_field: models.Field[Any, Any], name: str, access: Access) -> Any:
    if name == "unit":
        return access.person.unit
    return model_field.get_default() if model_field.has_default() else None


def kind_of(model_field: models.Field[Any, Any], name: str = "") -> str:
    """How the field is typed in: `text`, `lines`, `choice`, `flag`, `date`, `number`, `decimal`, `markdown`."""
    if isinstance(model_field, models.ForeignKey) or model_field.choices:
        return "choice"
    if isinstance(model_field, models.BooleanField):
        return "flag"
    if isinstance(model_field, models.DateField):
        return "date"
    if isinstance(model_field, models.IntegerField):
        return "number"
    if isinstance(model_field, models.DecimalField):
        return "decimal"
    if isinstance(model_field, MarkdownField):
        return "markdown"
    return "lines" if isinstance(model_field, models.TextField) else "text"


def as_posted(model_field: models.Field[Any, Any], value: Any) -> str:
    """The value as a form field carries it: ids for people and units."""
    if isinstance(model_field, models.ForeignKey):
        return str(value.pk) if value is not None else ""
    if isinstance(model_field, models.BooleanField):
        return "true" if value else ""
    return as_text(value) or ""


def _choices(model_field: models.Field[Any, Any], record: Any) -> list[tuple[str, str]]:
    if isinstance(model_field, models.ForeignKey):
        return [("", "—"), *_referable(model_field, record)]
    if model_field.choices:
        empty = [("", "—")] if model_field.blank else []
        return empty + [(str(value), str(label)) for value, label in model_field.choices if value != ""]
    return []


def _referable(model_field: models.ForeignKey[Any, Any], record: Any) -> list[tuple[str, str]]:
    """People who have not left and units that are not closed; and whoever stands there now."""
    if model_field.related_model is Unit:
        units = Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path")
        return [(str(u.pk), "\u2003" * (u.path.count("/") - 2) + u.name) for u in units]
    people = Person.objects.exclude(state=Person.State.LEFT).exclude(employment=Person.Employment.SYSTEM)
    choices = [(str(p.pk), f"{p.name}, {p.position}" if p.position else p.name) for p in people.order_by("name")]
    now = getattr(record, model_field.name, None)
    if now is not None and str(now.pk) not in dict(choices):
        choices.insert(0, (str(now.pk), _("%s (left)") % now.name))
    return choices


def values_from(request: HttpRequest, record_type: RecordType, names: Iterable[str]) -> dict[str, Any]:
    """The posted values of the named fields; a box that is not ticked posts nothing and means no."""
    answer: dict[str, Any] = {}
    for name in names:
        if isinstance(record_type.fields[name], models.BooleanField):
            answer[name] = request.POST.get(name) in ("true", "on", "1")
        elif name in request.POST:
            answer[name] = request.POST[name]
    return answer


def refuse(form: Form, refused: Refused) -> Form:
    """Put each sentence beside its field; those of no field on top. A stale value shows both texts."""
    theirs = getattr(refused, "theirs", {})
    rows = {row.name: row for row in form.rows}
    for name, sentences in refused.by_field().items():
        if name in rows:
            rows[name].errors += sentences
            rows[name].theirs = theirs.get(name)
        else:
            form.errors += sentences
    return form
