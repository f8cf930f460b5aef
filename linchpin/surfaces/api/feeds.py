"""Due dates as a calendar that one subscribes to: one's own, or those of a unit and everything below it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.access import RESTRICTED
from linchpin.kernel.records.models import Phase, Record
from linchpin.surfaces.api.authenticating import token_of

SHOWN = 1_000
LOOKS_BACK = timedelta(days=365)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a feed's address; `?unit=` with a unit's uid gives the unit's dates instead of one's own."""
    token = token_of(secret, "feed")
    if token is None:
        return HttpResponse(_("This calendar has ended, or never was: make a new one."), status=404, content_type="text/plain; charset=utf-8")
    reader = access_of(token.person)
    mine, name = _whose(reader, request.GET.get("unit", ""))
    rows = Record.objects.visible_to(reader).filter(mine, phase=Phase.OPEN, due__gte=today() - LOOKS_BACK).order_by("due", "id")[:SHOWN]
    response = HttpResponse(_calendar(name, list(rows)).to_ical(), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    return response


def _whose(reader: Access, unit: str) -> tuple[Q, str]:
    """Which records, and what the calendar is called."""
    if not unit:
        return Q(owner=reader.person), _("Due: %s") % reader.person.name
    try:
        found = Unit.objects.filter(uid=UUID(unit)).first()
    except ValueError:
        found = None
    if found is None:
        return Q(pk__in=()), _("No such unit")
    below = Unit.objects.filter(path__startswith=found.path).values_list("pk", flat=True)
    return Q(unit_id__in=list(below)), _("Due: %s") % found.name


def _calendar(name: str, records: list[Any]) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Linchpin//Due dates//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    for record in records:
        calendar.add_component(_entry(record))
    return calendar


def _entry(record: Any) -> Event:
    """An all-day entry that blocks no time. A restricted record shows its number only: calendars are looked at by others."""
    entry = Event()
    entry.add("uid", f"{record.uid}@linchpin")
    entry.add("dtstamp", record.updated_at)
    entry.add("last-modified", record.updated_at)
    entry.add("sequence", record.version)
    entry.add("dtstart", record.due)
    entry.add("dtend", record.due + timedelta(days=1))
    entry.add("summary", record.number if record.confidentiality == RESTRICTED else f"{record.number} {record.title}")
    entry.add("url", f"{settings.BASE_URL}/{record.type}/{record.number}/")
    entry.add("transp", "TRANSPARENT")
    return entry
