"""Intervals of a proportion."""

from __future__ import annotations

import math

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import norm
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import DataRefused


def wilson(found: int, n: int, confidence: float = 0.95, *, population: int | None = None) -> Estimate:
    """Wilson's interval: (p̂ + z²/2n ± z√(p̂(1−p̂)/n + z²/4n²)) / (1 + z²/n).

    `population`: size of the finite population that the n are part of; the variance shrinks by (N−n)/(N−1). Raises DataRefused.
    """
    between(confidence, 0, 1, "confidence")
    if n < 1 or not 0 <= found <= n:
        raise DataRefused("A share needs at least 1 case and a count between 0 and n; got {found} of {n}.", argument="found", found=found, n=n)
    share = found / n
    shrink = 1.0 if population is None else finite(n, population)
    if not shrink:
        return Estimate(share, share, share, confidence)
    size = n / shrink
    z = float(norm.ppf((1 + confidence) / 2))
    scale = 1 + z * z / size
    center = (share + z * z / (2 * size)) / scale
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size)) / scale
    return Estimate(share, 0.0 if found == 0 else center - half, 1.0 if found == n else center + half, confidence)


def finite(n: int, population: int) -> float:
    """(N−n)/(N−1): how much the variance of a sample of n from N shrinks; 0 when everybody answered."""
    if population < n:
        raise DataRefused("More answered ({n}) than there are ({population}).", argument="population", n=n, population=population)
    return (population - n) / (population - 1) if population > n else 0.0
