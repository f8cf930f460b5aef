"""Places with the addresses behind their codes, kiosks, and one-time PINs, for whoever looks after many at once."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from linchpin.kernel.commands.organizing import ADMINISTERING
from linchpin.kernel.commands.pins import give_pin, take_pin
from linchpin.kernel.commands.placing import PLACING, add_place, close_place, end_kiosk
from linchpin.kernel.people.models import Kiosk, Person, Place, Unit
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.schemas import Reference, Strict

router = Router(tags=["the house"])


class PlaceOut(Schema):
    """A place; `url` is what its code opens, for those who look after places."""

    uid: str
    name: str
    unit: Reference
    url: str | None = None


class PlaceIn(Strict):
    name: str = Field(max_length=80)
    unit: str = Field(description="The uid of the unit.", max_length=40)


class KioskOut(Schema):
    uid: str
    name: str
    unit: Reference
    place: Reference | None
    created_at: str
    revoked_at: str | None


class PinMade(Schema):
    """Shown once; it opens nothing but the choice of one's own."""

    number: str
    pin: str


@router.get("/places/", response=list[PlaceOut], operation_id="places", summary="Places")
def places(request: HttpRequest) -> HttpResponse:
    """Every place of the house by unit and name."""
    asking = access(request)
    rows = Place.objects.filter(closed_at=None).select_related("unit").order_by("unit__path", "name")
    return answer([_place(row, asking.has(*ADMINISTERING) or asking.covers(PLACING, row.unit_id)) for row in rows])


@router.post("/places/", response={201: PlaceOut}, operation_id="add_place", summary="Add a place")
def new_place(request: HttpRequest, body: PlaceIn) -> HttpResponse:
    """A machine, a gate, a bench: its `url` is what its QR code says."""
    unit = _one(Unit, body.unit)
    if unit is None:
        raise Refused(never(_("There is no such unit: look it up under /api/v1/units/."), "unit"))
    return answer(_place(add_place(body.name, unit, actor=access(request)), True), 201)


@router.delete("/places/{uuid:uid}/", response={204: None}, operation_id="close_place", summary="Close a place")
def no_place(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Its code opens nothing any more; reports made there keep its name."""
    found = Place.objects.select_related("unit").filter(uid=uid, closed_at=None).first()
    if found is None:
        raise Missing(_("There is no such place."))
    close_place(found, actor=access(request))
    return HttpResponse(status=204)


@router.get("/kiosks/", response=list[KioskOut], operation_id="kiosks", summary="Kiosks")
def kiosks(request: HttpRequest) -> HttpResponse:
    """Devices for everybody, those that were ended too. They are made on the device itself."""
    if not access(request).has(*ADMINISTERING):
        raise NotAllowed(_("Kiosks are for the administrator and the quality manager."))
    return answer([
        {"uid": str(k.uid), "name": k.name, "unit": named(k.unit), "place": named(k.place), "created_at": moment(k.created_at),
         "revoked_at": moment(k.revoked_at)}
        for k in Kiosk.objects.select_related("unit", "place").order_by("-created_at")
    ])  # fmt: skip


@router.delete("/kiosks/{uuid:uid}/", response={204: None}, operation_id="end_kiosk", summary="End a kiosk")
def no_kiosk(request: HttpRequest, uid: UUID) -> HttpResponse:
    """From its next click on the device is like any other."""
    actor, found = access(request), Kiosk.objects.filter(uid=uid).first()
    if found is None or not actor.has(*ADMINISTERING):
        raise Missing(_("There is no such kiosk."))
    end_kiosk(found, actor=actor)
    return HttpResponse(status=204)


@router.post("/people/{uuid:uid}/pin/", response={201: PinMade}, operation_id="give_pin", summary="Give a one-time PIN")
def new_pin(request: HttpRequest, uid: UUID) -> HttpResponse:
    """For the person's number, to be handed over; they choose their own at a kiosk. The administrator's to give."""
    found = _somebody(uid)
    return answer({"number": found.badge or "", "pin": give_pin(found, actor=access(request))}, 201)


@router.delete("/people/{uuid:uid}/pin/", response={204: None}, operation_id="take_pin", summary="Take a PIN away")
def no_pin(request: HttpRequest, uid: UUID) -> HttpResponse:
    take_pin(_somebody(uid), actor=access(request))
    return HttpResponse(status=204)


def _somebody(uid: UUID) -> Person:
    found = Person.objects.exclude(employment=Person.Employment.SYSTEM).filter(uid=uid).first()
    if found is None:
        raise Missing(_("There is no such person."))
    return found


def _one(model: Any, text: str) -> Any:
    try:
        return model.objects.filter(uid=UUID(text)).first()
    except ValueError:
        return None


def _place(row: Place, with_address: bool) -> dict[str, Any]:
    """`named` gives a reference; the address only to whoever looks after the place."""
    address = {"url": settings.BASE_URL + reverse("at", args=[row.code])} if with_address else {}
    return {"uid": str(row.uid), "name": row.name, "unit": named(row.unit)} | address
