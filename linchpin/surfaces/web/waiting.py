"""What waited on a device arrives: answered in sentences that its page can show, so that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Missing, Refused

View = Callable[..., HttpResponse]
KEEPS = "Linchpin-Keeps"
"""The header of a page that its reader's own device may keep, to open it without a connection: whose it is."""


def waited(request: HttpRequest) -> bool:
    """Whether a device sends what waited on it, rather than a person a form."""
    return request.headers.get("Accept") == "application/json"


def told(refused: Refused, **more: Any) -> JsonResponse:
    """Why it was not taken."""
    sentences = [sentence for said in refused.by_field().values() for sentence in said]
    return JsonResponse({"says": sentences, **more}, status=refused.status)


def taken_from_devices(view: View) -> View:
    """For whoever is signed in; a device is told in JSON who must sign in, and that what somebody wrote is sent by nobody else."""
    guarded = login_required(view)

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not waited(request):
            return guarded(request, *args, **kwargs)
        if not request.user.is_authenticated:
            return JsonResponse({"says": [_("Sign in again: nothing is lost.")]}, status=401)
        if request.POST.get("by") != str(request.user.pk):
            return JsonResponse({"says": [_("Somebody else wrote this: it is sent when they sign in here again.")]}, status=401)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            return told(Missing(_("There is no such record, or it is not for you.")))
        except Refused as refused:
            return told(refused)

    return wrapper
