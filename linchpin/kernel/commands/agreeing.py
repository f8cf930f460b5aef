"""A new date for what was brought in with an old one: proposed by who leads, agreed by the owner or by who leads."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from linchpin.kernel.commands.due_dates import NEXT_LEVEL
from linchpin.kernel.commands.fetching import for_verb, same_version
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.models import PROPOSAL
from linchpin.kernel.notices.sentences import A_PROPOSAL, AN_AGREEMENT, Said
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.agreeing import was_never_agreed
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.trail import Change


def agree_date(record: Any, day: date, *, actor: Access, version: int | None = None, reason: str = "") -> Any:
    """Agree the day by which an imported record will be done. It is no extension, so it is not counted and needs no reason.

    The old date stays as the first one. Raises Refused, NotAllowed, Missing, Stale.
    """
    with command() as at:
        found, record_type = for_verb(record, "agree_date", actor)
        same_version(found, version)
        _insist(found, record_type, day, actor)
        update(found, record_type, {"due": day}, actor=actor, verb="agree_date", at=at, reason=reason)
        notices.settle_proposals(found, at)
        _tell_of_it(found, day, actor, at)
        return found


def propose_date(record: Any, day: date, *, actor: Access, version: int | None = None) -> Any:
    """Propose a day to the owner, who agrees to it or to another. Raises Refused, NotAllowed, Missing, Stale."""
    with command() as at:
        found, record_type = for_verb(record, "agree_date", actor)
        same_version(found, version)
        if not actor.covers(NEXT_LEVEL, found.unit_id):
            raise NotAllowed(_("Dates are proposed by the head of the unit or the quality manager."))
        if found.owner_id in (None, actor.person.pk):
            raise Refused(never(_("%(number)s has no other owner: agree the date yourself.") % {"number": found.number}, "day"))
        _insist(found, record_type, day, actor)
        proposed = Change("proposed_due", None, day.isoformat())
        update(found, record_type, {}, actor=actor, verb="propose_date", at=at, also=[proposed])
        notices.settle_proposals(found, at)
        words = {"who": actor.person.name, "day": day, "number": found.number, "title": found.title, "version": found.version}
        notices.tell([found.owner], record=found, kind=PROPOSAL, text=Said(A_PROPOSAL, words), at=at, actor=actor.person)
        return found


def _insist(record: Any, record_type: RecordType, day: date, actor: Access) -> None:
    """Raise what speaks against the day."""
    words = {"number": record.number}
    if not record.is_open:
        raise Refused(never(_("%(number)s is closed: no date is needed any more.") % words, "day"))
    if not was_never_agreed(record):
        raise Refused(never(_("A date of %(number)s was agreed already: move it on its page, with a reason.") % words, "day"))
    if day < clock.today():
        raise Refused(never(_("%(day)s is past: agree on today or a later day.") % {"day": clock.in_words(day)}, "day"))
    if day == record.original_due:
        raise Refused(never(_("This is the date that %(number)s has: it stands as it is.") % words, "day"))
    if "due" in (frozen := record_type.frozen(record)):
        raise Refused(never(frozen["due"], "day"))
    if refusals := record_type.against(record, {"due": day}, actor):
        raise Refused(*refusals)


def _tell_of_it(record: Any, day: date, actor: Access, at: datetime) -> None:
    """The owner hears of what was agreed for them; what they agreed themselves stands on the page of dates."""
    if record.owner_id is not None:
        words = {"who": actor.person.name, "day": day, "number": record.number, "title": record.title}
        notices.tell([record.owner], record=record, kind="date", text=Said(AN_AGREEMENT, words), at=at, actor=actor.person)
