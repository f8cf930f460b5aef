"""Purging content of a record by two people, and erasing a person who has left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.exchange.forgetting import goes_along
from linchpin.kernel.commands.erasing_people import erase_person, insist_on_erasing, replace_in_texts
from linchpin.kernel.commands.purging import confirm_purge, decline_purge, propose_purge
from linchpin.kernel.commands.replacing_names import mentions_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, brief, moment, named
from linchpin.surfaces.api.purge_schemas import ErasureIn, MentionsOut, PurgeDecision, PurgeIn, PurgeOut, ReplaceIn
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
        "decided_at": moment(row.decided_at), "answer": row.answer, "takes_along": [name for name, _n in goes_along(row)],
    }  # fmt: skip


@people.get("/people/{uuid:uid}/mentions/", response=MentionsOut, operation_id="mentions", summary="Texts that name a person")
def mentions(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What others wrote and that names somebody who is to be erased: for whoever erases people."""
    actor, person = access(request), _person(uid)
    insist_on_erasing(person, actor)
    return answer(_mentions(person, actor))


@people.post("/people/{uuid:uid}/mentions/", response=MentionsOut, operation_id="replace_name", summary="Replace a name in texts")
def replace(request: HttpRequest, uid: UUID, body: ReplaceIn) -> HttpResponse:
    """Put the pseudonym in place of the name, in these records or in all that you may read. Each is an edit; the old text is unreadable from then on."""
    actor, person = access(request), _person(uid)
    _done, refused = replace_in_texts(person, None if body.everywhere else body.numbers, actor=actor)
    if refused:
        raise Refused(*(never(sentence, "numbers") for sentence in refused))
    return answer(_mentions(person, actor))


def _person(uid: UUID) -> Person:
    person = Person.objects.filter(uid=uid).first()
    if person is None:
        raise Missing(_("There is no such person."))
    return person


def _mentions(person: Person, actor: Access) -> dict[str, Any]:
    found, hidden = mentions_of(person, actor)
    rows = [(brief(one.record), [{"where": p.where, "text": p.before + p.name + p.after} for p in one.passages]) for one in found]
    return {"items": [record | {"passages": passages} for record, passages in rows], "hidden": hidden}


@people.post("/people/{uuid:uid}/erase/", response=Reference, operation_id="erase_person", summary="Erase a person")
def erase(request: HttpRequest, uid: UUID, body: ErasureIn) -> HttpResponse:
    """A pseudonym takes the place of the name everywhere, and what is personal is blanked: of who has left and has no open duty."""
    return answer(named(erase_person(_person(uid), actor=access(request), reason=body.reason)))
