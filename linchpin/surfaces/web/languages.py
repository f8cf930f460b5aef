"""In which language a page speaks: the person's choice, else the browser's, on the pages that are translated whole; English on all others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

TRANSLATED = frozenset({
    "report", "report_offline", "at", "slip", "todo", "search", "mine", "kiosk", "kiosk_in", "pin", "account_login",
    "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_authenticate",
})  # fmt: skip
"""Names of the addresses whose pages speak every language of `settings.LANGUAGES`. A page half in one language and half in another is worse than English."""


class speaking:  # noqa: N801  read as a middleware name in the settings
    """Activates the language for the page that is asked for, once it is known which that is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        translation.activate(settings.LANGUAGE_CODE)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        if _is_translated(request):
            patch_vary_headers(response, ("Accept-Language",))
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        if _is_translated(request):
            translation.activate(language_of(request))


def language_of(request: HttpRequest) -> str:
    """What the signed-in person chose, else what the browser asks for."""
    chosen = getattr(request.user, "language", "") if request.user.is_authenticated else ""
    return chosen or translation.get_language_from_request(request)


def _is_translated(request: HttpRequest) -> bool:
    """A program that asks the API for a language gets what there is of it: it shows single sentences, no pages."""
    if request.path.startswith("/api/"):
        return True
    return request.resolver_match is not None and request.resolver_match.url_name in TRANSLATED
