"""Hand over what one does to somebody else, between two days, and end it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.organizing import ADMINISTERING, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Delegation, Person, Unit
from linchpin.kernel.people.standing_in import overlapping
from linchpin.kernel.records.cleaning import active, said
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.trail import Change

LONGEST = 180
"""Days for which somebody may stand in: who is away for longer is followed by somebody."""


def delegate(
    to: Person, *, starts: date, ends: date, actor: Access, scope: str = Delegation.Scope.ALL, unit: Unit | None = None, note: str = ""
) -> Delegation:
    """Let somebody stand in for oneself from the first day to the last. They are told, and may give it back. Raises Refused."""
    note = " ".join(said(note, "note").split())[:200]
    with command() as at:
        giver = Person.objects.select_for_update().get(pk=actor.person.pk)
        made = Delegation(giver=giver, delegate=to, scope=scope, unit=unit if scope == Delegation.Scope.UNIT else None,
                          starts=starts, ends=ends, note=note, made_at=at)  # fmt: skip
        if refusals := _against(made, actor):
            raise Refused(*refusals)
        made.save()
        changes = [Change("stands_in", None, str(to.uid)), Change("scope", None, str(scope)),
                   Change("starts", None, starts.isoformat()), Change("ends", None, ends.isoformat())]  # fmt: skip
        if made.unit:
            changes.append(Change("unit", None, str(made.unit.uid)))
        write_down(giver, "delegate", changes, actor.person, at, note)
        _tell_of(made, at)
        return made


def end_delegation(delegation: Delegation, *, actor: Access, reason: str = "") -> Delegation:
    """End it at once: its giver takes it back, who stands in gives it back, or the administrator ends it. Raises Refused, NotAllowed."""
    reason = said(reason, "reason")
    with command() as at:
        giver = Person.objects.select_for_update().get(pk=delegation.giver_id)
        row = Delegation.objects.select_for_update().get(pk=delegation.pk)
        if actor.person.pk not in (row.giver_id, row.delegate_id) and not actor.has(*ADMINISTERING):
            raise NotAllowed(_("Who stands in for whom is ended by one of the two."))
        if row.ended_at or row.ends < clock.today():
            raise Refused(never(_("This has ended already.")))
        row.ended_at, row.ended_by = at, actor.person
        row.save()
        changes = [Change("stands_in", str(row.delegate.uid), None)]
        write_down(giver, "end_delegation", changes, actor.person, at, reason)
        words = {"who": actor.person.name, "delegate": row.delegate.name, "giver": giver.name}
        text = Said(gettext_noop("%(who)s ended it: %(delegate)s no longer stands in for %(giver)s."), words)
        tell([giver, row.delegate], record=None, kind="standing_in", text=text, at=at, actor=actor.person)
        return row


def _against(made: Delegation, actor: Access) -> list[Refusal]:
    found = _against_person(made)
    if made.scope not in Delegation.Scope.values:
        found.append(never(_("Choose what it is for: everything, what is signed, or one unit."), "scope"))
    if made.scope == Delegation.Scope.UNIT and (made.unit is None or not active(made.unit)):
        found.append(never(_("Choose the unit that it is for."), "unit"))
    if made.starts < clock.today():
        found.append(never(_("It begins today at the earliest: nobody stood in yesterday who was not asked."), "starts"))
    if made.ends < made.starts:
        found.append(never(_("It would end before it starts: check both dates."), "ends"))
    elif made.ends - made.starts > timedelta(days=LONGEST):
        found.append(never(_("At most %(n)s days: whoever is away for longer hands over what they own.") % {"n": LONGEST}, "ends"))
    if actor.through is not None:
        found.append(never(_("What was handed to you is not yours to pass on."), "delegate"))
    return found or _twice(made)


def _against_person(made: Delegation) -> list[Refusal]:
    who = made.delegate
    if who.pk == made.giver_id:
        return [never(_("You cannot stand in for yourself: choose somebody else."), "delegate")]
    if not who.is_active or who.is_system:
        return [never(_("%s cannot sign in, so nothing would be done: choose somebody else.") % who, "delegate")]
    if who.employment == Person.Employment.EXTERNAL_AUDITOR:
        return [never(_("An auditor from outside does not act for people here: choose somebody else."), "delegate")]
    return []


def _twice(made: Delegation) -> list[Refusal]:
    """Nothing stands twice, and nobody stands in who is away then themselves: it would not be passed on."""
    away = overlapping(made).filter(giver=made.delegate).exclude(scope=Delegation.Scope.UNIT).order_by("starts").first()
    if away:
        words = {"who": made.delegate, "from": clock.in_words(away.starts), "until": clock.in_words(away.ends)}
        return [never(_("%(who)s is away from %(from)s to %(until)s, and it is not passed on: choose somebody else, or other days.") % words, "delegate")]
    same = overlapping(made).filter(giver=made.giver, delegate=made.delegate, scope=made.scope, unit=made.unit)
    if same.exists():
        return [never(_("%s stands in for you then already: end that first.") % made.delegate, "delegate")]
    return []


def _tell_of(made: Delegation, at: datetime) -> None:
    what = made.unit or Delegation.Scope(made.scope).label
    words = {"who": made.giver.name, "what": what, "from": made.starts, "until": made.ends}
    text = Said(gettext_noop("You stand in for %(who)s from %(from)s to %(until)s (%(what)s). You can give it back under “Standing in”."), words)
    tell([made.delegate], record=None, kind="standing_in", text=text, at=at, actor=made.giver)
