"""Places with their QR codes, and kiosks: which there are, under settings; and the address behind a code."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.commands.organizing import ADMINISTERING, IN_THEIR_NAME
from linchpin.kernel.commands.placing import PLACING, add_place, close_place, end_kiosk, make_kiosk, renew_place
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Kiosk, Place, Unit
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused
from linchpin.surfaces.web.kiosk import keep_secret

MOST_AT_ONCE = 100


@login_required
@require_http_methods(["GET", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """Every place that one looks after, by unit; new ones are typed one a line."""
    access = _placing(request)
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            return _add(request, access)
        except NotAllowed:
            raise
        except Refused as refused:
            faults = refused.by_field()
    context = {"rows": list(standing(access)), "units": _units(access), "faults": faults, "typed": request.POST}
    return render(request, "linchpin/places.html", context, status=422 if faults else 200)


def _add(request: HttpRequest, access: Access) -> HttpResponse:
    unit = get_object_or_404(Unit, pk=request.POST.get("unit") or 0)
    names = [line.strip() for line in request.POST.get("name", "").splitlines() if line.strip()] or [""]
    with command():
        for name in names[:MOST_AT_ONCE]:
            add_place(name, unit, actor=access)
    messages.success(request, _("The places are there: print their codes."))
    return redirect("places")


@login_required
@require_POST
def place(request: HttpRequest, uid: Any, what: str) -> HttpResponse:
    """A new address for a place, or its end."""
    access = _placing(request)
    found = standing(access).filter(uid=uid).first()
    if found is None or what not in ("renew", "close"):
        raise Missing(_("There is no such place."))
    if what == "renew":
        renew_place(found, actor=access)
        messages.success(request, _("“%s” has a new code: print it and take the old one down.") % found.name)
    else:
        close_place(found, actor=access)
        messages.success(request, _("“%s” is a place no more.") % found.name)
    return redirect("places")


@login_required
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """The codes, six to a page, to be cut out and put up: all of them, those of one unit, or one."""
    rows = standing(_placing(request))
    if unit := request.GET.get("unit"):
        rows = rows.filter(unit_id=int(unit) if unit.isdecimal() else 0)
    if one := request.GET.get("place"):
        rows = rows.filter(pk=int(one) if one.isdecimal() else 0)
    return render(request, "linchpin/place_sheet.html", {"codes": [(row, code_of(row)) for row in rows]})


def standing(access: Access) -> Any:
    """The places that somebody looks after and that were not closed."""
    rows = Place.objects.filter(closed_at=None).select_related("unit").order_by("unit__path", "name")
    units = None if access.has(*ADMINISTERING) else access.units(PLACING)
    return rows if units is None else rows.filter(unit_id__in=units)


def code_of(place: Place) -> SafeString:
    """The QR code of a place's address as a drawing; it can still be read with a quarter of it dirty."""
    drawn = io.BytesIO()
    code = segno.make(f"{settings.BASE_URL}{reverse('at', args=[place.code])}", error="q", micro=False)
    code.save(drawn, kind="svg", xmldecl=False, svgclass="place-code", omitsize=True, border=2)
    return SafeString(drawn.getvalue().decode())


@require_safe
def at(request: HttpRequest, code: str) -> HttpResponse:
    """Behind a code on a wall: Report, with the place filled in."""
    found = Place.objects.filter(code=code, closed_at=None).first()
    if found is None:
        raise Missing(_("This code is no longer in use. You can report all the same: name the place yourself."))
    from linchpin.surfaces.web.reporting import report_at

    return report_at(request, found)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def kiosks(request: HttpRequest) -> HttpResponse:
    """Which devices are kiosks; making one of the device in hand signs out here."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*ADMINISTERING):
        raise NotAllowed(_("Kiosks are for the administrator and the quality manager."))
    faults: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            return _make(request, access)
        except NotAllowed:
            raise
        except Refused as refused:
            faults = refused.by_field()
    rows = Kiosk.objects.select_related("unit", "place", "made_by").order_by("revoked_at", "-created_at")
    context = {
        "here": [k for k in rows if k.revoked_at is None], "ended": [k for k in rows if k.revoked_at is not None][:20], "faults": faults,
        "typed": request.POST, "places": Place.objects.filter(closed_at=None).select_related("unit").order_by("unit__path", "name"),
        "units": Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path"), "may_make": access.has(*IN_THEIR_NAME),
    }  # fmt: skip
    return render(request, "linchpin/kiosks.html", context, status=422 if faults else 200)


def _make(request: HttpRequest, access: Access) -> HttpResponse:
    where = request.POST.get("where", "")
    kind, _dot, pk = where.partition("-")
    place = Place.objects.filter(pk=pk, closed_at=None).select_related("unit").first() if kind == "place" and pk.isdecimal() else None
    unit = place.unit if place else get_object_or_404(Unit, pk=pk if pk.isdecimal() else 0)
    _kiosk, secret = make_kiosk(request.POST.get("name", ""), unit, actor=access, place=place)
    logout(request)
    answer = redirect("kiosk")
    keep_secret(answer, secret)
    return answer


@login_required
@require_POST
def end(request: HttpRequest, uid: Any) -> HttpResponse:
    """The device is a kiosk no more, wherever it stands."""
    found = get_object_or_404(Kiosk, uid=uid)
    end_kiosk(found, actor=request.access)  # type: ignore[attr-defined]
    messages.success(request, _("“%s” is a kiosk no more.") % found.name)
    return redirect("kiosks")


def _placing(request: HttpRequest) -> Access:
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*PLACING):
        raise NotAllowed(_("Places are added by who leads the unit, the administrator and the quality manager."))
    return access


def _units(access: Access) -> Any:
    rows = Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path")
    units = None if access.has(*ADMINISTERING) else access.units(PLACING)
    return rows if units is None else rows.filter(pk__in=units)
