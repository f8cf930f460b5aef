"""Numbers such as NC-2026-0001: per prefix and year, without gaps, from a locked row in the same transaction."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from linchpin.kernel.records.models import NumberSequence

SERIAL_SPAN = 10_000_000


def take(prefix: str, at: datetime, count: int = 1) -> list[tuple[str, int]]:
    """The next `count` numbers of the year of `at` (in the organization's zone), each with its sortable serial.

    Must run inside a write transaction: the sequence row stays locked until it ends.
    """
    year = timezone.localtime(at).year
    sequence, _ = NumberSequence.objects.select_for_update().get_or_create(prefix=prefix, year=year)
    first = sequence.last + 1
    sequence.last += count
    sequence.save(update_fields=["last"])
    return [(f"{prefix}-{year}-{n:04}", year * SERIAL_SPAN + n) for n in range(first, first + count)]
