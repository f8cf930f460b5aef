"""Are these values normal enough to compute tails with?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import present
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Normality:
    """Anderson–Darling's A², adjusted for the sample size, with its p."""

    n: int
    statistic: float
    p: float
    method: Words

    @property
    def doubtful(self) -> bool:
        return self.p < 0.05


def normality(values: Iterable[Any]) -> Normality:
    """Anderson–Darling test of normality with mean and standard deviation estimated.

    A²* = A²(1 + 0.75/n + 2.25/n²), p by the formulas of D'Agostino and Stephens (1986). `values`: at least 8, missing ones left out.
    Raises DataRefused for fewer, or without variation.
    """
    from scipy.special import log_ndtr

    there, _missing = present(values, minimum=8)
    deviation = there.std(ddof=1)
    if not deviation > 0:
        raise DataRefused("All values are the same: there is no distribution to test.", argument="values")
    scores = np.sort((there - there.mean()) / deviation)
    n = scores.size
    weights = 2 * np.arange(1, n + 1) - 1
    raw = -n - float((weights * (log_ndtr(scores) + log_ndtr(-scores[::-1]))).sum()) / n
    adjusted = raw * (1 + 0.75 / n + 2.25 / n**2)
    return Normality(n, adjusted, _chance(adjusted), Words("Anderson–Darling, adjusted for the sample size."))


def shapiro_wilk(values: Iterable[Any]) -> float:
    """p of the Shapiro–Wilk test, for 3 to 5,000 values; stronger than `normality` for small samples, and slower to load."""
    from scipy.stats import shapiro

    there, _missing = present(values, minimum=3)
    if there.size > 5000:
        raise DataRefused("The Shapiro–Wilk test takes at most 5,000 values.", argument="values")
    return float(shapiro(there).pvalue)


def _chance(a: float) -> float:
    if a >= 0.6:
        p = np.exp(1.2937 - 5.709 * a + 0.0186 * a * a)
    elif a >= 0.34:
        p = np.exp(0.9177 - 4.279 * a - 1.38 * a * a)
    elif a >= 0.2:
        p = 1 - np.exp(-8.318 + 42.796 * a - 59.938 * a * a)
    else:
        p = 1 - np.exp(-13.436 + 101.14 * a - 223.73 * a * a)
    return float(min(max(p, 0.0), 1.0))
