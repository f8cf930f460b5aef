"""Verification of the database: raw rows, in order, into the same passes that verify an export."""

from __future__ import annotations

from typing import Any

from django.db import connection

from linchpin.kernel.trail import statements
from linchpin.kernel.trail.bulk import without_collector
from linchpin.kernel.trail.core.faults import Fault, Row, Tally, Verification, event_fault, exchanged_fault
from linchpin.kernel.trail.core.verifying import check_chains, pair, text_fault
from linchpin.kernel.trail.core.walking import walk
from linchpin.kernel.trail.fetching import actors, event_rows, fetch, heads
from linchpin.kernel.trail.keys import event_key
from linchpin.kernel.trail.sharing import shared_snapshot


def verify(*, held: tuple[int, str] | None = None) -> Verification:
    """Verify every event, private text, seal and head, as they stand at one moment. Writers are not kept waiting.

    `held` is the number and hash of a seal that was kept outside: it also shows whether the whole database was put back.
    """
    with shared_snapshot() as other_half:
        tally = Tally()
        if not _walked(tally):
            tally = Tally()
            check_chains(pair(heads(), event_rows()), event_key(), _leaf_of, tally)
        told = other_half()
        _check_texts(told["texts"], tally)
        tally.seals, tally.covered, tally.keys = told["seals"], told["covered"], told["keys"]
        tally.faults += [Fault(**fault) for fault in told["faults"]]
        _check_unsealed(tally)
        if held:
            _check_held(held, tally)
    return tally.verification()


def _walked(tally: Tally) -> bool:
    """Whether all chains are plainly whole, by the quick way; if not, they have to be looked at one by one."""
    vendor = connection.vendor
    spelled_uid, spelled_time = (_spelled_uid, _spelled_time) if vendor == "sqlite" else (str, str)
    uid = "uid" if vendor == "sqlite" else statements.uid_of(vendor, "uid")
    ends = fetch(f"SELECT {uid}, head, sequence, kind, id FROM ({statements.subjects()}) AS subjects")
    with without_collector():
        return walk(fetch(statements.walked(vendor)), ends, event_key(), actors(), spelled_uid, spelled_time, tally)


def _spelled_uid(stored: str) -> str:
    return f"{stored[:8]}-{stored[8:12]}-{stored[12:16]}-{stored[16:20]}-{stored[20:]}"


def _spelled_time(stored: str) -> str:
    """As `statements.text_of` spells it."""
    return f"{stored.replace(' ', 'T')}.000000"[:26] + "+00:00"


def _leaf_of(row: Row) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM trail_sealed WHERE event_id = %s", [row.id])
        return row.hash if cursor.fetchone() else None


def _one(event: int) -> tuple[Row, str]:
    row = Row(*next(event_rows("WHERE e.id = %s", [event])))
    table = {kind: (table, name) for kind, table, name in statements.SUBJECTS}.get(row.kind)
    chain = row.chain if connection.vendor == "postgresql" else row.chain.replace("-", "")
    found = next(fetch(f"SELECT {table[1]} FROM {table[0]} WHERE uid = %s", [chain]), None) if table else None
    return row, found[0] if found else f"{row.kind} {row.chain}"


def _check_texts(texts: dict[str, Any], tally: Tally) -> None:
    tally.texts = texts["count"]
    suspects = {*texts["suspects"], *(event for event, commitment in texts["blank"] if commitment not in tally.erased)}
    for event in sorted(suspects):
        if next(fetch("SELECT 1 FROM trail_event WHERE id = %s", [event]), None) is None:
            continue  # that the event itself is gone, its seal tells
        row, name = _one(event)
        triples = list(fetch("SELECT place, salt, text FROM trail_eventtext WHERE event_id = %s ORDER BY place", [event]))
        if fault := text_fault(row, name, triples, tally.erased):
            tally.faults.append(fault)
    if texts["events"] != tally.committed:
        _name_textless(tally)


def _name_textless(tally: Tally) -> None:
    """Some commitments have no text at all: look for the first."""
    rows = fetch(
        """SELECT e.id FROM trail_event e WHERE e.body LIKE %s AND NOT EXISTS
        (SELECT 1 FROM trail_eventtext t WHERE t.event_id = e.id) ORDER BY e.id LIMIT 1""",
        ['%{"sha256":"%'],
    )
    for (event,) in rows:
        row, name = _one(event)
        if fault := text_fault(row, name, [], tally.erased):
            tally.faults.append(fault)


def _check_unsealed(tally: Tally) -> None:
    """On SQLite every event is sealed with its command; on PostgreSQL it may be pending for a second, but never neither."""
    (tally.unsealed,) = next(fetch("SELECT COUNT(*) FROM trail_pending"))
    waiting = 0 if connection.vendor == "sqlite" else tally.unsealed
    if tally.covered == next(fetch("SELECT COUNT(*) FROM trail_sealed"))[0] == tally.events - waiting:
        return  # as many as there are: an event has one leaf at most
    pending = "" if connection.vendor == "sqlite" else "AND NOT EXISTS (SELECT 1 FROM trail_pending p WHERE p.event_id = e.id)"
    rows = fetch(
        f"""SELECT e.id FROM trail_event e WHERE NOT EXISTS (SELECT 1 FROM trail_sealed s WHERE s.event_id = e.id)
        {pending} ORDER BY e.id LIMIT 1"""
    )
    for (event,) in () if any(fault.seal for fault in tally.faults) else rows:
        row, name = _one(event)
        tally.faults.append(event_fault("seal_missing", row, name, "no seal covers it."))
    for number, event in fetch(
        """SELECT s.seal_id, s.event_id FROM trail_sealed s WHERE NOT EXISTS
        (SELECT 1 FROM trail_seal n WHERE n.number = s.seal_id) ORDER BY s.seal_id, s.leaf LIMIT 1"""
    ):
        sentence = f"Seal {number} was deleted: the event with id {event} was covered by it."
        tally.faults.append(Fault("seal_deleted", sentence, seal=number))


def _check_held(held: tuple[int, str], tally: Tally) -> None:
    number, hash = held
    if next(fetch("SELECT hash FROM trail_seal WHERE number = %s", [number]), None) != (hash,):
        tally.faults.append(exchanged_fault(number))
