"""The pages of a kiosk: its start, the sign-in by number and PIN, the choice of one's own PIN, and being forgotten."""

from __future__ import annotations

from typing import Any

from allauth.core.ratelimit import consume
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.commands.pin_tries import Door
from linchpin.kernel.commands.pins import person_by_pin, set_own_pin
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.web.accounts import proves
from linchpin.surfaces.web.kiosk import AT, at_a_kiosk, forget
from linchpin.surfaces.web.signing_in import client_ip

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
@never_cache
def kiosk(request: HttpRequest) -> HttpResponse:
    """Report, To do, Look up: for whoever comes next. Whoever was here before is forgotten, and so is their language."""
    if not at_a_kiosk(request):
        raise Http404
    if request.user.is_authenticated:
        forget(request)
    tongue = request.GET.get("lang", "")
    chosen = tongue if tongue in dict(settings.LANGUAGES) else ""
    if chosen:
        translation.activate(chosen)
    answer = render(request, "linchpin/kiosk.html", {"tongues": settings.LANGUAGES, "LANGUAGE_CODE": translation.get_language(), "kiosk_reset": bool(chosen)})
    if chosen:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    else:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return answer


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("pin")
def sign_in(request: HttpRequest) -> HttpResponse:
    """By number and PIN, on a kiosk alone."""
    if not at_a_kiosk(request):
        raise Http404
    onward = _own(request, request.POST.get("next") or request.GET.get("next", ""))
    if request.method == "GET":
        return render(request, "linchpin/kiosk_in.html", {"next": onward})
    try:
        person, must_change = by_pin(request)
    except Refused as refused:
        return render(request, "linchpin/kiosk_in.html", {"next": onward, "faults": refused.by_field()}, status=refused.status)
    if must_change:
        return render(request, "linchpin/pin.html", {"number": person.badge, "first": True})
    login(request, person, backend=BACKEND)
    request.session[AT] = str(request.kiosk.uid)  # type: ignore[attr-defined]
    return redirect(onward)


def by_pin(request: HttpRequest) -> tuple[Person, bool]:
    """Whose number and PIN the form holds. Not sixty times a minute from one kiosk or address. Raises Refused."""
    kiosk = getattr(request, "kiosk", None)
    if not (consume(request, action="pin_kiosk", key=str(kiosk.uid)) if kiosk else consume(request, action="pin")):
        raise Refused(never(_("Too many tries: wait a minute, then try again."), "pin"))
    door = Door(str(kiosk.uid), is_kiosk=True) if kiosk else Door(client_ip(request))
    return person_by_pin(request.POST.get("number", ""), request.POST.get("pin", ""), door)


@require_POST
@never_cache
def done(request: HttpRequest) -> HttpResponse:
    """“Done”, or a minute without a touch."""
    if at_a_kiosk(request) and request.user.is_authenticated:
        forget(request)
    return redirect("kiosk" if at_a_kiosk(request) else "start")


@require_POST
@never_cache
def touch(request: HttpRequest) -> HttpResponse:
    """Somebody is still typing; the note of it was made on the way here."""
    return HttpResponse(status=204 if request.user.is_authenticated else 403)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters("pin", "password", "new", "again")
def pin(request: HttpRequest) -> HttpResponse:
    """Choose one's own PIN: by the one that is given now, or signed in with a password, by that. Raises nothing: it says what is wrong."""
    context: dict[str, Any] = {"number": request.POST.get("number") or getattr(request.user, "badge", "") or "", "by_password": _by_password(request)}
    if request.method == "GET":
        return render(request, "linchpin/pin.html", context)
    try:
        person = _who(request)
        if request.POST.get("new", "") != request.POST.get("again", ""):
            raise Refused(never(_("The two do not match: type the new PIN twice."), "again"))
        set_own_pin(person, request.POST.get("new", "").strip(), actor=access_of(person))
    except Refused as refused:
        return render(request, "linchpin/pin.html", context | {"faults": refused.by_field()}, status=refused.status)
    messages.success(request, _("Your PIN is changed."))
    return redirect("kiosk_in" if at_a_kiosk(request) else "account" if request.user.is_authenticated else "start")


def _by_password(request: HttpRequest) -> bool:
    return request.user.is_authenticated and not at_a_kiosk(request) and request.user.has_usable_password()


def _who(request: HttpRequest) -> Person:
    """Whoever proves to be them. Raises Refused."""
    if not _by_password(request):
        return by_pin(request)[0]
    if not proves(request, request.POST.get("password", "")):
        raise Refused(never(_("That is not your password: try again."), "password"))
    person: Any = request.user
    return Person.objects.get(pk=person.pk)


def _own(request: HttpRequest, url: str) -> str:
    return url if url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()}) else "/todo/"
