"""New dates for what was brought in with an old one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from linchpin.kernel.commands import command
from linchpin.kernel.commands.agreeing import agree_date, propose_date
from linchpin.kernel.notices.telling import proposals
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.agreeing import suggested_day, to_be_agreed
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.presenting import answer, named
from linchpin.surfaces.api.schemas import Reference, Strict

router = Router(tags=["dates to be agreed"])
LARGEST = 200


class DateToAgree(Schema):
    """An open record with an imported date that has passed. `suggested` is only a help; `proposed` is what who leads asked the owner for."""

    number: str
    title: str
    type: str
    unit: Reference
    owner: Reference | None
    due: str
    suggested: str
    proposed: str | None
    version: int


class DayIn(Strict):
    number: str = Field(max_length=40)
    day: str = Field(max_length=10, description="2026-12-10")
    version: int | None = Field(None, description="The version that you saw: if the record is newer, nothing is agreed.")


class DaysIn(Strict):
    dates: list[DayIn] = Field(min_length=1, max_length=LARGEST)


@router.get("/dates/", response=list[DateToAgree], operation_id="dates", summary="Dates to be agreed")
def dates(request: HttpRequest, size: int = Query(LARGEST, ge=1, le=LARGEST)) -> HttpResponse:
    """Imported records whose date has passed and for which you may agree a new one, oldest first."""
    return answer(_waiting(access(request), size))


@router.post("/dates/", response=list[DateToAgree], operation_id="agree_dates", summary="Agree dates")
def agree(request: HttpRequest, body: DaysIn) -> HttpResponse:
    """Agree all of them or, if one is refused, none; gives what is still to be agreed."""
    actor = access(request)
    with command():
        for one in body.dates:
            agree_date(_found(actor, one.number), _day(one.day), actor=actor, version=one.version)
    return answer(_waiting(actor, LARGEST))


@router.post("/dates/propose/", response=list[DateToAgree], operation_id="propose_dates", summary="Propose dates")
def propose(request: HttpRequest, body: DaysIn) -> HttpResponse:
    """Propose days to the owners, all or none; each hears of it and can agree in one click."""
    actor = access(request)
    with command():
        for one in body.dates:
            propose_date(_found(actor, one.number), _day(one.day), actor=actor, version=one.version)
    return answer(_waiting(actor, LARGEST))


def _waiting(actor: Access, size: int) -> list[dict[str, Any]]:
    found = Record.objects.visible_to(actor, "agree_date").filter(to_be_agreed())
    rows = list(found.select_related("unit", "owner").order_by("due", "id")[:size])
    proposed = proposals(rows)
    return [
        {
            "number": row.number, "title": row.title, "type": row.type, "unit": named(row.unit), "owner": named(row.owner),
            "due": row.due.isoformat() if row.due else "", "suggested": suggested_day(row.unit.country).isoformat(),
            "proposed": proposed[row.pk].values["day"] if row.pk in proposed else None, "version": row.version,
        }
        for row in rows
    ]  # fmt: skip


def _found(actor: Access, number: str) -> Record:
    found = Record.objects.visible_to(actor).filter(number=number).first()
    if found is None:
        raise Missing(_("There is no record %s.") % number)
    return found


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(never(_("Give a day as 2026-12-01."), "day")) from None
