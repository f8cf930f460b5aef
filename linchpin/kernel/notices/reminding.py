"""Reminders of due dates: before, on the day, and after, each once per record, rule, date and step (model, section 0.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache, reduce
from operator import or_

from django.db.models import Q

from linchpin.kernel.notices.sentences import DUE_ON, DUE_TODAY, LATE, WAS_DUE, Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import is_working_day
from linchpin.kernel.people.grants import holders, site_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.agreeing import never_agreed
from linchpin.kernel.records.models import Phase, Record
from linchpin.kernel.records.registry import all_types

BEFORE = (14, 7, 1)
"""Days before the due date on which the owner is reminded."""
MANAGER, HEAD = "manager", "head"
AFTER: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, (MANAGER,)),
    (7, (Role.PROCESS_OWNER, Role.QUALITY_MANAGER)),
    (14, (Role.QUALITY_MANAGER, HEAD)),
    (30, (Role.TOP_MANAGER,)),
)
"""Days after the due date, and who is told besides the owner. What is urgent takes half of all these days."""
Found = Callable[[str, Unit], list[Person]]


Told = tuple[list[Person], str, Said]
"""Who is told, by which step, and the sentence."""


def remind(today: date | None = None) -> int:
    """Tell owners, and those above them, of what is due or overdue, on working days of the record's site, in units that have begun.

    Idempotent. Gives how many notices were due. Imported records are quiet until somebody agreed a date for them: their old
    dates remind nobody.
    """
    at, count = clock.now(), 0
    begun = reduce(or_, (Q(unit__path__startswith=path) for path in begun_paths()), Q(pk__in=()))
    with writing():
        for record, told in _due(begun, today or clock.today()):
            count += sum(_tell(people, record, step, text, at) for people, step, text in told)
    return count


def first_day(unit: Unit, today: date | None = None) -> list[tuple[Person, list[str]]]:
    """What each person would be told on the first day if the unit began now, whoever hears most first. Writes nothing."""
    heard: dict[Person, list[str]] = defaultdict(list)
    for _record, told in _due(Q(unit__path__startswith=unit.path), today or clock.today(), any_day=True):
        for people, _step, text in told:
            for person in people:
                heard[person].append(str(text))
    return sorted(heard.items(), key=lambda pair: (-len(pair[1]), pair[0].name))


def begun_paths() -> list[str]:
    """The paths of the units that have begun; what is below them has begun with them."""
    return list(Unit.objects.exclude(reminds_since=None).values_list("path", flat=True))


def _due(where: Q, day: date, any_day: bool = False) -> Iterator[tuple[Record, list[Told]]]:
    """The records of which somebody is told on that day, and who. `any_day`: as if it were a working day."""
    rows = Record.objects.filter(where, phase=Phase.OPEN, due__lte=day + timedelta(days=max(BEFORE))).exclude(owner=None)
    rows = rows.exclude(never_agreed())
    urgent = _urgent(day)
    found, country = cache(holders), cache(lambda unit: site_of(unit).country)
    for record in rows.select_related("owner", "owner__manager", "unit", "unit__head_person").order_by("id").iterator():
        if any_day or is_working_day(day, country(record.unit)):
            yield record, _told_of(record, day, 2 if record.pk in urgent else 1, found)


def _urgent(day: date) -> frozenset[int]:
    """Which open records of each type have half the time."""
    near = day + timedelta(days=max(BEFORE))
    rows = [one.model._default_manager.filter(one.urgent, phase=Phase.OPEN, due__lte=near) for one in all_types()]
    return frozenset(pk for found in rows for pk in found.values_list("pk", flat=True))


def _told_of(record: Record, day: date, haste: int, found: Found) -> list[Told]:
    assert record.due is not None and record.owner is not None
    late = (day - record.due).days
    words = {"number": record.number, "title": record.title, "due": record.due, "late": late, "who": record.owner.name}
    if late < 0:
        reached = [days for days in BEFORE if -late <= max(1, days // haste)]
        return [([record.owner], f"before-{min(reached)}", Said(DUE_ON, words))] if reached else []
    if late == 0:
        return [([record.owner], "today", Said(DUE_TODAY, words))]
    told: list[Told] = [([record.owner], "late", Said(WAS_DUE, words))]
    for after, people in _steps_for(record, late, haste, found).items():
        told.append((people, f"late-{after}", Said(LATE, words)))
    return told


def _steps_for(record: Record, late: int, haste: int, found: Found) -> dict[int, list[Person]]:
    """Which steps are told now, and to whom: each person by the last step that was reached for them, so that nobody hears twice of one record."""
    last: dict[Person, int] = {}
    for after, whom in AFTER:
        if late >= max(1, after // haste):
            last |= dict.fromkeys(_above(record, whom, found), after)
    steps: dict[int, list[Person]] = defaultdict(list)
    for person, after in last.items():
        steps[after].append(person)
    return steps


def _above(record: Record, whom: tuple[str, ...], found: Found) -> list[Person]:
    """Who is told besides the owner; a line manager that is not known is the unit's head."""
    owner, head = record.owner, record.unit.head_person
    people: list[Person | None] = []
    for name in whom:
        if name == MANAGER:
            people.append(owner.manager if owner is not None and owner.manager_id else head)
        elif name == HEAD:
            people.append(head)
        else:
            people += found(name, record.unit)
    return [person for person in people if person is not None and (owner is None or person.pk != owner.pk)]


def _tell(people: list[Person], record: Record, step: str, text: Said, at: datetime) -> int:
    key = f"due-{record.uid}-{record.due}-{step}"
    return tell(people, record=record, kind="reminder", text=text, at=at, key=key)
