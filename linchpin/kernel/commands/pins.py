"""Number and PIN: chosen by the person, given out once by an administrator, tried at a kiosk or on a report."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.organizing import IN_THEIR_NAME, write_down
from linchpin.kernel.commands.pin_tries import Door, count, forget_tries, was_right
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Pin
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.trail import Change

SHORTEST, LONGEST = 6, 12
COMMON = frozenset({
    "123123", "112233", "123321", "147258", "159753", "258456", "789456", "456789", "159357", "147852", "456123", "332211", "102030",
    "131313", "142536", "135790", "246810", "314159", "271828", "741852", "963852", "852456", "142857", "321654", "123654", "987321",
})  # fmt: skip
"""What people choose first, besides one digit again and again, pairs, and digits in their order."""


def set_own_pin(person: Person, pin: str, *, actor: Access) -> None:
    """Choose one's own PIN. Raises Refused, NotAllowed."""
    with command() as at:
        row = Person.objects.select_for_update().get(pk=person.pk)
        if actor.person.pk != row.pk:
            raise NotAllowed(_("This is for everybody to set for themselves."))
        _keep(row, pin, actor, at, must_change=False)


def give_pin(person: Person, *, actor: Access) -> str:
    """A one-time PIN, to be handed over: it is shown now and opens nothing but the choice of one's own. Raises Refused, NotAllowed."""
    with command() as at:
        if not (actor.person.is_system or actor.has(*IN_THEIR_NAME)):
            raise NotAllowed(_("PINs of others are given out by the administrator."))
        if actor.person.pk == person.pk:
            raise NotAllowed(_("This is your own account: choose your PIN under “Your account”."))
        row = Person.objects.select_for_update().get(pk=person.pk)
        pin = _any_sound(row)
        _keep(row, pin, actor, at, must_change=True)
        forget_tries(row.badge or "")
        if not actor.person.is_system:
            text = Said(gettext_noop("%(who)s gave you a new PIN. If you did not ask for it, say so."), {"who": actor.person.name})
            tell([row], record=None, kind="account", text=text, at=at, actor=actor.person)
        return pin


def take_pin(person: Person, *, actor: Access) -> None:
    """The number opens nothing any more; a password, if there is one, stays. Raises NotAllowed."""
    with command() as at:
        if actor.person.pk != person.pk and not (actor.person.is_system or actor.has(*IN_THEIR_NAME)):
            raise NotAllowed(_("PINs of others are given out by the administrator."))
        row = Person.objects.select_for_update().get(pk=person.pk)
        if Pin.objects.filter(person=row).delete()[0]:
            changes = [Change("pin", "set", None)]
            if row.account == Person.Account.ACTIVE and not row.has_usable_password():
                changes.append(Change("account", row.account, Person.Account.NONE))
                row.account = Person.Account.NONE
            write_down(row, "take_pin", changes, actor.person, at)


def person_by_pin(number: str, pin: str, door: Door) -> tuple[Person, bool]:
    """The active person of that number and PIN, typed at that door, and whether they must choose their own first. Raises Refused.

    The try is counted before the PIN is looked at, so that tries at the same moment count too; a number that nobody has is
    answered like any other, and in the same time.
    """
    number = number.strip()[:40]
    count(number, door)
    found = Pin.objects.select_related("person__unit").filter(person__badge__iexact=number).first() if number else None
    fits = check_password(pin.strip()[:40], found.pin_hash if found else _nobodys())
    if found is None or not fits or not found.person.is_active:
        raise Refused(never(_("Number and PIN do not match: check both, then try again."), "pin"))
    was_right(number, door)
    return found.person, found.must_change


def faults(pin: str, badge: str = "") -> Iterator[Refusal]:
    """What speaks against a PIN."""
    if not (pin.isascii() and pin.isdecimal() and SHORTEST <= len(pin) <= LONGEST):
        yield never(_("A PIN has 6 to 12 digits."), "new")
        return
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if len(set(pin)) <= 2 or steps in ({1}, {9}) or pin in COMMON or (badge and badge in pin):
        yield never(_("This PIN is among the first that anybody would try: choose another."), "new")


def _keep(row: Person, pin: str, actor: Access, at: datetime, *, must_change: bool) -> None:
    if not row.badge:
        raise Refused(never(_("%s has no number yet: the administrator adds a badge or number first.") % row.name, "badge"))
    if row.account == Person.Account.LOCKED or row.state == Person.State.LEFT or row.is_system:
        raise Refused(never(_("The account of %s is locked: open it first.") % row.name, "account"))
    if found := list(faults(pin, row.badge)):
        raise Refused(*found)
    kept = {"pin_hash": make_password(pin), "must_change": must_change, "set_at": at}
    Pin.objects.update_or_create(person=row, defaults=kept)
    changes = [Change("pin", None, "given" if must_change else "changed")]
    if row.account != Person.Account.ACTIVE:
        changes.append(Change("account", row.account, Person.Account.ACTIVE))
        row.account = Person.Account.ACTIVE
    write_down(row, "give_pin" if must_change else "set_pin", changes, actor.person, at)


def _any_sound(row: Person) -> str:
    while True:
        pin = "".join(secrets.choice("0123456789") for _digit in range(SHORTEST))
        if not list(faults(pin, row.badge or "")):
            return pin


_hash_of_nobody: list[str] = []


def _nobodys() -> str:
    if not _hash_of_nobody:
        _hash_of_nobody.append(make_password(secrets.token_hex()))
    return _hash_of_nobody[0]
