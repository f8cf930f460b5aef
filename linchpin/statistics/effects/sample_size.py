"""How many are needed to see a difference that matters, and what a given number can see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import norm, t
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class SampleSize:
    """`each`: number in each group (pairs, periods, answers as named by `of`), and the power that it really has."""

    each: int
    of: str
    power: float
    alpha: float
    method: Words


def size_for_proportions(first: float, second: float, *, power: float = 0.8, alpha: float = 0.05) -> SampleSize:
    """(z√(2p̄q̄) + z_β√(p₁q₁+p₂q₂))²/(p₁−p₂)² in each group, rounded up; two-sided. Source: Fleiss (1981). Raises DataRefused."""
    for name, value in (("first", first), ("second", second), ("power", power), ("alpha", alpha)):
        between(value, 0, 1, name)
    _apart(first, second)
    middle = (first + second) / 2
    together = np.sqrt(2 * middle * (1 - middle))
    apart = np.sqrt(first * (1 - first) + second * (1 - second))
    exact = ((norm.ppf(1 - alpha / 2) * together + norm.ppf(power) * apart) / (first - second)) ** 2
    each = _up(exact)
    return SampleSize(each, "cases in each group", power_for_proportions(each, first, second, alpha=alpha), alpha, Words("Normal approximation."))


def power_for_proportions(each: int, first: float, second: float, *, alpha: float = 0.05) -> float:
    """Chance that a two-sided test finds the difference with so many in each group."""
    middle = (first + second) / 2
    apart = np.sqrt(first * (1 - first) + second * (1 - second))
    reach = abs(first - second) * np.sqrt(each) - norm.ppf(1 - alpha / 2) * np.sqrt(2 * middle * (1 - middle))
    return float(norm.cdf(reach / apart))


def size_for_means(difference: float, sigma: float, *, power: float = 0.8, alpha: float = 0.05, paired: bool = False) -> SampleSize:
    """Smallest n in each group (or of pairs, with `sigma` of the changes) whose two-sided t test has the power, by the noncentral t."""
    between(power, 0, 1, "power")
    between(alpha, 0, 1, "alpha")
    if not sigma > 0:
        raise DataRefused("Sigma must be above 0.", argument="sigma")
    _apart(difference, 0.0)
    effect = abs(difference) / sigma
    rough = (norm.ppf(1 - alpha / 2) + norm.ppf(power)) ** 2 / effect**2 * (1 if paired else 2)
    each = max(2, int(rough) - 2)
    while power_for_means(each, difference, sigma, alpha=alpha, paired=paired) < power:
        each += 1
    what = "pairs" if paired else "cases in each group"
    return SampleSize(each, what, power_for_means(each, difference, sigma, alpha=alpha, paired=paired), alpha, Words("Noncentral t."))


def power_for_means(each: int, difference: float, sigma: float, *, alpha: float = 0.05, paired: bool = False) -> float:
    """Power of the two-sided t test with so many in each group, or so many pairs."""
    from scipy.special import nctdtr

    degrees = each - 1 if paired else 2 * each - 2
    shift = abs(difference) / sigma * np.sqrt(each if paired else each / 2)
    limit = float(t.ppf(1 - alpha / 2, degrees))
    return float(1 - nctdtr(degrees, shift, limit) + nctdtr(degrees, shift, -limit))


def size_for_rates(first: float, second: float, *, power: float = 0.8, alpha: float = 0.05) -> SampleSize:
    """Exposure in each group for two Poisson rates: (z + z_β)²(λ₁+λ₂)/(λ₁−λ₂)², in the unit of the rates, rounded up."""
    if not min(first, second) > 0:
        raise DataRefused("Rates must be above 0.", argument="first")
    _apart(first, second)
    score = norm.ppf(1 - alpha / 2) + norm.ppf(power)
    each = _up(score**2 * (first + second) / (first - second) ** 2)
    reached = norm.cdf(abs(first - second) * np.sqrt(each / (first + second)) - norm.ppf(1 - alpha / 2))
    return SampleSize(each, "units of exposure in each group", float(reached), alpha, Words("Normal approximation."))


def power_for_interrupted(
    before: int, after: int, level: float, sigma: float, *, autocorrelation: float = 0.0, slope: bool = True, alpha: float = 0.05,
) -> float:  # fmt: skip
    """Chance that an interrupted series of so many points finds a jump `level`; `sigma` and `autocorrelation` (−1 to 1) of single points."""
    between(autocorrelation, -1, 1, "autocorrelation")
    n = before + after
    time = np.arange(1.0, n + 1)
    later = (time > before).astype(np.float64)
    columns = [np.ones(n), time, later, *([(time - before) * later] if slope else [])]
    design = np.column_stack(columns)
    if n <= design.shape[1]:
        raise DataRefused("There are too few points for the model.", argument="before")
    inverse = np.linalg.inv(design.T @ design)
    shared = sigma**2 * autocorrelation ** np.abs(time[:, None] - time[None, :])
    error = float(np.sqrt((inverse @ design.T @ shared @ design @ inverse)[2, 2]))
    return float(norm.cdf(abs(level) / error - norm.ppf(1 - alpha / 2)) + norm.cdf(-abs(level) / error - norm.ppf(1 - alpha / 2)))


def size_for_survey(margin: float, *, share: float = 0.5, population: int | None = None, confidence: float = 0.95) -> SampleSize:
    """Answers for a share known to ± `margin` (0 to 1): z²pq/margin², fewer from a finite `population`. Non-response is not in it."""
    between(margin, 0, 1, "margin")
    between(share, 0, 1, "share")
    exact = (norm.ppf((1 + confidence) / 2) / margin) ** 2 * share * (1 - share)
    if population is None:
        return SampleSize(_up(exact), "answers", confidence, 1 - confidence, Words("Normal approximation."))
    each = min(population, _up(exact / (1 + (exact - 1) / population)))
    return SampleSize(each, "answers", confidence, 1 - confidence, Words("Normal approximation, finite population."))


def _apart(first: float, second: float) -> None:
    if first == second:
        raise DataRefused("A difference of 0 cannot be found with any number.", argument="second")


def _up(exact: float) -> int:
    return int(np.ceil(exact - 1e-9))
