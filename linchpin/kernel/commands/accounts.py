"""What an administrator does to somebody's account: invite, set a password, lock, open, forget a second step."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.organizing import ADMINISTERING, IN_THEIR_NAME, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices import telling as notices
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Pin, Role
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change

Account = Person.Account


def invite(person: Person, *, actor: Access) -> Person:
    """The person may set a password by a link; until they do, the account is `invited`. Raises Refused, NotAllowed."""
    with command() as at:
        row = _of_another(person, actor)
        if not row.email:
            raise Refused(never(_("%s has no e-mail: add one first, the link is sent there.") % row.name, "email"))
        if row.account in (Account.ACTIVE, Account.LOCKED):
            raise Refused(never(_("%s has an account already: set a new password instead, or open it.") % row.name, "account"))
        return _set_account(row, Account.INVITED, "invite", actor, at)


def give_password(person: Person, password: str, *, actor: Access) -> Person:
    """Set somebody's password for them; the account is active then, unless it is locked. Raises Refused, NotAllowed."""
    with command() as at:
        row = _of_another(person, actor, IN_THEIR_NAME)
        if not row.email:
            raise Refused(never(_("%s has no e-mail to sign in with: add one first.") % row.name, "email"))
        changes = [Change("password", None, "changed")]
        row.password = make_password(password)
        if row.account != Account.LOCKED and row.account != Account.ACTIVE:
            changes.append(Change("account", row.account, Account.ACTIVE))
            row.account = Account.ACTIVE
        write_down(row, "give_password", changes, actor.person, at)
        _tell(row, gettext_noop("%(who)s set a new password for you. If you did not ask for it, say so."), actor, at)
        return row


def lock(person: Person, *, actor: Access, reason: str = "") -> Person:
    """Nobody signs in with this account any more; whoever is signed in with it is out at their next click."""
    with command() as at:
        row = _of_another(person, actor)
        if row.account == Account.LOCKED:
            raise Refused(never(_("The account of %s is locked already.") % row.name, "account"))
        return _set_account(row, Account.LOCKED, "lock", actor, at, reason)


def unlock(person: Person, *, actor: Access) -> Person:
    """Open a locked account: with its password or PIN if it has one, else it waits for an invitation."""
    with command() as at:
        row = _of_another(person, actor)
        if row.account != Account.LOCKED:
            raise Refused(never(_("The account of %s is not locked.") % row.name, "account"))
        return _set_account(row, Account.ACTIVE if row.has_usable_password() or Pin.objects.filter(person=row).exists() else Account.NONE, "unlock", actor, at)


def forget_second_step(person: Person, *, actor: Access) -> None:
    """Delete the person's authenticator app, passkeys and recovery codes: they lost them. They sign in by password and set up new ones."""
    with command() as at:
        row = _of_another(person, actor, IN_THEIR_NAME)
        kept = row.authenticator_set  # type: ignore[attr-defined]
        if not kept.exists():
            raise Refused(never(_("%s has set up no second step.") % row.name))
        changes = [Change("second_step", kind, None) for kind in sorted(kept.values_list("type", flat=True))]
        kept.all().delete()
        write_down(row, "forget_second_step", changes, actor.person, at)
        _tell(row, gettext_noop("%(who)s removed your second step. If you did not ask for it, say so."), actor, at)


def _of_another(person: Person, actor: Access, who: tuple[Role, ...] = ADMINISTERING) -> Person:
    """The person's row, locked. Only those who administer, and never on their own account: nobody shuts themselves out."""
    if not (actor.person.is_system or actor.has(*ADMINISTERING)):
        raise NotAllowed(_("Accounts of others are for the administrator and the quality manager."))
    if not (actor.person.is_system or actor.has(*who)):
        raise NotAllowed(_("Passwords and second steps of others are for the administrator. Everybody gets a link by mail with “I forgot my password”."))
    if actor.person.pk == person.pk:
        raise NotAllowed(_("This is your own account: change it under “Your account”, or ask another administrator."))
    row = Person.objects.select_for_update().get(pk=person.pk)
    if row.is_system:
        raise NotAllowed(_("Nobody signs in as the system."))
    return row


def _tell(person: Person, template: str, actor: Access, at: datetime) -> None:
    notices.tell([person], record=None, kind="account", text=Said(template, {"who": actor.person.name}), at=at, actor=actor.person)


def _set_account(row: Person, account: str, verb: str, actor: Access, at: datetime, reason: str = "") -> Person:
    change = Change("account", row.account, account)
    row.account = account
    write_down(row, verb, [change], actor.person, at, reason)
    return row
