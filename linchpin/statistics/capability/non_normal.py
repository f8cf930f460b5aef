"""Performance of values that are not normal: by percentiles of a fitted distribution, or after a transformation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.capability.capability import Specification
from linchpin.statistics.capability.intervals import actual, potential
from linchpin.statistics.checking import present
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

Family = Literal["lognormal", "weibull", "gamma", "empirical"]
LOW, HIGH = 0.0013498980316300933, 0.9986501019683699
"""The chances below −3 and +3 sigma of a normal distribution."""


@dataclass(frozen=True, slots=True)
class PercentilePerformance:
    """Pp and Ppk from the 0.135 %, 50 % and 99.865 % points. `both` and parts of `worst` are None without the limit they need."""

    kind: str
    n: int
    family: str
    low: float
    median: float
    high: float
    both: Estimate | None
    worst: Estimate
    ppm_observed: float
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class TransformedPerformance:
    """Pp and Ppk of Box–Cox transformed values and limits; `power` is its λ."""

    kind: str
    n: int
    power: float
    both: Estimate | None
    worst: Estimate
    ppm_observed: float
    method: Words
    warnings: tuple[Words, ...]


def percentile_performance(
    values: Iterable[Any], *, lower: float | None = None, upper: float | None = None, family: Family = "lognormal", resamples: int = 400, seed: int = 1,
    confidence: float = 0.95,
) -> PercentilePerformance:  # fmt: skip
    """Pp = (USL−LSL)/(q99.865−q0.135), Ppk = min((USL−q50)/(q99.865−q50), (q50−LSL)/(q50−q0.135)).

    Quantiles of the `family` fitted by maximum likelihood with its origin at 0 (positive values), or of the values themselves
    (`empirical`, from 1,000 values up). Intervals by a percentile bootstrap with `seed`. Source: ISO 22514-2. Raises DataRefused.
    """
    specification = Specification(lower, upper)
    there, missing = present(values, minimum=1000 if family == "empirical" else 20)
    if family != "empirical" and there.min() <= 0:
        raise DataRefused("A {family} distribution needs values above 0.", argument="values", family=family)
    random = np.random.default_rng(seed)
    points = _quantiles(there, family)
    both, worst = _indices(points, specification)
    drawn = np.array([_indices(_quantiles(random.choice(there, there.size), family), specification) for _ in range(resamples)])
    tail = (1 - confidence) / 2
    bounds = np.nanquantile(drawn, [tail, 1 - tail], axis=0) if resamples and specification.lower is not None and specification.upper is not None else None
    if bounds is None:
        edge = np.quantile(drawn[:, 1], [tail, 1 - tail])
        bounds = np.array([[np.nan, edge[0]], [np.nan, edge[1]]])
    return PercentilePerformance(
        "percentile-performance", there.size, family, *points, None if np.isnan(both) else Estimate(both, bounds[0, 0], bounds[1, 0], confidence),
        Estimate(worst, bounds[0, 1], bounds[1, 1], confidence), 1e6 * specification.outside(there),
        Words("Percentiles of {family} values; bootstrap interval, {resamples} resamples, seed {seed}.", family=Words(family), resamples=resamples, seed=seed),
        tuple(_missing(missing)),
    )  # fmt: skip


def transformed_performance(
    values: Iterable[Any], *, lower: float | None = None, upper: float | None = None, confidence: float = 0.95,
) -> TransformedPerformance:  # fmt: skip
    """Pp and Ppk after a Box–Cox transformation ((x^λ − 1)/λ, λ by maximum likelihood) of values and limits, all above 0."""
    from scipy.stats import boxcox

    specification = Specification(lower, upper)
    there, missing = present(values, minimum=20)
    limits = [limit for limit in (lower, upper) if limit is not None]
    if there.min() <= 0 or min(limits) <= 0:
        raise DataRefused("A Box–Cox transformation needs values and limits above 0.", argument="values")
    if there.min() == there.max():
        raise DataRefused("There is no variation in these values, so there is no capability to compute.", argument="values")
    moved, power = boxcox(there)
    low, high = (None if limit is None else float(boxcox(np.array([limit]), lmbda=power)[0]) for limit in (lower, upper))
    mean, sigma = float(moved.mean()), float(moved.std(ddof=1))
    sides = [side for side in (None if low is None else mean - low, None if high is None else high - mean) if side is not None]
    both = None if low is None or high is None else potential((high - low) / (6 * sigma), there.size - 1, confidence)
    return TransformedPerformance(
        "transformed-performance", there.size, float(power), both, actual(min(sides) / (3 * sigma), there.size, there.size - 1, confidence),
        1e6 * specification.outside(there), Words("Box–Cox transformation with power {power:.3g}, then as for normal values.", power=float(power)),
        (Words("These indices speak of transformed values; name the transformation wherever they are shown."), *_missing(missing)),
    )  # fmt: skip


def _quantiles(values: Floats, family: Family) -> tuple[float, float, float]:
    from scipy import stats

    if family == "empirical":
        low, median, high = np.quantile(values, [LOW, 0.5, HIGH])
        return float(low), float(median), float(high)
    if family == "lognormal":
        logs = np.log(values)
        low, median, high = np.exp(logs.mean() + logs.std() * np.array([-3.0, 0.0, 3.0]))
        return float(low), float(median), float(high)
    if family not in ("weibull", "gamma"):
        raise DataRefused("“family” is one of lognormal, weibull, gamma and empirical, not “{chosen}”.", argument="family", chosen=family)
    fitted = stats.weibull_min if family == "weibull" else stats.gamma
    shape, _origin, scale = fitted.fit(values, floc=0)
    low, median, high = fitted.ppf([LOW, 0.5, HIGH], shape, 0, scale)
    return float(low), float(median), float(high)


def _indices(points: tuple[float, float, float], specification: Specification) -> tuple[float, float]:
    low, median, high = points
    if not low < median < high:
        raise DataRefused("There is no variation in these values, so there is no capability to compute.", argument="values")
    sides = []
    if specification.upper is not None:
        sides.append((specification.upper - median) / (high - median))
    if specification.lower is not None:
        sides.append((median - specification.lower) / (median - low))
    both = (specification.upper - specification.lower) / (high - low) if specification.upper is not None and specification.lower is not None else np.nan
    return both, min(sides)


def _missing(missing: int) -> list[Words]:
    return [Words("{missing} missing values were left out.", missing=missing)] if missing else []
