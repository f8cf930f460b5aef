"""Reminders of due dates: before, on the day, and after, each once per record, rule, date and step."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import holders
from linchpin.kernel.people.models import Person, Role
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.models import Phase, Provenance, Record

BEFORE = 7
"""Days before the due date that the owner is reminded."""
ESCALATE = ((1, Role.LINE_MANAGER), (10, Role.QUALITY_MANAGER))
"""Days after the due date, and who is told besides the owner (model, section 0.4)."""


def remind(today: date | None = None) -> int:
    """Tell owners, and those above them, of what is due or overdue. Idempotent. Gives how many notices were due.

    Imported records are quiet until somebody agreed a date for them: their old dates remind nobody.
    """
    day, at = today or clock.today(), clock.now()
    rows = Record.objects.filter(phase=Phase.OPEN, due__lte=day + timedelta(days=BEFORE)).exclude(owner=None)
    rows = rows.exclude(provenance=Provenance.IMPORTED, due_moves=0)
    count = 0
    with writing():
        for record in rows.select_related("owner", "owner__manager", "unit").order_by("id").iterator():
            count += _remind_of(record, day, at)
    return count


def _remind_of(record: Record, day: date, at: datetime) -> int:
    assert record.due is not None and record.owner is not None
    late = (day - record.due).days
    words = {"number": record.number, "title": record.title, "due": record.due.isoformat(), "late": late, "who": record.owner.name}
    if late < 0:
        return _tell([record.owner], record, "before", _("%(number)s is due on %(due)s: %(title)s") % words, at)
    if late == 0:
        return _tell([record.owner], record, "today", _("%(number)s is due today: %(title)s") % words, at)
    count = _tell([record.owner], record, "late", _("%(number)s was due on %(due)s: %(title)s") % words, at)
    for after, role in ESCALATE:
        if late >= after:
            text = _("%(number)s of %(who)s is %(late)s days late: %(title)s") % words
            count += _tell(_above(record, role), record, f"late-{after}", text, at)
    return count


def _above(record: Record, role: str) -> list[Person]:
    owner = record.owner
    if role == Role.LINE_MANAGER and owner is not None and owner.manager is not None:
        return [owner.manager]
    return [person for person in holders(role, record.unit) if owner is None or person.pk != owner.pk]


def _tell(people: list[Person], record: Record, step: str, text: str, at: datetime) -> int:
    key = f"due-{record.uid}-{record.due}-{step}"
    return tell(people, record=record, kind="reminder", text=text, at=at, key=key)
