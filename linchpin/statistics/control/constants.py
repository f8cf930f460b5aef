"""Constants of control charts: exact by integration, or rounded as the textbooks print them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from linchpin.statistics.words import DataRefused

Precision = Literal["exact", "table"]

LARGEST = 25
"""Largest subgroup for which range constants are offered; larger subgroups belong on an X̄-S chart."""


@dataclass(frozen=True, slots=True)
class Constants:
    """All constants for subgroups of `n` observations, named as in ASTM E2587 and Montgomery."""

    n: int
    d2: float
    d3: float
    c4: float
    a: float
    a2: float
    a3: float
    b3: float
    b4: float
    b5: float
    b6: float
    d1_limit: float
    d2_limit: float
    d3_limit: float
    d4_limit: float
    e2: float


def c4(n: float) -> float:
    """Expected standard deviation of `n` standard normal values: √(2/(n−1))·Γ(n/2)/Γ((n−1)/2)."""
    if n < 2:
        raise DataRefused("A standard deviation needs at least 2 values, not {n}.", argument="n", n=n)
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


@lru_cache(maxsize=64)
def constants(n: int, precision: Precision = "exact") -> Constants:
    """Constants for subgroups of 2 to 25. `table` gives the usual printed ones: 3 decimals, 4 for c4 and d3."""
    if not 2 <= n <= LARGEST:
        raise DataRefused("Range constants exist for subgroups of 2 to 25, not {n}. Use an X̄-S chart for larger subgroups.", argument="n", n=n)
    d2, d3 = _range_moments(n)
    c = c4(n)
    spread = 3 * math.sqrt(1 - c * c)
    found = Constants(
        n, d2, d3, c, 3 / math.sqrt(n), 3 / (d2 * math.sqrt(n)), 3 / (c * math.sqrt(n)),
        max(0.0, 1 - spread / c), 1 + spread / c, max(0.0, c - spread), c + spread,
        max(0.0, d2 - 3 * d3), d2 + 3 * d3, max(0.0, 1 - 3 * d3 / d2), 1 + 3 * d3 / d2, 3 / d2,
    )  # fmt: skip
    return found if precision == "exact" else _rounded(found)


def _rounded(exact: Constants) -> Constants:
    four = {"c4", "d3"}
    return Constants(exact.n, **{f: round(getattr(exact, f), 4 if f in four else 3) for f in Constants.__slots__ if f != "n"})


def _range_moments(n: int) -> tuple[float, float]:
    """Mean and standard deviation of the range of `n` standard normal values."""
    if n == 2:
        return 2 / math.sqrt(math.pi), math.sqrt(2 - 4 / math.pi)
    from scipy.special import ndtr

    x = np.linspace(-12, 12, 1201)
    density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi) * (x[1] - x[0])
    nodes, weights = np.polynomial.legendre.leggauss(160)
    r, w = 8 * (nodes + 1), 8 * weights
    distribution = n * ((ndtr(x + r[:, None]) - ndtr(x)) ** (n - 1)) @ density
    mean = float(w @ (1 - distribution))
    square = float(w @ (2 * r * (1 - distribution)))
    return mean, math.sqrt(square - mean * mean)
