"""Who is asking: the bearer of a token, or somebody who is signed in in the browser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.cache.backends.locmem import LocMemCache
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer
from ninja.throttling import SimpleRateThrottle
from ninja.utils import check_csrf

from linchpin.kernel.commands.organizing import digest_of
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.guests import closed
from linchpin.kernel.people.models import ApiToken, Person
from linchpin.kernel.records.refusals import NotAllowed

SAFE = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True)
class Caller:
    """The person asking, with their access; with a token, also what the token is good for."""

    access: Access
    token: ApiToken | None = None


def access(request: HttpRequest) -> Access:
    """The access of whoever asks."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller.access


def token_of(secret: str, scope: str) -> ApiToken | None:
    """The token behind the secret, if it still holds and has the scope. One query, with person and unit."""
    found = ApiToken.objects.select_related("person__unit").filter(digest=digest_of(secret)).first()
    if found is None or found.revoked_at is not None or found.expires_at <= clock.now() or not _may_ask(found.person):
        return None
    return found if scope in found.scopes else None


def _may_ask(person: Person) -> bool:
    """People without an account may have a token (a time clock has no password); locked ones and those who left may not."""
    return person.account != Person.Account.LOCKED and person.state != Person.State.LEFT and not person.is_system


def let_in(asking: Access) -> Access:
    """The same access, unless it is a guest's outside the days of their invitation. Raises NotAllowed."""
    if sentence := closed(asking):
        raise NotAllowed(sentence)
    return asking


class Bearer(HttpBearer):
    """A personal or service token: `Authorization: Bearer lp_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        scope = "read" if request.method in SAFE else "write"
        found = token_of(token, scope)
        if found is not None:
            return Caller(let_in(access_of(found.person)), found)
        if any(token_of(token, other) for other in ("read", "write")):
            raise NotAllowed(_("This token lacks the scope “%s”: make one that has it.") % scope)
        return None


class Session(APIKeyCookie):
    """The session of a signed-in browser; whatever writes needs the CSRF token too."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Caller | None:
        if not request.user.is_authenticated:
            return None
        if request.method not in SAFE and check_csrf(request):
            raise HttpError(403, _("The CSRF token is missing or wrong: send it as X-CSRFToken."))
        person: Any = request.user
        return Caller(let_in(access_of(person)))

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        return self(request)


class PerCaller(SimpleRateThrottle):
    """So many requests per token (or signed-in person), counted in this process's memory: with two web processes, twice as many."""

    scope = "caller"
    cache = LocMemCache("api-rate", {})

    def __init__(self) -> None:
        super().__init__(settings.API_RATE)

    def get_cache_key(self, request: HttpRequest) -> str | None:
        caller: Caller | None = getattr(request, "auth", None)
        if caller is None:
            return None
        return f"api-token-{caller.token.pk}" if caller.token else f"api-person-{caller.access.person.pk}"


def scopes_of(token: ApiToken | None) -> Iterable[str]:
    """What the caller may use: a session may do what its person may."""
    return token.scopes if token else ("read", "write")
