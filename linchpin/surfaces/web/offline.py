"""Report without a signal: the page as a stranger sees it, kept on the device, and the worker that shows it when the network does not answer."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from linchpin.kernel.people.models import Unit
from linchpin.surfaces.web.building import BUILD, entry_of


@ensure_csrf_cookie
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """We answer: what waits can be sent. Nothing else is said."""
    return HttpResponse(status=204)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The form without anybody's name, stamp or key: the device fills in the place and sends it later. It is the same for everyone."""
    units = Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path")
    context = {"offline": True, "typed": {}, "errors": {}, "units": [(unit, "\u2003" * (unit.path.count("/") - 2) + unit.name) for unit in units]}
    if not settings.REPORT_WITHOUT_ACCOUNT:
        context["units"] = []
    return render(request, "linchpin/report.html", context)


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may answer for Report and the codes on the walls."""
    answer = HttpResponse(_source(entry_of("worker.ts")["file"]), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    return answer


@lru_cache(maxsize=2)
def _source(name: str) -> bytes:
    return (BUILD / name).read_bytes()
