"""What charts of proportions and of counts share: limits by the binomial or Poisson spread around one average rate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.checking import counts, same_length, series
from linchpin.statistics.control.chart import ControlChart, Frozen
from linchpin.statistics.control.constants import Precision, constants
from linchpin.statistics.control.drawing import Band, Choice, Number, Recipe, draw
from linchpin.statistics.control.xbar_r import chosen
from linchpin.statistics.control.xmr import moving_ranges, screened_mean
from linchpin.statistics.distributions import binom, poisson
from linchpin.statistics.results import Flags, Floats
from linchpin.statistics.words import DataRefused, Words

Family = Literal["binomial", "poisson"]
Limits = Literal["sigma", "exact"]

TAIL = 0.0013498980316300933
"""Chance beyond one 3-sigma limit of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Numerators and denominators of a chart, NaN together where a point is missing. `per_point` plots counts instead of rates."""

    found: Floats
    sizes: Floats
    family: Family
    per_point: bool = False

    @property
    def rates(self) -> Floats:
        return self.found / self.sizes

    @property
    def plotted(self) -> Floats:
        return self.found if self.per_point else self.rates

    def sigma_at(self, rate: float) -> float:
        """Standard deviation of one item or one unit of opportunity."""
        return float(np.sqrt(rate * (1 - rate) if self.family == "binomial" else rate))


def occurrences(found: Iterable[Any], sizes: Iterable[Any] | float, family: Family, *, per_point: bool = False) -> Occurrences:
    """Checked numerators and denominators. A point with denominator 0 or with one of the two missing is a gap. Raises DataRefused."""
    array = counts(found, "found", minimum=2)
    below = np.full(array.size, float(sizes)) if isinstance(sizes, int | float) else series(sizes, "sizes")
    same_length(array, below, "found", "sizes")
    _refuse(below < 0, "Size {row} is {size:g}: it cannot be negative.", below)
    _refuse((below == 0) & (array > 0), "Size {row} is 0, but something was counted there.", below)
    if family == "binomial":
        _refuse(np.isfinite(below) & (below != np.floor(below)), "Size {row} is {size:g}: a number of items is a whole number.", below)
        _refuse(array > below, "Point {row} counts more than its size of {size:g}.", below)
    gap = np.isnan(array) | np.isnan(below) | (below == 0)
    return Occurrences(np.where(gap, np.nan, array), np.where(gap, np.nan, below), family, per_point)


@dataclass(frozen=True, slots=True)
class Laney:
    """Widens the limits by the spread between points that chance within points does not explain."""

    constants_as: Precision = "exact"
    screened: bool = False


def attribute_chart(
    kind: str, data: Occurrences, choice: Choice, methods: Mapping[str, str], *, laney: Laney | None = None, limits: Limits = "sigma",
) -> ControlChart:  # fmt: skip
    """The chart of `data`, with limits of three standard errors or by the exact distribution; or widened. `methods`: a sentence for each kind of limits."""
    if limits not in ("sigma", "exact"):
        raise DataRefused("“limits” is sigma or exact, not “{chosen}”.", argument="limits", chosen=limits)
    recipe = Recipe(
        kind, data.plotted, lambda part, used: _estimate(data, part, used, laney), lambda part, frozen: _band(data, part, frozen, limits),
        Words(methods[limits]), "attribute",
    )  # fmt: skip
    drawn = draw(recipe, choice)
    remarks = [*_few(data, drawn), *(() if laney else _overdispersed(data, drawn))]
    return draw(recipe, choice, remarks) if remarks else drawn


def _estimate(data: Occurrences, part: slice, used: Flags | None, laney: Laney | None) -> Frozen:
    center = float(chosen(data.found, part, used).sum() / chosen(data.sizes, part, used).sum())
    sigma = data.sigma_at(center)
    return Frozen(center, sigma, inflation=_dispersion(data, part, used, center, sigma, laney) if laney and sigma > 0 else 1.0)


def _dispersion(data: Occurrences, part: slice, used: Flags | None, center: float, sigma: float, laney: Laney) -> float:
    """Laney's σ_z: the mean moving range of the standardized rates, divided by d2."""
    scores = (data.rates[part] - center) * np.sqrt(data.sizes[part]) / sigma
    ranges = moving_ranges(scores if used is None else np.where(used, scores, np.nan))
    there = ranges[~np.isnan(ranges)]
    if not there.size:
        raise DataRefused("No two points follow each other without a gap, so the spread between points cannot be estimated.", argument="found")
    return (screened_mean(there) if laney.screened else float(there.mean())) / constants(2, laney.constants_as).d2


def _band(data: Occurrences, part: slice, frozen: Frozen, limits: Limits) -> Band:
    each = data.sizes[part]
    there = each[~np.isnan(each)]
    sizes: Number = float(there[0]) if np.all(there == there[:1]) else each
    scale: Number = sizes if data.per_point else 1.0
    error = frozen.sigma / np.sqrt(sizes) * frozen.inflation * scale
    center = frozen.center * scale
    if not frozen.sigma > 0 or not frozen.inflation > 0:
        return Band(center, np.nan, np.nan, 0.0, 0.0)
    most: Number = scale if data.family == "binomial" else np.inf
    if limits == "exact":
        low, high = _exact(data.family, frozen.center, sizes)
        return Band(center, low * scale / sizes, high * scale / sizes, error, error)
    return Band(center, np.maximum(0.0, center - 3 * error), np.minimum(most, center + 3 * error), error, error)


def _exact(family: Family, rate: float, sizes: Number) -> tuple[Number, Number]:
    """The smallest and largest count that is not beyond: each side leaves at most a chance of 0.00135."""
    low, high = (
        binom.ppf(share, sizes, rate) if family == "binomial" else poisson.ppf(share, np.asarray(sizes) * rate) for share in (TAIL, 1 - TAIL)
    )
    return (float(low), float(high)) if isinstance(sizes, float) else (low, high)


def _few(data: Occurrences, chart: ControlChart) -> list[Words]:
    rate, size = chart.frozen.center, float(np.nanmean(data.sizes))
    expected = size * (min(rate, 1 - rate) if data.family == "binomial" else rate)
    wanted = 5 if data.family == "binomial" else 4
    if expected >= wanted or rate <= 0:
        return []
    return [Words(FEW, expected=expected, wanted=wanted)]


def _overdispersed(data: Occurrences, chart: ControlChart) -> list[Words]:
    """Says that p′ or u′ fits better, where points are large and vary far more than chance within them explains."""
    limits, large = chart.frozen, float(np.nanmean(data.found)) >= 100
    if not large or not limits.sigma > 0:
        return []
    ratio = _dispersion(data, slice(0, data.found.size), None, limits.center, limits.sigma, Laney())
    return [Words(OVERDISPERSED, ratio=ratio, better="p′" if data.family == "binomial" else "u′")] if ratio >= 1.5 else []


FEW = (
    "About {expected:.2g} are expected at a point, fewer than {wanted}: 3-sigma limits are rough there. "
    "Use exact limits, longer periods, or a chart of the time between events."
)
OVERDISPERSED = "The points spread {ratio:.2g} times as much as chance alone explains, so most signals here are false. Use a {better} chart."


def _refuse(flags: Flags, template: str, sizes: Floats) -> None:
    rows = np.flatnonzero(flags)
    if rows.size:
        raise DataRefused(template, argument="sizes", row=int(rows[0]) + 1, size=float(sizes[rows[0]]))
