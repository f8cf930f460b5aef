"""The cast, for every test that asks for it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, gather


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
