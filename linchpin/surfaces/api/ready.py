"""Ready for an audit on any day, for machines: what proves each clause, what was bent, and draws of one's own."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Query
from pydantic import Field

from linchpin.chapters.evaluation.readiness.drawing import KEY, draw_for, looks_of
from linchpin.kernel.commands.looking import judge_drawn, start_clock
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.evidence import edition_of
from linchpin.kernel.records.models import DeclaredException
from linchpin.kernel.records.readiness import LOOKED_AT, Line, below, overdue_first, readiness, shown_exceptions
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.clause_schemas import EditionOut
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment, named, reference
from linchpin.surfaces.api.schemas import RecordReference, Reference, Strict

router = Router(tags=["the standard"])
drawn = Router(tags=["on a record"])
EDITION = Query("", max_length=4, description="2015 or 2026; the one in force if left out.")
UNIT = Query(None, description="A unit's uid: it and everything below it.")


class ProofOut(Schema):
    type: str
    count: int
    newest: str
    old: bool = Field(description="Nobody worked on any of them for longer than the type's interval.")
    named: list[str] = Field(description="The clauses that the records name themselves; empty where the type declares them.")


class ReadyRow(Schema):
    number: str
    title: str
    state: Literal["fresh", "old", "nothing"]
    proofs: list[ProofOut]


class ReadyOut(Schema):
    edition: EditionOut
    clauses: list[ReadyRow]


class BentOut(Schema):
    record: RecordReference
    sentence: str
    reason: str
    declared_by: Reference
    declared_at: str
    check_due: str
    overdue: bool
    checked_by: Reference | None
    checked_at: str | None
    finding: str


class LookOut(Schema):
    uid: str
    number: str
    record: RecordReference | None = Field(description="None where it is not yours to see.")
    opened: str | None
    seconds: int | None
    found: bool | None
    missing: str


class LookIn(Strict):
    did: Literal["opened", "found", "missing"]
    missing: str = Field("", max_length=300, description="What is missing: for `missing` only.")


@router.get("/ready/", response=ReadyOut, operation_id="ready", summary="Audit-ready")
def ready(
    request: HttpRequest, edition: str = EDITION, unit: UUID | None = UNIT, show: Literal["", "imported", "exceptions"] = Query("")
) -> HttpResponse:
    """Every clause with the records that you may see for it, their newest day, and whether that is old. `show` keeps to what was imported or bent."""
    found = edition_of(edition)
    chapters = readiness(found, access(request), LOOKED_AT[show] & below(_units(unit)))
    about = {"id": found.id, "name": found.name, "in_force": found.id == edition_of().id}
    return answer({"edition": about, "clauses": [_row(line) for chapter in chapters for line in chapter.lines]})


@router.get("/ready/exceptions/", response=list[BentOut], operation_id="ready_exceptions", summary="Declared within a year")
def exceptions(request: HttpRequest, unit: UUID | None = UNIT) -> HttpResponse:
    """Exceptions declared within a year, and older ones that nobody looked at yet: those that wait first, the longest overdue in front."""
    return answer([_bent(one) for one in overdue_first(shown_exceptions(access(request), below(_units(unit))))])


@drawn.get(f"/{KEY}/{{number}}/drawn/", response=list[LookOut], operation_id="drawn", summary="What was drawn")
def looks(request: HttpRequest, number: str) -> HttpResponse:
    """What a draw of one's own drew, how long each took, and what was missing."""
    asking = access(request)
    return answer(_looks(record_of(KEY, number, asking), asking))


@drawn.post(f"/{KEY}/{{number}}/drawn/", response={201: list[LookOut]}, operation_id="draw_five", summary="Draw five")
def draw(request: HttpRequest, number: str) -> HttpResponse:
    """Draw five by the seed that stands on the record; once, and nothing is drawn over."""
    asking = access(request)
    draw_for(record_of(KEY, number, asking), actor=asking)
    return answer(_looks(record_of(KEY, number, asking), asking), 201)


@drawn.post(f"/{KEY}/{{number}}/drawn/{{uuid:uid}}/", response=list[LookOut], operation_id="look", summary="Open one, or say what you found")
def look(request: HttpRequest, number: str, uid: UUID, body: LookIn) -> HttpResponse:
    """`opened` starts its clock; `found` or `missing` stops it."""
    asking = access(request)
    check = record_of(KEY, number, asking)
    if body.did == "opened":
        start_clock(check, str(uid), actor=asking)
    elif body.did == "missing" and not body.missing.strip():
        raise Refused(never(_("Say what is missing, in a few words."), "missing"))
    else:
        judge_drawn(check, str(uid), missing=body.missing if body.did == "missing" else "", actor=asking)
    return answer(_looks(record_of(KEY, number, asking), asking))


def _units(uid: UUID | None) -> list[Unit]:
    if uid is None:
        return []
    if not (found := list(Unit.objects.filter(uid=uid))):
        raise Refused(never(_("There is no such unit: choose one of the list."), "unit"))
    return found


def _row(line: Line) -> dict[str, Any]:
    proofs = [{"type": one.type.key, "count": one.count, "newest": moment(one.newest), "old": one.is_old, "named": list(one.named)} for one in line.proofs]
    return {"number": line.clause.number, "title": line.clause.title, "state": line.state, "proofs": proofs}


def _bent(one: DeclaredException) -> dict[str, Any]:
    told = {"record": reference(one.record), "sentence": one.sentence, "reason": one.reason, "declared_by": named(one.declared_by)}
    told |= {"declared_at": moment(one.declared_at), "check_due": one.check_due.isoformat(), "checked_by": named(one.checked_by)}
    overdue = not one.checked_at and one.check_due < clock.today()
    return told | {"overdue": overdue, "checked_at": moment(one.checked_at), "finding": one.finding}


def _looks(check: Any, asking: Access) -> list[dict[str, Any]]:
    return [
        {"uid": one.uid, "number": one.number, "record": reference(one.record) if one.record else None, "opened": moment(one.opened),
         "seconds": one.seconds, "found": one.found, "missing": one.missing}
        for one in looks_of(check, asking)
    ]  # fmt: skip
