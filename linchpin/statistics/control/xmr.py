"""XmR chart: single values with the moving range, for almost any series of one number a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, Unpack

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.control.chart import ControlChart, Frozen
from linchpin.statistics.control.constants import Constants, Precision, c4, constants
from linchpin.statistics.control.drawing import Band, Choice, Recipe, accompany, draw
from linchpin.statistics.results import Flags, Floats
from linchpin.statistics.words import DataRefused, Words

Spread = Literal["mean", "screened", "median", "sd"]

MEDIAN_OF_RANGE = 0.9538725524
"""Median of the range of two standard normal values: √2·Φ⁻¹(0.75)."""

METHODS = {
    "mean": "Individuals and moving range; sigma is the mean moving range divided by d2 = {d2:.6g}; limits 3 sigma.",
    "screened": "Individuals and moving range; sigma is the mean of the moving ranges below their own upper limit, divided by d2 = {d2:.6g}; limits 3 sigma.",
    "median": "Individuals and moving range; sigma is the median moving range divided by {d2:.6g}; limits 3 sigma.",
    "sd": "Individuals; sigma is the standard deviation of all points divided by c4; limits 3 sigma.",
}


def xmr(values: Iterable[Any], *, spread: Spread = "mean", constants_as: Precision = "exact", **choice: Unpack[Choice]) -> ControlChart:
    """Chart of individuals: x̄ ± 3σ̂ with σ̂ = mean moving range / d2(2); the companion's upper limit is D4(2) times that mean.

    `values`: one number a period in the order of time, any unit; NaN or None is a gap, and no moving range runs across it nor
    across an excluded point. `spread="screened"` leaves out moving ranges above their own upper limit (Nelson 1982), `"median"` takes
    their median: both resist single jumps; `"sd"` also counts slow drift as usual variation.
    Source: NIST e-Handbook 6.3.2.2, Wheeler. Raises DataRefused for fewer than 2 values or values that are no numbers.
    """
    if spread not in METHODS:
        raise DataRefused("“spread” is one of mean, screened, median and sd, not “{chosen}”.", argument="spread", chosen=spread)
    array = series(values, minimum=2)
    ranges = moving_ranges(array)
    d2 = MEDIAN_OF_RANGE if spread == "median" else constants(2, constants_as).d2
    recipe = Recipe("xmr", array, lambda part, used: _estimate(array[part], ranges[part], used, spread, d2), _band, Words(METHODS[spread], d2=d2))
    chart = draw(recipe, choice)
    for stage in chart.stages[1:]:
        ranges[stage.first - 1] = np.nan
    known = constants(2, constants_as)
    method = Words("Moving ranges; upper limit {d4:.6g} times the mean moving range.", d4=known.d4_limit)
    return accompany(chart, "mr", ranges, lambda _part, limits: _range_band(limits, known), method)


def moving_ranges(values: Floats) -> Floats:
    """|xᵢ − xᵢ₋₁| at each place but the first, which is NaN, as is every place beside a gap."""
    ranges = np.empty_like(values)
    ranges[:1] = np.nan
    np.subtract(values[1:], values[:-1], out=ranges[1:])
    return np.abs(ranges, out=ranges)


def screened_mean(ranges: Floats) -> float:
    """Mean of the moving ranges that do not exceed D4(2) times the mean of all. Source: Nelson (1982)."""
    mean = float(ranges.mean())
    return float(ranges[ranges <= constants(2).d4_limit * mean].mean())


def _range_band(limits: Frozen, known: Constants) -> Band:
    center = limits.spread if np.isfinite(limits.spread) else known.d2 * limits.sigma
    return Band(center, 0.0, known.d4_limit * center, known.d3 * limits.sigma, known.d3 * limits.sigma)


def _estimate(values: Floats, ranges: Floats, used: Flags | None, spread: Spread, d2: float) -> Frozen:
    if used is not None:
        kept = values[used]
        follows = used.copy()
        follows[1:] &= used[:-1]
        ranges = ranges[follows]
    else:
        kept = values
    ranges = ranges[1:] if used is None or used[0] else ranges
    kept, center = _mean(kept)
    if spread == "sd":
        sigma = float(kept.std(ddof=1)) / c4(kept.size)
        return Frozen(center, sigma, sigma * constants(2).d2)
    ranges, mean = _mean(ranges)
    if np.isnan(mean):
        raise DataRefused("No two points follow each other without a gap, so there is no moving range to estimate limits from.", argument="values")
    typical = float(np.median(ranges)) if spread == "median" else screened_mean(ranges) if spread == "screened" else mean
    sigma = typical / d2
    return Frozen(center, sigma, sigma * constants(2).d2 if spread == "median" else typical)


def _band(_part: slice, limits: Frozen) -> Band:
    if not limits.sigma > 0:
        return Band(limits.center, np.nan, np.nan, 0.0, 0.0)
    return Band(limits.center, limits.center - 3 * limits.sigma, limits.center + 3 * limits.sigma, limits.sigma, limits.sigma)


def _mean(values: Floats) -> tuple[Floats, float]:
    """The values that are there, and their mean; NaN when there are none."""
    mean = float(values.mean()) if values.size else np.nan
    if not np.isnan(mean):
        return values, mean
    there = values[~np.isnan(values)]
    return there, float(there.mean()) if there.size else np.nan
