"""A house that adds fields to its problems."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel.commands.customizing import add_field
from tests.api.conftest import caller_of
from tests.cast import Cast

__all__ = ["caller_of"]


@pytest.fixture
def added(cast: Cast) -> dict[str, Any]:
    """A field of each kind on problems, by its key."""
    fields = [
        {"label": "Batch", "kind": "line", "listed": True, "filtered": True, "help": "As on the router."},
        {"label": "Cost so far", "kind": "number", "unit": "€", "decimals": 2, "smallest": 0, "listed": True, "filtered": True},
        {"label": "Told the customer on", "kind": "day", "filtered": True},
        {"label": "Reworkable", "kind": "yes_no", "filtered": True},
        {"label": "Line of the plant", "kind": "choice", "choices": "Line 1\nLine 2", "filtered": True},
        {"label": "Contact in the shop", "kind": "person", "listed": True, "filtered": True},
        {"label": "What the customer said", "kind": "text"},
    ]
    return {row.key: row for row in (add_field("nonconformity", values, actor=cast.daniel) for values in fields)}
