"""Codes from an app: early or late by half a minute is taken, the same one twice is not."""

from __future__ import annotations

import hashlib

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.core.cache import cache

REMEMBERED = 150
"""Seconds that a used code is remembered: longer than the three half minutes in which it would fit."""


class OnceOnly:
    """A form whose code, once taken, is not taken again while it would still fit."""

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        mark = hashlib.sha256(f"{self.user.pk}:{code.strip()}".encode()).hexdigest()  # type: ignore[attr-defined]
        if not cache.add(f"second-step-used:{mark}", 1, REMEMBERED):
            raise get_adapter().validation_error("incorrect_code")
        return code


class CodeAtSignIn(OnceOnly, AuthenticateForm):
    pass


class CodeAgain(OnceOnly, ReauthenticateForm):
    pass
