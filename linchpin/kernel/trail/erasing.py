"""Lawful erasure: private texts are blanked, the trail stays valid, and a restored backup forgets them again."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from linchpin.kernel.people.models import Chained, Organization, Person, Unit
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.trail.appending import append
from linchpin.kernel.trail.changes import Change
from linchpin.kernel.trail.core.hashing import ERASE
from linchpin.kernel.trail.core.verifying import COMMITMENTS
from linchpin.kernel.trail.models import Event, EventText

NAME_REPLACED = "name_replaced"
"""The change of an edit that put a pseudonym in place of a name: whose, by uid, and which. What is erased after it is told with it."""
SUBJECTS: dict[str, type[Chained]] = {"record": Record, "person": Person, "unit": Unit, "organization": Organization}


def erase_texts(subject: Any, kind: str, *, actor: Person, reason: str, at: datetime, fields: Iterable[str] | None = None) -> int:
    """Blank the private texts of a subject's events, all or those of some fields, within a command's transaction.

    An event on the same chain names each blanked commitment; the subject's head is saved. Gives how many were blanked.
    """
    wanted = None if fields is None else set(fields)
    found = EventText.objects.filter(event__chain=subject.uid, text__isnull=False).select_related("event")
    chosen = [t for t in found.order_by("event__sequence", "place") if wanted is None or field_of_text(t) in wanted]
    return blank_texts(subject, kind, chosen, actor=actor, reason=reason, at=at)


def blank_texts(
    subject: Any, kind: str, chosen: list[EventText], *, actor: Person, reason: str, at: datetime, always: bool = False
) -> int:
    """Blank these texts of the subject's chain, with the event and the line in the list of erasures that go with it.

    `always`: tell of it although the chain holds no text any more, because something else went.
    """
    if not chosen and not always:
        return 0
    changes = [Change(f"{t.event.sequence}:{t.place}", COMMITMENTS.findall(t.event.body)[t.place], None) for t in chosen]
    record_id = subject.pk if kind == "record" else None
    append(subject, kind, record_id=record_id, actor=actor, verb=ERASE, changes=changes, reason=reason, at=at)
    SUBJECTS[kind]._default_manager.filter(pk=subject.pk).update(head=subject.head, sequence=subject.sequence)
    EventText.objects.filter(pk__in=[t.pk for t in chosen]).update(text=None, salt="")
    transaction.on_commit(list_erasures)
    return len(chosen)


def list_erasures() -> int:
    """Write every erasure that the list beside the database lacks; it outlives any restored backup. Gives how many."""
    listed = {line["hash"] for line in _lines()}
    missing = [e for e in Event.objects.filter(verb=ERASE).order_by("pk") if e.hash not in listed]
    if missing:
        with os.fdopen(os.open(_path(), os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as out:
            for event in missing:
                out.write(json.dumps(_told(event)) + "\n")
            out.flush()
            os.fsync(out.fileno())
    return len(missing)


def _told(event: Event) -> dict[str, Any]:
    """The line of one erasure: which texts went, and with them what of the record, or which person."""
    places = [change[0] for change in json.loads(event.body)["changes"]]
    line: dict[str, Any] = {"hash": event.hash, "chain": str(event.chain), "kind": event.kind, "texts": places}
    if event.kind == "record" and (gone := [_as_line(row) for row in _purges(event)]):
        line["purges"] = gone
    if event.kind == "record" and (name := _replaced(event)):
        line["person"], line["put"] = name
    if event.kind == "person" and (person := Person.objects.filter(uid=event.chain, erased_at__isnull=False).first()):
        line["pseudonym"] = person.name
    return line


def _replaced(event: Event) -> tuple[str, str] | None:
    """Of whom the edit just before took the name out, and the pseudonym it put there."""
    before = Event.objects.filter(chain=event.chain, sequence=event.sequence - 1, verb="edit", body__contains=f'["{NAME_REPLACED}",').first()
    if before is None:
        return None
    return next(((old, new) for name, old, new in json.loads(before.body)["changes"] if name == NAME_REPLACED), None)


def _purges(event: Event) -> Iterable[Purge]:
    rows = Purge.objects.filter(record__uid=event.chain, state=Purge.State.PURGED, decided_at=event.at)
    return rows.select_related("proposed_by", "decided_by")


def _as_line(row: Purge) -> dict[str, str]:
    """A tombstone without the content: what an older backup needs to know to bury it again."""
    told = {name: getattr(row, name) for name in ("kind", "target", "what", "hash", "reason")}
    people = {"proposed_by": str(row.proposed_by.uid), "decided_by": str(row.decided_by.uid) if row.decided_by else ""}
    times = {"proposed_at": row.proposed_at.isoformat(), "decided_at": row.decided_at.isoformat() if row.decided_at else ""}
    return told | people | times


def listed_erasures() -> list[dict[str, Any]]:
    """The lines of the list, oldest first."""
    return list(_lines())


def reapply_erasures(*, actor: Person, at: datetime) -> int:
    """After a restore, within a command's transaction: erase again what the list names and the backup brought back."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in _lines():
        places[line["kind"], line["chain"]].update(line["texts"])
    count = 0
    for (kind, chain), names in places.items():
        subject = SUBJECTS[kind]._default_manager.filter(uid=UUID(chain)).first()
        found = EventText.objects.filter(event__chain=chain, text__isnull=False).select_related("event")
        chosen = [t for t in found.order_by("event__sequence", "place") if f"{t.event.sequence}:{t.place}" in names]
        if subject is not None:
            count += blank_texts(subject, kind, chosen, actor=actor, reason="", at=at)
    return count


def field_of_text(text: EventText) -> str:
    """The field whose value the text is; "reason" for the reason."""
    told = json.loads(text.event.body)
    names = [name for name, *values in told["changes"] for value in values if isinstance(value, dict)]
    return [*names, "reason"][text.place]


def _path() -> Path:
    return Path(settings.HOME) / "erasures.jsonl"


def _lines() -> Iterator[dict[str, Any]]:
    if _path().exists():
        with _path().open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
