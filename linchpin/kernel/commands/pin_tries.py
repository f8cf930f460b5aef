"""How often a PIN may be wrong: by number and by door, so that nobody guesses on and no prankster shuts others out.

A number rests at the door where it was tried, and at no kiosk because of tries from elsewhere. A door at which many PINs were wrong, of whatever
number, takes none for a moment: so nobody who stands there makes number after number rest.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.models import Person, PinTries
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.trail import Change

TRIES, TRIES_OUTSIDE = 5, 20
"""Wrong PINs in a row until the number rests at that door, or at all doors that are no kiosks; as many more make it rest twice as long."""
REST, LONGEST_REST = timedelta(minutes=15), timedelta(hours=24)
AT_A_DOOR, WITHIN = 15, timedelta(minutes=10)
"""Wrong PINs at one door within that time, of any numbers, until the door takes none for a moment."""
PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(minutes=5)
FORGOTTEN = timedelta(days=2)
ANY_NUMBER, OUTSIDE = "", ""


@dataclass(frozen=True, slots=True)
class Door:
    """Where somebody types their number: a kiosk, or else an address (IPv6: the network, as one house has millions)."""

    name: str
    is_kiosk: bool = False

    @property
    def key(self) -> str:
        return salted_hmac("linchpin.pin.door", ("kiosk:" if self.is_kiosk else "") + (self.name if self.is_kiosk else _network(self.name))).hexdigest()


def _network(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def count(number: str, door: Door) -> None:
    """One more try. Raises Refused while the number rests here, or the door takes none."""
    with command() as at:
        PinTries.objects.filter(last_at__lt=at - FORGOTTEN).delete()
        here = _row(ANY_NUMBER, door.key, at)
        limits = [(_row(key_of(number), door.key, at), TRIES), *([] if door.is_kiosk else [(_row(key_of(number), OUTSIDE, at), TRIES_OUTSIDE)])]
        resting = max((row.until for row, _limit in limits if row.until and row.until > at), default=None)
        pausing = here.until if here.until and here.until > at else None
        if resting is None and pausing is None:
            _one_more(here, limits, number, at)
    if pausing is not None:
        raise Refused(never(_("Many PINs were wrong here: wait until %s, then try again.") % _clock(pausing, seconds=True), "pin"))
    if resting is not None:
        raise Refused(never(_("The PIN was wrong too often: try again at %s.") % _clock(resting), "pin"))


def was_right(number: str, door: Door) -> None:
    """The last try was the person themselves: it counts nowhere, and what was counted of their number before is forgotten."""
    with command():
        PinTries.objects.filter(key=key_of(number), door__in=(door.key, *(() if door.is_kiosk else (OUTSIDE,)))).delete()
        row = PinTries.objects.select_for_update().filter(key=ANY_NUMBER, door=door.key, failures__gt=0).first()
        if row is not None:
            row.failures -= 1
            row.until = row.until if row.failures >= AT_A_DOOR else None
            row.save()


def forget_tries(number: str) -> None:
    """Within a command: the number rests nowhere any more."""
    PinTries.objects.filter(key=key_of(number)).delete()


def key_of(number: str) -> str:
    return hashlib.sha256(f"pin\0{number.strip().casefold()}".encode()).hexdigest()


def _row(key: str, door: str, at: datetime) -> PinTries:
    row, _made = PinTries.objects.select_for_update().get_or_create(key=key, door=door, defaults={"last_at": at})
    return row


def _one_more(here: PinTries, limits: list[tuple[PinTries, int]], number: str, at: datetime) -> None:
    here.failures = 1 if here.last_at < at - WITHIN else here.failures + 1
    if here.failures >= AT_A_DOOR and here.failures % AT_A_DOOR == 0:
        here.until = at + min(PAUSE * 2 ** (here.failures // AT_A_DOOR - 1), LONGEST_PAUSE)
    for row, limit in limits:
        row.failures += 1
        if row.failures % limit == 0:
            row.until = at + min(REST * 2 ** (row.failures // limit - 1), LONGEST_REST)
            _tell_trail(number, at)
    for row in (here, *(row for row, _limit in limits)):
        row.last_at = at
        row.save()


def _tell_trail(number: str, at: datetime) -> None:
    """The person's trail says that somebody tried; who it was, nobody knows."""
    row = Person.objects.select_for_update().filter(badge__iexact=number, pin__isnull=False).first() if number else None
    system = Person.objects.filter(employment=Person.Employment.SYSTEM).first()
    if row is not None and system is not None:
        write_down(row, "pin_rests", [Change("pin", None, "resting")], system, at)


def _clock(moment: datetime, *, seconds: bool = False) -> str:
    return timezone.localtime(moment).strftime("%H:%M:%S" if seconds else "%H:%M")
