"""From what somebody typed, sent or imported to typed values, and back to the text that the trail keeps.

Page, API, import and the demo all pass through `clean`: there is one validation.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import re
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations
from django.utils.functional import lazy
from django.utils.translation import gettext as _

from linchpin.kernel.people.clock import today as today
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.markdown import MarkdownField
from linchpin.kernel.records.refusals import Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType

Cleaner = Callable[[Any], Any]
MARKUP = re.compile(r"<\s*/?\s*(?:script|iframe|object|embed|style|img|svg|a|div|span|html|body|form|input)\b", re.I)
LONGEST_TEXT = 100_000
CODES = ("number", "status")
"""Text fields that hold words of our own, never a person's."""
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0xFEFF])


def clean(record_type: RecordType, values: Mapping[str, Any], *, require: Iterable[str] = ()) -> dict[str, Any]:
    """Typed values by field name. Raises Refused with one sentence per faulty field; unknown fields are refused.

    `require` names fields that may not be empty although the model would let them.
    """
    cleaned: dict[str, Any] = {}
    refusals: list[Refusal] = []
    needed = set(require)
    for name, raw in values.items():
        if name not in record_type.fields:
            refusals.append(never(_("There is no field “%s” that you could fill in here.") % name, name))
            continue
        try:
            cleaned[name] = cleaner(record_type.fields[name])(raw)
        except ValidationError as problem:
            refusals.append(never(" ".join(problem.messages), name))
        else:
            if name in needed and cleaned[name] in (None, ""):
                refusals.append(_fill_in(record_type, name))
    missing = [name for name in needed if name not in values]
    refusals += [_fill_in(record_type, name) for name in sorted(missing)]
    if refusals:
        raise Refused(*refusals)
    return cleaned


def _fill_in(record_type: RecordType, name: str) -> Refusal:
    return never(str(empty(record_type.field_label(name))), name)


def _empty(label: Any) -> str:
    return _("“%s” is empty: fill it in.") % label


empty = lazy(_empty, str)
"""What is said of a field that is left empty, by its label; in the language of whoever reads it."""


@lru_cache(maxsize=1000)
def cleaner(field: models.Field[Any, Any]) -> Cleaner:
    """The compiled cleaner of a model field: raw value (text or typed) → typed value, or ValidationError."""
    if isinstance(field, models.ForeignKey):
        return _reference(field)
    if isinstance(field, models.JSONField):
        return lambda raw: raw
    form_field = field.formfield()
    if form_field is None:
        raise TypeError(f"{field.name} has no form field")
    form_field.required = not field.blank and not isinstance(field, models.BooleanField)
    form_field.error_messages["required"] = empty(field.verbose_name)
    if isinstance(form_field, forms.CharField):
        return _text(field, form_field)
    if isinstance(form_field, forms.DateField):
        return _date(form_field)
    if isinstance(form_field, forms.DecimalField):
        return _decimal(form_field)
    if isinstance(field, models.IntegerField) and not field.choices:
        return _whole(field, form_field)
    if type(form_field) is forms.TypedChoiceField and isinstance(field, models.CharField):
        return _choice(field, form_field)
    return form_field.clean


def _text(field: models.Field[Any, Any], form_field: forms.CharField) -> Cleaner:
    title = field.name == "title"
    many_lines, markdown = isinstance(field, models.TextField), isinstance(field, MarkdownField)
    longest = LONGEST_TEXT if many_lines else field.max_length or 0
    plain = type(form_field) is forms.CharField and all(isinstance(v, MaxLengthValidator | ProhibitNullCharactersValidator) for v in form_field.validators)

    def clean_text(raw: Any) -> str:
        text = plain_text(raw)
        if not many_lines:
            text = " ".join(text.split())
        if len(text) > LONGEST_TEXT:
            raise ValidationError(_("This text has %(n)s characters; the longest allowed is 100,000.") % {"n": len(text)})
        if text and not any(c.isalnum() for c in text):
            raise ValidationError(_("Write words: this is only punctuation."))
        if title and 0 < len(text) < 3:
            raise ValidationError(_("A title needs at least 3 characters."))
        if "<" in text and not markdown and MARKUP.search(text):
            raise ValidationError(_("Write plain text: HTML is not taken."))
        return text if plain and 0 < len(text) <= longest else str(form_field.clean(text))

    return clean_text


def _choice(field: models.Field[Any, Any], form_field: forms.Field) -> Cleaner:
    known = {str(value) for value, _label in field.flatchoices if value}

    def clean_choice(raw: Any) -> Any:
        return str(raw) if isinstance(raw, str) and raw in known else form_field.clean(raw)

    return clean_choice


def plain_text(raw: Any) -> str:
    """Text as it is kept: NFC, no invisible direction marks; other control characters are refused."""
    text = "" if raw is None else str(raw)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(BIDI)
    text = text.replace("\r\n", "\n").strip()
    if CONTROL.search(text):
        raise ValidationError(_("The text contains control characters: remove them."))
    return text


def said(raw: Any, name: str, *, words: bool = True) -> str:
    """What a person says beside the fields (a reason, a comment, a finding), cleaned alike; empty text stays empty.

    Raises Refused, naming the field `name`. `words=False`: a mere sign, such as a thumb, is taken too.
    """
    try:
        text = plain_text(raw)
    except ValidationError as problem:
        raise Refused(never(" ".join(problem.messages), name)) from problem
    if len(text) > LONGEST_TEXT:
        raise Refused(never(_("This text has %(n)s characters; the longest allowed is 100,000.") % {"n": len(text)}, name))
    if words and text and not any(c.isalnum() for c in text):
        raise Refused(never(_("Write words: this is only punctuation."), name))
    if MARKUP.search(text):
        raise Refused(never(_("Write plain text: HTML is not taken."), name))
    return text


def _date(form_field: forms.Field) -> Cleaner:
    def clean_date(raw: Any) -> Any:
        value = raw if type(raw) is dt.date else form_field.clean(raw)
        day = value.date() if isinstance(value, dt.datetime) else value
        if day and not dt.date(1900, 1, 1) <= day <= dt.date(2200, 12, 31):
            raise ValidationError(_("The year %s cannot be meant.") % day.year)
        return value

    return clean_date


def _decimal(form_field: forms.DecimalField) -> Cleaner:
    """A comma is the decimal sign where it cannot be anything else; two signs, or spaces within, are not guessed at."""

    def clean_decimal(raw: Any) -> Any:
        text = raw.strip().replace("\u2212", "-") if isinstance(raw, str) else raw
        if isinstance(text, str) and text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        return form_field.clean(text)

    return clean_decimal


def _whole(field: models.Field[Any, Any], form_field: forms.Field) -> Cleaner:
    """Both databases take the same numbers: what one column cannot hold is refused before it is written."""
    smallest, largest = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]

    def clean_whole(raw: Any) -> Any:
        value = form_field.clean(raw)
        if value is not None and not smallest <= value <= largest:
            raise ValidationError(_("This number cannot be meant: the largest that is kept is %s.") % f"{largest:,}")
        return value

    return clean_whole


def _reference(field: models.ForeignKey[Any, Any]) -> Cleaner:
    target = field.related_model

    def clean_reference(raw: Any) -> Any:
        if raw in (None, ""):
            if not field.blank:
                raise ValidationError(_("Choose one."))
            return None
        found = raw if isinstance(raw, target) else referred(target, raw)
        if found is None:
            raise ValidationError(_("There is no such %(what)s: choose one of the list.") % {"what": field.verbose_name})
        return found

    return clean_reference


def referred(target: Any, raw: Any) -> Any:
    """The person or unit that a key, a uid or (for people) an e-mail names, or None."""
    text = str(raw)
    if text.isdecimal() and len(text) < 19:
        return target.objects.filter(pk=int(text)).first()
    try:
        return target.objects.filter(uid=uuid.UUID(text)).first()
    except ValueError:
        return Person.objects.filter(email=text.lower()).first() if target is Person else None


def active(value: Any) -> bool:
    """Whether a person or unit may be newly named on a record."""
    if isinstance(value, Person):
        return value.state != Person.State.LEFT
    return value.state == Unit.State.ACTIVE if isinstance(value, Unit) else True


def as_text(value: Any) -> str | None:
    """The text of a value that the trail keeps and hashes; people, units and records by their opaque uid."""
    if value is None:
        return None
    if isinstance(value, models.Model):
        return str(value.uid)  # type: ignore[attr-defined]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def is_private(field: models.Field[Any, Any]) -> bool:
    """Whether the trail keeps the value apart and hashes only a salted commitment: free text, which may name people."""
    return isinstance(field, models.CharField | models.TextField) and not field.choices and field.name not in CODES
