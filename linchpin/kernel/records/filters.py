"""The filters of a register, made from what its type declares; page, API and export read the same ones."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.filtering_added import added_choices, added_rows, example_of, lacking
from linchpin.kernel.records.literal import Literal
from linchpin.kernel.records.models import Phase, Provenance
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Filter:
    """One filter: its name in the address, its label, its choices if they are few, and what it makes of values."""

    name: str
    label: str
    choices: Choices
    apply: Callable[[Sequence[str], Access], Q]
    own: bool = False
    """Whether it reads a column of the type's own table."""
    typed: str = ""
    """How a value is typed in where there are no choices: an example of one, or `day`."""

    def says(self, values: Sequence[str]) -> str:
        """The chosen values in words, for the chip."""
        known = dict(self.choices)
        return ", ".join(str(known.get(v, v)) for v in values)


_further: list[Callable[[], Filter]] = []
"""Filters of every register that parts of the product above the kernel bring along."""


def offer_filter(make: Callable[[], Filter]) -> None:
    """Give every register one more filter; called once, when an app is ready."""
    if make not in _further:
        _further.append(make)


def filters_of(record_type: RecordType) -> dict[str, Filter]:
    """Every filter of the type by name: the common ones first, then those it declares."""
    return _filters(record_type, get_language() or "", record_type.shape)


@lru_cache(maxsize=500)
def _filters(record_type: RecordType, _language: str, _shape: str) -> dict[str, Filter]:
    found = {f.name: f for f in (_phase(), _due(), _raised_since(), _provenance(), _exceptions(), *(make() for make in _further))}
    for name in record_type.filters:
        found[name] = _declared(record_type, name)
    found |= {name: added_filter(field) for name, field in record_type.added.items() if field.custom.filtered}
    return found | ({"gaps": _gaps(record_type)} if record_type.asked_by_house else {})


def where(record_type: RecordType, chosen: Mapping[str, Sequence[str]], access: Access) -> tuple[Q, Q]:
    """The predicate of the chosen filters on what every record has, and the one on the type's own table. Raises Refused."""
    known = filters_of(record_type)
    common, own = Q(), Q()
    for name, values in chosen.items():
        if name not in known:
            raise Refused(never(_("There is no filter “%(name)s” here. There are: %(known)s.") % {"name": name, "known": ", ".join(known)}, name))
        if known[name].own:
            own &= known[name].apply(values, access)
        else:
            common &= known[name].apply(values, access)
    return common, own


def _one_of(name: str, values: Sequence[str], choices: Choices) -> Sequence[str]:
    known = [key for key, _label in choices]
    for value in values:
        if value not in known:
            raise Refused(never(_("“%(value)s” is not one of: %(known)s.") % {"value": value, "known": ", ".join(known)}, name))
    return values


def _phase() -> Filter:
    choices = [("open", _("Open")), ("done", _("Closed")), ("void", _("Void"))]

    def apply(values: Sequence[str], access: Access) -> Q:
        wanted = set(_one_of("phase", values, choices))
        return Q(phase__in=wanted | ({Phase.DRAFT} if "open" in wanted else set()))

    return Filter("phase", _("Is"), choices, apply)


def _due() -> Filter:
    choices = [("overdue", _("overdue")), ("week", _("in the next 7 days")), ("moved", _("was moved")), ("none", _("no date"))]

    def apply(values: Sequence[str], access: Access) -> Q:
        day, answer = today(), Q(pk__in=())
        spans = {
            "overdue": Q(due__lt=day, phase=Phase.OPEN),
            "week": Q(due__gte=day, due__lte=day + timedelta(days=7), phase=Phase.OPEN),
            "moved": Q(due_moves__gt=Literal(0)),
            "none": Q(due=None),
        }
        for value in _one_of("due", values, choices):
            answer |= spans[value]
        return answer

    return Filter("due", _("Due"), choices, apply)


def _raised_since() -> Filter:
    def apply(values: Sequence[str], access: Access) -> Q:
        return Q(created_at__date__gte=_day("since", values[-1]))

    return Filter("since", _("Raised since"), [], apply)


def _day(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise Refused(never(_("“%s” is not a date: write it as 2026-02-28.") % text, name)) from problem


def _provenance() -> Filter:
    choices = [(value, str(label)) for value, label in Provenance.choices]

    def apply(values: Sequence[str], access: Access) -> Q:
        wanted = Q(provenance__in=_one_of("provenance", values, choices))
        return wanted if Provenance.ENTERED in values else wanted & ~Q(provenance=Literal("entered"))  # there is an index of those

    return Filter("provenance", _("Provenance"), choices, apply)


def _exceptions() -> Filter:
    choices = [("yes", _("with a declared exception"))]
    return Filter("exception", _("Exceptions"), choices, lambda values, access: Q(exceptions__gt=Literal(0)))


def _declared(record_type: RecordType, name: str) -> Filter:
    field = record_type.model._meta.get_field(name)
    label = record_type.field_label(name)
    if name == "status":
        choices = [(str(value), str(text)) for value, text in record_type.lifecycle.states.choices]
        return Filter(name, label, choices, lambda values, access: Q(status__in=_one_of(name, values, choices)))
    own = name in record_type.own_fields
    if isinstance(field, models.ForeignKey) and field.related_model is Unit:
        return Filter(name, label, [], _of_unit(name), own)
    if isinstance(field, models.ForeignKey) and field.related_model is Person:
        return Filter(name, label, [("me", _("me")), ("none", _("nobody"))], _of_person(name), own)
    if isinstance(field, models.BooleanField):
        choices = [("yes", _("yes")), ("no", _("no"))]
        return Filter(name, label, choices, lambda values, access: Q(**{f"{name}__in": [v == "yes" for v in _one_of(name, values, choices)]}), own)
    choices = [(str(value), str(text)) for value, text in field.choices or ()]  # type: ignore[union-attr]
    if choices:
        return Filter(name, label, choices, lambda values, access: Q(**{f"{name}__in": _one_of(name, values, choices)}), own)
    return Filter(name, label, [], lambda values, access: Q(**{f"{name}__in": list(values)}), own)


def _gaps(record_type: RecordType) -> Filter:
    choices = [("yes", _("something the house asks for is missing"))]
    fields = [record_type.added[name] for name in record_type.asked_by_house]
    return Filter("gaps", _("Gaps"), choices, lambda values, access: lacking(fields))


def added_filter(field: Any) -> Filter:
    """The filter of a field that the house added: it reads the index of the typed rows."""
    name, choices = field.name, added_choices(field)

    def apply(values: Sequence[str], access: Access) -> Q:
        if field.custom.kind == "person":
            return Q(pk__in=added_rows(field).filter(_of_person("person")(values, access)).values("record_id"))
        wanted = _one_of(name, values, choices) if choices else list(values)
        return Q(pk__in=added_rows(field, wanted).values("record_id"))

    return Filter(name, str(field.verbose_name), choices, apply, typed=example_of(field))


def _of_unit(name: str) -> Callable[[Sequence[str], Access], Q]:
    """A unit means everything below it too."""

    def apply(values: Sequence[str], access: Access) -> Q:
        ids: set[int] = set()
        for unit in Unit.objects.filter(_identified(name, values)):
            ids.update(Unit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))
        return Q(**{f"{name}_id__in": ids})

    return apply


def _of_person(name: str) -> Callable[[Sequence[str], Access], Q]:
    def apply(values: Sequence[str], access: Access) -> Q:
        answer = Q(pk__in=())
        others = [v for v in values if v not in ("me", "none")]
        if "me" in values:
            answer |= Q(**{f"{name}_id": access.person.pk})
        if "none" in values:  # what somebody who left still holds is nobody's: it is handed on
            left = list(Person.objects.filter(state=Person.State.LEFT).values_list("pk", flat=True))
            answer |= Q(**{f"{name}_id": None}) | (Q(**{f"{name}_id__in": left}) if left else Q())
        if others:
            ids = list(Person.objects.filter(_identified(name, others)).values_list("pk", flat=True))
            answer |= Q(**{f"{name}_id__in": ids})
        return answer

    return apply


def _identified(name: str, values: Sequence[str]) -> Q:
    """People or units by id or uid."""
    ids, uids = [], []
    for value in values:
        try:
            if value.isdecimal() and len(value) < 19:
                ids.append(int(value))
            else:
                uids.append(uuid.UUID(value))
        except ValueError as problem:
            raise Refused(never(_("“%s” is nobody and no unit here: choose one of the list.") % value, name)) from problem
    return Q(pk__in=ids) | Q(uid__in=uids)
