"""Reminders of due dates: before, on the day, and after, each once per record, rule, date and step (model, section 0.4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache

from django.utils.translation import gettext as _

from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import is_working_day
from linchpin.kernel.people.grants import holders, site_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.models import Phase, Provenance, Record
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


def remind(today: date | None = None) -> int:
    """Tell owners, and those above them, of what is due or overdue, on working days of the record's site.

    Idempotent. Gives how many notices were due. Imported records are quiet until somebody agreed a date for them: their old
    dates remind nobody.
    """
    day, at = today or clock.today(), clock.now()
    rows = Record.objects.filter(phase=Phase.OPEN, due__lte=day + timedelta(days=max(BEFORE))).exclude(owner=None)
    rows = rows.exclude(provenance=Provenance.IMPORTED, due_moves=0)
    urgent = _urgent(day)
    found, country = cache(holders), cache(lambda unit: site_of(unit).country)
    count = 0
    with writing():
        for record in rows.select_related("owner", "owner__manager", "unit", "unit__head_person").order_by("id").iterator():
            if is_working_day(day, country(record.unit)):
                count += _remind_of(record, day, at, 2 if record.pk in urgent else 1, found)
    return count


def _urgent(day: date) -> frozenset[int]:
    """Which open records of each type have half the time."""
    near = day + timedelta(days=max(BEFORE))
    rows = [one.model._default_manager.filter(one.urgent, phase=Phase.OPEN, due__lte=near) for one in all_types()]
    return frozenset(pk for found in rows for pk in found.values_list("pk", flat=True))


def _remind_of(record: Record, day: date, at: datetime, haste: int, found: Found) -> int:
    assert record.due is not None and record.owner is not None
    late = (day - record.due).days
    words = {"number": record.number, "title": record.title, "due": clock.in_words(record.due), "late": late, "who": record.owner.name}
    if late < 0:
        reached = [days for days in BEFORE if -late <= max(1, days // haste)]
        text = _("%(number)s is due on %(due)s: %(title)s") % words
        return _tell([record.owner], record, f"before-{min(reached)}", text, at) if reached else 0
    if late == 0:
        return _tell([record.owner], record, "today", _("%(number)s is due today: %(title)s") % words, at)
    count = _tell([record.owner], record, "late", _("%(number)s was due on %(due)s: %(title)s") % words, at)
    for after, people in _steps_for(record, late, haste, found).items():
        count += _tell(people, record, f"late-{after}", _("%(number)s of %(who)s is %(late)s days late: %(title)s") % words, at)
    return count


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


def _tell(people: list[Person], record: Record, step: str, text: str, at: datetime) -> int:
    key = f"due-{record.uid}-{record.due}-{step}"
    return tell(people, record=record, kind="reminder", text=text, at=at, key=key)
