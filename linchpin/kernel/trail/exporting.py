"""The trail as lines of JSON that anybody can verify without the installation."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import connection

from linchpin.kernel.trail.core.exported import EVENT, HEAD
from linchpin.kernel.trail.core.hashing import canonical
from linchpin.kernel.trail.core.verifying import pair
from linchpin.kernel.trail.fetching import event_rows, fetch, heads, seals, snapshot, uid_of
from linchpin.kernel.trail.keys import public_keys
from linchpin.kernel.trail.sealing import seal_pending


def export_lines() -> Iterator[str]:
    """Keys, seals, then each chain: its head, its events, their private texts. What is not sealed yet stays out.

    Each line ends with a line break. Run the generator to its end: it holds one view of the database.
    """
    seal_pending()
    with snapshot():
        for name, raw in public_keys().items():
            yield _line("key", fingerprint=name, public=raw.hex())
        for seal, leaves in seals():
            yield _line("seal", **seal._asdict(), leaves=leaves)
        yield from _chains()


@contextlib.contextmanager
def sealed_snapshot() -> Iterator[None]:
    """One view of the database in which no sound event waits for its seal. On PostgreSQL writers wait until it is opened."""
    if connection.vendor == "sqlite" or connection.in_atomic_block:
        seal_pending()
        with snapshot():
            yield
        return
    gate = connection.copy()
    try:
        gate.set_autocommit(False)
        with gate.cursor() as cursor:
            cursor.execute("LOCK TABLE trail_event IN SHARE MODE")
        seal_pending()
        with snapshot():
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")  # the view is that of the first statement
            gate.close()
            yield
    finally:
        gate.close()


def _chains() -> Iterator[str]:
    pending = {event for (event,) in fetch("SELECT event_id FROM trail_pending")}
    texts = _Texts()
    for head, rows in pair(heads(), event_rows()):
        kept = [row for row in rows if row[0] not in pending]
        if head is not None and (kept or not rows):
            if len(kept) < len(rows):  # the subject as it stood at its last sealed event
                head = head._replace(hash=kept[-1][10], sequence=kept[-1][2])
            yield _line("head", **dict(zip(HEAD, head, strict=True)))
        for row in kept:
            yield _line("event", **dict(zip(EVENT, row, strict=False)))
            for place, salt, text in texts.of((row[1], row[2], row[0])):
                yield _line("text", event=row[0], place=place, salt=salt, text=text)


class _Texts:
    """Private texts in the order of the events, skipping those that nobody asks for."""

    def __init__(self) -> None:
        rows = fetch(
            f"SELECT {uid_of('e.chain')}, e.sequence, e.id, t.place, t.salt, t.text FROM trail_event e "
            "JOIN trail_eventtext t ON t.event_id = e.id ORDER BY e.chain, e.sequence, e.id, t.place"
        )
        self._runs = ((key, [row[3:] for row in run]) for key, run in groupby(rows, key=lambda row: row[:3]))
        self._key: tuple[Any, ...] | None
        self._texts: list[tuple[Any, ...]]
        self._key, self._texts = next(self._runs, (None, []))

    def of(self, wanted: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        while self._key is not None and self._key < wanted:
            self._key, self._texts = next(self._runs, (None, []))
        return self._texts if self._key == wanted else []


def _line(kind: str, **fields: Any) -> str:
    return canonical({"kind": kind, **fields}) + "\n"
