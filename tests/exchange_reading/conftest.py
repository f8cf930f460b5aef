"""The fields that cells become, and the registers of others where they stand beside the repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from exchange_making import ACTION, PROBLEM, REGISTERS

from linchpin.exchange.reading.fields import Field


@pytest.fixture
def fields() -> dict[str, Mapping[str, Field]]:
    return {"nonconformity": PROBLEM, "action": ACTION}


@pytest.fixture
def register() -> Callable[[str], Path]:
    """The path of a real register; skips where the data folder is not there."""

    def find(name: str) -> Path:
        if not (REGISTERS / name).exists():
            pytest.skip(f"{name} is not here: the folder of real registers is not beside the repository")
        return REGISTERS / name

    return find
