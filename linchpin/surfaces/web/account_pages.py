"""“Your account”: password, second step, places where one is signed in, and keys for machines, on one page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.decorators import login_not_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from linchpin.kernel.commands.organizing import issue_token, revoke_token, set_own
from linchpin.kernel.people.models import ApiToken, Person, Pin, Unit
from linchpin.kernel.records.refusals import Missing, Refused

log = logging.getLogger("linchpin.accounts")
DAYS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Place:
    """A browser in which one is signed in."""

    pk: int
    browser: str
    ip: str
    since: Any
    seen: Any
    here: bool


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    return render(request, "account/account.html", account_context(request))


def account_context(request: HttpRequest, **more: Any) -> dict[str, Any]:
    """What the page shows: second steps by kind, places, and tokens that still work."""
    person: Any = request.user
    kept = [a.wrap() for a in Authenticator.objects.filter(user=person).order_by("created_at")]
    codes = next((k for k in kept if k.instance.type == Authenticator.Type.RECOVERY_CODES), None)
    return {
        "totp": next((k.instance for k in kept if k.instance.type == Authenticator.Type.TOTP), None),
        "passkeys": [k for k in kept if k.instance.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.get_unused_codes()) if codes else 0,
        "has_codes": codes is not None,
        "places": places_of(request),
        "tokens": tokens_of(person),
        "calendars": [token for token in holding(person) if "feed" in token.scopes],
        "units": Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path"),
        "token_days": DAYS,
        "has_pin": Pin.objects.filter(person=person).exists(),
        "languages": settings.LANGUAGES,
        **more,
    }


def places_of(request: HttpRequest) -> list[Place]:
    """Where the person is signed in, the newest use first. Sessions that ended by themselves are left out."""
    rows = UserSession.objects.filter(user=request.user).order_by("-last_seen_at")
    here = request.session.session_key
    return [Place(r.pk, browser_of(r.user_agent), r.ip, r.created_at, r.last_seen_at, r.session_key == here) for r in rows if r.exists()]


def browser_of(agent: str) -> str:
    """A browser's long name for itself, in two words: `Firefox, Linux`."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    browser = next((name for sign, name in browsers if sign in agent), _("a browser"))
    system = next((name for sign, name in systems if sign in agent), "")
    return f"{browser}, {system}" if system else browser


def tokens_of(person: Person) -> list[ApiToken]:
    """Keys for machines that work; addresses of calendars are none."""
    return [token for token in holding(person) if "feed" not in token.scopes]


def holding(person: Person) -> list[ApiToken]:
    return list(ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=timezone.now()).order_by("name", "pk"))


@login_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Which language pages speak to this person, wherever they sign in."""
    person: Any = request.user
    set_own(person, language=request.POST.get("language", ""), actor=request.access)  # type: ignore[attr-defined]
    messages.success(request, _("Saved."))
    return redirect("account")


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one of one's own places, this one too."""
    row = get_object_or_404(UserSession, pk=pk, user=request.user)
    end_sessions(request, [row])
    messages.success(request, _("Signed out there."))
    return redirect("account")


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    end_sessions(request, list(others))
    messages.success(request, _("You are signed in here only."))
    return redirect("account")


@login_required
@require_POST
@never_cache
def new_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a key for machines, for oneself or (administrators) for somebody else; its secret is on this page and never again."""
    person = get_object_or_404(Person, pk=pk)
    days = request.POST.get("days", "")
    scopes = ["read", "write"] if request.POST.get("may_write") else ["read"]
    given: dict[str, Any] = {"name": request.POST.get("name", ""), "scopes": scopes, "days": int(days) if days.isdecimal() else 0}
    own = person.pk == request.user.pk
    try:
        token, secret = issue_token(person, actor=request.access, **given)  # type: ignore[attr-defined]
    except Refused as refused:
        if not own:
            raise
        return render(request, "account/account.html", account_context(request, token_errors=refused.by_field()), status=refused.status)
    return render(request, "account/token.html", {"token": token, "secret": secret, "subject": person, "own": own})


@login_required
@require_POST
def end_token(request: HttpRequest, pk: int) -> HttpResponse:
    """End a key for machines at once."""
    token = get_object_or_404(ApiToken, pk=pk)
    access = request.access  # type: ignore[attr-defined]
    if token.person_id != access.person.pk and not access.has("administrator", "quality_manager"):
        raise Missing(_("There is no such key."))
    revoke_token(token, actor=access)
    messages.success(request, _("“%s” does not work any more.") % token.name)
    return redirect("account") if token.person_id == access.person.pk else redirect("person", pk=token.person_id)


@login_not_required
def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the organization's own sign-in; when it does not answer, say so on ours."""
    from allauth.socialaccount.providers.openid_connect.views import login  # only where there is one
    from requests import RequestException

    try:
        return login(request, provider_id)
    except RequestException:
        log.exception("The single sign-on %s does not answer", provider_id)
        messages.error(request, _("The single sign-on does not answer now: sign in with e-mail and password, or try again later."))
        return redirect("account_login")


@login_not_required
def closed(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    """Addresses of the sign-in library that this house does not open: accounts and e-mails are the administrator's to give."""
    raise Http404(_("Accounts are given by the administrator."))
