"""The first page: the demo's cast in one click each (only in a demonstration), else the sign-in; and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linchpin.exchange.arrivals.receiving_many import may_receive
from linchpin.exchange.models import Arrival
from linchpin.kernel.commands.organizing import set_own
from linchpin.kernel.notices.telling import mark_read, unread
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Organization, Person, Role
from linchpin.kernel.people.stage import PIN
from linchpin.kernel.people.standing_in import standing_in
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import get_type, has_type
from linchpin.kernel.records.waiting import at_rest, waiting_for
from linchpin.surfaces.web import looking_around
from linchpin.surfaces.web.counting import counted
from linchpin.surfaces.web.dating import dates_waiting
from linchpin.surfaces.web.handing_over import leavers_of
from linchpin.surfaces.web.kiosk import at_a_kiosk
from linchpin.surfaces.web.presenting import due_of, pins_of, tags_of
from linchpin.surfaces.web.reminders import silent_units

SHOWN, MOST_FACES = 100, 60
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Signed in: to do. Not signed in: the cast of a demonstration, or the sign-in."""
    if request.user.is_authenticated:
        return redirect("own_room" if request.access.is_guest else "todo")  # type: ignore[attr-defined]
    if at_a_kiosk(request):
        return redirect("kiosk")
    organization = Organization.objects.first()
    if organization is None:
        return render(request, "linchpin/empty_house.html", looking_around.context_of(request), status=503)
    if not organization.is_demo:
        return redirect("account_login")
    return render(request, "linchpin/cast.html", {"cast": faces(), "numbers": numbers(), "pin": PIN})


def faces() -> list[tuple[Person, int]]:
    """The people of a demonstration whom one may be, with how many things wait for each: as many as their page “To do” will say."""
    cast = Person.objects.filter(account=Person.Account.ACTIVE, state=Person.State.ACTIVE).exclude(employment=Person.Employment.SYSTEM)
    return [(person, counted(access_of(person))[0]) for person in cast.select_related("unit").order_by("pk")[:MOST_FACES]]


def numbers() -> list[Person]:
    """The people of a demonstration who sign in at a kiosk by number and PIN."""
    return list(Person.objects.filter(pin__isnull=False, badge__isnull=False).order_by("pk")[:5])


@require_POST
def become(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign in as one of the cast: possible in a demonstration only, and not listed under the places of who may be many people at once."""
    organization = Organization.objects.first()
    person = Person.objects.filter(pk=pk).exclude(employment=Person.Employment.SYSTEM).first()
    if organization is None or not organization.is_demo or person is None or not person.is_active:
        raise Http404
    login(request, person, backend=BACKEND)
    return redirect("own_room" if person.employment == Person.Employment.EXTERNAL_AUDITOR else "todo")


@dataclass(frozen=True)
class Task:
    """One thing that waits for the person."""

    record: Any
    kind: str
    status: str
    pins: Any
    due: Any
    tags: Any


@login_required
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """The first hour: look around a made-up organization, or start with one's own files."""
    may_receive(request.access)  # type: ignore[attr-defined]
    return render(request, "linchpin/doors.html", looking_around.context_of(request))


def _nothing_is_here_yet(access: Access) -> bool:
    """Whether the two doors are what somebody who sets the installation up should see: no record, and no file that arrived."""
    if not access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER) or Record.objects.exists() or Arrival.objects.exists():
        return False
    organization = Organization.objects.first()
    return organization is not None and not organization.is_demo


@login_required
@require_safe
def todo(request: HttpRequest) -> HttpResponse:
    """What waits for me: overdue, this week, later; what I should look at; what I was told."""
    access: Access = request.access  # type: ignore[attr-defined]
    rows = Record.objects.visible_to(access).filter(owner=access.person, phase=Phase.OPEN).exclude(at_rest(today()))
    mine = [_task(r, access) for r in rows.select_related("unit", "owner").order_by("due", "id")[:SHOWN] if has_type(r.type)]
    day = today()
    groups = [
        (_("Overdue"), [t for t in mine if t.record.due and t.record.due < day]),
        (_("In the next 7 days"), [t for t in mine if t.record.due and 0 <= (t.record.due - day).days <= 7]),
        (_("Later"), [t for t in mine if not t.record.due or (t.record.due - day).days > 7]),
    ]
    waiting, standing = waiting_for(access), [(one.through, waiting_for(one)) for one in standing_in(access)]
    if not mine and not waiting and _nothing_is_here_yet(access):
        return redirect("doors")
    undated, leavers = dates_waiting(access), leavers_of(access)
    context = {
        "silent": silent_units(access.person),
        "undated": undated,
        "leavers": leavers,
        "standing": standing,
        "groups": [(name, tasks) for name, tasks in groups if tasks],
        "waiting": waiting,
        "all_in_all": counted(access)[0],
        "notices": list(unread(access.person)[:30]),
        "nothing": not (mine or waiting or undated or leavers or any(found for _delegation, found in standing)),
    }
    return render(request, "linchpin/todo.html", context)


def _task(record: Record, access: Access) -> Task:
    record_type = get_type(record.type)
    label = record_type.label(access.person.labels)
    return Task(record, label, record_type.lifecycle.label(record.status), pins_of(record, record_type), due_of(record), tags_of(record))


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Everything I was told is read."""
    mark_read(request.access.person)  # type: ignore[attr-defined]
    return redirect("todo")


@login_required
@require_POST
def words(request: HttpRequest) -> HttpResponse:
    """Plain words or the standard's: each person chooses."""
    access: Access = request.access  # type: ignore[attr-defined]
    set_own(access.person, labels=request.POST.get("labels", ""), actor=access)
    back = request.POST.get("back", "/")
    return redirect(back if back.startswith("/") and not back.startswith("//") else "/")
