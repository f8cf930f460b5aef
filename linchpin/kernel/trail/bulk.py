"""Rows into a table, one or a hundred thousand, past the instances of the object-relational mapper."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, models

COPY_FROM = 50
"""From so many rows on, PostgreSQL copies; below, plain inserts have less to set up."""


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """The block makes many small objects that all stay: looking through them for garbage again and again costs a fifth of the time."""
    ran = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if ran:
            gc.enable()


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of values already in the database's own form."""
    if not rows:
        return
    table, names = f'"{model._meta.db_table}"', ",".join(f'"{c}"' for c in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) >= COPY_FROM:
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as out:
                for row in rows:
                    out.write_row(row)
            return
        marks = ",".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


def update_rows(model: type[models.Model], key: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set the columns of existing rows; each row ends with the value of `key` that names it."""
    sets = ",".join(f'"{c}" = %s' for c in columns)
    with connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "{key}" = %s', rows)


def next_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for `count` new rows. On SQLite the transaction already holds the only write lock."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [f'"{table}"', count])
            return [id for (id,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        row = cursor.fetchone()
    last = row[0] if row else 0
    return list(range(last + 1, last + 1 + count))
