"""What would an auditor draw? Five by lot, each opened while a clock runs, and the draws that were made before."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.chapters.evaluation.readiness.drawing import KEY, a_seed, a_year_ago, draw_five, draw_for
from linchpin.chapters.evaluation.readiness.models import ReadinessCheck
from linchpin.kernel.commands.looking import judge_drawn, start_clock
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.record import page_again, record_or_404

SHOWN = 50
ASKED = ("population", "since", "seed", "unit")


@login_required
@require_http_methods(["GET", "POST"])
def draws(request: HttpRequest) -> HttpResponse:
    """Draw five, and see what the draws before it found: each with its n and its seconds, and no sum over them."""
    access: Access = request.access  # type: ignore[attr-defined]
    kind, refused = get_type(KEY), None
    if request.method == "POST":
        values = {name: request.POST.get(name, "") for name in ASKED}
        try:
            made = draw_five(values, actor=access, once=request.POST.get("once", "")[:64])
        except Refused as refusal:
            refused = refusal
        else:
            return redirect(f"/{KEY}/{made.number}/")
    rows = ReadinessCheck.objects.visible_to(access).select_related("created_by", "unit").order_by("-created_at", "-pk")
    typed = request.POST or {"since": a_year_ago().isoformat(), "seed": a_seed(), "unit": str(_where(access))}
    context = {
        "checks": [(one, kind.lifecycle.label(one.status), _took(one)) for one in rows[:SHOWN]],
        "plural": kind.plural(access.person.labels),
        "populations": ReadinessCheck.Drawn.choices,
        "units": Unit.objects.filter(state=Unit.State.ACTIVE).exclude(kind=Unit.Kind.TEAM).order_by("path"),
        "may_draw": may_create(access, kind),
        "typed": typed,
        "refused": refused,
        "errors": refused.by_field() if refused else {},
        "once": uuid.uuid4().hex,
    }
    return render(request, "linchpin/ready_draws.html", context, status=refused.status if refused else 200)


def _where(access: Access) -> int:
    """The whole house for whoever looks after all of it, else one's own unit."""
    whole = access.units(get_type(KEY).who("create")) is EVERYWHERE
    return Unit.objects.get(parent=None).pk if whole else access.person.unit_id


def _took(check: Any) -> list[str]:
    """How long each took, in the order of the draw."""
    return [clock.took(one["seconds"]) for one in check.looked if "seconds" in one]


@login_required
@require_POST
def draw_now(request: HttpRequest, number: str) -> HttpResponse:
    """Draw for a check that was written down without a draw."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(KEY, number, access)
    try:
        draw_for(found, actor=access)
    except Refused as refused:
        return page_again(request, found, refused, "draw")
    return redirect(f"/{KEY}/{number}/")


@login_required
@require_POST
def open_one(request: HttpRequest, number: str, uid: uuid.UUID) -> HttpResponse:
    """Start the clock of one, and show it."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(KEY, number, access)
    record = Record.objects.visible_to(access).filter(uid=uid).first()
    if record is None:
        raise Missing(_("There is no such record."))
    try:
        start_clock(found, str(uid), actor=access)
    except Refused as refused:
        return page_again(request, found, refused, str(uid))
    return redirect(f"/{record.type}/{record.number}/")


@login_required
@require_POST
def judge(request: HttpRequest, number: str, uid: uuid.UUID) -> HttpResponse:
    """The proof was found, or what of it is missing: then the clock stands."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(KEY, number, access)
    missing = "" if request.POST.get("proof") == "found" else request.POST.get("missing", "")
    try:
        if request.POST.get("proof") != "found" and not missing.strip():
            raise Refused(never(_("Say what is missing, in a few words."), "missing"))
        judge_drawn(found, str(uid), missing=missing, actor=access)
    except Refused as refused:
        return page_again(request, found, refused, str(uid))
    return redirect(f"/{KEY}/{number}/#five")
