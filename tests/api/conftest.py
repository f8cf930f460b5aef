"""Callers of the API: the cast, each with a token of their own."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.api.authenticating import PerCaller
from tests.api.callers import Caller
from tests.cast import Cast
from tests.housing import cast, house

__all__ = ["cast", "house"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `kind` runs once for each registered record type."""
    if "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", all_types(), ids=[kind.key for kind in all_types()])


@pytest.fixture
def caller_of(cast: Cast) -> Any:
    """`caller_of("daniel")`: Daniel's token, for reading and writing unless said otherwise."""
    PerCaller.cache.clear()

    def make(name: str, *scopes: str) -> Caller:
        person = getattr(cast, name).person
        _made, secret = issue_token(person, f"{name}'s script", scopes=scopes or ("read", "write"), days=30, actor=cast.system)
        return Caller(secret)

    return make
