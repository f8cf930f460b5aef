"""Writing events: one at a time in a command, many at once in an import."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from linchpin.kernel.people.models import Chained, Person
from linchpin.kernel.trail.bulk import insert_rows, next_ids
from linchpin.kernel.trail.changes import Change
from linchpin.kernel.trail.core.hashing import MARK, body, commitment, event_hash, event_mac, spelled
from linchpin.kernel.trail.keys import event_key
from linchpin.kernel.trail.models import Event, EventText, Pending

BATCH = 10_000
DRAWN, MOST_DRAWN = 8, 4_096
"""Salts drawn at once, for each event and at most."""
Leaf = tuple[int, str]
"""An event's id and hash."""
to_seal: ContextVar[list[Leaf] | None] = ContextVar("to_seal", default=None)
"""Where the events of a command are kept that seals them itself, at its end; elsewhere they wait in the table of pending ones."""
COLUMNS = ("id", "chain", "sequence", "kind", "record_id", "actor_id", "at", "verb", "body", "previous", "hash", "mac")


class Entry(NamedTuple):
    """What `append_many` writes down for one subject."""

    subject: Chained
    record_id: int | None
    changes: Sequence[Change] = ()
    reason: str = ""


class Written(NamedTuple):
    """An event's columns that differ from one to the next, and the private texts (salt, text) it commits to."""

    chain: UUID
    sequence: int
    record_id: int | None
    body: str
    previous: str
    hash: str
    mac: str
    texts: list[tuple[str, str]]


def append(
    subject: Any,
    kind: str,
    *,
    record_id: int | None,
    actor: Person,
    verb: str,
    changes: Sequence[Change] = (),
    reason: str = "",
    at: datetime,
    before: Callable[[], None] | None = None,
) -> Event:
    """Append an event to the subject's chain and move its `head` and `sequence` on; the caller saves them.

    `before` is called when they have moved and before the event is written: there a new subject's own row is.
    """
    entry = Entry(subject, record_id, changes, reason)
    written, ids = _insert([entry], kind, actor, verb, at, before)
    one = written[0]
    return Event(
        id=ids[0],
        chain=subject.uid,
        sequence=subject.sequence,
        kind=kind,
        record_id=record_id,
        actor=actor,
        at=at,
        verb=verb,
        body=one.body,
        previous=one.previous,
        hash=one.hash,
        mac=one.mac,
    )


def append_many(entries: Iterable[Entry], kind: str, *, actor: Person, verb: str, at: datetime) -> int:
    """Append one event to each subject's chain in bulk; subjects may repeat. Moves their heads on; gives the number of events."""
    count, batch = 0, []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            count += len(_insert(batch, kind, actor, verb, at)[0])
            batch = []
    return count + len(_insert(batch, kind, actor, verb, at)[0]) if batch else count


def iso(at: datetime) -> str:
    """UTC with microseconds: 2026-11-02T10:14:00.000000+00:00."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _insert(
    entries: list[Entry], kind: str, actor: Person, verb: str, at: datetime, before: Callable[[], None] | None = None
) -> tuple[list[Written], list[int]]:
    key, who, when = event_key(), str(actor.uid), iso(at)
    salts = _salts(DRAWN * len(entries))
    written = [_write(entry, kind, who, verb, when, key, salts) for entry in entries]
    if before:
        before()
    ids = next_ids(Event, len(written))
    numbered = list(zip(ids, written, strict=True))
    at_column = connection.ops.adapt_datetimefield_value(at)
    native = connection.features.has_native_uuid_field
    rows = [
        (id, w.chain if native else w.chain.hex, w.sequence, kind, w.record_id, actor.pk, at_column, verb, *w[3:7])
        for id, w in numbered
    ]
    insert_rows(Event, COLUMNS, rows)
    texts = [(id, place, salt, text) for id, w in numbered for place, (salt, text) in enumerate(w.texts)]
    insert_rows(EventText, ("event_id", "place", "salt", "text"), texts)
    if (own := to_seal.get()) is not None:
        own += [(id, w.hash) for id, w in numbered]
    else:
        insert_rows(Pending, ("event_id",), [(id,) for id in ids])
    return written, ids


def _salts(likely: int) -> Iterator[str]:
    """Fresh random salts of 16 bytes, drawn from the system many at a time."""
    while True:
        drawn = secrets.token_hex(16 * min(likely, MOST_DRAWN))
        yield from (drawn[at : at + 32] for at in range(0, len(drawn), 32))


def _write(entry: Entry, kind: str, actor: str, verb: str, at: str, key: bytes, salts: Iterator[str]) -> Written:
    subject, previous = entry.subject, entry.subject.head
    texts: list[tuple[str, str]] = []
    subject.sequence += 1
    text = body(
        actor=actor,
        at=at,
        chain=str(subject.uid),
        changes=",".join([_spelled(change, texts, salts) for change in entry.changes]),
        reason=_committed(entry.reason, texts, salts) if entry.reason else '""',
        record=entry.record_id,
        sequence=subject.sequence,
        subject=kind,
        verb=verb,
    )
    subject.head = event_hash(previous, text)
    return Written(
        subject.uid, subject.sequence, entry.record_id, text, previous, subject.head, event_mac(key, subject.head), texts
    )


def _spelled(change: Change, texts: list[tuple[str, str]], salts: Iterator[str]) -> str:
    """A change as it stands in the body. Emptiness is nobody's secret."""
    field, old, new, private = change
    before = _committed(old, texts, salts) if private and old else spelled(old)
    after = _committed(new, texts, salts) if private and new else spelled(new)
    return f'["{field}",{before},{after}]'


def _committed(text: str, texts: list[tuple[str, str]], salts: Iterator[str]) -> str:
    """A commitment in the place of a private text, which is kept aside."""
    salt = next(salts)
    texts.append((salt, text))
    return f'{MARK}{commitment(salt, text)}"}}'
