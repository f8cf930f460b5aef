"""Sealing: a Merkle root over a set of events, chained to the seal before it and signed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from linchpin.kernel.people.writing import in_command, permitted, writing
from linchpin.kernel.trail.appending import Leaf, iso, to_seal
from linchpin.kernel.trail.bulk import insert_rows
from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.hashing import START, event_hash, event_mac, seal_hash, seal_text
from linchpin.kernel.trail.keys import event_key, sealing_fingerprint, sealing_key
from linchpin.kernel.trail.models import Pending, Seal, Sealed

log = logging.getLogger("linchpin.trail")
MOST = 50_000
"""Events under one seal."""
ADVISORY_LOCK = 0x5EA1
COLUMNS = ("number", "previous", "root", "count", "at", "key", "signature", "hash")


class Waiting(NamedTuple):
    id: int
    previous: str
    body: str
    hash: str
    mac: str

    def is_ours(self, key: bytes) -> bool:
        """Whether this installation wrote it: a seal must not launder a forged event."""
        return event_hash(self.previous, self.body) == self.hash and event_mac(key, self.hash) == self.mac


@contextlib.contextmanager
def own_seal() -> Iterator[None]:
    """Around a command's transaction: on SQLite its events are sealed with it; on PostgreSQL they wait for a worker, which seals every second."""
    if connection.vendor != "sqlite":
        yield
        return
    events: list[Leaf] = []
    token = to_seal.set(events)
    try:
        yield
    finally:
        to_seal.reset(token)
    for start in range(0, len(events), MOST):
        _seal(events[start : start + MOST])


def seal_pending() -> int:
    """Seal every event that waits. Gives their number; forged ones stay pending, where verification names them."""
    if in_command.get():
        return _seal_all()
    if not Pending.objects.exists():
        return 0
    with writing(), permitted():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        return _seal_all()


def _seal_all() -> int:
    sealed, after = 0, 0
    while rows := _waiting(after):
        after = rows[-1].id
        key = event_key()
        sound = [row for row in rows if row.is_ours(key)]
        if len(sound) < len(rows):
            log.error("%s pending events were not written by this installation; they are not sealed.", len(rows) - len(sound))
        if sound:
            _seal([(row.id, row.hash) for row in sound])
            _wait_no_longer()
            sealed += len(sound)
    return sealed


def _waiting(after: int) -> list[Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id, e.previous, e.body, e.hash, e.mac FROM trail_pending p JOIN trail_event e ON e.id = p.event_id "
            "WHERE p.event_id > %s ORDER BY p.event_id LIMIT %s",
            [after, MOST],
        )
        return [Waiting(*row) for row in cursor.fetchall()]


def _seal(events: Sequence[Leaf]) -> None:
    """Write one seal over the events: the set of them, not a range of ids, which commit out of order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, hash FROM trail_seal ORDER BY number DESC LIMIT 1")
        last = cursor.fetchone() or (0, START)
    number, at, key, root = last[0] + 1, timezone.now(), sealing_fingerprint(), merkle.root([hash for _id, hash in events])
    text = seal_text(number=number, previous=last[1], root=root, count=len(events), at=iso(at), key=key)
    signature = sealing_key().sign(text.encode()).hex()
    moment = connection.ops.adapt_datetimefield_value(at)
    insert_rows(Seal, COLUMNS, [(number, last[1], root, len(events), moment, key, signature, seal_hash(text, signature))])
    insert_rows(Sealed, ("event_id", "seal_id", "leaf"), [(id, number, leaf) for leaf, (id, _hash) in enumerate(events)])


def _wait_no_longer() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_pending WHERE event_id IN (SELECT event_id FROM trail_sealed WHERE seal_id = (SELECT MAX(number) FROM trail_seal))")
