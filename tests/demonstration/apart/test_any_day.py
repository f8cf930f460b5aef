"""The demonstration can be loaded on any day: its two years are told relative to it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from linchpin.demonstration.loading import load
from linchpin.kernel.people import clock
from linchpin.kernel.records.models import Record

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.mark.parametrize("day", ["2026-11-26", "2027-01-01", "2027-05-31", "2028-02-29"])
def test_the_two_years_end_on_whatever_day_they_are_loaded(day: str) -> None:
    """After a holiday, on a month's last day, on a leap day; on the first of these a date once lay behind its own story."""
    with transaction.atomic(), clock.standing_at(datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)):
        loaded = load()
        assert Record.objects.filter(created_at__date__gt=day).count() == 0
        assert Record.objects.get(pk=loaded.records["brightbath-escape"].pk).status == "closed"
        transaction.set_rollback(True)


@pytest.mark.parametrize("day", ["2027-01-02", "2027-03-29"])
def test_the_firm_of_six_is_loaded_on_a_saturday_and_on_easter_monday(day: str) -> None:
    with transaction.atomic(), clock.standing_at(datetime.fromisoformat(f"{day}T10:00").replace(tzinfo=UTC)):
        loaded = load("hollin")
        assert Record.objects.filter(created_at__date__gt=day).count() == 0
        assert Record.objects.get(pk=loaded.records["leaking-joint"].pk).status == "closed"
        transaction.set_rollback(True)
