"""Sealing: a Merkle root over a set of events, chained to the seal before it and signed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

from django.db import connection
from django.utils import timezone

from linchpin.kernel.people.writing import in_command, permitted, writing
from linchpin.kernel.trail.appending import iso
from linchpin.kernel.trail.bulk import insert_rows
from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.hashing import START, event_hash, event_mac, seal_hash, seal_text
from linchpin.kernel.trail.keys import event_key, sealing_fingerprint, sealing_key
from linchpin.kernel.trail.models import Pending, Seal, Sealed

log = logging.getLogger("linchpin.trail")
MOST = 50_000
"""Events under one seal."""
ADVISORY_LOCK = 0x5EA1


class Waiting(NamedTuple):
    id: int
    previous: str
    body: str
    hash: str
    mac: str

    def is_ours(self, key: bytes) -> bool:
        """Whether this installation wrote it: a seal must not launder a forged event."""
        return event_hash(self.previous, self.body) == self.hash and event_mac(key, self.hash) == self.mac


def seal_if_immediate() -> None:
    """At the end of a command's transaction: on SQLite seal its events with it; on PostgreSQL a worker does, every second."""
    if connection.vendor == "sqlite":
        _seal_all()


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
            _seal(sound)
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


def _seal(rows: Sequence[Waiting]) -> None:
    """Write one seal over the rows: the set of them, not a range of ids, which commit out of order."""
    last = Seal.objects.order_by("-number").values_list("number", "hash").first() or (0, START)
    seal = Seal(number=last[0] + 1, previous=last[1], count=len(rows), at=timezone.now(), key=sealing_fingerprint())
    seal.root = merkle.root([row.hash for row in rows])
    text = seal_text(
        number=seal.number, previous=seal.previous, root=seal.root, count=seal.count, at=iso(seal.at), key=seal.key
    )
    seal.signature = sealing_key().sign(text.encode()).hex()
    seal.hash = seal_hash(text, seal.signature)
    seal.save(force_insert=True)
    insert_rows(Sealed, ("event_id", "seal_id", "leaf"), [(row.id, seal.number, leaf) for leaf, row in enumerate(rows)])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_pending WHERE event_id IN (SELECT event_id FROM trail_sealed WHERE seal_id = %s)", [seal.number])
