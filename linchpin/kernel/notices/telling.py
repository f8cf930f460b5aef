"""Tell people something, and what they have not read yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing

LONGEST = 500


def tell(
    people: Iterable[Person],
    *,
    record: Any,
    kind: str,
    text: str,
    at: datetime,
    key: str = "",
    actor: Person | None = None,
) -> int:
    """Tell each person once, but not whoever did it. A `key` makes the same notice unrepeatable. Gives how many."""
    told = {p.pk: p for p in people if p.state != Person.State.LEFT and (actor is None or p.pk != actor.pk)}
    record_id = record.pk if record is not None else None
    rows = [
        Notice(person=p, record_id=record_id, kind=kind, text=text[:LONGEST], at=at, key=key or None) for p in told.values()
    ]
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(key))
    return len(rows)


def unread(person: Person) -> QuerySet[Notice]:
    """What the person has not read, newest first."""
    return Notice.objects.filter(person=person, read_at=None).select_related("record").order_by("-id")


def mark_read(person: Person, ids: Iterable[int] | None = None) -> int:
    """Mark the person's notices as read (all, or those named). Gives how many were."""
    rows = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    with writing():
        return rows.update(read_at=clock.now())
