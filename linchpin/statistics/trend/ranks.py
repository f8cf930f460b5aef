"""Spearman's rank correlation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import same_length, series
from linchpin.statistics.distributions import t
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """ρ with its percentile bootstrap interval, and p by Student's t."""

    kind: str
    n: int
    rho: Estimate
    p: float
    method: Words
    warnings: tuple[Words, ...]


def spearman(first: Iterable[Any], second: Iterable[Any], *, confidence: float = 0.95, resamples: int = 2_000, seed: int = 1) -> RankCorrelation:
    """Correlation of ranks (ties share their mean rank). Pairs with a missing value are left out, at least 4. Raises DataRefused."""
    one, two = series(first, "first"), series(second, "second")
    same_length(one, two, "first", "second")
    there = ~np.isnan(one + two)
    x, y = one[there], two[there]
    if x.size < 4 or x.min() == x.max() or y.min() == y.max():
        raise DataRefused("A correlation needs at least 4 pairs, and values that differ.", argument="first")
    rho = _rho(x[None, :], y[None, :])[0]
    chosen = np.random.default_rng(seed).integers(0, x.size, (resamples, x.size))
    drawn = _rho(x[chosen], y[chosen])
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(drawn, [tail, 1 - tail])
    score = abs(rho) * np.sqrt((x.size - 2) / max(1e-300, 1 - rho * rho))
    missing = one.size - x.size
    said = (Words("{missing} pairs with a missing value were left out.", missing=missing),) if missing else ()
    found = Estimate(float(rho), float(low), float(high), confidence)
    return RankCorrelation("spearman", x.size, found, float(2 * t.sf(score, x.size - 2)), Words("Spearman's ρ, bootstrap interval."), said)


def _rho(x: Floats, y: Floats) -> Floats:
    a, b = _ranks(x), _ranks(y)
    a -= a.mean(axis=1, keepdims=True)
    b -= b.mean(axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        rho: Floats = (a * b).sum(axis=1) / np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return rho


def _ranks(rows: Floats) -> Floats:
    """Mean ranks within each row."""
    return (rows[:, :, None] > rows[:, None, :]).sum(axis=2) + ((rows[:, :, None] == rows[:, None, :]).sum(axis=2) + 1) / 2
