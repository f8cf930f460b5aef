"""What every answer carries, who is asking, and how a refusal reaches the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import LazyObject, SimpleLazyObject
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.guests import closed
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import NotAllowed, Refused

Handler = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; media-src 'self'; object-src 'self'; frame-src 'self'"
)


OPEN_TO_ALL = ("/account/", "/api/", "/feeds/", "/be/")
"""What has a door of its own, and the way out."""
SENT_BY_GUESTS = ("words", "read", "present", "own_requests", "own_sample", "room_requests", "room_sample", "verify_now", "markdown")
SAFE = ("GET", "HEAD", "OPTIONS")
PERSONAL = ("/account/", "/slip/", "/mailed/")
"""Pages that are somebody's own although nobody is signed in."""


def headers(get_response: Handler) -> Handler:
    """A strict Content-Security-Policy, and pages with records are never kept by a cache between us and the reader."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(), microphone=(), payment=(), usb=()")
        if request.user.is_authenticated or request.path.startswith(PERSONAL):
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def access(get_response: Handler) -> Handler:
    """`request.access`: the signed-in person's grants, resolved once and only when asked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.access = SimpleLazyObject(lambda: _access(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def access_for(request: HttpRequest) -> Access:
    """The same without the lazy object around it, for pages that ask it hundreds of times. Somebody must be signed in."""
    access: Access = _unwrapped(request.access)  # type: ignore[attr-defined]
    return access


def _access(request: HttpRequest) -> Access | None:
    return access_of(_unwrapped(request.user)) if request.user.is_authenticated else None


def _unwrapped(lazy: Any) -> Any:
    if isinstance(lazy, LazyObject):
        lazy.__class__  # noqa: B018  asking anything sets it up
        return lazy._wrapped
    return lazy


class door:  # noqa: N801  read as a middleware name in the settings
    """Outside the days of their invitation a guest sees one sentence on every page, and nothing else. The API has the same door of its own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Who may come in, and what a guest may send."""
        if not request.user.is_authenticated or request.path.startswith(OPEN_TO_ALL):
            return None
        if request.user.employment != Person.Employment.EXTERNAL_AUDITOR:
            return None
        if sentence := closed(access_for(request)):
            return render(request, "linchpin/room/closed.html", {"sentence": sentence}, status=403)
        if request.method not in SAFE and not _guests_may_send(request):
            refused = NotAllowed(_("You are a guest and read here. What you miss, ask for under “My requests”."))
            return render(request, "linchpin/refused.html", {"refused": refused, "title": refused.title}, status=refused.status)
        return None


def _guests_may_send(request: HttpRequest) -> bool:
    """The forms of the room and of oneself. Of a record's own the policy judges, so that what is hidden answers as what is not there."""
    match = request.resolver_match
    return bool(match and (match.url_name in SENT_BY_GUESTS or {"key", "number"} <= match.kwargs.keys()))


class refusals:  # noqa: N801  read as a middleware name in the settings
    """A refusal that no page caught becomes a page (or a fragment) that says why."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        context: dict[str, Any] = {"refused": exception, "title": exception.title}
        return render(request, "linchpin/refused.html", context, status=exception.status)
