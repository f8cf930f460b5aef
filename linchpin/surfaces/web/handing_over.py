"""What people who leave had in hand: the queue, and one page per person on which it is given to others, at once or one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.asking.in_hand import InHand, in_hand, left_open, suggested
from linchpin.kernel.commands import handing_over
from linchpin.kernel.commands.handing_over import RESPONSIBLE, may_hand_over
from linchpin.kernel.commands.organizing import ADMINISTERING
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.surfaces.web.acting import address
from linchpin.surfaces.web.drawing import draw_choices
from linchpin.surfaces.web.record import record_or_404

EACH_AS_SUGGESTED = "suggested"
"""Whoever stands in each row, who is the one suggested unless somebody else was chosen."""
CHOSEN_IN_ROWS = 30
"""Up to so many things, each has its own choice of people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on the page: where it is, who is suggested, whom one may choose, and what was refused."""

    thing: InHand
    url: str
    suggested: Person | None
    choices: str
    ticked: bool
    fault: str


@login_required
@require_safe
def leavers(request: HttpRequest) -> HttpResponse:
    """People who have left with things open, as far as it is for this person to hand them over."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = leavers_of(access)
    return render(request, "linchpin/leavers.html", {"leavers": [(one, len(in_hand(one, access))) for one in found]})


def leavers_of(access: Access) -> list[Person]:
    """Whose things wait for this person to say who takes them over; asked only of those who may have any."""
    if not (access.has(*RESPONSIBLE, *ADMINISTERING)):
        return []
    return [one for one in left_open() if may_hand_over(access, one)]


@login_required
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    leaver = get_object_or_404(Person.objects.select_related("unit", "manager__unit"), pk=pk)
    if not may_hand_over(access, leaver):
        raise NotAllowed(_("What %s had in hand is for their line manager or the quality manager to give to others.") % leaver)
    things = in_hand(leaver, access)
    refused = _given(request, leaver, things, access) if request.method == "POST" else []
    left = in_hand(leaver, access) if request.method == "POST" else things
    if request.method == "POST" and not refused:
        return redirect("hand_over", pk=pk) if left else redirect("leavers")
    return render(request, "linchpin/hand_over.html", _context(request, leaver, left, refused), status=422 if refused else 200)


def _given(request: HttpRequest, leaver: Person, things: list[InHand], access: Access) -> list[tuple[InHand | None, str]]:
    """Give what was ticked to whoever was chosen, each by its own command. What was refused, with its sentences."""
    ticked, to = set(request.POST.getlist("thing")), request.POST.get("to", "")
    chosen = [thing for thing in things if thing.key in ticked]
    suggestions = suggested(chosen, leaver)
    one = _person(to)
    if not chosen or (one is None and to != EACH_AS_SUGGESTED):
        return [(None, _("Tick what is handed over, and choose to whom."))]
    refused: list[tuple[InHand | None, str]] = []
    for thing in chosen:
        who = one or _person(request.POST.get(f"to-{thing.key}", "")) or suggestions.get(thing.key)
        try:
            if who is None:
                raise Refused(never(_("Nobody is suggested for this: choose somebody.")))
            handing_over.hand_over(thing, leaver, who, actor=access, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            refused.append((thing, str(refusal)))
    if done := len(chosen) - len(refused):
        messages.success(request, ngettext("%(n)s thing is in other hands.", "%(n)s things are in other hands.", done) % {"n": done})
    return refused


def _person(text: str) -> Person | None:
    return Person.objects.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 19 else None


def _context(request: HttpRequest, leaver: Person, things: list[InHand], refused: list[tuple[InHand | None, str]]) -> dict[str, Any]:
    people = _choosable(leaver, request.access.person)  # type: ignore[attr-defined]
    chosen = request.POST.get("to") or EACH_AS_SUGGESTED
    return {
        "leaver": leaver,
        "rows": _lines(request, leaver, things, people, {thing.key: sentence for thing, sentence in refused if thing}),
        "hidden": len(in_hand(leaver)) - len(things),
        "choices": draw_choices([(EACH_AS_SUGGESTED, _("whoever is named beside each")), *people], chosen),
        "reason": request.POST.get("reason", ""),
        "faults": [sentence for thing, sentence in refused if thing is None],
    }


def _choosable(leaver: Person, me: Person) -> list[tuple[str, str]]:
    """Whoever can sign in, oneself first."""
    people = Person.objects.filter(account__in=(Person.Account.ACTIVE, Person.Account.INVITED), state=Person.State.ACTIVE)
    others = people.exclude(pk__in=(leaver.pk, me.pk)).exclude(employment__in=(Person.Employment.SYSTEM, Person.Employment.EXTERNAL_AUDITOR))
    return [(str(me.pk), _("me")), *((str(one.pk), f"{one.name}, {one.position}" if one.position else one.name) for one in others.order_by("name"))]


def _lines(request: HttpRequest, leaver: Person, things: list[InHand], people: list[tuple[str, str]], faults: dict[str, str]) -> list[Line]:
    suggestions, ticked = suggested(things, leaver), set(request.POST.getlist("thing"))
    people = [(pk, name.split(",")[0]) for pk, name in people]
    lines = []
    for thing in things:
        who = suggestions.get(thing.key)
        chosen = request.POST.get(f"to-{thing.key}") or (str(who.pk) if who else "")
        choices = draw_choices([("", _("nobody suggested")), *people] if who is None else people, chosen) if len(things) <= CHOSEN_IN_ROWS else ""
        lines.append(Line(thing, _url(thing), who, choices, thing.key in ticked or request.method != "POST", faults.get(thing.key, "")))
    return lines


def _url(thing: InHand) -> str:
    if thing.is_record:
        return address(thing.subject)
    return f"/units/{thing.subject.pk}/" if isinstance(thing.subject, Unit) else f"/people/{thing.subject.pk}/"


@login_required
@require_POST
def take(request: HttpRequest, key: str, number: str, duty: str, pk: int) -> HttpResponse:
    """Take over what somebody has not answered in time."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    person = Person.objects.filter(pk=pk).first()
    if person is None:
        raise Missing(_("There is no such person."))
    handing_over.take_over(found, duty, person, actor=access, reason=request.POST.get("reason", ""))
    messages.success(request, _("You are asked now in place of %s.") % person)
    return redirect(address(found))
