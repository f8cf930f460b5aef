"""Every test of the contract suite that asks for `kind` runs once for each registered record type."""

from __future__ import annotations

import pytest

from linchpin.kernel.records.registry import all_types
from tests.housing import cast, house

__all__ = ["cast", "house"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "state" in metafunc.fixturenames:
        pairs = [(kind, str(state)) for kind in all_types() for state in kind.lifecycle.states.values]
        metafunc.parametrize(("kind", "state"), pairs, ids=[f"{kind.key}-{state}" for kind, state in pairs])
    elif "kind" in metafunc.fixturenames:
        metafunc.parametrize("kind", all_types(), ids=[kind.key for kind in all_types()])
