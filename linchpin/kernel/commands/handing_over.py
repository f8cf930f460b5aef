"""Give to others what hangs on somebody who leaves, and take over what was not answered in time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.asking.in_hand import ASKED, OWNS, InHand
from linchpin.kernel.asking.models import Asked, Audience
from linchpin.kernel.commands.asking import may_be_told
from linchpin.kernel.commands.creating import cannot_sign_in
from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.house_rules import house_rule
from linchpin.kernel.commands.organizing import ADMINISTERING, write_down
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.settling import settle
from linchpin.kernel.commands.sound_subjects import sound
from linchpin.kernel.commands.telling import tell_asked
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import working_days_between
from linchpin.kernel.people.grants import Access, site_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.trail import Change

RESPONSIBLE = (Role.QUALITY_MANAGER, Role.LINE_MANAGER, Role.TOP_MANAGER)
"""Who gives to others what a leaver had in hand, besides their line manager and the administrator."""
STEPPING_IN = (Role.PROCESS_OWNER, Role.LINE_MANAGER, Role.QUALITY_MANAGER, Role.TOP_MANAGER)
"""Who may take over an approval that nobody answered."""


def may_hand_over(access: Access, person: Person) -> bool:
    """Whether it is for them to say who takes over what the person had in hand."""
    return person.manager_id == access.person.pk or access.has(*ADMINISTERING) or access.covers(RESPONSIBLE, person.unit_id)


def hand_over(thing: InHand, leaver: Person, to: Person, *, actor: Access, reason: str = "") -> None:
    """Give one thing to somebody else, who is told. Raises Refused, NotAllowed, Missing."""
    reason = said(reason, "reason")
    with command() as at:
        if not may_hand_over(actor, leaver):
            raise NotAllowed(_("What %s had in hand is for their line manager or the quality manager to give to others.") % leaver)
        if to.pk == leaver.pk:
            raise Refused(never(_("Choose somebody else than %s.") % leaver, "to"))
        if not to.is_reachable:
            raise Refused(never(cannot_sign_in(to), "to"))
        if not thing.is_record:
            _hand_over_subject(thing, to, actor, at, reason)
            return
        record, record_type = for_verb(thing.subject, "read", actor)
        _fits(record, record_type, thing, to)
        if thing.how.startswith(ASKED):
            _pass_on(record, record_type, thing.how.removeprefix(ASKED), leaver, to, actor=actor, at=at, verb="hand_over", reason=reason)
        else:
            _name(record, record_type, thing.how, leaver, to, actor=actor, at=at, reason=reason)


def may_take_over(access: Access, row: Asked, record: Any, after: int) -> bool:
    """Whether the row has waited for `after` working days, and the person is next."""
    waited = working_days_between(timezone.localtime(row.asked_at).date(), clock.today(), site_of(record.unit).country)
    nobody_else = row.person_id != access.person.pk and record.owner_id != access.person.pk and row.answer == Asked.Answer.OPEN
    return waited >= after and nobody_else and (row.person.manager_id == access.person.pk or access.covers(STEPPING_IN, record.unit_id))


def take_over(record: Any, duty: str, person: Person, *, actor: Access, reason: str = "") -> None:
    """Take over what somebody was asked for and has not answered in time. Raises Refused, NotAllowed, Missing."""
    reason = said(reason, "reason")
    with command() as at:
        found, record_type = for_verb(record, "read", actor)
        rows = Asked.objects.filter(record_id=found.pk, duty=duty, person=person, answer=Asked.Answer.OPEN)
        row = rows.select_related("person").order_by("-id").first()
        if row is None:
            raise Refused(never(_("%s is not asked for this, or has answered.") % person))
        if not may_take_over(actor, row, found, after := house_rule("take_over_after")):
            raise NotAllowed(_("It waits for %(who)s: after %(n)s working days the next in charge may take it over.") % {"who": person, "n": after})
        _pass_on(found, record_type, duty, person, actor.person, actor=actor, at=at, verb="take_over", reason=reason)
        words = {"who": actor.person, "number": found.number, "title": found.title}
        text = Said(gettext_noop("%(who)s took over what you were asked for: %(number)s %(title)s"), words)
        tell([person], record=found, kind="asked", text=text, at=at)


def _fits(record: Any, record_type: RecordType, thing: InHand, to: Person) -> None:
    if thing.is_duty and to.pk == record.owner_id:
        raise Refused(never(_("%(who)s owns %(number)s: somebody else does this.") % {"who": to, "number": record.number}, "to"))
    if thing.how == OWNS and any(getattr(record, f"{name}_id") == to.pk for name in record_type.names_people):
        raise Refused(never(_("%(who)s is named in %(number)s to look at it: somebody else owns it.") % {"who": to, "number": record.number}, "to"))
    if thing.how != OWNS and not thing.how.startswith(ASKED):
        return  # being named gives reading
    if not may_be_told(to, record):
        raise Refused(never(_("%(who)s may not read %(number)s: choose somebody else.") % {"who": to, "number": record.number}, "to"))


def _name(
    record: Any, record_type: RecordType, name: str, leaver: Person, to: Person, *, actor: Access, at: datetime, reason: str
) -> None:
    if getattr(record, f"{name}_id", None) != leaver.pk or not record.is_open:
        raise Refused(never(_("%(number)s no longer hangs on %(who)s.") % {"number": record.number, "who": leaver}))
    values = {name: to}
    update(record, record_type, values, actor=actor, verb="hand_over", at=at, reason=reason)
    tell_asked(record, record_type, values, actor=actor, at=at)
    settle(record, record_type)


def _pass_on(
    record: Any, record_type: RecordType, duty: str, old: Person, to: Person, *, actor: Access, at: datetime, verb: str, reason: str
) -> None:
    """Somebody else is asked in the old one's place; that they were asked first stays beside it."""
    asked = Asked.objects.filter(record_id=record.pk, duty=duty, person=old, answer=Asked.Answer.OPEN)
    rounds = list(asked.values_list("round", flat=True))
    asked.update(answer=Asked.Answer.LAPSED, answered_at=at)
    for number in rounds:
        row, made = Asked.objects.get_or_create(
            record_id=record.pk, duty=duty, round=number, person=to, defaults={"asked_at": at, "taken_from": old}
        )
        if not made and row.answer == Asked.Answer.LAPSED:
            Asked.objects.filter(pk=row.pk).update(answer=Asked.Answer.OPEN, answered_at=None, asked_at=at, taken_from=old)
    lines = Audience.objects.filter(record_id=record.pk, duty=duty)
    if lines.filter(person=to).exists():
        lines.filter(person=old).delete()
    else:
        lines.filter(person=old).update(person=to)
    also = [Change(f"asked.{duty}", old.name, to.name, True)]
    update(record, record_type, record_type.derived(record, ("asked",)), actor=actor, verb=verb, at=at, reason=reason, also=also)
    words = {"what": record_type.askings[duty].label, "number": record.number, "title": record.title, "old": old}
    if rounds:
        text = Said(gettext_noop("%(what)s, in place of %(old)s: %(number)s %(title)s"), words)
        tell([to], record=record, kind="asked", text=text, at=at, actor=actor.person)
    settle(record, record_type)


def _hand_over_subject(thing: InHand, to: Person, actor: Access, at: datetime, reason: str) -> None:
    """A unit has another head, or a person another line manager."""
    model = Unit if isinstance(thing.subject, Unit) else Person
    row: Any = model._default_manager.select_for_update().get(pk=thing.subject.pk)
    before = getattr(row, thing.how)
    setattr(row, thing.how, to)
    sound(row, {thing.how: to})
    write_down(row, "edit", [Change(thing.how, str(before.uid) if before else None, str(to.uid))], actor.person, at, reason)
