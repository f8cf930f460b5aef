"""How sign-in meets our people: accounts are given by an administrator, and passwords are changed by a command."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from linchpin.kernel.commands.organizing import set_own
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person


class Adapter(DefaultAccountAdapter):
    """Nobody signs up by themselves; a new password is an event of the person."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        set_own(user, password=password, actor=access_of(user))
        user.refresh_from_db()

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url and url.startswith("/") and not url.startswith("//") and super().is_safe_url(url))


class SocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens the account of the person with that e-mail; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.is_existing:
            return
        verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
        person = Person.objects.filter(email__in=verified).first()
        if person is None or not person.is_active:
            messages.error(request, _("Nobody here has this e-mail: ask the administrator for an account."))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, person)
