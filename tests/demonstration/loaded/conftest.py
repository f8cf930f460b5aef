"""The demonstration, loaded once for all of these tests and taken back after the last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from linchpin.demonstration.loading import Loaded, load


@pytest.fixture(scope="package")
def two_years(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Loaded]:
    """Dunmallow Aero with its two years."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def demo(two_years: Loaded, db: Any) -> Loaded:
    """The demonstration, for one test; what the test writes is rolled back behind it."""
    return two_years
