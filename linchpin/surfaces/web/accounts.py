"""How sign-in meets our people: accounts are given by an administrator, and passwords are changed by a command."""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
import time
from smtplib import SMTPException
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linchpin.kernel.commands.organizing import set_own
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Organization, Person
from linchpin.surfaces.web.signing_in import client_ip

log = logging.getLogger("linchpin.accounts")
STRONG = ("webauthn", "totp")


class ResetTokens(PasswordResetTokenGenerator):
    """Links that set a password. They die when the password, the e-mail or the state of the account changes."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{user.account}{user.state}"


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; a new password is an event of the person."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail and password do not match: check both, then try again."),
        "incorrect_password": gettext_lazy("That is not your password: try again."),
        "enter_current_password": gettext_lazy("That is not your password now: try again."),
        "invalid_password_reset": gettext_lazy("This link was used already or is too old: ask for a new one."),
        "too_many_login_attempts": gettext_lazy("Too many tries: wait a quarter of an hour, then try again."),
        "rate_limited": gettext_lazy("Too many tries: wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        set_own(user, password=password, actor=access_of(user))
        user.refresh_from_db()

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url and url.startswith("/") and not url.startswith("//") and super().is_safe_url(url))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down must not tell a stranger who has an account: it is noted, the answer stays the same."""
        try:
            super().send_mail(template_prefix, email, context | {"organization": Organization.objects.first()})
        except (OSError, SMTPException):
            log.exception("The mail %s could not be sent", template_prefix)


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens the account of the person with that verified e-mail; it makes none and keeps no second link."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        person = Person.objects.filter(email__in=verified).exclude(employment=Person.Employment.SYSTEM).first() if verified else None
        if person is None or not person.is_active:
            messages.error(request, _("Nobody here has this e-mail: ask the administrator for an account."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.user = person


class SecondStepAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes lie encrypted in the database; passkeys carry the house's name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("That code or passkey does not fit: try again with a new one."),
    }

    @cached_property
    def _cipher(self) -> Fernet:
        digest = hashlib.sha256(b"second step\0" + settings.SECRET_KEY.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(digest))

    def encrypt(self, text: str) -> str:
        return self._cipher.encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret; where the installation's key was changed, one that no code can fit."""
        try:
            return self._cipher.decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("A second step was kept under another key: let the person set it up again.")
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def _get_site_name(self) -> str:
        organization = Organization.objects.first()
        return f"Linchpin, {organization.name}" if organization else "Linchpin"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        count = user.authenticator_set.filter(type=type).count()
        return _("Passkey %s") % (count + 1)


def lately_proved(request: HttpRequest) -> bool:
    """Whether the person proved who they are with a passkey or an authenticator code within the last minutes."""
    records = get_authentication_records(request, request.user)
    strong = [r["at"] for r in records if r.get("reauthenticated") and r.get("method") == "mfa" and r.get("type") in STRONG]
    return bool(strong) and time.time() - max(strong) < account_settings.REAUTHENTICATION_TIMEOUT


def knows_password(request: HttpRequest, email: str, password: str) -> Person | None:
    """The active person of that e-mail if the password is theirs. Wrong ones count towards the lock-out."""
    if not email or not password:
        return None
    found = authenticate(request, email=email.strip().lower(), password=password)
    return found if isinstance(found, Person) else None


def proves(request: HttpRequest, password: str) -> bool:
    """Whether the signed-in person proves who they are: by this password, or without one by what they did within the last minutes."""
    person: Any = request.user
    if not password:
        return lately_proved(request)
    if not person.email:
        return bool(person.check_password(password))
    found = knows_password(request, person.email, password)
    return found is not None and found.pk == person.pk
