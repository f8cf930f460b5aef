"""Who is away, and who stands in: for oneself, with what was done in one's name meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.kernel.commands.saving import ON_BEHALF_OF
from linchpin.kernel.commands.standing_in import delegate, end_delegation
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Delegation, Person, Unit
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import get_type, has_type
from linchpin.kernel.trail.models import Event

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did in my name."""

    event: Event
    record: Record
    what: str


@login_required
@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest) -> HttpResponse:
    """Who stands in for me and for whom I do; a form that lets somebody in; what was done in my name."""
    access: Access = request.access  # type: ignore[attr-defined]
    refused: Refused | None = None
    if request.method == "POST":
        try:
            made = _made(request, access)
        except Refused as refusal:
            refused = refusal
        else:
            messages.success(request, _("%s stands in for you, and was told so.") % made.delegate)
            return redirect("standing_in")
    return render(request, "linchpin/standing_in.html", _context(access, request, refused), status=refused.status if refused else 200)


def _made(request: HttpRequest, access: Access) -> Delegation:
    to, unit = _chosen(Person, request.POST.get("delegate", "")), _chosen(Unit, request.POST.get("unit", ""))
    days = {name: _day(request.POST.get(name, ""), name) for name in ("starts", "ends")}
    if to is None:
        raise Refused(never(_("Choose who stands in for you."), "delegate"))
    return delegate(to, scope=request.POST.get("scope", ""), unit=unit, note=request.POST.get("note", ""), actor=access, **days)


def _chosen(model: Any, text: str) -> Any:
    return model.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _day(text: str, name: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise Refused(never(_("Give a day that there is."), name))
    return day


def _context(access: Access, request: HttpRequest, refused: Refused | None) -> dict[str, Any]:
    here = clock.today()
    running = Q(ended_at=None, ends__gte=here)
    rows = Delegation.objects.select_related("giver", "delegate", "unit", "ended_by").order_by("-starts", "-pk")
    people = Person.objects.filter(account=Person.Account.ACTIVE, state=Person.State.ACTIVE).exclude(pk=access.person.pk)
    return {
        "given": rows.filter(running, giver=access.person),
        "received": rows.filter(running, delegate=access.person),
        "over": rows.filter(~running, giver=access.person)[:10],
        "done": done_for(access.person),
        "people": people.exclude(employment__in=(Person.Employment.SYSTEM, Person.Employment.EXTERNAL_AUDITOR)).order_by("name"),
        "units": Unit.objects.filter(state=Unit.State.ACTIVE).order_by("path"),
        "scopes": Delegation.Scope.choices,
        "today": here,
        "typed": request.POST,
        "errors": refused.by_field() if refused else {},
    }


def done_for(giver: Person) -> list[Done]:
    """What was done in the giver's name, newest first: whoever stood in for them did it."""
    hands = Delegation.objects.filter(giver=giver)
    first = hands.order_by("starts").first()
    if first is None:
        return []
    named = f'["{ON_BEHALF_OF}",null,"{giver.uid}"]'
    events = Event.objects.filter(actor__in=hands.values("delegate"), at__gte=first.made_at, body__contains=named).exclude(record=None)
    rows = events.exclude(verb="sign").select_related("actor", "record").order_by("-pk")[:SHOWN]
    return [Done(event, event.record, _what(event, event.record)) for event in rows if event.record and has_type(event.record.type)]


def _what(event: Event, record: Record) -> str:
    move = get_type(record.type).lifecycle.transition(event.verb)
    others = {"edit": _("Changed"), "create": _("Added"), "attach": _("File attached")}
    return str(move.label) if move else others.get(event.verb) or event.verb.replace("_", " ")


@login_required
@require_POST
def end(request: HttpRequest, uid: str) -> HttpResponse:
    """Take it back, or give it back."""
    found = Delegation.objects.filter(uid=uid).first()
    if found is None:
        raise Missing(_("There is no such thing."))
    ended = end_delegation(found, actor=request.access)  # type: ignore[attr-defined]
    words = {"delegate": ended.delegate, "giver": ended.giver}
    messages.success(request, _("%(delegate)s no longer stands in for %(giver)s.") % words)
    return redirect("standing_in")
