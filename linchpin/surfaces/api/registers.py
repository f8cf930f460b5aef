"""Every record type as resources: its register, its records, and the moves of each as a resource of its own."""

from __future__ import annotations

import json
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router

from linchpin.kernel import commands
from linchpin.kernel.commands.on_device import device_time, done_on_device
from linchpin.kernel.commands.repeating import repeatable
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.standing_in import hands, standing_in_for
from linchpin.kernel.records.access import may_move
from linchpin.kernel.records.lifecycle import Strength, Transition
from linchpin.kernel.records.listing import Asked, page
from linchpin.kernel.records.refusals import Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.finding import named_in, record_of, type_of
from linchpin.surfaces.api.payloads import seen, shaped
from linchpin.surfaces.api.presenting import address, answer, shown
from linchpin.surfaces.api.problems import Unreadable, refusal_out
from linchpin.surfaces.api.schemas import CreateIn, EditIn, MoveIn, OfferOut, RecordOut, RecordPage
from linchpin.surfaces.api.standing import is_uid

router = Router(tags=["records"])
OWN_PARAMETERS = ("sort", "cursor", "size")
USUAL, LARGEST = 50, 200
IN_BROWSER = (Strength.REAUTHENTICATE, Strength.TWO_PEOPLE)
PER_TYPE: dict[str, Any] = {"x-per-type": True}
"""Marks an operation that the description spells out for each record type."""


@router.get("/{type}/", response=RecordPage, operation_id="list", summary="List", openapi_extra=PER_TYPE)
def register(request: HttpRequest, type: str) -> HttpResponse:
    """A page of the register: the filters of the type, an order that has an index, at most 200 rows."""
    record_type = type_of(type)
    asked = _asked(request)
    found = page(record_type, asked, access(request))
    items = shown(found.rows, record_type, access(request))
    return answer({"items": items, "next": _beside(request, found.after), "previous": _beside(request, found.before)})


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    size = given.get("size", str(USUAL))
    if not size.isascii() or not size.isdecimal() or not 1 <= int(size[:9]) <= LARGEST:
        raise Refused(never(_("“size” is a number from 1 to %d.") % LARGEST, "size"))
    filters = {name: values for name, values in given.lists() if name not in OWN_PARAMETERS}
    return Asked(filters, given.get("sort") or "-number", given.get("cursor", ""), int(size))


def _beside(request: HttpRequest, cursor: str) -> str | None:
    if not cursor:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"


@router.get("/{type}/{number}/", response=RecordOut, operation_id="read", summary="Read", openapi_extra=PER_TYPE)
def read(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """One record, yours to read or that of whom you stand in for. Its ETag is its version: send it back as If-Match when you edit or move it."""
    return _record(record_of(type, number, *hands(access(request))), type_of(type), access(request))


def _record(record: Any, record_type: RecordType, reader: Access, *, status: int = 200, again: bool = False) -> HttpResponse:
    (data,) = shown([record], record_type, reader)
    response = answer(data, status)
    response["ETag"] = f'"{record.version}"'
    if again:
        response["Idempotent-Replayed"] = "true"
    return response


@router.post("/{type}/", response={201: RecordOut}, operation_id="create", summary="Create", openapi_extra=PER_TYPE)
def create(request: HttpRequest, type: str, body: CreateIn) -> HttpResponse:
    """Create a record. With an Idempotency-Key, sending it again gives back what it made the first time."""
    record_type, own = type_of(type), access(request)
    actor = in_whose_name(body.on_behalf_of, own)
    if actor.through is not None and body.parent is None:
        raise Refused(never(_("In somebody else's name you add to a record that stands: say which one it hangs under."), "parent"))
    values = shaped(record_type, body.values)
    parent = _parent(record_type, body.parent, actor)
    record, again = _once(request, body, own, lambda: commands.create(type, values, actor=actor, parent=parent, reason=body.reason, asked=True))
    response = _record(record, record_type, actor, status=201, again=again)
    response["Location"] = address(record) or ""
    return response


def _parent(record_type: RecordType, number: str | None, actor: Access) -> Any:
    parent = named_in(number, "parent", actor)
    if parent is not None and parent.type not in record_type.parents:
        taken = ", ".join(record_type.parents) or _("nothing")
        raise Refused(never(_("It cannot hang under %(number)s. It can hang under: %(taken)s.") % {"number": parent.number, "taken": taken}, "parent"))
    return parent


def _once(request: HttpRequest, body: Any, actor: Access, work: Any) -> tuple[Any, bool]:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return work(), False
    if not 1 <= len(key) <= 255:
        raise Unreadable(never(_("An Idempotency-Key has 1 to 255 characters."), "Idempotency-Key"))
    asked = json.dumps([request.method, request.path, body.model_dump()], sort_keys=True)
    return repeatable(key, asked, work, actor=actor)


@router.patch("/{type}/{number}/", response=RecordOut, operation_id="edit", summary="Edit", openapi_extra=PER_TYPE)
def edit(request: HttpRequest, type: str, number: str, body: EditIn) -> HttpResponse:
    """Set the fields under `values`. Send If-Match, or what you saw as `old`, so that nobody's work is lost."""
    record_type, actor = type_of(type), in_whose_name(body.on_behalf_of, access(request))
    found = record_of(type, number, actor)
    values = shaped(record_type, body.values)
    commands.edit(found, values, actor=actor, old=seen(body.old), version=_version(request), reason=body.reason)
    return _record(record_of(type, number, actor), record_type, actor)


def _version(request: HttpRequest) -> int | None:
    """The version that If-Match names; None without one, and for `*`."""
    tag = request.headers.get("If-Match", "*").strip()
    if tag == "*":
        return None
    digits = tag.removeprefix('"').removesuffix('"')
    if len(digits) != len(tag) - 2 or not digits.isascii() or not digits.isdecimal() or len(digits) > 9:
        raise Unreadable(never(_("If-Match takes the ETag of the record as you read it, for example \"3\"."), "If-Match"))
    return int(digits)


@router.get("/{type}/{number}/transitions/", response=list[OfferOut], operation_id="offers", summary="Moves that stand open", openapi_extra=PER_TYPE)
def offers(request: HttpRequest, type: str, number: str) -> HttpResponse:
    """Every move from the record's state, with what refuses it now; refusals of fields that the move asks for are left out."""
    actor = access(request)
    found = record_of(type, number, actor)
    return answer([_offered(offer, found.status) for offer in commands.offers(found, type_of(type), actor)])


def _offered(offer: commands.Offer, status: str) -> dict[str, Any]:
    one = offer.transition
    return {
        "name": one.name,
        "label": str(one.label),
        "target": one.target_from(status),
        "allowed": offer.allowed,
        "blocked": offer.blocked,
        "declarable": offer.declarable and offer.needs_exception,
        "refusals": [refusal_out(r) for r in offer.refusals],
        "asks": list(one.asks),
        "needs": list(one.needs),
        "reason": one.reason,
        "signature": str(one.signature),
        "strength": str(one.strength),
        "in_browser": one.strength in IN_BROWSER,
        "explain": str(one.explain),
    }


@router.post("/{type}/{number}/transitions/", response=RecordOut, operation_id="move", summary="Move", openapi_extra=PER_TYPE)
def move(request: HttpRequest, type: str, number: str, body: MoveIn) -> HttpResponse:
    """Make a move, with the fields it asks for; gives the record as it then stands. Takes If-Match and Idempotency-Key."""
    record_type, own = type_of(type), access(request)
    actor = in_whose_name(body.on_behalf_of, own)
    found = record_of(type, number, actor)
    _signed_in_browser(found, record_type.lifecycle.transition(body.name), actor)
    values, version = shaped(record_type, body.values), _version(request)

    def make() -> Any:
        with done_on_device(device_time(body.on_device)):
            return commands.move(
                found, body.name, actor=actor, values=values, old=seen(body.old), reason=body.reason, version=version,
                passed=body.passed, exception=body.exception,
            )  # fmt: skip

    _moved, again = _once(request, body, own, make)
    return _record(record_of(type, number, actor), record_type, actor, again=again)


def in_whose_name(uid: str, own: Access) -> Access:
    """One's own access, or that of whom one stands in for today. Raises Refused."""
    if not uid:
        return own
    found = standing_in_for(own, Q(giver__uid=uid)) if is_uid(uid) else None
    if found is None:
        raise Refused(never(_("You do not stand in for them today: it has ended, or was taken back."), "on_behalf_of"))
    return found


def _signed_in_browser(record: Any, transition: Transition | None, actor: Access) -> None:
    """A token proves a machine, not a person: what is signed with password or passkey is signed in the browser."""
    if transition is None or transition.strength not in IN_BROWSER or record.status not in transition.source:
        return
    if may_move(actor, transition, record):
        words = {"move": transition.label, "page": f"/{record.type}/{record.number}/move/{transition.name}/"}
        raise Refused(never(_("“%(move)s” is signed with a password or passkey: sign it in the browser, at %(page)s.") % words))
