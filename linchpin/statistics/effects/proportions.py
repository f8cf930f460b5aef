"""Two or more proportions compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from linchpin.statistics.distributions import chi2, norm
from linchpin.statistics.results import Estimate
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class TwoProportions:
    """First minus second; `z` and `p` of the pooled test, `p_exact` by Fisher."""

    kind: str
    n: int
    first: Estimate
    second: Estimate
    difference: Estimate
    z: float
    p: float
    p_exact: float
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class ManyProportions:
    """Chi-square test of one proportion in all groups."""

    kind: str
    n: int
    shares: tuple[Estimate, ...]
    chi_square: float
    degrees: int
    p: float
    method: Words
    warnings: tuple[Words, ...]


def two_proportions(found: tuple[int, int], sizes: tuple[int, int], *, confidence: float = 0.95) -> TwoProportions:
    """p₁ − p₂ with Newcombe's hybrid interval: d − √((p₁−l₁)²+(u₂−p₂)²) … d + √((u₁−p₁)²+(p₂−l₂)²), l and u by Wilson.

    Source: Newcombe (1998), method 10. Raises DataRefused for counts that are not within 0 and n.
    """
    one, two = (wilson(count, n, confidence) for count, n in zip(found, sizes, strict=True))
    between = newcombe(one, two)
    d = between.value
    pooled = sum(found) / sum(sizes)
    error = float(np.sqrt(pooled * (1 - pooled) * (1 / sizes[0] + 1 / sizes[1])))
    z = d / error if error > 0 else 0.0
    few = min(pooled, 1 - pooled) * min(sizes) < 5
    said = (Words("Few cases: read the exact p."),) if few else ()
    return TwoProportions(
        "two-proportions", sum(sizes), one, two, between, z, float(2 * norm.sf(abs(z))), fisher_exact(found, sizes),
        Words("Difference with Newcombe's interval; pooled z test; Fisher's exact test."), said,
    )  # fmt: skip


def newcombe(first: Estimate, second: Estimate) -> Estimate:
    """The first share minus the second with the hybrid interval of their Wilson intervals."""
    d = first.value - second.value
    low = d - float(np.hypot(first.value - first.lower, second.upper - second.value))
    high = d + float(np.hypot(first.upper - first.value, second.value - second.lower))
    return Estimate(d, low, high, first.confidence)


def fisher_exact(found: tuple[int, int], sizes: tuple[int, int]) -> float:
    """Two-sided p: chances of all tables with these margins that are not likelier than the one seen."""
    from scipy.special import gammaln

    total, n = sum(found), sum(sizes)
    first = np.arange(max(0, total - sizes[1]), min(total, sizes[0]) + 1)

    def choose(of: float, some: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1)

    chances = np.exp(choose(sizes[0], first) + choose(sizes[1], total - first) - choose(n, np.array([total])))
    seen = chances[found[0] - first[0]]
    return float(min(1.0, chances[chances <= seen * (1 + 1e-7)].sum()))


def many_proportions(found: Sequence[int], sizes: Sequence[int], *, confidence: float = 0.95) -> ManyProportions:
    """χ² = Σ(observed − expected)²/expected over both outcomes, with one degree of freedom fewer than groups. Raises DataRefused."""
    if len(found) != len(sizes) or len(found) < 2:
        raise DataRefused("Give at least 2 groups, each with a count and a size.", argument="found")
    shares = tuple(wilson(count, n, confidence) for count, n in zip(found, sizes, strict=True))
    counts, below = np.array(found, dtype=float), np.array(sizes, dtype=float)
    rate = counts.sum() / below.sum()
    if not 0 < rate < 1:
        raise DataRefused("All cases have one outcome, so there is nothing to compare.", argument="found")
    square = float(((counts - below * rate) ** 2 / (below * rate * (1 - rate))).sum())
    few = (below * min(rate, 1 - rate) < 5).any()
    said = (Words("Some groups expect fewer than 5 cases: the test is rough."),) if few else ()
    degrees = len(found) - 1
    return ManyProportions("proportions", int(below.sum()), shares, square, degrees, float(chi2.sf(square, degrees)), Words("Chi-square test."), said)


def overlapping(shares: Sequence[Estimate]) -> bool:
    """Whether the intervals of neighbors in order of value all overlap, so that a ranking would say more than the data."""
    ordered = sorted(shares, key=lambda share: share.value)
    return all(low.upper >= high.lower for low, high in pairwise(ordered))
