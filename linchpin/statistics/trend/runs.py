"""Runs test: do the points come in random order about their median?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import present
from linchpin.statistics.distributions import norm
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class RunsTest:
    """Runs seen and expected, z, p two-sided, and one-sided for too few runs (drift or shift)."""

    kind: str
    n: int
    runs: int
    expected: float
    z: float
    p: float
    p_too_few: float
    method: Words
    warnings: tuple[Words, ...]


def runs_test(values: Iterable[Any]) -> RunsTest:
    """Wald–Wolfowitz about the median: expected 2n₁n₂/n + 1, variance 2n₁n₂(2n₁n₂ − n)/(n²(n−1)). Points on the median are left out.

    Raises DataRefused when fewer than 2 points lie on a side.
    """
    there, missing = present(values, minimum=4)
    sides = np.sign(there - np.median(there))
    sides = sides[sides != 0]
    above, below = int((sides > 0).sum()), int((sides < 0).sum())
    if min(above, below) < 2:
        raise DataRefused("At least 2 points must lie on each side of the median.", argument="values")
    n, product = above + below, 2 * above * below
    runs = int((np.diff(sides) != 0).sum()) + 1
    expected = product / n + 1
    z = float((runs - expected) / np.sqrt(product * (product - n) / (n * n * (n - 1))))
    said = (Words("{missing} missing points were left out.", missing=missing),) if missing else ()
    return RunsTest("runs", n, runs, expected, z, float(2 * norm.sf(abs(z))), float(norm.cdf(z)), Words("Wald–Wolfowitz runs test."), said)
