"""What stands around every address of the API: its size, its characters, its methods, and answers that are always problems or data."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linchpin.kernel.files.checking import LARGEST
from linchpin.kernel.records.refusals import Missing, never
from linchpin.surfaces.api.parsing import keepable
from linchpin.surfaces.api.problems import TooLarge, Unreadable, of_refused, problem

LARGEST_BODY = 1_000_000
View = Callable[..., Any]


def guarded(view: View) -> View:
    """The view behind these checks."""

    @csrf_exempt
    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if refused := _faulty(request):
            return of_refused(request, refused)
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return nothing_here(request)
        return _not_allowed(request, response) if response.status_code == 405 else response

    return checked


def _faulty(request: HttpRequest) -> Unreadable | TooLarge | None:
    length = int(text) if (text := request.META.get("CONTENT_LENGTH") or "0").isdecimal() else 0
    largest = LARGEST + LARGEST_BODY if request.content_type == "multipart/form-data" else LARGEST_BODY
    if length > largest:
        return TooLarge(never(_("The body has %(n)s bytes; at most %(largest)s are taken.") % {"n": length, "largest": largest}))
    texts = [request.path, *(text for name, values in request.GET.lists() for text in (name, *values))]
    if not all(keepable(text) for text in texts):
        return Unreadable(never(_("The address contains a character that is no text.")))
    return None


def _not_allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    allowed = response.get("Allow", "")
    answer = problem(405, _("This is not possible here."), [never(_("This address takes: %s.") % allowed)])
    answer["Allow"] = allowed
    return answer


@csrf_exempt
def nothing_here(request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
    """Whatever no other address of the API takes."""
    return of_refused(request, Missing(_("There is nothing at this address: see /api/v1/docs. Addresses end with a slash.")))
