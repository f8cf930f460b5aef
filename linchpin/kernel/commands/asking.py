"""Say who is asked for what on a record, ask them, and write down who was there when a group was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from linchpin.kernel.asking.models import Asked, Audience
from linchpin.kernel.asking.reading import audience_of, people_in
from linchpin.kernel.commands.creating import cannot_sign_in
from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle, system_access
from linchpin.kernel.commands.signing import sign
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import active, said
from linchpin.kernel.records.lifecycle import STAY, Asking, Strength, Transition
from linchpin.kernel.records.models import Confidentiality, Record
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.kernel.trail import Change

LEADING = (Role.LINE_MANAGER, Role.PROCESS_OWNER, Role.QUALITY_MANAGER, Role.DOCUMENT_CONTROLLER)
"""Who may write down that a group was told: those who lead the people of it."""
Named = Person | Unit | str


def name_audience(record: Any, duty: str, named: Sequence[Named], *, actor: Access) -> list[Audience]:
    """Say who is to be asked: people, units, and keys of roles, in place of whoever was named before.

    Where the record asks already, newcomers are asked at once and those no longer named are let off. Raises Refused, NotAllowed, Missing.
    """
    with command() as at:
        found, record_type = for_verb(record, "edit", actor)
        asking = _asking(record_type, duty)
        before = audience_of(found, duty)
        _sound(found, asking, named, {line.person for line in before})
        Audience.objects.filter(record_id=found.pk, duty=duty).delete()
        lines = [_line(found, duty, one) for one in dict.fromkeys(named)]
        made = Audience.objects.bulk_create(lines)
        was, now = (", ".join(str(line) for line in lines) for lines in (before, made))
        if found.status in asking.states:
            _let_off(found, duty, people_in(made, found), at)
            call(found, record_type, duty, at=at)
        if was != now:
            also = [Change(f"asked.{duty}", was or None, now or None, True)]
            update(found, record_type, record_type.derived(found, ("asked",)), actor=actor, verb="name", at=at, also=also)
            settle(found, record_type)
        return made


def call(record: Any, record_type: RecordType, duty: str, *, at: datetime) -> int:
    """Ask everybody who is meant and not asked in this round. The record is locked by the caller. Gives how many were new."""
    meant = people_in(audience_of(record, duty), record)
    known = set(Asked.objects.filter(record_id=record.pk, duty=duty, round=record.round).values_list("person_id", flat=True))
    new = [person for person in meant if person.pk not in known and may_be_told(person, record)]
    rows = [Asked(record_id=record.pk, duty=duty, round=record.round, person=person, asked_at=at) for person in new]
    Asked.objects.bulk_create(rows)
    move = record_type.lifecycle.transition(record_type.askings[duty].move)
    words = {"move": move.called if move else duty, "number": record.reference or record.number, "title": record.title}
    key = f"asked-{record.uid}-{duty}-{record.round}"
    text = Said(gettext_noop("%(move)s: %(number)s %(title)s"), words)
    notices.tell(new, record=record, kind="asked", text=text, at=at, key=key)
    return len(new)


def let_off(record: Any, *duties: str) -> None:
    """Whoever has not answered is no longer asked; what was answered stays. The record is locked by the caller."""
    open_ = Asked.objects.filter(record_id=record.pk, duty__in=duties, answer=Asked.Answer.OPEN)
    open_.update(answer=Asked.Answer.LAPSED, answered_at=clock.now())


def answered(duty: str) -> Callable[[Any, Person], None]:
    """The effect of a move by which somebody who is asked does what they are asked for."""

    def effect(record: Any, person: Person) -> None:
        mine = Asked.objects.filter(record_id=record.pk, duty=duty, person=person, answer=Asked.Answer.OPEN)
        mine.update(answer=Asked.Answer.DONE, answered_at=clock.now())

    return effect


WITNESS = Transition(
    "witness", gettext_lazy("I was there"), (), STAY,
    signature=gettext_lazy("I was there when these people were told, and they understood it"), strength=Strength.CONFIRM,
)  # fmt: skip


def witness(record: Any, duty: str, people: Iterable[Person], *, actor: Access, said_so: str = "") -> list[Asked]:
    """Write down that these people were told together: each counts as *witnessed*, apart from those who confirmed themselves.

    By whoever leads them, signed; `said_so` says where and how. Raises Refused, NotAllowed, Missing.
    """
    words = said(said_so, "said_so")
    with command() as at:
        found, record_type = for_verb(record, "read", actor)
        move = record_type.lifecycle.transition(_asking(record_type, duty).move)
        present = list(dict.fromkeys(people))
        if not present:
            raise Refused(never(_("Tick who was there."), "people"))
        rows = _rows_of(found, duty, present, actor)
        Asked.objects.filter(pk__in=[row.pk for row in rows]).update(answer=Asked.Answer.WITNESSED, answered_at=at, witness=actor.person)
        also = [Change("witnessed", None, ", ".join(person.name for person in present), True)]
        update(found, record_type, record_type.derived(found, ("asked",)), actor=actor, verb="witness", at=at, reason=words, also=also)
        sign(found, record_type, WITNESS, actor=actor, signing=None, at=at, covers=move.covers if move else ())
        return rows


def ask_newcomers() -> int:
    """Ask whoever has joined a unit or a role since, on every record that asks. Gives how many were asked; may be repeated."""
    count = 0
    for record_type in all_types():
        for duty, asking in record_type.askings.items():
            named = Audience.objects.filter(duty=duty).exclude(unit=None, role="").values("record_id")
            rows = Record.objects.filter(type=record_type.key, status__in=asking.states, pk__in=named)
            for pk in rows.values_list("pk", flat=True):
                count += _ask_again(record_type, pk, duty)
    return count


def _ask_again(record_type: RecordType, pk: int, duty: str) -> int:
    with command() as at:
        Record.objects.select_for_update().filter(pk=pk).first()
        found: Any = record_type.model._default_manager.select_related("unit").get(pk=pk)
        new = call(found, record_type, duty, at=at)
        if new:
            also = [Change(f"asked.{duty}", None, str(new))]
            update(found, record_type, record_type.derived(found, ("asked",)), actor=system_access(), verb="name", at=at, also=also)
        return new


def _asking(record_type: RecordType, duty: str) -> Asking:
    if duty not in record_type.askings:
        known = ", ".join(record_type.askings) or _("nothing")
        raise Refused(never(_("Nobody is asked for “%(duty)s” here. There is: %(known)s.") % {"duty": duty, "known": known}, "duty"))
    return record_type.askings[duty]


def _sound(record: Any, asking: Asking, named: Sequence[Named], known: Collection[Person | None]) -> None:
    """Refuse whoever has left or is newly named and cannot sign in, whoever may not read the record, and groups where people are wanted by name."""
    refusals = []
    for one in named:
        if isinstance(one, str) and one not in Role.values:
            refusals.append(never(_("There is no role “%s”: choose one of the list.") % one, "roles"))
        elif not isinstance(one, Person) and not asking.groups:
            refusals.append(never(_("Name people one by one: a whole unit or role cannot be asked for this."), "people"))
        elif isinstance(one, Person | Unit) and not active(one):
            refusals.append(never(_("%s is no longer active: choose somebody else.") % one, "people" if isinstance(one, Person) else "units"))
        elif isinstance(one, Person) and not asking.groups and not one.is_reachable and one not in known:
            refusals.append(never(cannot_sign_in(one), "people"))
        elif isinstance(one, Person) and not may_be_told(one, record):
            refusals.append(never(_("%s may not read this: choose somebody else, or make it less confidential.") % one, "people"))
    if refusals:
        raise Refused(*refusals)


def _line(record: Any, duty: str, one: Named) -> Audience:
    known = {"person": one} if isinstance(one, Person) else {"unit": one} if isinstance(one, Unit) else {"role": one}
    return Audience(record_id=record.pk, duty=duty, **known)


def may_be_told(person: Person, record: Any) -> bool:
    """Whether the person may read the record without being asked."""
    return record.confidentiality == Confidentiality.PUBLIC or may(access_of(person), "read", record)


def _let_off(record: Any, duty: str, meant: Iterable[Person], at: datetime) -> None:
    open_ = Asked.objects.filter(record_id=record.pk, duty=duty, answer=Asked.Answer.OPEN)
    open_.exclude(person__in=list(meant)).update(answer=Asked.Answer.LAPSED, answered_at=at)


def _rows_of(record: Any, duty: str, present: Sequence[Person], actor: Access) -> list[Asked]:
    """The open rows of those who were there. Nobody witnesses for themselves, nor for people of others."""
    rows = Asked.objects.filter(record_id=record.pk, duty=duty, answer=Asked.Answer.OPEN, person__in=list(present)).select_related("person")
    asked = {row.person_id: row for row in rows}
    for person in present:
        if person.pk == actor.person.pk:
            raise Refused(never(_("Your own name is not for you to witness: confirm it yourself."), "people"))
        if not actor.covers(LEADING, person.unit_id) and person.manager_id != actor.person.pk:
            raise NotAllowed(_("%s works in another area: their own supervisor writes down that they were there.") % person.name)
        if person.pk not in asked:
            raise Refused(never(_("%s is not asked, or has confirmed already: leave the name out.") % person.name, "people"))
    return [asked[person.pk] for person in present]
