"""Across the registers: search, what waits for me, saved views, jobs, and the verification of the whole trail."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import cancel
from linchpin.kernel.notices.telling import unread
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.standing_in import standing_in
from linchpin.kernel.records.access import insist_on_trail
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Phase, Record, SavedView
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import all_types, has_type
from linchpin.kernel.records.waiting import at_rest, waiting_for
from linchpin.kernel.search.finding import find
from linchpin.kernel.trail import verify
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import type_of
from linchpin.surfaces.api.house_schemas import HitOut, JobOut, TodoOut, VerificationOut, ViewOut
from linchpin.surfaces.api.presenting import API, answer, brief, moment, named

router = Router(tags=["across the registers"])
SHOWN = 100


@router.get("/search/", response=list[HitOut], operation_id="search", summary="Search")
def search(
    request: HttpRequest,
    q: str = Query(..., min_length=1, max_length=200, description="Words (the last as a prefix), or a number."),
    type: str = "",
    size: int = Query(20, ge=1, le=50),
) -> HttpResponse:
    """Records that hold every word, best first."""
    key = type_of(type).key if type else ""
    return answer([brief(hit.record) for hit in find(access(request), q, type_key=key, limit=size)])


@router.get("/todo/", response=TodoOut, operation_id="todo", summary="To do")
def todo(request: HttpRequest) -> HttpResponse:
    """What I own and is open, by due date; what of others waits for me; what waits for whom I stand in for; what I was told and have not read."""
    asking = access(request)
    rows = Record.objects.visible_to(asking).filter(owner=asking.person, phase=Phase.OPEN).exclude(at_rest(today()))
    mine = [r for r in rows.select_related("unit", "owner").order_by("due", "id")[:SHOWN] if has_type(r.type)]
    return answer({
        "mine": [brief(record) for record in mine],
        "waiting": _waiting(asking),
        "standing_in": [_standing(one) for one in standing_in(asking)],
        "notices": [{"kind": n.kind, "text": n.sentence, "at": moment(n.at)} for n in unread(asking.person)[:SHOWN]],
    })  # fmt: skip


def _waiting(asking: Access) -> list[dict[str, Any]]:
    return [brief(record) | {"what": words} for record, words in waiting_for(asking)]


def _standing(one: Access) -> dict[str, Any]:
    until = one.through.ends.isoformat() if one.through else ""
    return {"giver": named(one.on_behalf_of), "until": until, "waiting": _waiting(one)}


@router.get("/views/", response=list[ViewOut], operation_id="views", summary="Saved views")
def views(request: HttpRequest, type: str = "") -> HttpResponse:
    """My saved views and those for everybody, each with the address of its list."""
    keys = [type_of(type).key] if type else [one.key for one in all_types()]
    mine = Q(owner=access(request).person) | Q(shared=True)
    rows = SavedView.objects.filter(mine, type__in=keys).select_related("owner").order_by("type", "name", "id")
    return answer([_view(row) for row in rows])


def _view(row: SavedView) -> dict[str, Any]:
    listed = f"{API}/{row.type}/" + (f"?{row.query}" if row.query else "")
    return {"name": row.name, "type": row.type, "query": row.query, "shared": row.shared, "owner": named(row.owner), "url": listed}


@router.get("/jobs/", response=list[JobOut], operation_id="jobs", summary="Jobs")
def jobs(request: HttpRequest) -> HttpResponse:
    """My newest hundred jobs."""
    return answer([job_out(row) for row in Job.objects.filter(person=access(request).person).order_by("-id")[:SHOWN]])


@router.get("/jobs/{uuid:uid}/", response=JobOut, operation_id="job", summary="A job")
def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    return answer(job_out(_mine(request, uid)))


@router.post("/jobs/{uuid:uid}/cancel/", response=JobOut, operation_id="cancel_job", summary="Cancel a job")
def canceljob_out(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask a job to stop: a waiting one at once, a running one when it next says how far it is."""
    found = _mine(request, uid)
    cancel(found)
    found.refresh_from_db()
    return answer(job_out(found))


def _mine(request: HttpRequest, uid: UUID) -> Job:
    found = Job.objects.filter(uid=uid, person=access(request).person).first()
    if found is None:
        raise Missing(_("There is no such job of yours."))
    return found


def job_out(row: Job) -> dict[str, Any]:
    """A job as data."""
    return {
        "uid": str(row.uid), "kind": row.kind, "state": row.state, "percent": row.percent, "saying": row.saying, "result": row.result,
        "created_at": moment(row.created_at), "started_at": moment(row.started_at), "ended_at": moment(row.ended_at),
    }  # fmt: skip


@router.get("/verify/", response=VerificationOut, operation_id="verify", summary="Verify the trail")
def verify_trail(request: HttpRequest) -> HttpResponse:
    """Verify every event and every seal, now; names the first that is not as it was written."""
    insist_on_trail(access(request))
    return answer(asdict(verify()))
