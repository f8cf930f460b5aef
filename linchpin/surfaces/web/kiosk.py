"""A kiosk: one device, many people. It knows nobody at first, lets people do the everyday by number and PIN, and forgets them."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import digest_of
from linchpin.kernel.people.models import Kiosk
from linchpin.kernel.records.refusals import NotAllowed

Handler = Callable[[HttpRequest], HttpResponse]
COOKIE, SALT = "kiosk", "linchpin.kiosk"
LASTS = 400 * 24 * 3600
FORGETS_AFTER = 60
"""Seconds without a touch after which a kiosk forgets who stood at it."""
LATE = 10
"""Seconds that the server allows a touch to arrive late; the page itself forgets on time."""
NOTED_EVERY = 5
"""Seconds between two notes of a touch."""
TOUCHED, AT = "kiosk_touched", "kiosk_at"
EVERYDAY = frozenset({
    "start", "todo", "read", "mine", "search", "report", "at", "slip", "words", "register", "record", "compare", "move", "comment", "attach", "download",
    "answers", "kiosk", "kiosk_in", "kiosk_done", "kiosk_touch", "pin", "account_logout", "report_alive", "report_offline", "report_worker",
})  # fmt: skip
"""Names of the addresses that are open to somebody at a kiosk: report, to do, look up, mine, and what they lead to."""


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """The kiosk that this device is, by the signed secret in its browser; None where there is none or it was ended."""
    if COOKIE not in request.COOKIES:
        return None
    try:
        secret = request.get_signed_cookie(COOKIE, salt=SALT, max_age=LASTS)
    except BadSignature:
        return None
    return Kiosk.objects.select_related("place", "unit").filter(digest=digest_of(str(secret)), revoked_at=None).first()


def keep_secret(response: HttpResponse, secret: str) -> None:
    """Make the device of this answer known by its secret."""
    kept: dict[str, Any] = {"max_age": LASTS, "secure": settings.SESSION_COOKIE_SECURE, "httponly": True, "samesite": "Lax"}
    response.set_signed_cookie(COOKIE, secret, salt=SALT, **kept)


def forget(request: HttpRequest) -> None:
    """Nobody is here any more: the session goes, and the note of it too, so that nothing tells who stood here when."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)


class forgetting:  # noqa: N801  read as a middleware name in the settings
    """`request.kiosk`; on a kiosk people are forgotten, and may do the everyday only."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        kiosk = kiosk_of(request)
        request.kiosk = kiosk  # type: ignore[attr-defined]
        if (AT in request.session or kiosk is not None) and request.user.is_authenticated and not _still_here(request, kiosk):
            forget(request)
            if kiosk is not None:
                return redirect("kiosk")
        response = self.get_response(request)
        if kiosk is not None:
            response.headers["Cache-Control"] = "private, no-store"
            if response.status_code == 302 and response["Location"].startswith(f"{settings.LOGIN_URL}?next="):
                response["Location"] = response["Location"].replace(settings.LOGIN_URL, "/kiosk/in/", 1)
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if getattr(request, "kiosk", None) is None or not request.user.is_authenticated:
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if name in EVERYDAY and not request.path.startswith("/api/"):
            return None
        refused = NotAllowed(_(
            "At a kiosk you report, confirm what you have read, do what is yours, and look things up. "
            "For everything else sign in at a computer with your password."
        ))  # fmt: skip
        return render(request, "linchpin/refused.html", {"refused": refused, "title": refused.title}, status=refused.status)


def _still_here(request: HttpRequest, kiosk: Kiosk | None) -> bool:
    """Whether whoever is signed in touched this kiosk within the time. A session that began at a kiosk is good at that kiosk alone."""
    session, now = request.session, time.time()
    began_at = session.get(AT)
    if kiosk is None or (began_at is not None and began_at != str(kiosk.uid)):
        return False
    touched = session.get(TOUCHED)
    if touched is not None and now - touched > FORGETS_AFTER + LATE:
        return False
    if touched is None or now - touched >= NOTED_EVERY:
        session[TOUCHED], session[AT] = now, str(kiosk.uid)
    return True


def at_a_kiosk(request: HttpRequest) -> bool:
    return getattr(request, "kiosk", None) is not None
