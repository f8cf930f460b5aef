"""What this machine can do at most, measured in the same run: the other half of every ratio."""

from __future__ import annotations

import threading
import time
from typing import Any

from django.db import connection


def inserts_per_second(seconds: float = 3.0, writers: int = 1) -> float:
    """Single-row commits per second with the product's own durability, one statement a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_insert (id INTEGER, words TEXT)")
    counts = [0] * writers
    threads = [threading.Thread(target=_insert, args=(counts, n, time.perf_counter() + seconds)) for n in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE bench_insert")
    return sum(counts) / seconds


def _insert(counts: list[int], place: int, until: float) -> None:
    with connection.cursor() as cursor:
        while time.perf_counter() < until:
            cursor.execute("INSERT INTO bench_insert VALUES (%s, %s)", [counts[place], "Burr left where the two bores cross"])
            counts[place] += 1
    connection.close()


def rows_per_second(rows: int = 10_000) -> float:
    """Rows of a plain child table per second by the database's own bulk way, in one transaction."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows (id INTEGER, words TEXT, number TEXT, unit INTEGER)")
        data: list[tuple[Any, ...]] = [(n, "Burr left where the two bores cross " * 4, f"NC-2026-{n:05}", n % 300) for n in range(rows)]
        begun = time.perf_counter()
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bench_rows FROM STDIN") as out:
                for row in data:
                    out.write_row(row)
        else:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.executemany("INSERT INTO bench_rows VALUES (%s, %s, %s, %s)", data)
            cursor.execute("COMMIT")
        took = time.perf_counter() - begun
        cursor.execute("DROP TABLE bench_rows")
    return rows / took
