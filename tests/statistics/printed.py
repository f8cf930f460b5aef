"""Published answers as they are printed: right is what differs by at most half a unit in the last printed place."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def agrees(found: float, text: str) -> bool:
    """Whether `found` rounds to the printed number; `text` keeps its zeros at the end."""
    number = Decimal(text.replace("−", "-"))
    unit = Decimal(1).scaleb(number.as_tuple().exponent)  # type: ignore[arg-type]
    return abs(Decimal(repr(float(found))) - number) <= unit / 2 * Decimal("1.000001")


def check(found: Any, *texts: str) -> None:
    """Every printed number against the one found."""
    values = np.atleast_1d(np.asarray(found, dtype=float)).tolist()
    assert len(values) == len(texts), f"{len(values)} figures, {len(texts)} printed"
    for value, text in zip(values, texts, strict=True):
        assert agrees(value, text), f"{value!r} is not {text}"


def numbers(text: str) -> list[float]:
    """Numbers in a line of text."""
    return [float(part) for part in text.replace("−", "-").split()]


def oracle(name: str) -> Any:
    """Expected numbers computed with R, or a skipped test where they are absent."""
    return json.loads(shared(f"oracles/{name}.json").read_text())


def shared(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/data/{name} is not here")
    return path


def columns(name: str) -> dict[str, list[str]]:
    """The columns of a csv among the shared data, as text."""
    import csv

    with shared(name).open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {key: [row[key] for row in rows] for key in rows[0]}


def column(name: str, key: str) -> list[float]:
    """One column of numbers; empty cells and NA are missing."""
    return [float("nan") if cell in ("", "NA") else float(cell) for cell in columns(name)[key]]
