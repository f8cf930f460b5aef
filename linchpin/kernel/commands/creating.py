"""Create a record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.saving import insert
from linchpin.kernel.commands.settling import settle_dependents
from linchpin.kernel.commands.telling import tell_asked
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.access import may, may_create
from linchpin.kernel.records.cleaning import active, clean, said, today
from linchpin.kernel.records.models import NumberSequence, Once, Provenance, Record
from linchpin.kernel.records.numbering import take
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refusal, Refused, never
from linchpin.kernel.records.registry import RecordType, get_type


def create(
    key: str,
    values: Mapping[str, Any],
    *,
    actor: Access,
    parent: Any = None,
    once: str = "",
    reason: str = "",
    provenance: str = Provenance.ENTERED,
    asked: bool = False,
) -> Any:
    """Create a record of type `key` from raw or typed values; numbered, with its first event. Gives the record.

    `asked`: whoever creates it had every field before them, so that none may be empty which the house requires.
    The same `once` key gives back the record that it made the first time. Raises Refused, NotAllowed.
    """
    record_type, reason = get_type(key), said(reason, "reason")
    with command() as at:
        if once and (made := Once.objects.filter(key=once, person=actor.person).first()):
            return record_type.model._default_manager.get(pk=made.record_id)
        cleaned = _cleaned(record_type, values, actor, parent, asked)
        record = build(record_type, cleaned, actor=actor, at=at, parent=parent, provenance=provenance)
        insert(record, record_type, actor=actor, verb="create", at=at, reason=reason)
        if once:
            Once.objects.create(key=once, person=actor.person, record_id=record.pk, at=at)
        tell_asked(record, record_type, record_type.references, actor=actor, at=at)
        if parent is not None:  # on a record that is new nothing else can depend
            settle_dependents(record, record_type)
        return record


def build(
    record_type: RecordType, cleaned: dict[str, Any], *, actor: Access, at: datetime, parent: Any, provenance: str
) -> Any:
    """The unsaved record: type, number, first state and time filled in."""
    (number, serial), *_rest = take(record_type.prefix, at)
    status = str(record_type.lifecycle.initial)
    record: Any = record_type.model(
        **{name: value for name, value in cleaned.items() if name not in record_type.added},
        type=record_type.key,
        number=number,
        serial=serial,
        status=status,
        phase=record_type.lifecycle.phase(status),
        parent_id=parent.pk if parent else None,
        provenance=str(provenance),
        created_at=at,
        updated_at=at,
        created_by=actor.person,
    )
    record.__dict__.update((name, cleaned[name]) for name in record_type.added if name in cleaned)
    record.original_due = record.due
    record_type.prepare(record, actor)
    return record


def _cleaned(record_type: RecordType, values: Mapping[str, Any], actor: Access, parent: Any, asked: bool) -> dict[str, Any]:
    given = {**record_type.initial, **values}
    given.setdefault("unit", parent.unit if parent else actor.person.unit)
    cleaned = clean(record_type, given, require=record_type.needed if asked else record_type.required)
    _may_create(record_type, actor, cleaned["unit"].pk, parent)
    if refusals := [*problems(record_type, cleaned, before=None), *unreachable(record_type, cleaned)]:
        raise Refused(*refusals)
    return cleaned


def _may_create(record_type: RecordType, actor: Access, unit_id: int, parent: Any) -> None:
    if parent is not None:
        _fits_below(record_type, actor, parent)
        own = parent.owner_id == actor.acts_as.pk and not actor.is_guest
        if own and (actor.through is None or may(actor, "edit", parent)):
            return
    if not may_create(actor, record_type, unit_id):
        raise NotAllowed(_("%(type)s in this unit is for others to create: use Report instead.") % {"type": record_type.label()})


def _fits_below(record_type: RecordType, actor: Access, parent: Any) -> None:
    """The parent is there for the person, open, and of a type that takes such records; it stays locked until the child stands."""
    stands = Record.objects.select_for_update().filter(pk=parent.pk).first()
    if stands is None or not may(actor, "read", stands):
        raise Missing(_("There is no such record."))
    words = {"number": stands.number, "type": record_type.label()}
    if stands.type not in record_type.parents:
        raise Refused(never(_("%(type)s cannot stand below %(number)s: link the two instead.") % words, "parent"))
    if not stands.is_open:
        raise Refused(never(_("%(number)s is closed: nothing more is added below it. Raise it apart and link the two.") % words, "parent"))


def problems(record_type: RecordType, values: Mapping[str, Any], before: Any) -> list[Refusal]:
    """What the common rules and the type's checks say of the values; `before` is the record as it stood, or None."""
    found = []
    for name in record_type.references:
        value = values.get(name)
        if value is not None and not active(value) and getattr(before, name, None) != value:
            found.append(never(_("%(who)s is no longer active: choose somebody else.") % {"who": value}, name))
    due: date | None = values.get("due")
    if due and due < today() and (before is None or before.due != due):
        found.append(never(_("%(due)s is in the past: choose a day from today on.") % {"due": clock.in_words(due)}, "due"))
    for check in record_type.checks:
        found.extend(check(values))
    return found + _taken(record_type, values, before)


def _taken(record_type: RecordType, values: Mapping[str, Any], before: Any) -> list[Refusal]:
    """What another record of the type says already, where no two may say the same. Writers of the type wait for each other."""
    changed = {n: values[n] for n in record_type.once if values.get(n) and getattr(before, n, None) != values[n]}
    if not changed:
        return []
    list(NumberSequence.objects.select_for_update().filter(prefix=record_type.prefix))
    found = []
    for name, value in changed.items():
        other = Record.objects.filter(type=record_type.key, **{name: value}).exclude(pk=getattr(before, "pk", None)).first()
        if other is not None:
            words = {"value": value, "number": other.number, "title": other.title}
            found.append(never(_("“%(value)s” is %(number)s %(title)s already: choose another.") % words, name))
    return found


def unreachable(record_type: RecordType, values: Mapping[str, Any], before: Any = None) -> list[Refusal]:
    """Whoever is newly named to do something on the record and cannot sign in: it would wait for ever."""
    named = [(name, values.get(name)) for name in record_type.names_people]
    strangers = [(name, one) for name, one in named if one and not one.is_reachable and getattr(before, f"{name}_id", None) != one.pk]
    return [never(cannot_sign_in(one), name) for name, one in strangers]


def cannot_sign_in(person: Person) -> str:
    """The sentence for whoever names such a person."""
    return _("%s cannot sign in, so it would stay where it is: choose somebody else, or give them an account first.") % person


def record_by_uid(uid: Any, access: Access) -> Any:
    """The record with its own fields, if the person may see it. Raises Missing."""
    found = Record.objects.visible_to(access).filter(uid=uid).only("pk", "type").first()
    if found is None:
        raise Missing(_("There is no such record."))
    return get_type(found.type).model._default_manager.get(pk=found.pk)
