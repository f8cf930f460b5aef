"""What an auditor draws from: populations that are the same whoever counts them, and the draws that stand in a visit's trail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linchpin.chapters.evaluation.visits.looking_back import ended_since, moment, within
from linchpin.kernel.commands.sampling import PURPOSE, VERB, Member, Population, population
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import has_type
from linchpin.kernel.trail import history

Select = Callable[[QuerySet[Record], datetime], QuerySet[Record]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One population: of which type, how it is called, and which of its records belong to it."""

    key: str
    label: Any
    select: Select


def _of(key: str, **kept: Any) -> Select:
    return lambda rows, _begin: rows.filter(type=key, **kept)


def _ended(key: str) -> Select:
    return lambda rows, begin: ended_since(rows, key, begin)


def _raised(key: str) -> Select:
    return lambda rows, begin: rows.filter(type=key, created_at__gte=begin)


KINDS: dict[str, Kind] = {
    "problems_closed": Kind("nonconformity", _("Problems closed since the last visit"), _ended("nonconformity")),
    "problems_open": Kind("nonconformity", _("Problems that are open"), _of("nonconformity", phase=Phase.OPEN)),
    "documents_in_force": Kind("document", _("Documents in force"), _of("document", status="in_force")),
    "actions_done": Kind("action", _("Actions completed since the last visit"), _ended("action")),
    "reports_raised": Kind("concern", _("Reports raised since the last visit"), _raised("concern")),
    "audits": Kind("audit", _("Internal audits since the last visit"), _raised("audit")),
}


def population_of(visit: Any, name: str, access: Access) -> Population:
    return population_among(within(visit, access), moment(visit), name)


def population_among(rows: QuerySet[Record], begin: datetime, name: str) -> Population:
    """The population of that name among `rows`, by uid and number; `begin` is the day from which on something counts as new or ended."""
    members = KINDS[name].select(rows, begin).exclude(number=None).order_by("uid").values_list("uid", "number")
    return population(name, [(str(uid), str(number)) for uid, number in members])


def counted(visit: Any, access: Access) -> list[tuple[str, Any, int]]:
    """The populations with how many each holds, those that hold something."""
    rows, begin = within(visit, access), moment(visit)
    known = [(name, kind) for name, kind in KINDS.items() if has_type(kind.key)]
    return [(name, kind.label, n) for name, kind in known if (n := kind.select(rows, begin).exclude(number=None).count())]


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw as the trail tells it."""

    at: datetime
    who: Person
    label: Any
    population_n: int
    digest: str
    seed: str
    n: int
    drawn: tuple[Member, ...]
    file: Any = None
    records: tuple[Record, ...] = ()


def draws_of(visit: Any, access: Access) -> list[Draw]:
    """Every draw of the visit, newest first, with the file of its population and those records that the reader may see."""
    told = [one for one in history(visit.pk) if one.verb == VERB]
    files = {file.sha256: file for file in visit.files.filter(purpose=PURPOSE)}
    draws = [_draw({change.field: change.new or "" for change in one.changes}, one, files) for one in told]
    uids = {UUID(uid) for draw in draws for uid, _number in draw.drawn}
    rows = Record.objects.visible_to(access).filter(uid__in=uids).select_related("owner", "unit")
    seen = {str(record.uid): record for record in rows}
    return [_with_records(draw, seen) for draw in reversed(draws)]


def _draw(said: dict[str, str], one: Any, files: dict[str, Any]) -> Draw:
    drawn = tuple((uid, number) for uid, _space, number in (line.partition(" ") for line in said["drawn"].splitlines()))
    kind, digest = KINDS.get(said["population"]), said["population_sha256"]
    label = kind.label if kind else said["population"]
    return Draw(one.at, one.actor, label, int(said["population_n"]), digest, said["seed"], int(said["n"]), drawn, files.get(digest))


def _with_records(draw: Draw, seen: dict[str, Record]) -> Draw:
    return replace(draw, records=tuple(seen[uid] for uid, _number in draw.drawn if uid in seen))
