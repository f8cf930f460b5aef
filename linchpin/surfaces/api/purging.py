"""Purging content of a record by two people, and erasing a person who has left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.kernel.commands.erasing_people import erase_person
from linchpin.kernel.commands.purging import confirm_purge, decline_purge, propose_purge
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Missing
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.purge_schemas import ErasureIn, PurgeDecision, PurgeIn, PurgeOut
from linchpin.surfaces.api.schemas import Reference

router = Router(tags=["on a record"])
people = Router(tags=["the house"])
ON = "/{type}/{number}"


@router.get(f"{ON}/purges/", response=list[PurgeOut], operation_id="purges", summary="Purges")
def purges(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """What was purged of the record, with its tombstone, and what is proposed to be."""
    found = record_of(type, number, access(request))
    return answer([_purge(row) for row in found.purges.select_related("proposed_by", "decided_by").order_by("id")])


@router.post(f"{ON}/purges/", response={201: PurgeOut}, operation_id="propose_purge", summary="Propose a purge")
def propose(request: HttpRequest, type: str, number: str, body: PurgeIn) -> HttpResponse:
    """Propose that the text of a field, a comment or a file goes for good. Somebody else confirms it."""
    actor = access(request)
    made = propose_purge(record_of(type, number, actor), body.kind, body.target, actor=actor, reason=body.reason)
    return answer(_purge(made), 201)


@router.post(f"{ON}/purges/{{uuid:uid}}/", response=PurgeOut, operation_id="decide_purge", summary="Confirm or decline a purge")
def decide(request: HttpRequest, type: str, number: str, uid: UUID, body: PurgeDecision) -> HttpResponse:
    """Confirm it: the content is gone for good. Or decline it, with a reason. A quality manager or top manager, never who proposed it."""
    actor = access(request)
    row = record_of(type, number, actor).purges.select_related("record").filter(uid=uid).first()
    if row is None:
        raise Missing(_("There is no such proposal."))
    return answer(_purge(confirm_purge(row, actor=actor) if body.confirm else decline_purge(row, actor=actor, reason=body.reason)))


def _purge(row: Purge) -> dict[str, Any]:
    return {
        "uid": str(row.uid), "kind": row.kind, "target": row.target, "what": row.what, "hash": row.hash, "state": row.state, "reason": row.reason,
        "proposed_by": named(row.proposed_by), "proposed_at": moment(row.proposed_at), "decided_by": named(row.decided_by),
        "decided_at": moment(row.decided_at), "answer": row.answer,
    }  # fmt: skip


@people.post("/people/{uuid:uid}/erase/", response=Reference, operation_id="erase_person", summary="Erase a person")
def erase(request: HttpRequest, uid: UUID, body: ErasureIn) -> HttpResponse:
    """A pseudonym takes the place of the name everywhere, and what is personal is blanked: of who has left and has no open duty."""
    person = Person.objects.filter(uid=uid).first()
    if person is None:
        raise Missing(_("There is no such person."))
    return answer(named(erase_person(person, actor=access(request), reason=body.reason)))
