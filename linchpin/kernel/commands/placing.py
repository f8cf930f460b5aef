"""Places where people stand who report, and the devices that stand there for everybody. The trail of the unit keeps both."""

from __future__ import annotations

import secrets

from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import ADMINISTERING, IN_THEIR_NAME, digest_of, write_down
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Kiosk, Place, Role, Unit, new_code
from linchpin.kernel.records.cleaning import said
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.kernel.trail import Change

PLACING = (*ADMINISTERING, Role.PROCESS_OWNER, Role.LINE_MANAGER)
"""Who says which places there are: those who administer everywhere, the others in what they lead."""
LONGEST = 80


def add_place(name: str, unit: Unit, *, actor: Access) -> Place:
    """A new place of a unit. Raises Refused, NotAllowed."""
    with command() as at:
        _places(unit, actor)
        name = _named(name)
        row = Unit.objects.select_for_update().get(pk=unit.pk)
        if row.state == Unit.State.CLOSED:
            raise Refused(never(_("%s is closed: choose another unit.") % row.name, "unit"))
        before = Place.objects.filter(unit=row, name__iexact=name).first()
        if before is not None and before.closed_at is None:
            raise Refused(never(_("“%(name)s” is a place of %(unit)s already.") % {"name": name, "unit": row}, "name"))
        made = before or Place(unit=row, created_at=at)
        made.name, made.closed_at = name, None
        made.save()
        write_down(row, "add_place", [Change("place", None, name)], actor.person, at)
        return made


def renew_place(place: Place, *, actor: Access) -> Place:
    """A new address for the place: the code on the wall opens nothing any more. Raises NotAllowed."""
    with command() as at:
        _places(place.unit, actor)
        row = Place.objects.select_for_update().select_related("unit").get(pk=place.pk)
        row.code = new_code()
        row.save()
        write_down(row.unit, "renew_place", [Change("place", row.name, row.name)], actor.person, at)
        return row


def close_place(place: Place, *, actor: Access) -> None:
    """The place is no longer there; reports made at it keep its name. Raises NotAllowed."""
    with command() as at:
        _places(place.unit, actor)
        row = Place.objects.select_for_update().select_related("unit").get(pk=place.pk)
        if row.closed_at is None:
            row.closed_at, row.code = at, new_code()
            row.save()
            write_down(row.unit, "close_place", [Change("place", row.name, None)], actor.person, at)


def make_kiosk(name: str, unit: Unit, *, actor: Access, place: Place | None = None) -> tuple[Kiosk, str]:
    """A device for everybody, and the secret by which its browser is known from now on. Raises Refused, NotAllowed."""
    with command() as at:
        if not actor.has(*IN_THEIR_NAME):
            raise NotAllowed(_("Kiosks are made by the administrator."))
        name, secret = _named(name), secrets.token_urlsafe(32)
        row = Unit.objects.select_for_update().get(pk=place.unit_id if place else unit.pk)
        known = {"name": name, "unit": row, "place": place, "digest": digest_of(secret), "made_by": actor.person, "created_at": at}
        made = Kiosk.objects.create(**known)
        write_down(row, "make_kiosk", [Change("kiosk", None, name)], actor.person, at)
        return made, secret


def end_kiosk(kiosk: Kiosk, *, actor: Access, reason: str = "") -> None:
    """The device is like any other again, from its next click on. Raises NotAllowed."""
    with command() as at:
        if not actor.has(*ADMINISTERING):
            raise NotAllowed(_("Kiosks are ended by the administrator and the quality manager."))
        row = Kiosk.objects.select_for_update().select_related("unit").get(pk=kiosk.pk)
        if row.revoked_at is None:
            row.revoked_at = at
            row.save()
            write_down(row.unit, "end_kiosk", [Change("kiosk", row.name, None)], actor.person, at, reason)


def _places(unit: Unit, actor: Access) -> None:
    if not (actor.person.is_system or actor.has(*ADMINISTERING) or actor.covers(PLACING, unit.pk)):
        raise NotAllowed(_("Places are added by who leads the unit, the administrator and the quality manager."))


def _named(name: str) -> str:
    name = said(name, "name").strip()
    if not name or len(name) > LONGEST:
        raise Refused(never(_("Give a name of 80 characters at most."), "name"))
    return name
