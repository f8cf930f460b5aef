"""Bias and linearity of a gauge against reference values, and its stability over time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import complete, same_length
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.distributions import t
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Bias:
    """Mean deviation from a reference with its interval, and t test against none. `percent` of the process or tolerance width, if given."""

    kind: str
    n: int
    bias: Estimate
    t: float
    p: float
    repeatability: float
    percent: float | None
    verdict: Words
    method: Words


@dataclass(frozen=True, slots=True)
class Linearity:
    """Line of the bias over the size measured: bias = intercept + slope · reference. `biases` holds one Bias for each reference."""

    kind: str
    n: int
    slope: Estimate
    intercept: Estimate
    slope_p: float
    intercept_p: float
    r_squared: float
    biases: tuple[tuple[float, Bias], ...]
    verdict: Words
    method: Words
    warnings: tuple[Words, ...]


def bias(values: Iterable[Any], reference: float, *, width: float | None = None, confidence: float = 0.95) -> Bias:
    """Mean of (value − reference) with Student's interval. `values`: at least 2 repeats on one part. Source: AIAG MSA, 4th edition."""
    array = complete(values, minimum=2)
    off = array - reference
    mean, sigma, n = float(off.mean()), float(off.std(ddof=1)), array.size
    error = sigma / np.sqrt(n)
    half = float(t.ppf((1 + confidence) / 2, n - 1)) * error
    score = mean / error if error > 0 else np.inf * np.sign(mean) if mean else 0.0
    found = Estimate(mean, mean - half, mean + half, confidence)
    said = "No bias shows: the interval holds 0." if 0 in found else "The gauge is biased: the interval does not hold 0."
    percent = None if width is None else 100 * abs(mean) / width
    return Bias("bias", n, found, float(score), float(2 * t.sf(abs(score), n - 1)), sigma, percent, Words(said), Words("Mean deviation with Student's t."))


def linearity(values: Iterable[Any], references: Iterable[Any], *, confidence: float = 0.95) -> Linearity:
    """Least squares of the bias on the reference value, with intervals of slope and intercept.

    `values` with the reference value of the part measured; at least 3 different references (5 are usual), 2 repeats each for the biases.
    Linear and unbiased when neither interval excludes 0. Source: AIAG MSA, 4th edition. Raises DataRefused.
    """
    array, known = complete(values, minimum=6), complete(references, "references")
    same_length(array, known, "values", "references")
    sizes = np.unique(known)
    if sizes.size < 3:
        raise DataRefused("A linearity study needs parts of at least 3 different reference values, not {sizes}.", argument="references", sizes=sizes.size)
    off = array - known
    line, n = _line(known, off), array.size
    quantile = float(t.ppf((1 + confidence) / 2, n - 2))
    slope, intercept = (
        Estimate(value, value - quantile * error, value + quantile * error, confidence)
        for value, error in ((line.slope, line.slope_error), (line.intercept, line.intercept_error))
    )
    slope_p, intercept_p = (
        float(2 * t.sf(abs(value / error), n - 2)) if error > 0 else np.nan
        for value, error in ((line.slope, line.slope_error), (line.intercept, line.intercept_error))
    )
    biases = tuple((float(size), bias(array[known == size], float(size), confidence=confidence)) for size in sizes if (known == size).sum() > 1)
    straight = 0 in slope and 0 in intercept
    said = "No bias shows over the range measured." if straight else "The bias is not 0 everywhere over the range measured."
    few = [Words("With {sizes} reference values the line is rough; 5 are usual.", sizes=sizes.size)] if sizes.size < 5 else []
    return Linearity(
        "linearity", n, slope, intercept, slope_p, intercept_p, line.r_squared, biases, Words(said), Words("Least squares of the bias."), tuple(few),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Line:
    slope: float
    intercept: float
    slope_error: float
    intercept_error: float
    r_squared: float


def _line(x: Floats, y: Floats) -> _Line:
    """Least squares with standard errors."""
    center, n = x.mean(), x.size
    spread = float(((x - center) ** 2).sum())
    slope = float(((x - center) * (y - y.mean())).sum()) / spread
    intercept = float(y.mean() - slope * center)
    left, total = float(((y - intercept - slope * x) ** 2).sum()), float(((y - y.mean()) ** 2).sum())
    sigma = np.sqrt(left / (n - 2))
    error = float(sigma / np.sqrt(spread))
    return _Line(slope, intercept, error, float(sigma * np.sqrt(1 / n + center**2 / spread)), 1 - left / total if total > 0 else np.nan)


def stability(rows: Iterable[Iterable[Any]], **choice: Any) -> ControlChart:
    """X̄-R chart of repeats on one master part over time: a signal says that the gauge drifts. Arguments as of `xbar_r`."""
    return xbar_r(rows, **choice)
