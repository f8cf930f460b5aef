"""Means compared: two groups, and pairs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from linchpin.statistics.checking import present, same_length, series
from linchpin.statistics.distributions import t
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

MOST_EXACT = 200_000
"""Up to this many arrangements a permutation test tries all."""


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """First minus second: Welch's interval, t and p; bootstrap interval; permutation p, one-sided (first larger) and two-sided."""

    kind: str
    n: int
    means: tuple[float, float]
    difference: Estimate
    t: float
    degrees: float
    p: float
    bootstrap: Estimate
    p_permutation: float
    p_permutation_one_sided: float
    exact: bool
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Mean of second minus first within pairs: Student's interval, t and p; sign-flip p."""

    kind: str
    n: int
    change: Estimate
    t: float
    p: float
    p_sign_flip: float
    exact: bool
    method: Words
    warnings: tuple[Words, ...]


def mean_difference(
    first: Iterable[Any], second: Iterable[Any], *, confidence: float = 0.95, resamples: int = 10_000, seed: int = 1,
) -> MeanDifference:  # fmt: skip
    """Welch's t, percentile bootstrap and permutation test (all arrangements up to 200,000, else `resamples` with p = (b+1)/(B+1)).

    Values in one unit; missing ones left out, at least 2 in each group. Raises DataRefused, also without any spread.
    """
    (one, lost), (two, gone) = present(first, "first", minimum=2), present(second, "second", minimum=2)
    difference = float(one.mean() - two.mean())
    parts = [float(x.var(ddof=1)) / x.size for x in (one, two)]
    error = float(np.sqrt(sum(parts)))
    if not error > 0:
        raise DataRefused("Without any spread in the groups their means cannot be compared.", argument="first")
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (one.size - 1) + parts[1] ** 2 / (two.size - 1))
    half = float(t.ppf((1 + confidence) / 2, degrees)) * error
    random = np.random.default_rng(seed)
    drawn = _resampled(one, resamples, random) - _resampled(two, resamples, random)
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    two_sided, one_sided, exact = _permuted(one, two, resamples, random)
    said = (Words("{missing} missing values were left out.", missing=lost + gone),) if lost + gone else ()
    return MeanDifference(
        "mean-difference", one.size + two.size, (float(one.mean()), float(two.mean())), Estimate(difference, difference - half, difference + half, confidence),
        difference / error, degrees, float(2 * t.sf(abs(difference / error), degrees)), Estimate(difference, float(low), float(high), confidence),
        two_sided, one_sided, exact, Words("Welch's t; percentile bootstrap and permutation test, seed {seed}.", seed=seed), said,
    )  # fmt: skip


def paired_change(before: Iterable[Any], after: Iterable[Any], *, confidence: float = 0.95, resamples: int = 100_000, seed: int = 1) -> PairedChange:
    """Mean change within pairs with Student's interval, and the exact sign-flip test (all signs up to 17 pairs, else `resamples`).

    Pairs with a missing value are left out, which the result says. Raises DataRefused for fewer than 2 pairs or no spread.
    """
    one, two = series(before, "before"), series(after, "after")
    same_length(one, two, "before", "after")
    change = (two - one)[~np.isnan(two - one)]
    n, lost = change.size, one.size - change.size
    if n < 2 or not change.std(ddof=1) > 0:
        raise DataRefused("At least 2 pairs whose changes differ are needed; there are {n}.", argument="after", n=n)
    mean, error = float(change.mean()), float(change.std(ddof=1) / np.sqrt(n))
    half = float(t.ppf((1 + confidence) / 2, n - 1)) * error
    exact = n <= 17
    signs = (1 - 2 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1)) if exact else np.random.default_rng(seed).choice([-1, 1], (resamples, n))
    sums = np.abs(signs @ change)
    hits = int((sums >= abs(change.sum()) * (1 - 1e-12)).sum())
    p = hits / sums.size if exact else (hits + 1) / (sums.size + 1)
    said = (Words("{lost} pairs with a missing value were left out.", lost=lost),) if lost else ()
    return PairedChange(
        "paired-change", n, Estimate(mean, mean - half, mean + half, confidence), mean / error, float(2 * t.sf(abs(mean / error), n - 1)), p, exact,
        Words("Student's t of the changes; sign-flip test."), said,
    )  # fmt: skip


def bootstrap_total(values: Floats, *, confidence: float = 0.95, resamples: int = 10_000, seed: int = 1) -> Estimate:
    """Sum of the values with its percentile bootstrap interval."""
    drawn = _resampled(values, resamples, np.random.default_rng(seed)) * values.size
    tail = (1 - confidence) / 2
    return Estimate(float(values.sum()), float(np.quantile(drawn, tail)), float(np.quantile(drawn, 1 - tail)), confidence)


def _resampled(values: Floats, resamples: int, random: np.random.Generator) -> Floats:
    """Means of resamples, in portions that stay small in memory."""
    portion = max(1, 2_000_000 // values.size)
    parts = [values[random.integers(0, values.size, (min(portion, resamples - start), values.size))].mean(axis=1) for start in range(0, resamples, portion)]
    return np.concatenate(parts)


def _permuted(one: Floats, two: Floats, resamples: int, random: np.random.Generator) -> tuple[float, float, bool]:
    """p of the difference of means, two-sided and one-sided, and whether all arrangements were tried."""
    joined, m = np.concatenate([one, two]), one.size
    n, seen = joined.size, float(one.sum())
    center = joined.sum() * m / n
    if comb(n, m) <= MOST_EXACT:
        sums = np.fromiter((joined[list(chosen)].sum() for chosen in combinations(range(n), m)), dtype=np.float64, count=comb(n, m))
        slack = 1e-9 * (abs(seen) + np.abs(joined).sum())
        return float((np.abs(sums - center) >= abs(seen - center) - slack).mean()), float((sums >= seen - slack).mean()), True
    sums = np.array([random.permutation(joined)[:m].sum() for _draw in range(resamples)])
    slack = 1e-12 * np.abs(joined).sum()
    far, above = int((np.abs(sums - center) >= abs(seen - center) - slack).sum()), int((sums >= seen - slack).sum())
    return (far + 1) / (resamples + 1), (above + 1) / (resamples + 1), False
