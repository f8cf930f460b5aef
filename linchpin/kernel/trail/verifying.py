"""Verification of the database: raw rows, in order, into the same passes that verify an export."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from linchpin.kernel.trail.core.faults import Fault, Head, Row, SealRow, Tally, Verification, event_fault, exchanged_fault
from linchpin.kernel.trail.core.verifying import check_chains, check_seals, pair, text_fault
from linchpin.kernel.trail.keys import event_key, public_keys

FETCH = 2_000
SUBJECTS = (
    ("record", "records_record", "COALESCE(number, title)"),
    ("person", "people_person", "name"),
    ("unit", "people_unit", "name"),
    ("organization", "people_organization", "name"),
)


def verify(*, held: tuple[int, str] | None = None) -> Verification:
    """Verify every event, private text, seal and head, as they stand at one moment. Writers are not kept waiting.

    `held` is the number and hash of a seal that was kept outside: it also shows whether the whole database was put back.
    """
    with snapshot():
        tally = Tally()
        check_chains(pair(heads(), event_rows()), event_key(), _leaf_of, tally)
        _check_texts(tally)
        check_seals(seals(), public_keys(), tally)
        _check_unsealed(tally)
        if held:
            _check_held(held, tally)
    return tally.verification()


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for all queries within, without the lock of a writer."""
    connection.ensure_connection()
    if connection.in_atomic_block or (connection.vendor == "sqlite" and connection.connection.in_transaction):
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def fetch(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, from a server-side cursor where there is one."""
    connection.ensure_connection()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def text_of(column: str) -> str:
    """SQL for a time as the trail writes it; on SQLite microseconds of zero are not stored."""
    if connection.vendor == "postgresql":
        return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')"""
    return f"substr(replace({column}, ' ', 'T') || '.000000', 1, 26) || '+00:00'"


def uid_of(column: str) -> str:
    """SQL for a uid with its hyphens."""
    if connection.vendor == "postgresql":
        return f"{column}::text"
    return "||'-'||".join(f"substr({column},{start},{length})" for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))


def heads(chain: Any = None) -> Iterator[Head]:
    """What each subject's row says of its chain, ordered by chain."""
    where = "" if chain is None else "WHERE uid = %s"
    parts = [
        f"SELECT uid, head, sequence, '{kind}' AS kind, id, {name} AS name FROM {table} {where}" for kind, table, name in SUBJECTS
    ]
    sql = f"SELECT {uid_of('uid')}, head, sequence, kind, id, name FROM ({' UNION ALL '.join(parts)}) AS subjects ORDER BY subjects.uid"
    return (Head(*row) for row in fetch(sql, [] if chain is None else [chain] * len(parts)))


def event_rows(where: str = "", params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Events as the passes take them, ordered by chain and sequence."""
    chain_sql = uid_of("e.chain")
    actors = dict(fetch(f"SELECT id, {uid_of('uid')} FROM people_person"))
    rows = fetch(
        f"SELECT e.id, {chain_sql}, e.sequence, e.kind, e.record_id, e.actor_id, {text_of('e.at')}, e.verb, e.body, "
        f"e.previous, e.hash, e.mac FROM trail_event e {where} ORDER BY e.chain, e.sequence, e.id",
        params,
    )
    return ((*row[:5], actors.get(row[5], ""), *row[6:]) for row in rows)


def seals() -> Iterator[tuple[SealRow, list[tuple[int, str | None]]]]:
    """Each seal with its leaves (event id, the event's hash or None where it is gone)."""
    leaves = groupby(
        fetch(
            "SELECT s.seal_id, s.event_id, e.hash FROM trail_sealed s LEFT JOIN trail_event e ON e.id = s.event_id "
            "ORDER BY s.seal_id, s.leaf"
        ),
        key=lambda row: row[0],
    )
    number, run = next(leaves, (None, iter(())))
    for row in fetch(
        f"SELECT number, previous, root, count, {text_of('at')}, key, signature, hash FROM trail_seal ORDER BY number"
    ):
        while number is not None and number < row[0]:
            number, run = next(leaves, (None, iter(())))
        found = [(event, hash) for _number, event, hash in run] if number == row[0] else []
        yield SealRow(*row), found


def _leaf_of(row: Row) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM trail_sealed WHERE event_id = %s", [row.id])
        return row.hash if cursor.fetchone() else None


def _one(event: int) -> tuple[Row, str]:
    row = Row(*next(event_rows("WHERE e.id = %s", [event])))
    table = {kind: (table, name) for kind, table, name in SUBJECTS}.get(row.kind)
    chain = row.chain if connection.vendor == "postgresql" else row.chain.replace("-", "")
    found = next(fetch(f"SELECT {table[1]} FROM {table[0]} WHERE uid = %s", [chain]), None) if table else None
    return row, found[0] if found else f"{row.kind} {row.chain}"


def _check_texts(tally: Tally) -> None:
    rows = fetch(
        "SELECT t.event_id, t.place, t.salt, t.text, CASE WHEN t.place = 0 THEN e.body END FROM trail_eventtext t "
        "JOIN trail_event e ON e.id = t.event_id ORDER BY t.event_id, t.place"
    )
    for event, run in groupby(rows, key=lambda row: row[0]):
        texts = list(run)
        tally.texts += len(texts)
        plain = Row(event, "", 0, "", None, "", "", "", texts[0][4] or "", "", "", "")
        triples = [(place, salt, text) for _event, place, salt, text, _body in texts]
        if text_fault(plain, "", triples, tally.erased):
            row, name = _one(event)
            if fault := text_fault(row, name, triples, tally.erased):
                tally.faults.append(fault)
    if tally.texts != tally.commitments:
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
