"""Tell people something, and what they have not read yet."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linchpin.kernel.notices.models import PROPOSAL, Notice
from linchpin.kernel.notices.sentences import Said
from linchpin.kernel.people import clock
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.writing import writing

LONGEST = 500


def tell(
    people: Iterable[Person],
    *,
    record: Any,
    kind: str,
    text: str | Said,
    at: datetime,
    key: str = "",
    actor: Person | None = None,
) -> int:
    """Tell each person once, but not whoever did it. A `key` makes the same notice unrepeatable. Gives how many."""
    told = {p.pk: p for p in people if p.state != Person.State.LEFT and (actor is None or p.pk != actor.pk)}
    record_id = record.pk if record is not None else None
    whole = isinstance(text, Said) and len(str(text)) <= LONGEST  # what is cut is kept as text alone: whatever the values say, the text says
    words: dict[str, Any] = {"template": text.template, "values": text.kept} if whole and isinstance(text, Said) else {}
    words |= {"kind": kind, "text": str(text)[:LONGEST], "at": at, "key": key or None}
    rows = [Notice(person=p, record_id=record_id, **words) for p in told.values()]
    Notice.objects.bulk_create(rows, ignore_conflicts=bool(key))
    return len(rows)


def unread(person: Person) -> QuerySet[Notice]:
    """What the person has not read, newest first."""
    return Notice.objects.filter(person=person, read_at=None).select_related("record").order_by("-id")


def proposals(records: Iterable[Any]) -> dict[int, Notice]:
    """The proposal of a date that still holds, by the record's id: the record is as it was when the date was proposed."""
    versions = {record.pk: record.version for record in records}
    rows = Notice.objects.filter(record_id__in=list(versions), kind=PROPOSAL).order_by("id")
    return {n.record_id: n for n in rows if n.record_id is not None and n.values.get("version") == versions[n.record_id]}


def settle_proposals(record: Any, at: datetime) -> None:
    """What was proposed for the record is answered, or another day is proposed: nobody needs to read it any more."""
    Notice.objects.filter(record_id=record.pk, kind=PROPOSAL, read_at=None).update(read_at=at)


def forget_name(before: str, name: str) -> None:
    """Say `name` wherever a notice says `before`, in its text and in its values."""
    for notice in Notice.objects.filter(text__contains=before):
        values = {key: value.replace(before, name) if isinstance(value, str) else value for key, value in notice.values.items()}
        Notice.objects.filter(pk=notice.pk).update(text=notice.text.replace(before, name), values=values)


def forget_what_was_told(notice: Notice, instead: str) -> None:
    """Leave a sentence in its place that says so."""
    Notice.objects.filter(pk=notice.pk).update(text=instead, template="", values={})


def mark_read(person: Person, ids: Iterable[int] | None = None) -> int:
    """Mark the person's notices as read (all, or those named). Gives how many were."""
    rows = Notice.objects.filter(person=person, read_at=None)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    with writing():
        return rows.update(read_at=clock.now())
