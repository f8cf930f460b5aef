"""What the account pages, and whoever signs, need to know about this installation and this person."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import template
from django.conf import settings

from linchpin.kernel.records.cleaning import empty
from linchpin.surfaces.web.accounts import lately_proved

register = template.Library()


@register.simple_tag
def mail_is_kept() -> bool:
    """Whether mail is written into the home's folder because no mail server is set up."""
    return not settings.EMAIL_HOST


@register.simple_tag
def report_is_open() -> bool:
    """Whether somebody without an account may report."""
    return bool(settings.REPORT_WITHOUT_ACCOUNT)


@register.simple_tag
def errors_of(field: Any, label: str) -> list[str]:
    """What is wrong with a bound field of the sign-in library; where it is empty, our own sentence."""
    faults = field.errors.as_data() if field.errors else []
    return [str(empty(label)) if fault.code == "required" else " ".join(fault.messages) for fault in faults]


@register.simple_tag(takes_context=True)
def proofs(context: Any) -> dict[str, bool]:
    """How the person can sign without a password: they just proved who they are, or have a passkey or an app to do so."""
    request = context["request"]
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    return {"fresh": lately_proved(request), "passkey": Authenticator.Type.WEBAUTHN in kinds, "app": Authenticator.Type.TOTP in kinds}
