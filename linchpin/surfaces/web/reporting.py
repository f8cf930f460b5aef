"""Report: three fields and a photo on a phone, safe to send twice, and a slip that shows what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from allauth.core.ratelimit import consume
from django.conf import settings
from django.core.files.base import ContentFile
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import commands
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.files.checking import check
from linchpin.kernel.files.stripping import without_traces
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access, access_of, holders
from linchpin.kernel.people.models import Organization, Place, Role, Unit
from linchpin.kernel.records.models import Once, Record
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.kiosk_pages import by_pin
from linchpin.surfaces.web.waiting import told, waited

PHOTOS = ("image/png", "image/jpeg", "image/webp", "image/gif")
MOST_PHOTOS, LARGEST_PHOTO, LARGEST_IN_ALL = 5, 15_000_000, 64_000_000
SHORTEST_ONCE = 32
"""Characters of a key that nobody can guess: whoever sends it again is led to what it made, signed in or not."""
FIELDS = ("saw", "place", "reporter_name", "stop_line", "unit", "who", "about", "number", "by")
LONGEST = 5_000
"""Characters of what a stranger may write; a signed-in person has no such limit but the kernel's."""


@csrf_exempt
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """The three fields. What is far too large is refused before it is read; everything else is checked for its stamp as usual."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_IN_ALL:
        return _page(request, {}, Refused(never(_("These photos are too large together: send fewer of them."), "photo")), 413)
    return _report(request)


@csrf_protect
def _report(request: HttpRequest) -> HttpResponse:
    if Organization.objects.first() is None:
        raise Http404
    if not request.user.is_authenticated and not settings.REPORT_WITHOUT_ACCOUNT:
        return render(request, "linchpin/report_closed.html", status=403 if request.method == "POST" else 200)
    source = request.POST if request.method == "POST" else request.GET
    typed = {name: source.get(name, "") for name in FIELDS}
    if request.method == "GET":
        return _page(request, typed | _here(request) if not typed["place"] else typed)
    try:
        made = _take(request, typed)
    except Refused as refused:
        if waited(request):
            return told(refused)
        return _page(request, typed, refused, refused.status)
    if waited(request):
        return JsonResponse({"number": made.number, "slip": reverse("slip", args=[made.slip])})
    return redirect("slip", slip=made.slip)


def _here(request: HttpRequest) -> dict[str, str]:
    """A kiosk knows at which place it stands."""
    kiosk = getattr(request, "kiosk", None)
    return {"place": kiosk.place.name, "unit": str(kiosk.unit_id)} if kiosk and kiosk.place else {}


def report_at(request: HttpRequest, place: Place) -> HttpResponse:
    """The form as the code on a wall opens it: the place is known."""
    if not request.user.is_authenticated and not settings.REPORT_WITHOUT_ACCOUNT:
        return render(request, "linchpin/report_closed.html")
    typed = dict.fromkeys(FIELDS, "") | {"place": place.name, "unit": str(place.unit_id)}
    return _page(request, typed)


def _page(request: HttpRequest, typed: dict[str, str], refused: Refused | None = None, status: int = 200) -> HttpResponse:
    """The form as it was typed, with each sentence beside its field; the place is folded away where the address names it."""
    units = list(Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path"))
    chosen = unit_of(typed.get("unit", ""), units) or (request.user.unit if request.user.is_authenticated else None)
    context = {
        "typed": typed,
        "once": (typed and request.POST.get("once")) or uuid.uuid4().hex,
        "units": [(unit, "\u2003" * (unit.path.count("/") - 2) + unit.name) for unit in units],
        "chosen": chosen,
        "known_place": bool(typed.get("place")) and refused is None and request.method == "GET",
        "errors": _beside(refused),
        "pin_first": refused is not None and "new_pin" in refused.by_field(),
        "about": _about(request, typed.get("about", "")),
    }
    return render(request, "linchpin/report.html", context, status=status)


def _about(request: HttpRequest, number: str) -> Record | None:
    """The record that the report speaks of, for somebody signed in who may read it."""
    if not number or not request.user.is_authenticated:
        return None
    return Record.objects.visible_to(request.access).filter(number=number[:40]).first()  # type: ignore[attr-defined]


def _beside(refused: Refused | None) -> dict[str, list[str]]:
    """Sentences by the form's own fields; whatever speaks of a field that is not there stands on top."""
    answer: dict[str, list[str]] = {}
    for name, sentences in (refused.by_field() if refused else {}).items():
        known = {"file": "photo", "photo": "photo", "saw": "saw", "place": "place", "unit": "unit", "reporter_name": "reporter_name", "pin": "pin"}
        answer.setdefault(known.get(name, "top"), []).extend(sentences)
    return answer


def unit_of(text: str, units: list[Unit]) -> Unit | None:
    """The unit that an address or a form names: by id, uid or name."""
    text = text.strip()
    return next((u for u in units if text and text.casefold() in (str(u.pk), str(u.uid), u.name.casefold())), None)


def _take(request: HttpRequest, typed: dict[str, str]) -> Concern:
    """Photos are checked before anything is written, so that a bad one does not leave half a report."""
    once = request.POST.get("once", "")[:64]
    if (before := _sent_before(request, once)) is not None:
        return before
    if not typed["saw"].strip():
        raise Refused(never(_("Say what you saw: a few words are enough."), "saw"))
    photos = _photos(request)
    actor = _who(request, typed)
    named = not actor.person.is_system
    if not named and (not request.user.is_authenticated or typed["by"]):
        _as_a_stranger(request, typed)
    unit = unit_of(typed["unit"], list(Unit.objects.exclude(state=Unit.State.CLOSED))) or actor.person.unit
    values: dict[str, Any] = {
        "saw": typed["saw"],
        "place": typed["place"],
        "reporter_name": actor.person.name if named else "" if typed["who"] == "nobody" else typed["reporter_name"],
        "stop_line": typed["stop_line"] == "yes",
        "unit": unit,
        "owner": sorter_of(unit),
    }
    with commands.command():
        made: Concern = commands.create("concern", values, actor=actor, once=once)
        if (about := _about(request, typed["about"])) is not None:
            commands.link(made, about, "about", actor=system_access())
        for photo in photos:
            commands.attach(made, photo if named else _without_traces(photo), actor=actor, purpose="photo")
    return made


def _sent_before(request: HttpRequest, once: str) -> Concern | None:
    """What this key made before. A report that waited may come again when its sender is signed out: a long key is enough."""
    kept = Once.objects.filter(key=once) if once else Once.objects.none()
    if len(once) < SHORTEST_ONCE:
        kept = kept.filter(person=request.user if request.user.is_authenticated else system_access().person)
    return Concern.objects.filter(pk__in=kept.values("record_id")).first()


def _who(request: HttpRequest, typed: dict[str, str]) -> Access:
    """By number and PIN, as who is signed in, or nobody. A report that waited on a device belongs to whoever wrote it there (`by`). Raises Refused."""
    if typed["number"].strip():
        person, must_change = by_pin(request)
        if must_change:
            raise Refused(never(_("Choose your own PIN first: the one that you were given opens nothing else."), "new_pin"))
        return access_of(person)
    if request.user.is_authenticated and typed["who"] != "nobody" and typed["by"] in ("", str(request.user.pk)):
        access: Access = request.access  # type: ignore[attr-defined]
        return access
    return system_access()


def _without_traces(photo: Any) -> ContentFile[bytes]:
    """Whoever gives no account gives no place and no device either: a photo knows both."""
    photo.seek(0)
    return ContentFile(without_traces(photo.read()), name=photo.name)


def _photos(request: HttpRequest) -> list[Any]:
    """The photos, each really one by its content. Raises Refused."""
    photos = [photo for photo in request.FILES.getlist("photo") if photo.size]
    if len(photos) > MOST_PHOTOS:
        raise Refused(never(_("Five photos at most: leave some out."), "photo"))
    for photo in photos:
        if photo.size is None or photo.size > LARGEST_PHOTO:
            raise Refused(never(_("“%s” is larger than 15 MB: take it again, smaller.") % photo.name, "photo"))
        if not _is_a_photo(photo):
            raise Refused(never(_("“%s” is not a photo that can be shown here: take it again, or leave it out.") % photo.name, "photo"))
    return photos


def _is_a_photo(upload: Any) -> bool:
    try:
        return check(upload).content_type in PHOTOS
    except Refused:
        return False


def _as_a_stranger(request: HttpRequest, typed: dict[str, str]) -> None:
    """Without an account: no novels, and not twenty times in ten minutes from one address. Raises Refused."""
    if len(typed["saw"]) > LONGEST:
        raise Refused(never(_("This text is longer than 5,000 characters: say the most important first."), "saw"))
    kiosk = getattr(request, "kiosk", None)
    if not (consume(request, action="report_kiosk", key=str(kiosk.uid)) if kiosk else consume(request, action="report")):
        raise Refused(never(_("Many reports came from here within ten minutes: wait a little, then send it again. It is still here.")))


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
    concern = Concern.objects.select_related("owner", "thanked_by", "seen_by").filter(slip=slip).first()
    if concern is None:
        raise Http404(_("There is no such slip: check the link."))
    context = {"concern": concern, "steps": steps_of(concern), "photos": concern.files.filter(purpose="photo").count()}
    answer = render(request, "linchpin/slip.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def steps_of(concern: Concern) -> list[Step]:
    """Sent, seen, being fixed, fixed or answered; with the state of the problem that it became."""
    problems = [link.target for link in Link.objects.filter(source_id=concern.pk, kind="became").select_related("target")]
    seen, done, void = concern.seen_at is not None, concern.phase == "done", concern.phase == "void"
    steps = [Step(_("Sent"), True, not seen and not done and not void, moment(concern.created_at))]
    if seen or not (done or void):
        who = f"{concern.seen_by}, {moment(concern.seen_at)}" if concern.seen_by else ""
        steps.append(Step(_("Seen"), seen, seen and not problems and not done and not void, who))
    if problems or not (done or void):
        steps.append(Step(_("Being fixed"), done, bool(problems) and not done, "" if done else _going_on(problems)))
    if void:
        return [*steps, Step(_("Set aside"), True, True, _("It was a duplicate or sent by mistake. If it was not, report it again and say so."))]
    label = _("Answered") if concern.status == "answered" else _("Fixed")
    return [*steps, Step(label, done, False, concern.answer if done else "")]


def moment(at: Any) -> str:
    return formats.date_format(timezone.localtime(at), _("l j F, H:i")) if at else ""


def _going_on(problems: list[Any]) -> str:
    return ", ".join(get_type(p.type).lifecycle.label(p.status) for p in problems)
