"""Before and after, with the trend that was there anyway: the interrupted time series."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.checking import counts, same_length, series
from linchpin.statistics.distributions import norm, t
from linchpin.statistics.effects.fitting import Fit, default_lag, durbin_watson, least_squares, poisson_regression
from linchpin.statistics.effects.season import Season, season_columns
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

Errors = Literal["newey-west", "usual"]


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient of the model with its standard error, interval and p."""

    name: str
    value: Estimate
    error: float
    p: float


@dataclass(frozen=True, slots=True)
class Interrupted:
    """`level`: the jump at the start; `slope`: how much the trend changed for each point (None when not asked for).

    On the logarithmic scale and for counts both also stand as ratios. `contrast` is what was reached at point `at` minus what the trend
    before would have given, in the unit of the values (for ratios: their ratio). `sensitivity` gives the jump for starts moved by up to 2.
    """

    kind: str
    n: int
    before: int
    after: int
    start: int
    terms: tuple[Term, ...]
    level: Term
    slope: Term | None
    level_ratio: Estimate | None
    slope_ratio: Estimate | None
    at: int
    predicted: float
    counterfactual: float
    contrast: Estimate
    unadjusted: Estimate
    durbin_watson: float
    dispersion: float | None
    lag: int | None
    sensitivity: tuple[tuple[int, Estimate], ...]
    values: Floats
    fitted: Floats
    without: Floats
    exposure: Floats | None
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to look at a series; see `interrupted`."""

    slope: bool = True
    season: Season | None = None
    errors: Errors = "newey-west"
    lag: int | None = None
    small_sample: bool = True
    confidence: float = 0.95


def interrupted(
    values: Iterable[Any], *, start: int, slope: bool = True, season: Season | None = None, exposure: Iterable[Any] | None = None, log: bool = False,
    comparison: Iterable[Any] | None = None, errors: Errors = "newey-west", lag: int | None = None, small_sample: bool = True, at: int | None = None,
    chosen_beforehand: bool = True, confidence: float = 0.95,
) -> Interrupted:  # fmt: skip
    """y = β₀ + β₁t + β₂·after + β₃·(t−T₀)·after, with Newey–West errors (lag ⌊4(n/100)^(2/9)⌋ unless given).

    `values`: one a period, in the order of time; `start`: number (from 1) of the first point after the change, fixed before looking, else
    say `chosen_beforehand=False`. With `exposure` the values are counts, and a quasi-Poisson model of their rate is fitted; `log` takes
    logarithms of values above 0. `comparison`: a series that did not change, of the same length: the difference is analyzed.
    `small_sample`: Student's quantiles and the factor n/(n−k); else normal ones. `at`: point of the contrast (the last one).
    Source: Wagner et al. (2002), Lopez Bernal et al. (2017). Raises DataRefused for fewer than 3 points on a side.
    """
    plan = Plan(slope, season, errors, lag, small_sample, confidence)
    data = _data(values, exposure, log, comparison)
    return _analyzed(data, start, plan, data.outcome.size if at is None else at, chosen_beforehand)


@dataclass(frozen=True, slots=True)
class _Data:
    """Outcome on the scale of the model, NaN where missing, with the exposure of counts."""

    outcome: Floats
    exposure: Floats | None
    ratio: bool
    compared: bool


def _data(values: Iterable[Any], exposure: Iterable[Any] | None, log: bool, comparison: Iterable[Any] | None) -> _Data:
    if exposure is not None:
        if log or comparison is not None:
            raise DataRefused("Counts with exposure are analyzed as they are; for a comparison give rates and log=True.", argument="exposure")
        events, below = counts(values, "values"), series(exposure, "exposure")
        same_length(events, below, "values", "exposure")
        if (below <= 0).any():
            raise DataRefused("Every exposure must be above 0.", argument="exposure")
        return _Data(np.where(np.isnan(below), np.nan, events), below, True, False)
    array = _logged(series(values), "values") if log else series(values)
    if comparison is not None:
        other = _logged(series(comparison, "comparison"), "comparison") if log else series(comparison, "comparison")
        same_length(array, other, "values", "comparison")
        array = array - other
    return _Data(array, None, log, comparison is not None)


def _logged(array: Floats, argument: str) -> Floats:
    if (array <= 0).any():
        raise DataRefused("Logarithms need values above 0.", argument=argument)
    return np.log(array)


def _analyzed(data: _Data, start: int, plan: Plan, at: int, chosen_beforehand: bool) -> Interrupted:
    n, there = data.outcome.size, ~np.isnan(data.outcome)
    first, last = int(there[: start - 1].sum()), int(there[start - 1 :].sum())
    if not 1 < start <= n or min(first, last) < 3 or not 1 <= at <= n:
        raise DataRefused("The change starts at point {start}: at least 3 points before and 3 from there on are needed.", argument="start", start=start)
    design, names = _design(n, start, plan)
    fit = _fit(data, design, there, plan)
    terms = tuple(_term(name, float(fit.coefficients[i]), float(fit.errors[i]), fit.degrees, plan) for i, name in enumerate(names))
    level, change = terms[2], terms[3] if plan.slope else None
    absent = design.copy()
    absent[:, 2 : 4 if plan.slope else 3] = 0
    expected, without = _expected(data, design, fit), _expected(data, absent, fit)
    moved = [place for place in range(start - 2, start + 3) if _enough(there, place)]
    poisson = data.exposure is not None
    return Interrupted(
        "interrupted", first + last, first, last, start, terms, level, change, _ratio(level, data), None if change is None else _ratio(change, data), at,
        float(expected[at - 1]), float(without[at - 1]), _contrast(data, design, absent, fit, at, plan), _unadjusted(data, start, plan.confidence),
        durbin_watson(fit.residuals / np.sqrt(fit.fitted) if poisson else fit.residuals), fit.dispersion if poisson else None,
        _lag(plan, first + last) if plan.errors == "newey-west" else None,
        tuple((place, _level_at(data, place, there, plan)) for place in moved), data.outcome, expected, without, data.exposure, _method(data, plan),
        tuple(_remarks(data, first, last, n, chosen_beforehand, fit)),
    )  # fmt: skip


def _design(n: int, start: int, plan: Plan) -> tuple[Floats, list[str]]:
    time = np.arange(1.0, n + 1)
    after = (time >= start).astype(np.float64)
    columns, names = [np.ones(n), time, after], ["intercept", "trend", "level"]
    if plan.slope:
        columns.append((time - (start - 1)) * after)
        names.append("slope")
    extra, labels = season_columns(plan.season, n)
    return np.column_stack([*columns, *extra]), names + labels


def _lag(plan: Plan, n: int) -> int:
    return default_lag(n) if plan.lag is None else plan.lag


def _fit(data: _Data, design: Floats, there: np.ndarray[Any, np.dtype[np.bool_]], plan: Plan) -> Fit:
    lag = _lag(plan, int(there.sum())) if plan.errors == "newey-west" else None
    if data.exposure is not None:
        return poisson_regression(design[there], data.outcome[there], data.exposure[there], lag=lag)
    return least_squares(design[there], data.outcome[there], lag=lag, small_sample=plan.small_sample)


def _quantile(plan: Plan, degrees: int, counted: bool) -> float:
    share = (1 + plan.confidence) / 2
    return float(t.ppf(share, degrees)) if plan.small_sample and not counted else norm.ppf(share)


def _term(name: str, value: float, error: float, degrees: int, plan: Plan) -> Term:
    half = _quantile(plan, degrees, False) * error
    score = abs(value / error) if error > 0 else np.inf
    p = float(2 * (t.sf(score, degrees) if plan.small_sample else norm.sf(score)))
    return Term(name, Estimate(value, value - half, value + half, plan.confidence), error, p)


def _ratio(term: Term, data: _Data) -> Estimate | None:
    v = term.value
    return Estimate(float(np.exp(v.value)), float(np.exp(v.lower)), float(np.exp(v.upper)), v.confidence) if data.ratio else None


def _expected(data: _Data, design: Floats, fit: Fit) -> Floats:
    linear: Floats = design @ fit.coefficients
    if data.exposure is not None:
        return np.exp(linear) * data.exposure
    return np.exp(linear) if data.ratio else linear


def _contrast(data: _Data, design: Floats, absent: Floats, fit: Fit, at: int, plan: Plan) -> Estimate:
    """What the change made at one point: a difference, or for logarithms and counts a ratio."""
    step = design[at - 1] - absent[at - 1]
    value, error = float(step @ fit.coefficients), float(np.sqrt(step @ fit.covariance @ step))
    half = _quantile(plan, fit.degrees, data.exposure is not None) * error
    bounds = [value, value - half, value + half]
    if data.ratio:
        bounds = [float(np.exp(bound)) for bound in bounds]
    return Estimate(bounds[0], bounds[1], bounds[2], plan.confidence)


def _unadjusted(data: _Data, start: int, confidence: float) -> Estimate:
    """Mean after minus mean before by Welch, as naive reports have it: it counts any trend as effect. Shown beside, never instead."""
    rate = data.outcome / data.exposure if data.exposure is not None else data.outcome
    one, two = (part[~np.isnan(part)] for part in (rate[start - 1 :], rate[: start - 1]))
    parts = [float(x.var(ddof=1)) / x.size for x in (one, two)]
    difference, error = float(one.mean() - two.mean()), float(np.sqrt(sum(parts)))
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (one.size - 1) + parts[1] ** 2 / (two.size - 1)) if error > 0 else 1.0
    half = float(t.ppf((1 + confidence) / 2, degrees)) * error
    return Estimate(difference, difference - half, difference + half, confidence)


def _enough(there: np.ndarray[Any, np.dtype[np.bool_]], start: int) -> bool:
    return start > 1 and int(there[: start - 1].sum()) >= 3 and int(there[start - 1 :].sum()) >= 3


def _level_at(data: _Data, start: int, there: np.ndarray[Any, np.dtype[np.bool_]], plan: Plan) -> Estimate:
    design, names = _design(data.outcome.size, start, plan)
    fit = _fit(data, design, there, plan)
    return _term(names[2], float(fit.coefficients[2]), float(fit.errors[2]), fit.degrees, plan).value


def _method(data: _Data, plan: Plan) -> Words:
    model = "quasi-Poisson regression of the rate" if data.exposure is not None else "least squares of logarithms" if data.ratio else "least squares"
    errors = "Newey–West errors" if plan.errors == "newey-west" else "usual errors"
    return Words(COMPARED if data.compared else ALONE, model=Words(model), errors=Words(errors))


def _remarks(data: _Data, first: int, last: int, n: int, chosen_beforehand: bool, fit: Fit) -> list[Words]:
    remarks = []
    if min(first, last) < 12:
        remarks.append(Words(SHORT if min(first, last) < 8 else SHORTISH, before=first, after=last))
    if not data.compared:
        remarks.append(Words("Without a comparison series, whatever else changed at that time counts as effect."))
    if not chosen_beforehand:
        remarks.append(Words("The start was chosen after the data were seen: the interval is too narrow and p too small."))
    if first + last < n:
        remarks.append(Words("{missing} points are missing and were left out; the others keep their place in time.", missing=n - first - last))
    if data.exposure is not None and fit.dispersion > 1.5:
        remarks.append(Words("The counts spread {ratio:.2g} times as much as Poisson's; the intervals allow for it.", ratio=fit.dispersion))
    return remarks


ALONE = "Interrupted time series: {model}, {errors}."
COMPARED = "Interrupted time series of the difference to a comparison series: {model}, {errors}."
SHORT = "Only {before} points before and {after} after, fewer than 8 on a side: trend and jump can hardly be told apart."
SHORTISH = "{before} points before and {after} after: 12 on each side are recommended."
