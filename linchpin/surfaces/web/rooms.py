"""The auditor's room: what a guest sees first, what they ask for with the clock beside it, what they draw, what changed since the last visit."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.chapters.evaluation.visits import looking_back as back
from linchpin.chapters.evaluation.visits.inviting import units_of
from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.chapters.evaluation.visits.sampling import KINDS, counted, draws_of, population_of
from linchpin.kernel import commands
from linchpin.kernel.commands.sampling import draw
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may, open_to_guest
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.web.asked_for import answered, asked_for, request_of
from linchpin.surfaces.web.record import rounds_of
from linchpin.surfaces.web.rows import row_of

SHOWN = 5
LISTED = 50
PROGRAM = """\
from hashlib import sha256
seed, n = "YOUR SEED", 5
rows = open("population.txt").read().splitlines()
rank = lambda row: sha256(
    f"{seed}\\n{row.split()[0]}".encode()).hexdigest()
print(*sorted(rows, key=rank)[:n], sep="\\n")"""
"""What an auditor runs to repeat a draw: printed on the page, and run by the tests as it stands there."""


def visit_of(access: Access, number: str = "") -> Any:
    """The visit of that number; without one the guest's own of today, or the newest that is open. Raises Missing."""
    rows = Visit.objects.visible_to(access).select_related("unit", "auditor", "host")
    if number:
        found = rows.filter(number=number).first()
    else:
        rows = rows.filter(status="invited").order_by("-starts", "-pk")
        found = rows.filter(auditor=access.person, starts__lte=today(), ends__gte=today()).first() if access.is_guest else rows.first()
    if found is None:
        raise Missing(_("There is no such visit."))
    return found


def frame(visit: Any, number: str, access: Access, here: str) -> dict[str, Any]:
    """What every page of the room needs."""
    return {
        "visit": visit,
        "days": _days(visit),
        "base": f"/room/{number}/" if number else "/room/",
        "here": here,
        "own": visit.auditor_id == access.person.pk,
        "left": back.days_left(visit, today()),
        "since": back.since(visit),
    }


def _days(visit: Any) -> str:
    """25–27 Nov 2026."""
    if not visit.starts or not visit.ends:
        return _("days not set yet")
    alike = (visit.starts.year, visit.starts.month) == (visit.ends.year, visit.ends.month)
    return f"{formats.date_format(visit.starts, 'j' if alike else 'j M')}–{formats.date_format(visit.ends, 'j M Y')}"


@login_required
@require_safe
def room(request: HttpRequest, number: str = "") -> HttpResponse:
    """The front page: scope, people, changes, findings, what was bent, which fix did not hold."""
    access: Access = request.access  # type: ignore[attr-defined]
    try:
        visit = visit_of(access, number)
    except Missing:
        if number:
            raise
        return redirect("todo" if access.is_guest or not may_look(access) else "/visit/")
    bent = back.exceptions(visit, access)
    labels = access.person.labels
    context = frame(visit, number, access, "start") | {
        "units": units_of(visit),
        "people": back.people_to_meet(visit),
        "changes": [(one.type, one.type.plural(labels), one.raised, one.ended) for one in back.changes(visit, access)],
        "findings": [row_of(record, access) for record in back.last_findings(visit, access)],
        "failed": [(row_of(record, access), rounds_of(record)) for record in back.failed_fixes(visit, access)],
        "exceptions": bent[:SHOWN],
        "exceptions_n": bent.count(),
        "requests": asked_for(visit, access),
        "registers": [(one, one.plural(labels)) for one in _registers(access)],
    }
    return render(request, "linchpin/room/start.html", context)


def may_look(access: Access) -> bool:
    return Visit.objects.visible_to(access).exists()


def _registers(access: Access) -> list[Any]:
    return [one for one in all_types() if one.listed and (not access.is_guest or open_to_guest(access, one))]


@login_required
@require_safe
def since(request: HttpRequest, number: str = "") -> HttpResponse:
    """What was raised and what came to an end since the last visit, register by register."""
    access: Access = request.access  # type: ignore[attr-defined]
    visit = visit_of(access, number)
    rows, begin = back.within(visit, access).select_related("owner", "unit"), back.moment(visit)
    parts = []
    for one in back.changes(visit, access):
        ended = back.ended_since(rows, one.type.key, begin).order_by("-updated_at", "-id")[:LISTED]
        raised = rows.filter(type=one.type.key, created_at__gte=begin).exclude(provenance="imported").order_by("-created_at", "-id")[:LISTED]
        drawn = [[row_of(record, access) for record in part] for part in (ended, raised)]
        parts.append((one, one.type.plural(access.person.labels), *drawn))
    context = frame(visit, number, access, "since") | {"parts": parts, "bent": back.exceptions(visit, access)[:LISTED], "listed": LISTED}
    return render(request, "linchpin/room/since.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def requests(request: HttpRequest, number: str = "", refused: Refused | None = None) -> HttpResponse:
    """The list of what was asked for with its clocks; whoever is invited asks here."""
    access: Access = request.access  # type: ignore[attr-defined]
    visit = visit_of(access, number)
    asking = request.method == "POST" and refused is None
    if asking:
        values = {name: request.POST.get(name, "") for name in ("title", "detail")}
        try:
            made = commands.create("audit_request", values, actor=access, parent=visit, once=request.POST.get("once", "")[:64])
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("%(number)s is asked; %(host)s was told.") % {"number": made.number, "host": made.owner})
            return redirect(request.path)
    context = frame(visit, number, access, "requests") | {
        "requests": asked_for(visit, access),
        "may_ask": visit.status == "invited" and (visit.auditor_id == access.person.pk or may(access, "edit", visit)),
        "typed": request.POST if asking else {},
        "refused": refused,
        "once": uuid.uuid4().hex,
    }
    return render(request, "linchpin/room/requests.html", context, status=refused.status if refused else 200)


@login_required
@require_POST
def answer(request: HttpRequest, number: str, asked: str) -> HttpResponse:
    """The host answers: a sentence, records by their numbers, files; one of them at least."""
    access: Access = request.access  # type: ignore[attr-defined]
    visit = visit_of(access, number)
    found = request_of(visit, asked, access)
    try:
        answered(found, request, access)
    except Refused as refused:
        request.method = "GET"
        return requests(request, number, refused=refused)
    messages.success(request, _("%s is answered.") % found.number)
    return redirect(f"/room/{number}/requests/")


@login_required
@require_http_methods(["GET", "POST"])
def sample(request: HttpRequest, number: str = "") -> HttpResponse:
    """Draw by one's own seed; every draw stands here and in the trail, with what it was drawn from."""
    access: Access = request.access  # type: ignore[attr-defined]
    visit, refused = visit_of(access, number), None
    if request.method == "POST":
        try:
            _draw(request, visit, access)
        except Refused as refusal:
            refused = refusal
        else:
            return redirect(f"{request.path}#drawn")
    draws = [(one, [row_of(record, access) for record in one.records]) for one in draws_of(visit, access)]
    context = frame(visit, number, access, "sample") | {
        "populations": counted(visit, access),
        "draws": draws,
        "program": PROGRAM,
        "may_draw": visit.is_open and may(access, "draw", visit),
        "typed": request.POST,
        "errors": refused.by_field() if refused else {},
    }
    return render(request, "linchpin/room/sample.html", context, status=refused.status if refused else 200)


def _draw(request: HttpRequest, visit: Any, access: Access) -> None:
    name, n = request.POST.get("population", ""), request.POST.get("n", "")
    if not may(access, "draw", visit):
        raise NotAllowed(_("The sample is drawn by the auditor alone, by their own seed."))
    if name not in KINDS:
        raise Refused(never(_("Choose what to draw from."), "population"))
    wanted = int(n) if n.isdecimal() and len(n) < 6 else 0
    draw(visit, population_of(visit, name, access), seed=request.POST.get("seed", ""), n=wanted, actor=access)


def hosted(access: Access) -> int:
    """How many requests wait for this person's answer."""
    return Record.objects.filter(type="audit_request", owner=access.person, status="asked", phase=Phase.OPEN).count()
