"""Who is asked for something on a record, who has answered, who was there when a group was told; and changes that were asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.kernel.asking.models import Asked
from linchpin.kernel.asking.reading import asked_of, audience_of, coverage_of
from linchpin.kernel.commands import asking
from linchpin.kernel.commands.asking import LEADING
from linchpin.kernel.commands.commenting import settle_comment
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.cleaning import referred
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.api.attached import ON, comment_out
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import record_of
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.schemas import AskedIn, AskedOut, CommentOut, SettleIn, WitnessIn

router = Router(tags=["on a record"])


@router.get(f"{ON}/asked/", response=list[AskedOut], operation_id="asked", summary="Who is asked")
def asked(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """What the record asks people for: who was named, and how far they are."""
    actor = access(request)
    found = record_of(type, number, actor)
    return answer([_asked(found, duty, actor) for duty in get_type(type).askings])


def _asked(record: Any, duty: str, actor: Access) -> dict[str, Any]:
    declared, lines = get_type(record.type).askings[duty], audience_of(record, duty)
    rows = list(asked_of(record, duty))
    _all, units = coverage_of(record, duty)
    return {
        "duty": duty, "label": str(declared.label), "move": declared.move,
        "people": [named(line.person) for line in lines if line.person],
        "units": [named(line.unit) for line in lines if line.unit],
        "roles": [line.role for line in lines if line.role],
        "coverage": [{"unit": named(one.unit), "asked": one.asked, "done": one.done, "witnessed": one.witnessed} for one in units],
        "answers": [_answer(row) for row in rows if not declared.groups or _may_name(actor, row.person)],
    }  # fmt: skip


def _may_name(actor: Access, person: Person) -> bool:
    return person.pk == actor.person.pk or actor.covers(LEADING, person.unit_id)


def _answer(row: Asked) -> dict[str, Any]:
    at = {"asked_at": moment(row.asked_at), "answered_at": moment(row.answered_at)}
    return {"person": named(row.person), "answer": row.answer or "open", "witness": named(row.witness), **at}


@router.put(f"{ON}/asked/{{duty}}/", response=AskedOut, operation_id="name_audience", summary="Say who is asked")
def name_audience(request: HttpRequest, type: str, number: str, duty: str, body: AskedIn) -> HttpResponse:
    """Say who is asked, in place of whoever was named before. Where the record asks already, newcomers are asked at once."""
    actor = access(request)
    found = record_of(type, number, actor)
    people = [_person(text, "people") for text in body.people]
    units = [_referred(Unit, text, "units") for text in body.units]
    asking.name_audience(found, duty, [*people, *units, *body.roles], actor=actor)
    return answer(_asked(record_of(type, number, actor), duty, actor))


@router.post(f"{ON}/asked/{{duty}}/witness/", response=AskedOut, operation_id="witness", summary="Witness a group")
def witness(request: HttpRequest, type: str, number: str, duty: str, body: WitnessIn) -> HttpResponse:
    """Write down that you were there when these people of yours were told: they count as witnessed, apart from who confirmed."""
    actor = access(request)
    found = record_of(type, number, actor)
    asking.witness(found, duty, [_person(text, "people") for text in body.people], actor=actor, said_so=body.said_so)
    return answer(_asked(record_of(type, number, actor), duty, actor))


@router.post(f"{ON}/comments/{{int:id}}/settle/", response=CommentOut, operation_id="settle_comment", summary="Settle a change")
def settle(request: HttpRequest, type: str, number: str, id: int, body: SettleIn) -> HttpResponse:
    """Say what became of a change that a comment asked for."""
    actor = access(request)
    found = record_of(type, number, actor).comments.filter(pk=id).first()
    if found is None:
        raise Missing(_("There is no such comment."))
    return answer(comment_out(settle_comment(found, body.settled_with, actor=actor)))


def _person(text: str, field: str) -> Person:
    return _referred(Person, text, field)


def _referred(model: Any, text: str, field: str) -> Any:
    found = referred(model, text)
    if found is None:
        raise Refused(never(_("There is no “%s”: give the uid, of a person also the e-mail.") % text, field))
    return found
