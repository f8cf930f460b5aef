"""Report: three fields and a photo on a phone, safe to send twice, and a slip that shows what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import commands
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.files.checking import check
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Organization, Role, Unit
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type

PHOTOS = ("image/png", "image/jpeg", "image/webp", "image/gif")


@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The three fields. Without an account it works too: the report is then the system's, in the finder's words."""
    if Organization.objects.first() is None:
        raise Http404
    typed = {name: request.POST.get(name, request.GET.get(name, "")) for name in ("saw", "place", "reporter_name", "stop_line", "unit")}
    context: dict[str, Any] = {"typed": typed, "once": request.POST.get("once") or uuid.uuid4().hex, "units": _units()}
    if request.method == "GET":
        return render(request, "linchpin/report.html", context)
    try:
        made = _take(request, typed)
    except Refused as refused:
        context |= {"refused": refused, "errors": refused.by_field()}
        return render(request, "linchpin/report.html", context, status=refused.status)
    return redirect("slip", slip=made.slip)


def _units() -> list[Unit]:
    return list(Unit.objects.exclude(state=Unit.State.CLOSED).filter(kind__in=("site", "department", "team", "company")).order_by("path"))


def _take(request: HttpRequest, typed: dict[str, str]) -> Concern:
    """Photos are checked before anything is written, so that a bad one does not leave half a report."""
    photos = request.FILES.getlist("photo")
    for photo in photos:
        if check(photo).content_type not in PHOTOS:
            raise Refused(_("“%s” is not a picture: take a photo, or leave it out.") % photo.name)
    actor: Access = request.access if request.user.is_authenticated else system_access()  # type: ignore[attr-defined]
    values: dict[str, Any] = {
        "saw": typed["saw"],
        "place": typed["place"],
        "reporter_name": typed["reporter_name"] or (actor.person.name if request.user.is_authenticated else ""),
        "stop_line": typed["stop_line"] in ("yes", "true", "on"),
    }
    unit = Unit.objects.filter(pk=typed["unit"]).first() if typed["unit"].isdecimal() else None
    values["unit"] = unit or actor.person.unit
    values["owner"] = sorter_of(values["unit"])
    with commands.command():
        made: Concern = commands.create("concern", values, actor=actor, once=request.POST.get("once", "")[:64])
        for photo in photos:
            commands.attach(made, photo, actor=system_access() if not request.user.is_authenticated else actor, purpose="photo")
    return made


def sorter_of(unit: Unit) -> Any:
    """Who answers: the unit's quality manager, else its head's line."""
    for role in (Role.QUALITY_MANAGER, Role.LINE_MANAGER):
        if found := holders(role, unit):
            return found[0]
    return None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a report's way, as its finder sees it."""

    label: str
    done: bool
    now: bool
    says: str = ""


@require_safe
def slip(request: HttpRequest, slip: str) -> HttpResponse:
    """What became of it: whoever has the link may see this much, and nothing more."""
    concern = Concern.objects.select_related("owner", "thanked_by", "unit").filter(slip=slip).first()
    if concern is None:
        raise Http404(_("There is no such slip: check the link."))
    return render(request, "linchpin/slip.html", {"concern": concern, "steps": steps_of(concern), "photos": concern.files.count()})


def steps_of(concern: Concern) -> list[Step]:
    """Sent, seen, being fixed, fixed or answered; with the state of the problem that it became."""
    problems = [link.target for link in Link.objects.filter(source_id=concern.pk, kind="became").select_related("target")]
    seen, ended = concern.seen_at is not None, concern.phase == "done"
    going = _going_on(problems)
    last = _("Answered") if concern.status == "answered" else _("Fixed")
    return [
        Step(_("Sent"), True, not seen),
        Step(_("Seen"), seen, seen and not problems and not ended),
        *([Step(_("Being fixed"), ended, not ended, going)] if problems or not ended else []),
        Step(last, ended, ended, concern.answer if ended else ""),
    ]


def _going_on(problems: list[Any]) -> str:
    return ", ".join(get_type(p.type).lifecycle.label(p.status) for p in problems)
