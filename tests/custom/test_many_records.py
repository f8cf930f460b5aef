"""Twenty thousand records with a field of the house: filter and order walk its index, and the planner finds that by itself."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.chapters.improvement.nonconformities.models import Nonconformity
from linchpin.kernel import commands
from linchpin.kernel.records.custom_models import CustomValue
from linchpin.kernel.records.listing import Asked, page
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.registry import get_type
from tests.cast import Cast

NC = get_type("nonconformity")
MANY = 20_000
WHOLE = re.compile(r"Seq Scan on records_|SCAN \w+\n")
"""A table that is read from one end to the other, in the words of either database."""


@pytest.mark.slow
def test_a_filter_and_an_order_among_many_records_use_the_index(cast: Cast, added: dict[str, Any]) -> None:
    like = cast.problem(x_cost_so_far="0", x_batch="L-0")
    with commands.command():
        _copies(like, added)
    with connection.cursor() as cursor:
        for table in ("records_record", "records_customvalue", Nonconformity._meta.db_table):
            cursor.execute(f"ANALYZE {table}")
    for asked, index in (
        (Asked({"x_cost_so_far": ["500..504"]}), "custom_by_number"),
        (Asked({"x_batch": ["L-77*"]}), "custom_by_text"),
        (Asked({}, "-x_cost_so_far"), "custom_by_number"),
        (Asked({}, "x_batch"), "custom_by_text"),
    ):
        with CaptureQueriesContext(connection) as captured:
            found = page(NC, asked, cast.daniel)
        assert found.rows
        plans = [_plan(q["sql"]) for q in captured.captured_queries if q["sql"].startswith("SELECT") and "records_customvalue" in q["sql"]]
        assert any(index in plan for plan in plans), "\n".join(plans)
        assert not any(WHOLE.search(plan) for plan in plans), "\n".join(plans)


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN ") + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall()) + "\n"


def _copies(like: Any, added: dict[str, Any]) -> None:
    """The problem once more, and again, in SQL: number and uid are their own."""
    postgresql = connection.vendor == "postgresql"
    series = f"generate_series(1, {MANY}) AS n" if postgresql else "series"
    uid = "gen_random_uuid()" if postgresql else "lower(hex(randomblob(16)))"
    with_series = "" if postgresql else f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {MANY}) "
    first = like.pk + 1_000
    own = {"id": f"{first} + n", "uid": uid, "number": "'NC-MANY-' || n"}
    names = [f.column for f in Record._meta.local_concrete_fields]
    child = [f.column for f in Nonconformity._meta.local_concrete_fields]
    values = CustomValue._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO records_record ({', '.join(names)}) {with_series}"
                       f"SELECT {', '.join(own.get(n, f'r.{n}') for n in names)} FROM records_record r, {series} WHERE r.id = {like.pk}")  # fmt: skip
        cursor.execute(f"INSERT INTO {Nonconformity._meta.db_table} ({', '.join(child)}) {with_series}"
                       f"SELECT {', '.join(f'{first} + n' if n == 'record_ptr_id' else f'c.{n}' for n in child)} "
                       f"FROM {Nonconformity._meta.db_table} c, {series} WHERE c.record_ptr_id = {like.pk}")  # fmt: skip
        for key, column, value in (("x_cost_so_far", "number", "n"), ("x_batch", "text", "'l-' || n")):
            cursor.execute(f"INSERT INTO {values} (record_id, field_id, {column}) {with_series}SELECT {first} + n, {added[key].pk}, {value} FROM {series}")
