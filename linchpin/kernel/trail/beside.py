"""The half of a verification that a second process does beside the first: private texts, and seals with their leaves.

It runs without Django, reads its orders as lines of JSON and answers in the same way. It opens its own view of the database at the
moment that it is told, which is that of the first process.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import count
from typing import Any

from linchpin.kernel.trail import statements
from linchpin.kernel.trail.core.faults import Tally
from linchpin.kernel.trail.core.verifying import check_seals, with_leaves
from linchpin.kernel.trail.core.walking import look_at_texts

FETCH = 2_000
MAPPED = 1 << 30
"""Bytes of an SQLite file that may be read as memory."""
Fetch = Callable[[str], Iterator[tuple[Any, ...]]]
_numbers = count()


def main() -> None:
    """Open the database named in the first line, take the view named in the second, answer."""
    gc.disable()  # nothing here goes round in circles
    orders = json.loads(sys.stdin.readline())
    connection, vendor = _opened(orders), orders["vendor"]
    _say({"ready": True})
    _take_view(connection, vendor, json.loads(sys.stdin.readline())["view"])
    _say({"viewing": True})
    _say(half(vendor, lambda sql: _fetched(connection, vendor, sql), {name: bytes.fromhex(raw) for name, raw in orders["keys"].items()}))


def half(vendor: str, fetch: Fetch, keys: dict[str, bytes]) -> dict[str, Any]:
    """The answer: texts as `Texts` has them; of seals their count, how many events they cover, their keys and faults."""
    tally = Tally()
    texts = look_at_texts(fetch(statements.TEXTS))
    check_seals(with_leaves(fetch(statements.seals(vendor)), fetch(statements.LEAVES)), keys, tally)
    faults = [asdict(fault) for fault in tally.faults]
    return {"texts": asdict(texts), "seals": tally.seals, "covered": tally.covered, "keys": tally.keys, "faults": faults}


def _opened(orders: dict[str, Any]) -> Any:
    if orders["vendor"] == "sqlite":
        connection = sqlite3.connect(orders["database"], timeout=20, isolation_level=None)
        connection.execute("PRAGMA query_only = ON")
        connection.execute(f"PRAGMA mmap_size = {MAPPED}")
        return connection
    import psycopg

    return psycopg.connect(**orders["database"], autocommit=True)


def _take_view(connection: Any, vendor: str, view: str) -> None:
    if vendor == "sqlite":
        connection.execute("BEGIN DEFERRED")
        connection.execute("SELECT COUNT(*) FROM sqlite_schema").fetchone()
    else:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        connection.execute(f"SET TRANSACTION SNAPSHOT '{view}'")


def _fetched(connection: Any, vendor: str, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = connection.cursor() if vendor == "sqlite" else connection.cursor(f"beside_{next(_numbers)}")
    cursor.execute(sql)
    while rows := cursor.fetchmany(FETCH):
        yield from rows


def _say(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
