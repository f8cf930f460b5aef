"""Declared exceptions: how a separation of duties bends, visibly (class B)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel import trail
from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.grants import Access, holders, site_of
from linchpin.kernel.people.models import Organization, Person, Role
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.models import DeclaredException, DutyRule
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.records.registry import all_types

LOOKING = (Role.QUALITY_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR, Role.TOP_MANAGER, Role.PROCESS_OWNER, Role.LINE_MANAGER)
"""Whose job it is to look at a declared exception afterwards, first the quality manager's."""
CHECK_WITHIN = 10
"""Working days until somebody else looks at what was declared."""


def mode(duty: str) -> str:
    """What top management decided for the duty; `when_alone` where it decided nothing."""
    row = DutyRule.objects.filter(duty=duty).first()
    return row.mode if row else DutyRule.Mode.WHEN_ALONE


def may_declare(refusal: Refusal, person: Person) -> bool:
    """Whether the person may go on with a reason. The test is whether anyone else is eligible, not a head count."""
    decided = mode(refusal.duty)
    if decided == DutyRule.Mode.WHEN_ALONE:
        return not any(other.pk != person.pk for other in (refusal.others() if refusal.others else ()))
    return decided == DutyRule.Mode.WITH_REASON


def declare(record: Any, refusal: Refusal, reason: str, *, actor: Access, at: datetime) -> DeclaredException:
    """Write the exception down and call for its check by someone else."""
    due = add_working_days(at.date(), CHECK_WITHIN, site_of(record.unit).country)
    declared = DeclaredException.objects.create(
        record_id=record.pk,
        duty=refusal.duty,
        sentence=refusal.sentence,
        reason=reason.strip(),
        declared_by=actor.person,
        declared_at=at,
        check_due=due,
    )
    words = {"who": actor.person.name, "number": record.number, "reason": reason.strip(), "due": due}
    text = Said(gettext_noop("%(who)s declared an exception on %(number)s: %(reason)s Please check it by %(due)s."), words)
    notices.tell(_first_others(record, actor.person), record=record, kind="exception", text=text, at=at, actor=actor.person)
    return declared


def _first_others(record: Any, person: Person) -> list[Person]:
    """Who is called to look: the first role in which there is somebody else."""
    for role in LOOKING:
        if others := [p for p in holders(role, record.unit) if p.pk != person.pk]:
            return others
    return []


def check(declared: DeclaredException, finding: str, *, actor: Access) -> DeclaredException:
    """Write what somebody else found when they looked at a declared exception afterwards."""
    finding = said(finding, "finding")
    with command() as at:
        record, record_type = for_verb(declared.record, "comment", actor)
        row = DeclaredException.objects.select_for_update().get(pk=declared.pk)
        if row.declared_by_id == actor.person.pk:
            raise NotAllowed(_("You declared this exception yourself: somebody else checks it."))
        if not actor.covers(LOOKING, record.unit_id):
            raise NotAllowed(_("A declared exception is looked at by a manager or an auditor of the unit."))
        if not finding:
            raise Refused(never(_("Say what you found when you looked."), "finding"))
        if row.checked_at:
            raise Refused(_("This exception was checked already, by %s.") % row.checked_by)
        row.checked_by, row.checked_at, row.finding = actor.person, at, finding
        row.save()
        also = [trail.Change("exception_checked", row.sentence, row.finding, True)]
        update(record, record_type, {}, actor=actor, verb="check_exception", at=at, also=also)
        return row


def decide(duty: str, decided: str, *, actor: Access) -> DutyRule:
    """Top management decides how far a duty may bend."""
    with command() as at:
        if not actor.has(Role.TOP_MANAGER):
            raise NotAllowed(_("Only top management decides how far a separation of duties may bend."))
        if duty not in {name for record_type in all_types() for name in record_type.duties}:
            raise Refused(never(_("There is no such separation of duties: choose one of the list."), "duty"))
        if decided not in DutyRule.Mode.values:
            raise Refused(never(_("Choose one of: %s.") % ", ".join(DutyRule.Mode.values), "mode"))
        rule, _made = DutyRule.objects.get_or_create(duty=duty)
        before, rule.mode = rule.mode, decided
        rule.save()
        organization = Organization.objects.select_for_update().get()
        change = trail.Change(f"duty.{duty}", before, decided)
        trail.append(organization, "organization", record_id=None, actor=actor.person, verb="decide", changes=[change], at=at)
        organization.save(update_fields=["head", "sequence"])
        return rule
