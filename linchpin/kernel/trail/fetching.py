"""The trail as it is stored: raw rows, in order, from one view of the database."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from linchpin.kernel.trail import statements
from linchpin.kernel.trail.core.faults import Head, SealRow
from linchpin.kernel.trail.core.verifying import with_leaves

FETCH = 2_000


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """One view of the database for all queries within, without the lock of a writer."""
    connection.ensure_connection()
    if inside_a_view():
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


def inside_a_view() -> bool:
    """Whether a transaction is open already, of this function or of somebody else."""
    return connection.in_atomic_block or (connection.vendor == "sqlite" and connection.connection.in_transaction)


def fetch(sql: str, params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, from a server-side cursor where there is one."""
    connection.ensure_connection()
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, params)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def uid_of(column: str) -> str:
    """SQL for a uid with its hyphens."""
    return statements.uid_of(connection.vendor, column)


def heads(chain: Any = None) -> Iterator[Head]:
    """What each subject's row says of its chain, ordered by chain."""
    parts = statements.subjects("" if chain is None else "WHERE uid = %s")
    sql = f"SELECT {uid_of('uid')}, head, sequence, kind, id, name FROM ({parts}) AS subjects ORDER BY subjects.uid"
    return (Head(*row) for row in fetch(sql, [] if chain is None else [chain] * len(statements.SUBJECTS)))


def actors() -> dict[int, str]:
    """Each person's uid by primary key."""
    return dict(fetch(f"SELECT id, {uid_of('uid')} FROM people_person"))


def event_rows(where: str = "", params: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
    """Events as the passes take them, ordered by chain and sequence."""
    by_id = actors()
    rows = fetch(
        f"SELECT e.id, {uid_of('e.chain')}, e.sequence, e.kind, e.record_id, e.actor_id, {statements.text_of(connection.vendor, 'e.at')}, e.verb, "
        f"e.body, e.previous, e.hash, e.mac FROM trail_event e {where} ORDER BY e.chain, e.sequence, e.id",
        params,
    )
    return ((*row[:5], by_id.get(row[5], ""), *row[6:]) for row in rows)


def seals() -> Iterator[tuple[SealRow, list[tuple[int, str | None]]]]:
    """Each seal with its leaves (event id, the event's hash or None where it is gone)."""
    return with_leaves(fetch(statements.seals(connection.vendor)), fetch(statements.LEAVES))
