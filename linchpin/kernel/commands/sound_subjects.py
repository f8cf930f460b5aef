"""What a person or a unit must be like before it is saved: every refusal of sections 1 and 2 of the model."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import active, empty, said
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import Refused, never

OPEN = (Phase.DRAFT, Phase.OPEN)


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their texts cleaned as everywhere else: one line, no control characters, no HTML. Raises Refused."""
    return {name: " ".join(said(value, name).split()) if isinstance(value, str) else value for name, value in values.items()}


def sound(subject: models.Model, changed: Mapping[str, Any]) -> None:
    """Refuse what the subject's fields, and the people and units that it newly names, cannot be."""
    for name, value in changed.items():
        if isinstance(value, Person | Unit) and not active(value):
            raise Refused(never(_("%(who)s is no longer active: choose somebody else.") % {"who": value}, name))
    if isinstance(subject, Person):
        _sound_person(subject, changed)
    if isinstance(subject, Unit):
        _sound_unit(subject)
    try:
        subject.full_clean(exclude=["password", "path", "head"])
    except ValidationError as problem:
        raise Refused(*(never(_of_field(subject, name, faults), name) for name, faults in problem.error_dict.items())) from problem


def _of_field(subject: models.Model, name: str, faults: list[ValidationError]) -> str:
    """What is wrong with a field, in our own words where it is empty."""
    if any(fault.code in ("blank", "null") for fault in faults):
        return str(empty(subject._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    return " ".join(text for fault in faults for text in fault.messages)


def _sound_person(person: Person, changed: Mapping[str, Any]) -> None:
    if changed.get("employment") == Person.Employment.SYSTEM:
        raise Refused(never(_("There is one person who is the system itself, and nobody else becomes it."), "employment"))
    if person.start and person.end and person.end < person.start:
        raise Refused(never(_("The last day comes before the first: check both."), "end"))
    if person.email and Person.objects.filter(email__iexact=person.email).exclude(pk=person.pk).exists():
        raise Refused(never(_("Somebody has the e-mail %s already: each person has their own.") % person.email, "email"))
    if person.badge and Person.objects.filter(badge=person.badge).exclude(pk=person.pk).exists():
        raise Refused(never(_("Somebody has the badge %s already: each person has their own.") % person.badge, "badge"))
    seen, manager = {person.pk}, person.manager
    while manager is not None:
        if manager.pk in seen:
            raise Refused(never(_("Nobody can be their own line manager, not even by a detour."), "manager"))
        seen.add(manager.pk)
        manager = manager.manager


def _sound_unit(unit: Unit) -> None:
    if unit.kind == Unit.Kind.SITE and not unit.time_zone:
        raise Refused(never(_("A site has a time zone, for example Europe/Dublin: its days are counted by it."), "time_zone"))
    if unit.time_zone and unit.time_zone not in zoneinfo.available_timezones():
        raise Refused(never(_("There is no time zone “%s”: write it as in Europe/Dublin.") % unit.time_zone, "time_zone"))
    twins = Unit.objects.filter(parent=unit.parent, name__iexact=unit.name).exclude(pk=unit.pk)
    if unit.parent is not None and twins.exists():
        raise Refused(never(_("%(parent)s has a unit named %(name)s already: give this one another name.")
                            % {"parent": unit.parent, "name": unit.name}, "name"))  # fmt: skip
    if unit.state == Unit.State.CLOSED:
        _closable(unit)


def _closable(unit: Unit) -> None:
    """Nothing open may stand in it or below it, and no unit below it may be at work."""
    if unit.parent_id is None:
        raise Refused(never(_("The organization itself cannot be closed."), "state"))
    below = Unit.objects.filter(path__startswith=unit.path).exclude(pk=unit.pk).exclude(state=Unit.State.CLOSED)
    if at_work := below.first():
        raise Refused(never(_("%(below)s is a part of it and still at work: close or move that first.") % {"below": at_work}, "state"))
    waiting = Record.objects.filter(unit=unit, phase__in=OPEN)
    if numbers := list(waiting.order_by("id").values_list("number", flat=True)[:5]):
        words = {"n": waiting.count(), "numbers": ", ".join(str(number) for number in numbers)}
        raise Refused(never(_("%(n)s of its records is still open (%(numbers)s): close them, or move them as you close the unit.") % words, "state"))
