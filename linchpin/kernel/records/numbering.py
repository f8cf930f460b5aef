"""Numbers such as NC-2026-0001: per prefix and year, without gaps, from a locked row in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone

from linchpin.kernel.records.models import NumberSequence

SERIAL_SPAN = 10_000_000


def take(prefix: str, at: datetime, count: int = 1) -> list[tuple[str, int]]:
    """The next `count` numbers of the year of `at` (in the organization's zone), each with its sortable serial.

    Must run inside a write transaction: the sequence row stays locked until it ends.
    """
    year = timezone.localtime(at).year
    last = _moved_on(prefix, year, count)
    if last is None:  # the first number of the year
        NumberSequence.objects.get_or_create(prefix=prefix, year=year)
        last = _moved_on(prefix, year, count)
    assert last is not None
    return [(f"{prefix}-{year}-{n:04}", year * SERIAL_SPAN + n) for n in range(last - count + 1, last + 1)]


def _moved_on(prefix: str, year: int, count: int) -> int | None:
    """The last number after so many more, in one statement; None without a row."""
    sql = f'UPDATE "{NumberSequence._meta.db_table}" SET last = last + %s WHERE prefix = %s AND year = %s RETURNING last'
    with connection.cursor() as cursor:
        cursor.execute(sql, [count, prefix, year])
        found = cursor.fetchone()
    return found[0] if found else None
