"""In a demonstration beside a house: nobody is let in whom the house did not send, and its cookies are apart from the house's.

Browsers keep cookies by host, not by port: without a mark of their own, signing in here would sign out there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.template.loader import render_to_string

from linchpin.demonstration.beside import KEY, PASS_LASTS, SALT, TICKET_LASTS, admitted
from linchpin.surfaces.web.middleware import POLICY

Handler = Callable[[HttpRequest], HttpResponse]
OURS, PASS, SHARED = "demonstration_", "pass", ("theme",)
DOOR = "/come-in/"


def apart(get_response: Handler) -> Handler:
    """Read and write only cookies of our own; before the door, show where to come in."""

    def middleware(request: HttpRequest) -> HttpResponse:
        cookies = request.COOKIES
        request.COOKIES = {n.removeprefix(OURS): v for n, v in cookies.items() if n.startswith(OURS) or n in SHARED}
        if request.path == DOOR:
            response = _come_in(request)
        elif told := admitted(settings.HOME, request.COOKIES.get(PASS, ""), PASS_LASTS):
            request.beside = told  # type: ignore[attr-defined]
            response = get_response(request)
        else:
            response = _closed()
        _mark(response)
        return response

    return middleware


def _come_in(request: HttpRequest) -> HttpResponse:
    """A ticket is good for a minute and for one browser; it becomes a pass for half a day."""
    if request.method == "HEAD":
        return HttpResponse(status=204)  # so does `linchpin up` see that somebody answers
    told = admitted(settings.HOME, request.GET.get("ticket", ""), TICKET_LASTS)
    if told is None or not cache.add(f"ticket-{told['once']}", 1, TICKET_LASTS * 2):
        return _closed()
    response = HttpResponseRedirect("/")
    kept: dict[str, Any] = {"max_age": PASS_LASTS, "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
    response.set_cookie(PASS, signing.dumps(told, key=(settings.HOME / KEY).read_text(), salt=SALT), **kept)
    return response


def _closed() -> HttpResponse:
    page = render_to_string("linchpin/beside_closed.html", {"house": settings.HOUSE})
    return HttpResponse(page, status=403, headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store"})


def _mark(response: HttpResponse) -> None:
    for name in [name for name in response.cookies if name not in SHARED]:
        morsel = response.cookies.pop(name)
        morsel.set(OURS + name, morsel.value, morsel.coded_value)
        response.cookies[OURS + name] = morsel
