"""What the registers hold for a clause of the standard: types declare their clauses, and readers see what they may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from linchpin import standard
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Organization
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.refusals import Missing
from linchpin.kernel.records.registry import RecordType, all_types

NEWEST = 5


@dataclass(frozen=True, slots=True)
class Evidence:
    """The records of one type that speak for a clause: how many the reader may see, and the newest few."""

    type: RecordType
    count: int
    newest: tuple[Record, ...] = ()


def edition_of(asked: str = "") -> standard.Edition:
    """The edition asked for, or the one that the organization chose. Raises Missing."""
    if not asked:
        organization = Organization.objects.first()
        asked = organization.edition if organization else standard.EDITIONS[0]
    if asked not in standard.EDITIONS:
        raise Missing(_("There is no such edition of the standard."))
    return standard.catalogue(asked)


def held(access: Access, types: Iterable[RecordType] | None = None) -> Mapping[str, int]:
    """How many records of each type (all, or these) the reader may see, void ones left out."""
    rows = Record.objects.visible_to(access).exclude(phase=Phase.VOID).order_by()
    if types is not None:
        rows = rows.filter(type__in=[one.key for one in types])
    return dict(rows.values_list("type").annotate(n=Count("pk")))


def declaring(number: str, edition: str) -> list[RecordType]:
    """Types that declare this very clause, by its number in either edition."""
    return [one for one in all_types() if any(number in standard.numbered_in(edition, declared) for declared in one.clauses)]


def naming(access: Access, edition: str) -> Mapping[str, Mapping[str, int]]:
    """By clause of the edition and type: how many records the reader may see that name this very clause; one query per type that lets them."""
    found: dict[str, dict[str, int]] = {}
    for one in all_types():
        if not one.clause_field:
            continue
        for said, n in proving(one, access).values_list(one.clause_field).annotate(n=Count("pk")):
            for number in standard.numbered_in(edition, said):
                counts = found.setdefault(number, {})
                counts[one.key] = counts.get(one.key, 0) + n
    return found


def evidence_for(number: str, edition: str, access: Access) -> list[Evidence]:
    """Types whose records speak for a clause, for what it is a part of, or for its parts; of a type that declares none of these, the records that do."""
    types = [one for one in all_types() if any(standard.evidences(declared, number, edition) for declared in one.clauses)]
    counts = held(access, types) if types else {}
    found = [Evidence(one, counts.get(one.key, 0), _newest(_held(one, access)) if counts.get(one.key) else ()) for one in types]
    for one in (one for one in all_types() if one.clause_field and one not in types):
        said = [n for n in standard.numbers() if standard.evidences(n, number, edition)]
        rows = proving(one, access).filter(**{f"{one.clause_field}__in": said})
        if count := rows.count():
            found.append(Evidence(one, count, _newest(Record.objects.filter(pk__in=rows.values("pk")))))
    return found


def proving(one: RecordType, access: Access) -> Any:
    """Records of a type that say their own clause, in the states in which they prove something."""
    rows = one.model._default_manager.visible_to(access).exclude(phase=Phase.VOID).order_by()  # type: ignore[attr-defined]
    return rows.filter(status__in=one.proving) if one.proving else rows


def _held(one: RecordType, access: Access) -> Any:
    return Record.objects.visible_to(access).filter(type=one.key).exclude(phase=Phase.VOID)


def _newest(rows: Any) -> tuple[Record, ...]:
    return tuple(rows.select_related("owner", "unit").order_by("-created_at", "-id")[:NEWEST])
