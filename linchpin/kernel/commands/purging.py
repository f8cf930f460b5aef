"""Purge: the content of a wrong file or text goes for good, by two people and with a reason; a tombstone stands in its place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.fetching import for_verb
from linchpin.kernel.commands.purged_content import Content, content_of, take_out
from linchpin.kernel.commands.saving import update
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.kernel.trail import Change

CONFIRMING = (Role.QUALITY_MANAGER, Role.TOP_MANAGER)
"""Who confirms, of the record's unit or above it; never whoever proposed."""


def may_confirm(purge: Purge, record: Any, actor: Access) -> bool:
    return purge.proposed_by_id != actor.person.pk and actor.covers(CONFIRMING, record.unit_id)


def propose_purge(record: Any, kind: str, target: str, *, actor: Access, reason: str) -> Purge:
    """Propose that the text of a field, a comment or a file goes for good. Raises Refused, NotAllowed, Missing."""
    why = said(reason, "reason")
    with command() as at:
        found, record_type = for_verb(record, "comment", actor)
        content = content_of(found, record_type, kind, target)
        if not why:
            raise Refused(never(_("Say why it has to go: the reason stands on the tombstone, so do not repeat the content in it."), "reason"))
        _not_repeated(content, why)
        if Purge.objects.filter(record_id=found.pk, kind=kind, target=target, state=Purge.State.PROPOSED).exists():
            raise Refused(never(_("This is proposed already: somebody else has to confirm it."), "target"))
        made = Purge.objects.create(
            record_id=found.pk, kind=kind, target=target, what=content.what, reason=why, proposed_by=actor.person, proposed_at=at
        )
        update(found, record_type, {}, actor=actor, verb="propose_purge", at=at, reason=why, also=[Change("purge", None, content.what)])
        words = {"who": actor.person.name, "what": content.what, "number": found.number}
        text = Said(gettext_noop("%(who)s proposes to purge something of %(number)s (%(what)s). Confirm or decline it on its page."), words)
        notices.tell(_confirmers(found, actor), record=found, kind="purge", text=text, at=at, actor=actor.person)
        return made


def confirm_purge(purge: Purge, *, actor: Access) -> Purge:
    """Take the content out of database, disk and search for good, and leave the tombstone. Raises Refused, NotAllowed, Missing."""
    with command() as at:
        found, record_type = for_verb(purge.record, "read", actor)
        row = _proposed(purge, found, actor)
        content = content_of(found, record_type, row.kind, row.target)
        row.hash = content.hash
        row.state, row.decided_by, row.decided_at = Purge.State.PURGED, actor.person, at
        row.save()
        take_out(found, record_type, content, actor=actor.person, reason=row.reason, at=at)
        for other in content.twins:
            _bury_twin(other, row)
        text = Said(gettext_noop("%(what)s of %(number)s is purged."), _words(row, found))
        notices.tell([row.proposed_by], record=found, kind="purge", text=text, at=at, actor=actor.person)
        return row


def decline_purge(purge: Purge, *, actor: Access, reason: str) -> Purge:
    """The content stays, for a reason; also by whoever proposed it. Raises Refused, NotAllowed."""
    why = said(reason, "reason")
    with command() as at:
        found, record_type = for_verb(purge.record, "read", actor)
        row = _proposed(purge, found, actor, taking_back=True)
        if not why:
            raise Refused(never(_("Say why it stays."), "reason"))
        row.state, row.decided_by, row.decided_at, row.answer = Purge.State.DECLINED, actor.person, at, why
        row.save()
        update(found, record_type, {}, actor=actor, verb="decline_purge", at=at, reason=why, also=[Change("purge", row.what, None)])
        words = _words(row, found) | {"who": actor.person.name}
        text = Said(gettext_noop("%(who)s declined the purge of %(what)s of %(number)s."), words)
        notices.tell([row.proposed_by], record=found, kind="purge", text=text, at=at, actor=actor.person)
        return row


def _words(row: Purge, record: Any) -> dict[str, Any]:
    return {"what": row.what, "number": record.number}


def _not_repeated(content: Content, reason: str) -> None:
    if any(len(text) > 3 and text in reason for text in content.texts):
        raise Refused(never(_("The reason repeats what is to go: say it without the content."), "reason"))


def _confirmers(record: Any, actor: Access) -> list[Any]:
    people = {person.pk: person for role in CONFIRMING for person in holders(role, record.unit)}
    return [person for pk, person in people.items() if pk != actor.person.pk]


def _proposed(purge: Purge, record: Any, actor: Access, *, taking_back: bool = False) -> Purge:
    """The proposal, locked, if this person may decide it now."""
    row = Purge.objects.select_for_update().select_related("proposed_by").filter(pk=purge.pk).first()
    if row is None:
        raise Missing(_("There is no such proposal."))
    if row.state != Purge.State.PROPOSED:
        raise Refused(never(_("This is decided already: %s.") % row.get_state_display()))
    own = row.proposed_by_id == actor.person.pk
    if own and not taking_back:
        raise Refused(never(_("You proposed this: somebody else confirms it, a quality manager or top manager of the unit.")))
    if not own and not may_confirm(row, record, actor):
        raise NotAllowed(_("A purge is confirmed by a quality manager or top manager of the unit."))
    return row


def _bury_twin(other: Any, row: Purge) -> None:
    """The same bytes on another record went too: a tombstone stands there as well."""
    Purge.objects.create(
        record_id=other.record_id, kind=row.kind, target=str(other.uid), what=row.what, hash=row.hash, reason=row.reason, state=row.state,
        proposed_by=row.proposed_by, proposed_at=row.proposed_at, decided_by=row.decided_by, decided_at=row.decided_at,
    )  # fmt: skip
