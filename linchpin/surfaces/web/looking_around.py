"""The first door of the first hour: a demonstration that stands beside the house, asked for, gone into and thrown away from here."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.demonstration.beside import Beside, Standing, beside
from linchpin.demonstration.packs import PACKS
from linchpin.kernel.people.models import Organization, Role
from linchpin.kernel.records.refusals import NotAllowed, Refused, never

SETTING_UP = (Role.ADMINISTRATOR, Role.QUALITY_MANAGER)


@require_http_methods(["GET", "HEAD", "POST"])
def look_around(request: HttpRequest) -> HttpResponse:
    """How it stands; sent, it is loaded or opened again. Asked for JSON, only how far it is."""
    if elsewhere := _not_for(request):
        return elsewhere
    place = beside(settings.HOME)
    if request.method == "POST":
        _ask(request, place)
        return redirect("look_around")
    if request.headers.get("Accept") == "application/json":
        standing = place.standing
        going_on = standing in (Standing.LOADING, Standing.GOING)
        following = reverse("look_around_in") if standing == Standing.OPEN else ""
        return JsonResponse({"percent": min(place.percent, 99), "saying": "", "ended": not going_on, "next": following})
    page = "look_around" if request.user.is_authenticated else "look_around_first"
    return render(request, f"linchpin/{page}.html", context_of(request))


def context_of(request: HttpRequest) -> dict[str, Any]:
    """What the doors and the page of the demonstration say about it."""
    place = beside(settings.HOME)
    standing = place.standing
    return {
        "standing": standing.name.lower(),
        "possible": _hindrance(request) == "",
        "hindrance": _hindrance(request),
        "percent": min(place.percent, 99),
        "packs": PACKS.values(),
        "address": _address(request, place) if standing == Standing.OPEN else "",
        "watched": standing in (Standing.LOADING, Standing.GOING),
    }


@require_safe
def go_in(request: HttpRequest) -> HttpResponse:
    """On to the demonstration, with a ticket that only this house can write. A link, because a form may not lead to another origin."""
    if elsewhere := _not_for(request):
        return elsewhere
    place = beside(settings.HOME)
    if place.standing != Standing.OPEN or _hindrance(request):
        return redirect("look_around")
    organization = Organization.objects.first()
    ticket = place.ticket(house=f"{request.scheme}://{request.get_host()}", name=organization.name if organization else "")
    response = redirect(f"{_address(request, place)}/come-in/?{urlencode({'ticket': ticket})}")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def throw_away(request: HttpRequest) -> HttpResponse:
    """End and delete it, wholly."""
    if elsewhere := _not_for(request):
        return elsewhere
    place = beside(settings.HOME)
    place.throw_away() if settings.SUPERVISED else place.remove()
    if request.user.is_authenticated:
        messages.success(request, _("The demonstration goes, with everything that was tried out in it. Nothing of it was ever in this house."))
    return redirect("look_around")


def _ask(request: HttpRequest, place: Beside) -> None:
    if hindrance := _hindrance(request):
        raise Refused(never(hindrance))
    if place.standing in (Standing.NOT_HERE, Standing.ASLEEP, Standing.FAILED):
        pack = request.POST.get("pack", "")
        place.ask(pack if pack in PACKS else next(iter(PACKS)))


def _not_for(request: HttpRequest) -> HttpResponse | None:
    """Before anybody founded the house it is for whoever stands before it; afterwards for who sets it up. A demonstration has none beside it."""
    organization = Organization.objects.first()
    if not demonstration_is_offered():
        raise Http404
    if organization is None:
        return None
    if not request.user.is_authenticated:
        return redirect_to_login(request.path)
    if not request.access.has(*SETTING_UP):  # type: ignore[attr-defined]
        raise NotAllowed(_("A demonstration beside this house is opened by its administrator or quality manager."))
    return None


def demonstration_is_offered() -> bool:
    """Not inside a demonstration, and not where whoever runs the house does not want it."""
    return settings.DEMONSTRATION and not settings.HOUSE and not Organization.objects.filter(is_demo=True).exists()


def _hindrance(request: HttpRequest) -> str:
    """Why none can be opened from here; nothing where one can."""
    if not settings.SUPERVISED:
        return _("This house is not kept alive by “linchpin up”, so nobody is there to start a second one.")
    if settings.SECURE_PROXY_SSL_HEADER and not settings.DEMONSTRATION_URL:
        return _("This house stands behind a proxy: a demonstration needs an address of its own there, named in LINCHPIN_DEMONSTRATION_URL.")
    return ""


def _address(request: HttpRequest, place: Beside) -> str:
    """The same host with the demonstration's port, unless it was given an address of its own."""
    host = urlsplit(f"//{request.get_host()}").hostname or "localhost"
    return settings.DEMONSTRATION_URL or f"http://{f'[{host}]' if ':' in host else host}:{place.port}"
