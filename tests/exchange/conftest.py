"""Real registers where they stand beside the repository, and files made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

REGISTERS = Path(__file__).resolve().parents[2] / "../shared/data/registers"


@pytest.fixture
def register() -> Callable[[str], Path]:
    """The path of a real register; skips where the data folder is not there."""

    def find(name: str) -> Path:
        if not (REGISTERS / name).exists():
            pytest.skip(f"{name} is not here: the folder of real registers is not beside the repository")
        return REGISTERS / name

    return find
