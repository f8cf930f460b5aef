"""Erasure of a person who has left: a pseudonym stands where their name stood, what is personal is blanked, the trail stays valid."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import CharField, Q
from django.utils.translation import gettext as _

from linchpin.kernel import trail
from linchpin.kernel.asking.in_hand import in_hand
from linchpin.kernel.asking.models import Audience
from linchpin.kernel.commands.purged_content import sweep
from linchpin.kernel.commands.replacing_names import mentions_of, replace_name
from linchpin.kernel.commands.saving import index_line
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.kept_mail import forget_in_mail
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.notices.telling import forget_name
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import ApiToken, Delegation, Grant, Person, Pin, Role
from linchpin.kernel.records.cleaning import is_private, said
from linchpin.kernel.records.models import Record, SavedView
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.kernel.search.indexing import index_many
from linchpin.kernel.trail.models import EventText
from linchpin.kernel.webhooks.models import Subscription

ERASING = (Role.ADMINISTRATOR, Role.QUALITY_MANAGER)
BLANKED: dict[str, Any] = {
    "email": None, "badge": None, "initials": "", "position": "", "manager": None, "start": None, "end": None, "language": "",
    "account": Person.Account.NONE, "state": Person.State.LEFT,
}  # fmt: skip
NAMED = 3
"""So many numbers are named of what stands open."""


def erase_person(person: Person, *, actor: Access, reason: str) -> Person:
    """Replace the person by a pseudonym everywhere they are shown, and forget what is personal. Raises Refused, NotAllowed.

    Only for who has left and has no open duty. What others wrote about them stays, unless `replace_in_texts` put the pseudonym there before.
    """
    why = said(reason, "reason")
    with command() as at:
        insist_on_erasing(person, actor)
        row = Person.objects.select_for_update().get(pk=person.pk)
        if open_duties := duties_of(row):
            raise Refused(*(never(sentence) for sentence in open_duties))
        if not why:
            raise Refused(never(_("Say why: the request of the person, or the end of the time that their data are kept."), "reason"))
        if any(part in why for part in (row.name, row.email or row.name)):
            raise Refused(never(_("The reason names the person: it stays in the trail, so say it without the name."), "reason"))
        forget(row, pseudonym(row), actor.person, at)
        texts = list(EventText.objects.filter(event__chain=row.uid, text__isnull=False).select_related("event").order_by("event__sequence", "place"))
        trail.blank_texts(row, "person", texts, actor=actor.person, reason=why, at=at, always=True)
        transaction.on_commit(sweep)
        return row


def insist_on_erasing(person: Person, actor: Access) -> None:
    """Raises NotAllowed for whoever may not erase that person."""
    if not (actor.person.is_system or actor.has(*ERASING)):
        raise NotAllowed(_("People are erased by the administrator and the quality manager."))
    if person.pk == actor.person.pk:
        raise NotAllowed(_("Nobody erases themselves: ask another administrator."))
    if person.is_system:
        raise NotAllowed(_("The system itself is nobody."))


def pseudonym(person: Person) -> str:
    """What stands where the name stood: the same person everywhere, and nobody in particular."""
    return _("Erased person %s") % str(person.uid)[:4].upper()


def duties_of(person: Person) -> list[str]:
    """What keeps the person from being erased, each as a sentence that says what to do first."""
    found = []
    if person.erased_at:
        return [_("This person is erased already.")]
    if person.state != Person.State.LEFT:
        found.append(_("%s has not left: enter the last day and the state “Left” first.") % person.name)
    held = list(dict.fromkeys(_called(thing.subject) for thing in in_hand(person)))
    if held:
        words = {"who": person.name, "n": len(held), "what": ", ".join(held[:NAMED]) + (" …" if len(held) > NAMED else "")}
        found.append(_("%(n)s things are still open in the hands of %(who)s: %(what)s. Hand them over first.") % words)
    return found


def _called(subject: Any) -> str:
    return str(subject.number if isinstance(subject, Record) else subject)


def replace_in_texts(person: Person, numbers: Collection[str] | None, *, actor: Access) -> tuple[int, list[str]]:
    """Put the pseudonym in the free text that names the person: of these records, or (None) of all that the actor may read. Each is an edit of its own.

    Gives how many were, and the sentences of what was refused. Raises NotAllowed, and Refused while something else stands against the erasure.
    """
    insist_on_erasing(person, actor)
    person = Person.objects.get(pk=person.pk)
    if open_duties := duties_of(person):
        raise Refused(*(never(sentence) for sentence in open_duties))
    found, _more = mentions_of(person, actor)
    wanted = [one.record for one in found if one.passages and (numbers is None or one.record.number in numbers)]
    refused = []
    for record in wanted:
        try:
            replace_name(record, person, pseudonym(person), actor=actor)
        except Refused as problem:
            refused.append(f"{record.number}: {problem}")
    return len(wanted) - len(refused), refused


def forget(row: Person, name: str, by: Person, at: datetime) -> None:
    """Within a command: everything personal of the person, in every table, but for the private texts of the trail."""
    before, email = row.name, row.email
    for field, value in BLANKED.items():
        setattr(row, field, value)
    row.name, row.erased_at, row.password = name, at, make_password(None)
    row.save()
    _forget_sign_ins(row, email)
    Grant.objects.filter(person=row).delete()
    ApiToken.objects.filter(person=row).delete()
    Pin.objects.filter(person=row).delete()
    Delegation.objects.filter(Q(giver=row) | Q(delegate=row)).update(note="")
    Delegation.objects.filter(Q(giver=row) | Q(delegate=row), ended_at=None).update(ended_at=at, ended_by=by)
    Subscription.objects.filter(person=row).delete()
    SavedView.objects.filter(owner=row, shared=False).delete()
    Audience.objects.filter(person=row).delete()
    Notice.objects.filter(person=row).delete()
    if before != name:
        forget_name(before, name)
        _forget_in_lines(before, name, by, at)
        transaction.on_commit(partial(forget_in_mail, before, email, name))
    for forgetting in _elsewhere:
        forgetting(row, before)


_elsewhere: list[Any] = []


def also_forget(forgetting: Any) -> None:
    """What lies above the kernel and knows people by name: called with the person's row and the name they had."""
    if forgetting not in _elsewhere:
        _elsewhere.append(forgetting)


def _forget_sign_ins(row: Person, email: str | None) -> None:
    """Sessions, second steps and passkeys, addresses, and the record of who tried to sign in."""
    row.authenticator_set.all().delete()  # type: ignore[attr-defined]
    row.usersession_set.all().delete()  # type: ignore[attr-defined]
    row.socialaccount_set.all().delete()  # type: ignore[attr-defined]
    EmailAddress.objects.filter(user=row).delete()
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(row.pk):
            session.delete()
    if email:
        for model in (AccessAttempt, AccessFailureLog, AccessLog):
            model.objects.filter(username__iexact=email).delete()


def _forget_in_lines(name: str, pseudonym: str, by: Person, at: datetime) -> None:
    """Lines that hold nothing but the name (who reported it, the owner as imported) hold the pseudonym; an event of the record says so."""
    found: dict[int, tuple[RecordType, dict[str, str]]] = {}
    for one in all_types():
        for line in (f.name for f in one.model._meta.concrete_fields if type(f) is CharField and is_private(f)):
            for pk in one.model._default_manager.filter(**{f"{line}__iexact": name}).values_list("pk", flat=True):
                found.setdefault(pk, (one, {}))[1][line] = pseudonym
    for pk, (one, values) in found.items():
        record = one.model._default_manager.select_for_update().get(pk=pk)
        one.model._default_manager.filter(pk=pk).update(**values)
        held = EventText.objects.filter(event__chain=record.uid, text__iexact=name).select_related("event").order_by("event__sequence", "place")  # type: ignore[attr-defined]
        trail.blank_texts(record, "record", list(held), actor=by, reason="", at=at)
        index_many([index_line(one.model._default_manager.get(pk=pk), one)])
