"""What became different since the last visit, what the last visit found, what was bent and which fix did not hold: shown unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from linchpin.chapters.evaluation.visits.inviting import units_of
from linchpin.kernel.people.calendar import working_days_between
from linchpin.kernel.people.grants import Access, holders, site_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.models import DeclaredException, Phase, Record
from linchpin.kernel.records.registry import RecordType, all_types, get_type, has_type
from linchpin.kernel.trail.models import Event

PROBLEM = "nonconformity"
OWN = ("visit", "audit_request")
"""The visit's own records are no change of the system."""


@dataclass(frozen=True, slots=True)
class Change:
    """One register since the last visit: how many were raised, how many came to an end."""

    type: RecordType
    raised: int
    ended: int


def since(visit: Any) -> date:
    """The day after the last visit; where none is known, a year before this one."""
    if visit.last_visit:
        return date.fromordinal(visit.last_visit.toordinal() + 1)
    begins = visit.starts or visit.created_at.date()
    return begins - timedelta(days=365)


def moment(visit: Any) -> datetime:
    """When that day begins at the site."""
    zone = ZoneInfo(site_of(visit.unit).time_zone or "UTC")
    return datetime.combine(since(visit), time(0), zone)


def within(visit: Any, access: Access) -> QuerySet[Record]:
    """The records of the visit's units and below that the person may see, without void ones."""
    rows = Record.objects.visible_to(access).exclude(phase=Phase.VOID).exclude(type__in=OWN)
    return rows if visit.unit.parent_id is None else rows.filter(_below(visit))


def _below(visit: Any, place: str = "unit__path") -> Q:
    return reduce(or_, (Q(**{f"{place}__startswith": unit.path}) for unit in units_of(visit)))


def closings(key: str) -> set[str]:
    """Names of the moves by which a record of the type comes to its end."""
    lifecycle = get_type(key).lifecycle
    return {move.name for move in lifecycle.transitions if lifecycle.phase(move.target) == Phase.DONE}


def ended_since(rows: QuerySet[Record], key: str, begin: datetime) -> QuerySet[Record]:
    """Those of the type that came to their end since: the trail knows when."""
    done = rows.filter(type=key, phase=Phase.DONE, updated_at__gte=begin)
    moved = Event.objects.filter(kind="record", at__gte=begin, verb__in=closings(key), record_id__in=done.values("pk"))
    return done.filter(pk__in=moved.values("record_id"))


def changes(visit: Any, access: Access) -> list[Change]:
    """Every register in which something was raised or ended since the last visit."""
    rows, begin = within(visit, access), moment(visit)
    raised = dict(rows.filter(created_at__gte=begin).exclude(provenance="imported").order_by().values_list("type").annotate(n=Count("pk")))
    stirred = set(rows.filter(phase=Phase.DONE, updated_at__gte=begin).order_by().values_list("type", flat=True).distinct())
    found = []
    for one in all_types():
        ended = ended_since(rows, one.key, begin).count() if one.key in stirred else 0
        if raised.get(one.key) or ended:
            found.append(Change(one, raised.get(one.key, 0), ended))
    return found


def last_findings(visit: Any, access: Access) -> list[Any]:
    """Problems whose source is an external audit, of the last visit or raised since: with what became of them."""
    if not has_type(PROBLEM):
        return []
    model = get_type(PROBLEM).model
    begin = moment(visit) - timedelta(days=10)
    rows = model._default_manager.visible_to(access).exclude(phase=Phase.VOID)  # type: ignore[attr-defined]
    rows = rows.filter(source="external_audit", created_at__gte=begin).select_related("owner", "unit")
    return list(rows.order_by("created_at", "id")[:20])


def failed_fixes(visit: Any, access: Access) -> list[Any]:
    """Problems of which a fix was tried and did not hold, newest first."""
    if not has_type(PROBLEM):
        return []
    rows = get_type(PROBLEM).model._default_manager.visible_to(access).exclude(phase=Phase.VOID)  # type: ignore[attr-defined]
    rows = rows.filter(updated_at__gte=moment(visit)).exclude(rounds=[]).select_related("owner", "unit")
    return list(rows.order_by("-updated_at", "-id")[:10])


def exceptions(visit: Any, access: Access) -> QuerySet[DeclaredException]:
    """What was bent openly since the last visit, newest first."""
    rows = DeclaredException.objects.filter(record_id__in=within(visit, access).values("pk"), declared_at__gte=moment(visit))
    return rows.select_related("record", "declared_by", "checked_by").order_by("-declared_at")


def people_to_meet(visit: Any) -> list[tuple[Person, str]]:
    """The host, top and quality management, and who heads what the visit looks at, each once with why."""
    found: dict[int, tuple[Person, str]] = {}
    rows: list[tuple[Sequence[Person], str]] = [([visit.host] if visit.host else [], "host")]
    tops = sorted(holders(Role.TOP_MANAGER, visit.unit), key=lambda person: person.manager_id is not None)
    rows += [(tops[:1], str(Role.TOP_MANAGER.label))]
    rows += [(holders(role, visit.unit), str(role.label)) for role in (Role.QUALITY_MANAGER, Role.LEAD_AUDITOR)]
    heads = Unit.objects.filter(_below(visit, "path"), state=Unit.State.ACTIVE).exclude(head_person=None).select_related("head_person")
    sites = [unit.head_person for unit in heads.filter(kind=Unit.Kind.SITE).order_by("path") if unit.head_person]
    rows += [(sites, ""), (tops[1:], str(Role.TOP_MANAGER.label))]
    for people, why in rows:
        for person in people:
            found.setdefault(person.pk, (person, why or person.unit.name))
    for unit in heads.filter(parent__kind=Unit.Kind.SITE).order_by("path"):
        if unit.head_person is not None:
            found.setdefault(unit.head_person.pk, (unit.head_person, unit.name))
    return list(found.values())


def days_left(visit: Any, day: date) -> int:
    """Working days of the visit still to come, this one included."""
    return working_days_between(day, visit.ends, site_of(visit.unit).country) + 1 if visit.ends and day <= visit.ends else 0
