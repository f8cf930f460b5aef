"""Number and PIN: chosen by the person, given out once by an administrator, tried at a kiosk or on a report."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from django.contrib.auth.hashers import check_password, make_password
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from linchpin.kernel.commands.organizing import IN_THEIR_NAME, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Pin, PinTries
from linchpin.kernel.records.refusals import NotAllowed, Refusal, Refused, never
from linchpin.kernel.trail import Change

SHORTEST, LONGEST = 6, 12
TRIES = 5
"""Wrong PINs in a row until the number rests; each further five make it rest twice as long."""
REST, LONGEST_REST = timedelta(minutes=15), timedelta(hours=24)
FORGOTTEN = timedelta(days=2)
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
        PinTries.objects.filter(key=_key(row.badge or "")).delete()
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


def person_by_pin(number: str, pin: str) -> tuple[Person, bool]:
    """The active person of that number and PIN, and whether they must choose their own first. Raises Refused.

    The try is counted before the PIN is looked at, so that tries at the same moment count too; a number that nobody has is
    answered like any other, and in the same time.
    """
    number = number.strip()[:40]
    _count(number)
    found = Pin.objects.select_related("person__unit").filter(person__badge__iexact=number).first() if number else None
    fits = check_password(pin.strip()[:40], found.pin_hash if found else _nobodys())
    if found is None or not fits or not found.person.is_active:
        raise Refused(never(_("Number and PIN do not match: check both, then try again."), "pin"))
    with command():
        PinTries.objects.filter(key=_key(number)).delete()
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


def _count(number: str) -> None:
    """One more try; the number that was tried too often rests. Raises Refused while it does."""
    with command() as at:
        PinTries.objects.filter(last_at__lt=at - FORGOTTEN).delete()
        tries, _made = PinTries.objects.select_for_update().get_or_create(key=_key(number), defaults={"last_at": at})
        resting = tries.until if tries.until and tries.until > at else None
        if resting is None:
            tries.failures, tries.last_at = tries.failures + 1, at
            if tries.failures % TRIES == 0:
                tries.until = at + min(REST * 2 ** (tries.failures // TRIES - 1), LONGEST_REST)
                _tell_trail(number, at)
            tries.save()
    if resting is not None:
        raise Refused(never(_("The PIN was wrong too often: try again at %s.") % timezone.localtime(resting).strftime("%H:%M"), "pin"))


def _tell_trail(number: str, at: datetime) -> None:
    """The person's trail says that somebody tried; who it was, nobody knows."""
    row = Person.objects.select_for_update().filter(badge__iexact=number, pin__isnull=False).first() if number else None
    system = Person.objects.filter(employment=Person.Employment.SYSTEM).first()
    if row is not None and system is not None:
        write_down(row, "pin_rests", [Change("pin", None, "resting")], system, at)


def _key(number: str) -> str:
    return hashlib.sha256(f"pin\0{number.strip().casefold()}".encode()).hexdigest()


_hash_of_nobody: list[str] = []


def _nobodys() -> str:
    if not _hash_of_nobody:
        _hash_of_nobody.append(make_password(secrets.token_hex()))
    return _hash_of_nobody[0]
