"""The trail as a page, and the proof of one record as a file."""

from __future__ import annotations

import json

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from linchpin.kernel.records.access import insist_on_trail
from linchpin.kernel.trail import proof_file, proof_of, verify
from linchpin.kernel.trail.models import Event, Seal
from linchpin.surfaces.web.record import record_or_404


@login_required
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    insist_on_trail(request.access)  # type: ignore[attr-defined]
    return render(request, "linchpin/trail.html", _context())


@login_required
@require_POST
def verify_now(request: HttpRequest) -> HttpResponse:
    """Verify every event and every seal, now."""
    insist_on_trail(request.access)  # type: ignore[attr-defined]
    return render(request, "linchpin/trail.html", _context() | {"answer": verify()})


def _context() -> dict[str, object]:
    return {"events": Event.objects.count(), "seals": Seal.objects.count(), "newest": Seal.objects.order_by("-pk").first()}


@login_required
@require_safe
def proof(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """A record's events with their place under the seals: verifiable without this installation."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    response = HttpResponse(json.dumps(proof_of(found), ensure_ascii=False, indent=1, default=str), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{found.number}-proof.json"'
    return response


@login_required
@require_safe
def check_yourself(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """A record's trail as a file for `linchpin verify --export`: checked far from here."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    response = HttpResponse(proof_file(found), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.number}-check.zip"'
    return response
