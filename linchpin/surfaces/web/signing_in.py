"""Around the sign-in: who asks, when to try again, the way back to a form, and a stamp that grew old."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.usersessions.models import UserSession
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

Handler = Callable[[HttpRequest], HttpResponse]
SEEN_EVERY = 300.0
"""Seconds between two notes that a session was used: reading pages does not write, but for this one row now and then."""
MOST_NOTED = 10_000


def client_ip(request: HttpRequest) -> str:
    """The address that asks. A forwarded one counts only where the installation says that a proxy stands before it."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "") or "::"


def who_tries(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The e-mail that wrong passwords are counted under."""
    given = (credentials or {}).get("email") or (credentials or {}).get("login") or request.POST.get("login", "")
    return str(given).strip().lower()[:254]


def locked_out(request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """After too many wrong passwords: a page that says when to try again."""
    tries = AccessAttempt.objects.filter(username=who_tries(request, credentials), ip_address=client_ip(request))
    last = tries.order_by("-attempt_time").values_list("attempt_time", flat=True).first() or timezone.now()
    wait = get_cool_off(request) or timedelta(minutes=15)
    answer = render(request, "account/locked_out.html", {"again": last + wait + timedelta(minutes=1)}, status=429)
    answer["Retry-After"] = str(max(1, int((last + wait - timezone.now()).total_seconds())))
    return answer


def back_to_the_form(get_response: Handler) -> Handler:
    """When a session ended in mid-form, the sign-in leads back to the page with the form, not to the address it was posted to."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 302 or not response["Location"].startswith(f"{settings.LOGIN_URL}?next="):
            return response
        fragment = bool(getattr(request, "htmx", False))
        if fragment or request.method not in ("GET", "HEAD"):
            page = _own_page(request, request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
            response["Location"] = f"{settings.LOGIN_URL}?{urlencode({'next': page})}"
        if fragment:
            response.status_code = 200
            response["HX-Redirect"] = response["Location"]
            del response["Location"]
        return response

    return middleware


def _own_page(request: HttpRequest, url: str) -> str:
    """Path and query of a page of ours; the first page when the address is foreign or missing."""
    parts = urlsplit(url)
    if parts.netloc != request.get_host() or not parts.path.startswith("/") or parts.path.startswith("//"):
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def noting_use(get_response: Handler) -> Handler:
    """Note, at most once in five minutes per process, that a session was used: the list of sessions shows it."""
    noted: dict[str, float] = {}

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        key = request.session.session_key
        if key and request.user.is_authenticated and time.monotonic() - noted.get(key, -SEEN_EVERY) >= SEEN_EVERY:
            if len(noted) >= MOST_NOTED:
                noted.clear()
            noted[key] = time.monotonic()
            now = timezone.now()
            UserSession.objects.filter(session_key=key, last_seen_at__lt=now - timedelta(seconds=SEEN_EVERY)).update(last_seen_at=now)
        return response

    return middleware


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open for so long that its stamp no longer fits: what was typed is given back, to be sent again."""
    own = request.headers.get("Origin", "") == f"{request.scheme}://{request.get_host()}"
    pairs = [(name, value) for name, values in request.POST.lists() for value in values] if own else []
    context = {
        "typed": [(name, value) for name, value in pairs if value and name != "csrfmiddlewaretoken" and "password" not in name],
        "again": own and not request.FILES and not any("password" in name for name, _value in pairs),
        "address": request.get_full_path(),
    }
    return render(request, "403_csrf.html", context, status=403)
