"""Webhooks are asked for, changed and ended by commands: data leaves the house, so the person's trail says where to."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import ADMINISTERING, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import ask_for
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.kernel.records.registry import all_types, has_type
from linchpin.kernel.trail import Change
from linchpin.kernel.webhooks.delivering import KIND
from linchpin.kernel.webhooks.models import Subscription
from linchpin.kernel.webhooks.sending import check_url

MOST = 20
LONGEST_VERB = 40


def subscribe(url: str, *, actor: Access, types: Sequence[str] = (), verbs: Sequence[str] = ()) -> Subscription:
    """Tell `url` of the events (all, or these verbs) of records (of all types, or these) that the actor may read. Raises Refused."""
    with command() as at:
        _check(types, verbs)
        if Subscription.objects.filter(person=actor.person).count() >= MOST:
            raise Refused(never(_("You have %d webhooks already: end one first.") % MOST))
        made = Subscription.objects.create(person=actor.person, url=check_url(url), types=list(types), verbs=list(verbs), created_at=at)
        _tell_trail(actor, "subscribe", made.person_id, [Change("webhook", None, url, True)])
        return made


def change_subscription(one: Subscription, *, actor: Access, active: bool | None = None, types: Sequence[str] | None = None,
                        verbs: Sequence[str] | None = None) -> Subscription:  # fmt: skip
    """Switch a webhook on or off, or change what it is told of. Switched on, it begins afresh. What leaves the house is its person's
    to decide; those who administer the house may only switch it off. Raises Refused, NotAllowed.
    """
    with command():
        _check(types or (), verbs or ())
        row = _held(one, actor, alone=active is not False or types is not None or verbs is not None)
        if active is not None:
            row.active, row.failures, row.quiet_until, row.said = active, 0, None, ""
        row.types = row.types if types is None else list(types)
        row.verbs = row.verbs if verbs is None else list(verbs)
        row.save()
        _tell_trail(actor, "change_webhook", row.person_id, [Change("webhook", row.url, row.url, True), Change("active", None, str(row.active).lower())])
        return row


def unsubscribe(one: Subscription, *, actor: Access) -> None:
    """End one's own webhook, or as one who administers the house anybody's; what waits for it is not sent any more. Raises NotAllowed."""
    with command():
        row = _held(one, actor, alone=False)
        row.delete()
        _tell_trail(actor, "unsubscribe", row.person_id, [Change("webhook", one.url, None, True)])


def ping(one: Subscription, *, actor: Access) -> Job:
    """Ask for a message that only says: here we are. Raises NotAllowed."""
    with command():
        _held(one, actor, alone=True)
    return ask_for(KIND, actor.person, subscription=one.pk)


def _held(one: Subscription, actor: Access, *, alone: bool) -> Subscription:
    """The webhook's row, locked: for its person, and where they are not asked `alone`, for who administers the house."""
    row = Subscription.objects.select_for_update().filter(pk=one.pk).first()
    mine = row is not None and row.person_id == actor.person.pk
    if row is None or not (mine or actor.has(*ADMINISTERING)):
        raise Missing(_("There is no such webhook of yours."))
    if alone and not mine:
        raise NotAllowed(_("This webhook is for %s to change: you can switch it off, or end it.") % row.person)
    return row


def _check(types: Sequence[str], verbs: Sequence[str]) -> None:
    for key in types:
        if not has_type(key):
            known = ", ".join(one.key for one in all_types())
            raise Refused(never(_("There is no record type “%(key)s”. There are: %(known)s.") % {"key": key, "known": known}, "types"))
    for verb in verbs:
        if not 1 <= len(verb) <= LONGEST_VERB or not verb.replace("_", "").replace("-", "").isalnum():
            raise Refused(never(_("“%s” is no kind of event: create, edit, comment, or the name of a move.") % verb[:60], "verbs"))


def _tell_trail(actor: Access, verb: str, person_id: int, changes: list[Change]) -> None:
    """Into the trail of the webhook's person."""
    with command() as at:
        row = Person.objects.select_for_update().get(pk=person_id)
        write_down(row, verb, changes, actor.person, at)
