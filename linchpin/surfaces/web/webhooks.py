"""Webhooks: where data leaves the house, on one page for whoever administers it; each with what it is told and what became of that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.kernel.commands.organizing import ADMINISTERING
from linchpin.kernel.commands.subscribing import change_subscription, ping, subscribe, unsubscribe
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import all_types, get_type, has_type
from linchpin.kernel.trail.models import Event
from linchpin.kernel.webhooks.delivering import KIND
from linchpin.kernel.webhooks.models import Subscription

SHOWN = 20
COMMON = {"create": gettext_lazy("Raised"), "edit": gettext_lazy("Edited"), "comment": gettext_lazy("Commented on"),
          "attach": gettext_lazy("File attached"), "link": gettext_lazy("Linked")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Kinds of events that stand together, each with its words: those of any record, and the moves of each type."""

    label: str
    events: dict[str, str]


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message: what it tells, of which record, when it was due, and how it was answered."""

    what: str
    record: Any
    at: Any
    state: str
    said: str


def administering(request: HttpRequest) -> Access:
    """Whoever decides what leaves the house. Raises NotAllowed for everybody else."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*ADMINISTERING):
        raise NotAllowed(_("Webhooks are for the administrator and the quality manager."))
    return access


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """Every webhook of the house; a new one is made here, and its secret is shown once."""
    access = administering(request)
    if request.method != "POST":
        return _list(request, access)
    types, verbs = chosen(request)
    try:
        made = subscribe(request.POST.get("url", "").strip(), actor=access, types=types, verbs=verbs)
    except Refused as refused:
        return _list(request, access, refused)
    context = {
        "title": _("Copy this secret now"), "secret": made.secret, "back": reverse("webhook", args=[made.uid]),
        "up": reverse("webhooks"), "above": _("Webhooks"),
        "says": _("Messages to %s are signed with it, so that the receiver knows them for ours. It is shown this once.") % made.url,
    }  # fmt: skip
    return render(request, "linchpin/once.html", context)


def _list(request: HttpRequest, access: Access, refused: Refused | None = None) -> HttpResponse:
    types, verbs = chosen(request)
    rows = Subscription.objects.select_related("person").order_by("-active", "id")
    context = {
        "rows": [(row, told_of(row)) for row in rows], "faults": refused.by_field() if refused else {}, "url": request.POST.get("url", ""),
        "types": all_types(), "wanted": types, "events": events(), "verbs": verbs,
    }  # fmt: skip
    return render(request, "linchpin/webhooks.html", context, status=refused.status if refused else 200)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: HttpRequest, uid: Any) -> HttpResponse:
    """One webhook: what it is told of (changed here by its person), and its last messages with their answers."""
    access = administering(request)
    found = _found(uid)
    if request.method == "POST":
        types, verbs = chosen(request)
        change_subscription(found, actor=access, types=types, verbs=verbs)
        messages.success(request, _("Saved."))
        return redirect("webhook", uid=uid)
    context = {
        "found": found, "told_of": told_of(found), "own": found.person_id == access.person.pk, "deliveries": deliveries(found),
        "types": all_types(), "wanted": found.types, "events": events(), "verbs": found.verbs,
    }  # fmt: skip
    return render(request, "linchpin/webhook.html", context)


@login_required
@require_POST
def act(request: HttpRequest, uid: Any, what: str) -> HttpResponse:
    """Try it, switch it off or on, or end it."""
    access, found = administering(request), _found(uid)
    if what == "try":
        ping(found, actor=access)
        messages.success(request, _("A test message is on its way: look again in a moment."))
    elif what == "end":
        unsubscribe(found, actor=access)
        messages.success(request, _("The webhook to %s is ended. What waited for it is not sent.") % found.url)
        return redirect("webhooks")
    elif what not in ("on", "off"):
        raise Http404
    else:
        change_subscription(found, actor=access, active=what == "on")
        messages.success(request, _("It is switched on again.") if what == "on" else _("It is switched off: nothing more is sent there."))
    return redirect("webhook", uid=uid)


def _found(uid: Any) -> Subscription:
    return get_object_or_404(Subscription.objects.select_related("person"), uid=uid)


def chosen(request: HttpRequest) -> tuple[list[str], list[str]]:
    """The types and kinds of events that are ticked; none ticked means all."""
    return request.POST.getlist("types"), request.POST.getlist("verbs")


def events() -> list[Group]:
    """What can happen: to records of any type, then the moves that only one type has."""
    moves = {one: {move.name: str(move.label) for move in one.lifecycle.transitions} for one in all_types()}
    times = Counter(name for named in moves.values() for name in named)
    shared = {name: label for named in moves.values() for name, label in named.items() if times[name] > 1}
    own = [Group(one.plural(), {n: label for n, label in named.items() if times[n] == 1}) for one, named in moves.items()]
    return [Group("", {verb: str(label) for verb, label in COMMON.items()} | shared), *own]


def told_of(row: Subscription) -> str:
    """In words: which events of which records."""
    labels = {verb: label for group in events() for verb, label in group.events.items()}
    what = ", ".join(labels.get(verb, verb) for verb in row.verbs) or _("everything that happens")
    return f"{', '.join(get_type(key).plural() for key in row.types if has_type(key)) or _('all records')}: {what}"


def deliveries(row: Subscription) -> list[Delivery]:
    """The newest messages to it, each with its answer."""
    jobs = list(Job.objects.filter(kind=KIND, arguments__subscription=row.pk).order_by("-id")[:SHOWN])
    named = Event.objects.select_related("record").in_bulk([job.arguments["event"] for job in jobs if "event" in job.arguments])
    return [_delivery(job, named.get(job.arguments.get("event"))) for job in jobs]


def _delivery(job: Job, event: Any) -> Delivery:
    status, said = job.result.get("status"), job.result.get("sentence") or job.saying
    answer = _("%(said)s Answer: %(status)s.") % {"said": said, "status": status} if status else str(said)
    what = event.verb if event else _("Test message")
    return Delivery(what, event.record if event else None, job.ended_at or job.created_at, str(job.get_state_display()), answer)
