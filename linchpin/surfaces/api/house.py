"""The house itself: who I am, people, units, and the record types with their fields and lifecycles as data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router
from ninja.params.functions import Query

from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.filters import filters_of
from linchpin.kernel.records.lifecycle import Transition
from linchpin.kernel.records.listing import sorts_of
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.surfaces.api.authenticating import Caller, access, scopes_of
from linchpin.surfaces.api.finding import type_of
from linchpin.surfaces.api.house_schemas import MeOut, PeoplePage, PersonOut, TypeOut, UnitOut
from linchpin.surfaces.api.payloads import schema_of
from linchpin.surfaces.api.presenting import answer, computed_fields, moment, named

router = Router(tags=["the house"])
LARGEST = 200
KNOWING = (Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER)
"""Who sees e-mail, badge and account of others, as on the page of people."""


@router.get("/me/", response=MeOut, operation_id="me", summary="Me")
def me(request: HttpRequest) -> HttpResponse:
    """Whose token this is, what it is good for, and the roles behind it."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    asking = caller.access
    expires = moment(caller.token.expires_at) if caller.token else None
    return answer({
        "person": _person(asking.person, asking), "roles": _roles(asking), "scopes": list(scopes_of(caller.token)), "expires_at": expires,
    })  # fmt: skip


def _roles(asking: Access) -> list[dict[str, Any]]:
    """Each role with the units it covers; null for all of them."""
    ids = {pk for units in asking.roles.values() if units is not EVERYWHERE for pk in units}
    names = {unit.pk: named(unit) for unit in Unit.objects.filter(pk__in=ids)}
    return [
        {"role": role, "units": None if units is EVERYWHERE else [names[pk] for pk in sorted(units)]} for role, units in sorted(asking.roles.items())
    ]


@router.get("/people/", response=PeoplePage, operation_id="people", summary="People")
def people(
    request: HttpRequest,
    q: str = Query("", max_length=120, description="A part of the name."),
    unit: UUID | None = None,
    after: UUID | None = Query(None, description="The uid of the last person of the page before."),  # noqa: B008
    size: int = Query(LARGEST, ge=1, le=LARGEST),
) -> HttpResponse:
    """People by name. A unit means everything below it too."""
    rows = _everybody().order_by("name", "pk")
    if q:
        rows = rows.filter(name__icontains=q)
    if unit is not None:
        top = Unit.objects.filter(uid=unit).first()
        rows = rows.filter(unit__path__startswith=top.path) if top else rows.none()
    last = Person.objects.filter(uid=after).first() if after else None
    if last is not None:
        rows = rows.filter(Q(name__gt=last.name) | Q(name=last.name, pk__gt=last.pk))
    found = list(rows[: size + 1])
    following = str(found[size - 1].uid) if len(found) > size else None
    return answer({"items": [_person(person, access(request)) for person in found[:size]], "after": following})


@router.get("/people/{uuid:uid}/", response=PersonOut, operation_id="person", summary="A person")
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _everybody().filter(uid=uid).first()
    if found is None:
        raise Missing(_("There is no such person."))
    return answer(_person(found, access(request)))


def _everybody() -> Any:
    return Person.objects.exclude(employment=Person.Employment.SYSTEM).select_related("unit", "manager")


def _person(found: Person, asking: Access) -> dict[str, Any]:
    data = {
        "uid": str(found.uid), "name": found.name, "initials": found.initials, "position": found.position, "unit": named(found.unit),
        "manager": named(found.manager), "state": found.state,
    }  # fmt: skip
    if asking.person.pk == found.pk or asking.has(*KNOWING):
        data |= {"email": found.email, "badge": found.badge, "employment": found.employment, "account": found.account}
    return data


@router.get("/units/", response=list[UnitOut], operation_id="units", summary="Units")
def units(request: HttpRequest) -> HttpResponse:
    """The whole tree, parents before their children."""
    return answer([_unit(row) for row in _tree().order_by("path")])


@router.get("/units/{uuid:uid}/", response=UnitOut, operation_id="unit", summary="A unit")
def unit(request: HttpRequest, uid: UUID) -> HttpResponse:
    found = _tree().filter(uid=uid).first()
    if found is None:
        raise Missing(_("There is no such unit."))
    return answer(_unit(found))


def _tree() -> Any:
    return Unit.objects.select_related("parent", "head_person")


def _unit(found: Unit) -> dict[str, Any]:
    return {
        "uid": str(found.uid), "name": found.name, "kind": found.kind, "parent": named(found.parent), "head": named(found.head_person),
        "in_scope": found.in_scope, "headcount": found.headcount, "country": found.country, "time_zone": found.time_zone,
        "language": found.language, "state": found.state,
    }  # fmt: skip


@router.get("/types/", response=list[TypeOut], operation_id="types", summary="Record types")
def types(request: HttpRequest) -> HttpResponse:
    """Every record type: its fields, filters, orders and lifecycle, as this installation has them."""
    return answer([_type(one, access(request)) for one in all_types()])


@router.get("/types/{key}/", response=TypeOut, operation_id="type", summary="A record type")
def one_type(request: HttpRequest, key: str) -> HttpResponse:
    return answer(_type(type_of(key), access(request)))


def _type(one: RecordType, asking: Access) -> dict[str, Any]:
    sections = {name: section for section, names in one.parts.items() for name in names}
    fields = [
        {"name": n, "label": one.field_label(n), "section": sections.get(n, ""), "required": n in one.needed, "takes": schema_of(f)}
        for n, f in one.fields.items()
    ]
    filters = [
        {"name": f.name, "label": str(f.label), "choices": [{"value": str(v), "label": str(w)} for v, w in f.choices]} for f in filters_of(one).values()
    ]
    return {
        "key": one.key, "prefix": one.prefix, "chapter": one.chapter, "clauses": list(one.clauses),
        "labels": {words: {"one": one.label(words), "many": one.plural(words)} for words in ("plain", "standard")},
        "purpose": str(one.purpose), "may_create": may_create(asking, one), "parents": list(one.parents), "fields": fields,
        "computed": [{"name": f.name, "label": str(f.verbose_name)} for f in computed_fields(one)],
        "filters": filters, "sorts": list(sorts_of(one)), "lifecycle": _lifecycle(one),
    }  # fmt: skip


def _lifecycle(one: RecordType) -> dict[str, Any]:
    cycle = one.lifecycle
    return {
        "initial": str(cycle.initial),
        "states": [{"value": str(v), "label": str(label), "phase": cycle.phase(v)} for v, label in cycle.states.choices],
        "transitions": [_transition(t) for t in cycle.transitions],
    }


def _transition(one: Transition) -> dict[str, Any]:
    return {
        "name": one.name, "label": str(one.label), "source": [str(s) for s in one.source], "target": str(one.target), "by": [str(w) for w in one.by],
        "asks": list(one.asks), "needs": list(one.needs), "reason": one.reason, "signature": str(one.signature),
        "strength": str(one.strength), "automatic": one.automatic, "backward": one.backward, "explain": str(one.explain),
    }  # fmt: skip
