"""Work that does not get stuck: who stands in for whom, what leavers had in hand, what was not answered, when reminders begin."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from linchpin.kernel.asking.in_hand import InHand, in_hand, left_open
from linchpin.kernel.commands import handing_over
from linchpin.kernel.commands.house_rules import RULES, decide_rule, house_rule
from linchpin.kernel.commands.reminding_units import let_remind
from linchpin.kernel.commands.standing_in import delegate, end_delegation
from linchpin.kernel.people.models import Delegation, Person, Unit
from linchpin.kernel.records.models import DutyRule, Record
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.presenting import answer, moment, named
from linchpin.surfaces.api.schemas import Reference, Strict

router = Router(tags=["standing in"])


class DelegationIn(Strict):
    delegate: str = Field(max_length=36, description="The uid of who stands in.")
    starts: str = Field(max_length=10, description="The first day, 2026-12-01.")
    ends: str = Field(max_length=10, description="The last day.")
    scope: str = Field("all", max_length=10, description="all, approvals (what is signed), or unit.")
    unit: str | None = Field(None, max_length=36)
    note: str = Field("", max_length=200)


class DelegationOut(Schema):
    uid: str
    giver: Reference
    delegate: Reference
    scope: str
    unit: Reference | None
    starts: str
    ends: str
    note: str
    ended_at: str | None
    ended_by: Reference | None


class InHandOut(Schema):
    """One thing that hangs on somebody: the `key` goes back in when it is handed over."""

    key: str
    how: str
    label: str
    what: str


class HandOverIn(Strict):
    to: str = Field(max_length=36, description="The uid of who takes it over.")
    keys: list[str] = Field(max_length=500)
    reason: str = Field("", max_length=2_000)


class Reason(Strict):
    reason: str = Field("", max_length=2_000)


class RulesOut(Schema):
    """What top management has decided: numbers of the house, and how far each separation of duties may bend."""

    take_over_after: int = Field(description="Working days after which an unanswered approval may be taken over.")
    duties: dict[str, str] = Field(description="`never`, `when_alone` or `with_reason`; where nothing was decided, `when_alone`.")


class RuleIn(Strict):
    number: int
    reason: str = Field("", max_length=2_000)


class RemindIn(Strict):
    on: bool
    reason: str = Field("", max_length=2_000)


@router.get("/delegations/", response=list[DelegationOut], operation_id="delegations", summary="Standing in")
def delegations(request: HttpRequest) -> HttpResponse:
    """Who stands in for me, and for whom I do; those that are over too."""
    me = access(request).person
    rows = Delegation.objects.filter(Q(giver=me) | Q(delegate=me)).select_related("giver", "delegate", "unit", "ended_by")
    return answer([_delegation(row) for row in rows.order_by("-starts", "-pk")[:200]])


@router.post("/delegations/", response={201: DelegationOut}, operation_id="delegate", summary="Let somebody stand in")
def make(request: HttpRequest, body: DelegationIn) -> HttpResponse:
    """Let somebody stand in for you, from the first day to the last. They are told."""
    to = _found(Person, body.delegate, "delegate")
    unit = _found(Unit, body.unit, "unit") if body.unit else None
    days = {"starts": _day(body.starts, "starts"), "ends": _day(body.ends, "ends")}
    return answer(_delegation(delegate(to, scope=body.scope, unit=unit, note=body.note, actor=access(request), **days)), 201)


@router.delete("/delegations/{uuid:uid}/", response=DelegationOut, operation_id="end_delegation", summary="End standing in")
def end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Take it back, or give it back."""
    actor = access(request)
    found = Delegation.objects.filter(Q(giver=actor.person) | Q(delegate=actor.person), uid=uid).first()
    if found is None:
        raise Missing(_("There is no such thing."))
    return answer(_delegation(end_delegation(found, actor=actor)))


@router.get("/leavers/", response=list[Reference], operation_id="leavers", summary="Leavers with things open")
def leavers(request: HttpRequest) -> HttpResponse:
    """People who have left with things open that are yours to give to others."""
    actor = access(request)
    return answer([named(one) for one in left_open() if handing_over.may_hand_over(actor, one)])


@router.get("/people/{uuid:uid}/in-hand/", response=list[InHandOut], operation_id="in_hand", summary="What somebody has in hand")
def things(request: HttpRequest, uid: UUID) -> HttpResponse:
    """What they own, are named in, are asked for, lead: for whoever may hand it over."""
    return answer([_thing(one) for one in _in_hand(request, uid)[1]])


@router.post("/people/{uuid:uid}/hand-over/", response=list[InHandOut], operation_id="hand_over", summary="Hand over")
def give(request: HttpRequest, uid: UUID, body: HandOverIn) -> HttpResponse:
    """Give things to somebody else; gives what is still in hand. What is refused ends the call, what was given before stays given."""
    leaver, found = _in_hand(request, uid)
    to, wanted = _found(Person, body.to, "to"), set(body.keys)
    if unknown := wanted - {one.key for one in found}:
        raise Refused(never(_("There is no “%s” in their hands.") % sorted(unknown)[0], "keys"))
    for one in found:
        if one.key in wanted:
            handing_over.hand_over(one, leaver, to, actor=access(request), reason=body.reason)
    return answer([_thing(one) for one in _in_hand(request, uid)[1]])


@router.post("/people/{uuid:uid}/take-over/{number}/{duty}/", response={204: None}, operation_id="take_over", summary="Take over an approval")
def take(request: HttpRequest, uid: UUID, number: str, duty: str, body: Reason) -> HttpResponse:
    """Take over what the person was asked for on a record and has not answered within as many working days as the house has decided (`/rules/`)."""
    actor = access(request)
    found = Record.objects.visible_to(actor).filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    handing_over.take_over(found, duty, _found(Person, str(uid), "uid"), actor=actor, reason=body.reason)
    return HttpResponse(status=204)


@router.get("/rules/", response=RulesOut, operation_id="rules", summary="Rules in force")
def rules(request: HttpRequest) -> HttpResponse:
    """What the house has decided; how it came to be stands in its trail."""
    duties = {duty: str(DutyRule.Mode.WHEN_ALONE) for one in all_types() for duty in one.duties} | dict(DutyRule.objects.values_list("duty", "mode"))
    return answer({name: house_rule(name) for name in RULES} | {"duties": duties})


@router.post("/rules/{name}/", response=RulesOut, operation_id="decide_rule", summary="Decide a number of the house")
def decide(request: HttpRequest, name: str, body: RuleIn) -> HttpResponse:
    """Top management sets a number, for example `take_over_after`."""
    decide_rule(name, body.number, actor=access(request), reason=body.reason)
    return rules(request)


@router.post("/units/{uuid:uid}/reminders/", response={204: None}, operation_id="let_remind", summary="Start or pause reminders")
def remind(request: HttpRequest, uid: UUID, body: RemindIn) -> HttpResponse:
    """Let reminders and escalation begin in the unit and below it, or pause them."""
    let_remind(_found(Unit, str(uid), "unit"), body.on, actor=access(request), reason=body.reason)
    return HttpResponse(status=204)


def _in_hand(request: HttpRequest, uid: UUID) -> tuple[Person, list[InHand]]:
    actor = access(request)
    leaver = Person.objects.select_related("unit", "manager").filter(uid=uid).first()
    if leaver is None:
        raise Missing(_("There is no such person."))
    if not handing_over.may_hand_over(actor, leaver):
        raise NotAllowed(_("What %s had in hand is for their line manager or the quality manager to give to others.") % leaver)
    return leaver, in_hand(leaver, actor)


def _thing(one: InHand) -> dict[str, Any]:
    return {"key": one.key, "how": one.how, "label": str(one.label), "what": str(one.subject)}


def _delegation(row: Delegation) -> dict[str, Any]:
    return {
        "uid": str(row.uid), "giver": named(row.giver), "delegate": named(row.delegate), "scope": row.scope, "unit": named(row.unit),
        "starts": row.starts.isoformat(), "ends": row.ends.isoformat(), "note": row.note,
        "ended_at": moment(row.ended_at) if row.ended_at else None, "ended_by": named(row.ended_by),
    }  # fmt: skip


def _found(model: Any, text: str, field: str) -> Any:
    found = model.objects.filter(uid=text).first() if is_uid(text) else None
    if found is None:
        raise Refused(never(_("There is no “%s”: give the uid.") % text, field))
    return found


def is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(never(_("Give a day as 2026-12-01."), field)) from None
