"""The cast gathered once for a whole module; what a test writes is rolled back behind it. For tests that need no commit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.cast import Cast, gather


@pytest.fixture(scope="module")
def house(django_db_setup: Any, django_db_blocker: Any) -> Iterator[Cast]:
    """Dunmallow Aero, founded when the first test of the module asks for it and gone after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield gather()
        transaction.set_rollback(True)


@pytest.fixture
def cast(house: Cast, db: Any) -> Cast:
    """The people of the house, for one test."""
    return house
