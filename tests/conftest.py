"""The cast, for every test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from linchpin.kernel.records import further
from tests.cast import Cast, gather


@pytest.fixture(autouse=True)
def _no_fields_of_another_test() -> Iterator[None]:
    """What a test added to the types of this process goes with its database."""
    yield
    further.exchange(further.Further())


@pytest.fixture
def cast(db: Any) -> Cast:
    """Dunmallow Aero with its people, made by commands."""
    return gather()


@pytest.fixture
def browser_of(cast: Cast) -> Any:
    """`browser_of("daniel")`: a client signed in as that person, in one of the product's pages."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(cast, name).person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
