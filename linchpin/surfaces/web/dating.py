"""New dates for what was brought in with an old one: one list, each with its own day or all with one, and what was agreed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from linchpin.kernel.commands.agreeing import agree_date, propose_date
from linchpin.kernel.commands.due_dates import NEXT_LEVEL
from linchpin.kernel.notices.telling import proposals
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.agreeing import suggested_day, to_be_agreed
from linchpin.kernel.records.models import Provenance, Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.web.middleware import access_for

AT_ONCE, SHOWN, COUNTED = 100, 30, 1_000
"""How many stand on the page to be agreed, and how many that were agreed."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record, the day in its field, who proposed it, and what was refused."""

    record: Any
    day: str
    proposal: Any
    ticked: bool
    fault: str

@login_required
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest) -> HttpResponse:
    access = access_for(request)
    faults = _agreed(request, access) if request.method == "POST" else {}
    if request.method == "POST" and not faults:
        return redirect(request.get_full_path())
    return render(request, "linchpin/dates.html", _context(request, access, faults), status=422 if faults else 200)


def dates_waiting(access: Access) -> int:
    """For how many records this person may agree a date; counted up to a thousand."""
    return len(_waiting(access).values_list("pk", flat=True)[:COUNTED])


def _waiting(access: Access) -> Any:
    return Record.objects.visible_to(access, "agree_date").filter(to_be_agreed())


def _agreed(request: HttpRequest, access: Access) -> dict[str, str]:
    """Agree or propose what was ticked, each by its own command. What was refused, by number; "" is the form itself."""
    typed, proposing = request.POST, request.POST.get("do") == "propose"
    numbers = typed.getlist("number")[:AT_ONCE]
    rows = list(Record.objects.visible_to(access).filter(number__in=numbers).order_by("id"))
    if not rows:
        return {"": _("Tick what a date is agreed for.")}
    faults: dict[str, str] = {}
    for record in rows:
        number = str(record.number)
        try:
            day = _day(typed.get("all") or typed.get(f"day-{number}", ""))
            version = typed.get(f"version-{number}", "")
            act = propose_date if proposing else agree_date
            act(record, day, actor=access, version=int(version) if version.isdecimal() and len(version) < 10 else None)
        except Refused as refused:
            faults[number] = str(refused)
    if done := len(rows) - len(faults):
        messages.success(request, _said(done, proposing))
    return faults


def _said(done: int, proposing: bool) -> str:
    if proposing:
        return ngettext("%(n)s date is proposed to its owner.", "%(n)s dates are proposed to their owners.", done) % {"n": done}
    return ngettext("%(n)s date is agreed.", "%(n)s dates are agreed.", done) % {"n": done}


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(never(_("Say a day."), "day"))
    return day


def _context(request: HttpRequest, access: Access, faults: dict[str, str]) -> dict[str, Any]:
    unit = request.GET.get("unit", "")
    chosen = Unit.objects.filter(pk=int(unit)).first() if unit.isdecimal() and len(unit) < 19 else None
    waiting = _waiting(access).filter(unit__path__startswith=chosen.path) if chosen else _waiting(access)
    rows = list(waiting.select_related("unit", "owner").order_by("owner__name", "due", "id")[:AT_ONCE])
    rows.sort(key=lambda record: record.owner_id != access.person.pk)
    proposed = proposals(rows)
    lines = [_line(request, access, record, proposed.get(record.pk), faults) for record in rows]
    leads = access.has(*NEXT_LEVEL)
    return {
        "groups": [(mine, list(found)) for mine, found in groupby(lines, key=lambda line: line.record.owner_id == access.person.pk)],
        "total": waiting.count() if len(rows) == AT_ONCE else len(rows),
        "shown": len(rows),
        "units": Unit.objects.filter(pk__in=_waiting(access).values("unit")).order_by("path") if leads else [],
        "chosen": chosen,
        "leads": leads,
        "agreed": _since(access, chosen),
        "fault": faults.get("", ""),
        "all": request.POST.get("all", ""),
    }


def _line(request: HttpRequest, access: Access, record: Any, proposal: Any, faults: dict[str, str]) -> Line:
    proposed = proposal.values["day"] if proposal else suggested_day(record.unit.country).isoformat()
    day = request.POST.get(f"day-{record.number}") or proposed
    ticked = record.number in request.POST.getlist("number") if request.method == "POST" else record.owner_id == access.person.pk
    return Line(record, day, proposal, ticked, faults.get(str(record.number), ""))


def _since(access: Access, unit: Unit | None) -> list[Any]:
    """What was agreed instead of an imported date and is open, newest first."""
    rows = Record.objects.visible_to(access, "agree_date").filter(provenance=Provenance.IMPORTED, due_moves=0, phase__in=("draft", "open"))
    rows = rows.exclude(original_due=None).exclude(original_due=F("due")).filter(unit__path__startswith=unit.path if unit else "/")
    return list(rows.select_related("owner", "unit").order_by("-updated_at", "-id")[:SHOWN])
