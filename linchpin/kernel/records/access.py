"""The one access policy: role × unit subtree × record type × verb, plus ownership, being named, and confidentiality.

It answers two questions from the same table: which records (`visible`) and whether (`may`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.db.models.lookups import In
from django.utils.translation import gettext as _

from linchpin.kernel.people.grants import EVERYWHERE, Access
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.lifecycle import ANYONE, ASKED, CREATOR, OWNER, SYSTEM, Transition
from linchpin.kernel.records.refusals import NotAllowed
from linchpin.kernel.records.registry import RecordType, all_types, get_type, has_type

RESTRICTED, PUBLIC = "restricted", "public"
RELATED = {OWNER: "owner_id", CREATOR: "created_by_id"}
OVERSEERS = (Role.TOP_MANAGER, Role.QUALITY_MANAGER, Role.LEAD_AUDITOR, Role.AUDITOR, Role.EXTERNAL_AUDITOR, Role.ADMINISTRATOR)
"""Who looks at the trail as a whole, and verifies it."""
WRITING = ("edit", "agree_date", "attach")
"""What is not passed on to whoever stands in for what is signed alone."""
WIDE = 4
"""On SQLite an `IN` list of more ids than this hides the column from the planner, so that it keeps the ordered scan."""


def may(access: Access, verb: str, record: Any) -> bool:
    """Whether the person may do `verb` to the record. A type that is not installed here admits nobody."""
    if not has_type(record.type):
        return False
    record_type = get_type(record.type)
    if access.own is not None and not (_lends(access, verb) and _is_lent(access, access.own, record)):
        return False
    if access.is_guest and (record.confidentiality == RESTRICTED or not open_to_guest(access, record_type, verb)):
        return False
    if verb != "read" and not may(access, "read", record):
        return False
    if verb != "read":
        return is_one_of(access, record_type.who(verb), record)
    if _own(access, record) or (record.confidentiality == PUBLIC and access.public):
        return True
    restricted = record.confidentiality == RESTRICTED
    return access.covers(record_type.who("read_restricted" if restricted else "read"), record.unit_id) or _named(access, record_type, record)


def may_create(access: Access, record_type: RecordType, unit_id: int | None = None) -> bool:
    """Whether the person may create such a record (in the unit, or anywhere when none is named)."""
    if access.is_guest and not open_to_guest(access, record_type, "create"):
        return False
    if not _lends(access, "edit") or (unit_id is not None and access.within is not EVERYWHERE and unit_id not in access.within):
        return False
    who = record_type.who("create")
    return access.has(*who) if unit_id is None else access.covers(who, unit_id)


def may_move(access: Access, transition: Transition, record: Any) -> bool:
    if access.is_guest and not open_to_guest(access, get_type(record.type), "move"):
        return False
    return may(access, "read", record) and _passes_on(access, transition) and is_one_of(access, transition.by, record)


def _lends(access: Access, verb: str) -> bool:
    """Whether a delegation is for the verb at all, on any record: who stands in for signatures writes nothing."""
    return access.through is None or verb not in WRITING or access.through.scope != access.through.Scope.APPROVALS


def _is_lent(access: Access, own: Access, record: Any) -> bool:
    """Whether the delegation is for that record. What is confidential is not passed on: the one who stands in must be let in themselves."""
    here = access.within is EVERYWHERE or record.unit_id in access.within
    return here and (record.confidentiality != RESTRICTED or may(own, "read", record))


def _passes_on(access: Access, transition: Transition) -> bool:
    """Whether who stands in may make the move in the other's name: not what anybody may do in their own, nor what is not handed over."""
    if access.through is None:
        return True
    signed = bool(transition.signature) or any(name.startswith(ASKED) for name in transition.by)
    return ANYONE not in transition.by and (signed or access.through.scope != access.through.Scope.APPROVALS)


def open_to_guest(access: Access, record_type: RecordType, verb: str = "read") -> bool:
    """Whether a guest may do that with records of the type at all: read what the invitation is for, write only where the type says so.

    Whom a guest stands in for passes nothing on.
    """
    if access.through is not None or not access.roles or (verb != "read" and verb not in record_type.guests):
        return False
    return access.types is None or record_type.key in access.types or bool(record_type.guests)


def insist_on_trail(access: Access) -> None:
    """Raises NotAllowed for whoever may not look at the trail as a whole."""
    if not access.has(*OVERSEERS):
        raise NotAllowed(_("The trail as a whole is for auditors, top management and the quality manager."))


def is_one_of(access: Access, who: tuple[str, ...], record: Any) -> bool:
    """Whether the person is one of `who` for this record: a relation to it, or a role over its unit."""
    person = access.acts_as.pk
    for name in _relations(who, record.type):
        if name == ANYONE or (name == SYSTEM and access.person.is_system):
            return True
        if name.startswith(ASKED) and _is_asked(access, name.removeprefix(ASKED), record):
            return True
        if person == getattr(record, RELATED.get(name, f"{name}_id"), None):
            return True
    return access.covers(who, record.unit_id)


@cache
def _relations(who: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Those of `who` that say how somebody stands to a record of the type; the others are roles."""
    fields = get_type(key).own_fields if has_type(key) else ()
    return tuple(name for name in who if name not in Role.values or name in fields)


def visible(access: Access, verb: str, key: str | None) -> Q:
    """The same policy as a predicate, for one type or (key None) for all installed types."""
    if not _lends(access, verb):
        return Q(pk__in=())
    if access.own is not None:
        lent = ~Q(confidentiality=RESTRICTED) | _visible(access.own, "read", key)
        return _visible(access, verb, key) & lent & _in(access.within)
    return _visible(access, verb, key)


def _visible(access: Access, verb: str, key: str | None) -> Q:
    if key is not None:
        return Q(type=key) & _predicate(access, [get_type(key)], verb)
    groups: dict[tuple[Any, ...], list[RecordType]] = defaultdict(list)
    for record_type in all_types():
        if not access.is_guest or open_to_guest(access, record_type, verb):
            groups[tuple(record_type.who(v) for v in ("read", "read_restricted", verb))].append(record_type)
    answer = Q(pk__in=())
    for alike in groups.values():
        answer |= _one_of_types([one.key for one in alike]) & _predicate(access, alike, verb)
    return answer


def seen(access: Access, record_type: RecordType) -> Q:
    """What the person may read of records that are known to be of the type."""
    return _predicate(access, [record_type], "read")


def _is_asked(access: Access, duty: str, record: Any) -> bool:
    """Whether the record asks the person for the duty and still waits for the answer."""
    return bool(record.asked.filter(person_id=access.acts_as.pk, duty=duty, answer="").exists())


def _own(access: Access, record: Any) -> bool:
    return access.acts_as.pk in (record.owner_id, record.created_by_id)


def _named(access: Access, record_type: RecordType, record: Any) -> bool:
    """Whether a field of the record names the person, as who confirms it: whoever is asked to act on it reads it."""
    names = record_type.names_people
    fields = [f"{name}_id" for name in names]
    if all(hasattr(record, field) for field in fields):
        return access.acts_as.pk in (getattr(record, field) for field in fields)
    return record_type.model._default_manager.filter(_naming(access, record_type, names), pk=record.pk).exists()


def _naming(access: Access, record_type: RecordType, names: Iterable[str]) -> Q:
    """Which records of the type name the person in one of the fields: each is found by the field's own index, whatever is asked around it."""
    named = reduce(or_, (Q(**{name: access.acts_as.pk}) for name in names), Q(pk__in=()))
    return Q(pk__in=record_type.model._default_manager.filter(named).values("pk"))


def _predicate(access: Access, alike: Sequence[RecordType], verb: str) -> Q:
    """For types of which the same people may read and do `verb`. Guests never read what is restricted."""
    if access.is_guest:
        if not all(open_to_guest(access, one, verb) for one in alike):
            return Q(pk__in=())
        return ~Q(confidentiality=RESTRICTED) & _of_role_and_relation(access, alike, verb)
    return _of_role_and_relation(access, alike, verb)


def _of_role_and_relation(access: Access, alike: Sequence[RecordType], verb: str) -> Q:
    units = access.units(alike[0].who("read"))
    restricted = access.units(alike[0].who("read_restricted"))
    person = access.acts_as.pk
    if verb != "read":
        return _of_role_and_relation(access, alike, "read") & _acting(access, alike, alike[0].who(verb))
    if units is EVERYWHERE and restricted is EVERYWHERE:
        return Q()
    mine = Q(owner_id=person) | Q(created_by_id=person)
    if access.public:
        mine |= Q(confidentiality=PUBLIC)
    for one in alike:
        if one.names_people:
            mine |= _naming(access, one, one.names_people)
    return mine | (_in(units) & ~Q(confidentiality=RESTRICTED)) | (_in(restricted) & Q(confidentiality=RESTRICTED))


def _acting(access: Access, alike: Sequence[RecordType], who: tuple[str, ...]) -> Q:
    if ANYONE in who or (SYSTEM in who and access.person.is_system):
        return Q(pk__isnull=False)
    answer = _in(access.units(who))
    if OWNER in who:
        answer |= Q(owner_id=access.acts_as.pk)
    if CREATOR in who:
        answer |= Q(created_by_id=access.acts_as.pk)
    for one in alike:
        if named := one.own_fields & set(who):
            answer |= _naming(access, one, named)
    return answer


def _one_of_types(keys: list[str]) -> Q:
    """Nearly every record is of one of them: as an index SQLite would prefer the type to the few records that are asked for."""
    return Q(In(Concat("type", Value("")), keys)) if connection.vendor == "sqlite" else Q(type__in=keys)


def _in(units: frozenset[int] | None) -> Q:
    if units is EVERYWHERE:
        return Q(pk__isnull=False)
    if connection.vendor == "sqlite" and len(units) > WIDE:
        return Q(In(F("unit_id") + 0, sorted(units)))
    return Q(unit_id__in=units)
