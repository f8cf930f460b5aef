"""Risks and rates compared as ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linchpin.statistics.distributions import chi2, norm
from linchpin.statistics.effects.proportions import fisher_exact
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Ratio:
    """First over second with interval and p; bounds may be 0 or infinite when a count is 0."""

    kind: str
    n: int
    ratio: Estimate
    p: float
    method: Words
    warnings: tuple[Words, ...]


Table = tuple[int, int, int, int]
"""Cases and size of the first group, cases and size of the second."""


def risk_ratio(found: tuple[int, int], sizes: tuple[int, int], *, confidence: float = 0.95) -> Ratio:
    """(a/n₁)/(b/n₂). With every cell at least 5 by the log method: exp(ln RR ± z√(1/a − 1/n₁ + 1/b − 1/n₂)); else by Koopman's score
    method (1984), which is as good as exact for few cases. p: normal test of the logarithm, or Fisher's. Raises DataRefused."""
    (a, b), (m, n) = found, sizes
    if min(m, n) < 1 or not (0 <= a <= m and 0 <= b <= n):
        raise DataRefused("Each group needs a size from 1 up and a count within it.", argument="found")
    if a == 0 and b == 0:
        raise DataRefused("There is no case in either group, so there is no ratio.", argument="found")
    value = (a / m) / (b / n) if b else np.inf
    if min(a, b, m - a, n - b) >= 5:
        error = float(np.sqrt(1 / a - 1 / m + 1 / b - 1 / n))
        half, logarithm = norm.ppf((1 + confidence) / 2) * error, float(np.log(value))
        found_ratio = Estimate(value, float(np.exp(logarithm - half)), float(np.exp(logarithm + half)), confidence)
        return Ratio("risk-ratio", m + n, found_ratio, float(2 * norm.sf(abs(logarithm / error))), Words("Risk ratio, log method."), ())
    low, high = koopman(found, sizes, confidence)
    said = (Words("A cell holds fewer than 5 cases: the interval is by Koopman's score method and p by Fisher's exact test."),)
    return Ratio("risk-ratio", m + n, Estimate(value, low, high, confidence), fisher_exact(found, sizes), Words("Risk ratio, score method."), said)


def koopman(found: tuple[int, int], sizes: tuple[int, int], confidence: float) -> tuple[float, float]:
    """Ratios θ that the score test does not reject: (a−mp₁)²/(mp₁q₁) + (b−np₂)²/(np₂q₂) ≤ χ², with p₁ = θp₂ likeliest under θ."""
    (a, b), (m, n) = found, sizes
    limit = chi2.ppf(confidence, 1)
    estimate = (a / m) / (b / n) if b else np.inf

    def rejected(theta: float) -> bool:
        return _score(theta, a, b, m, n) > limit

    low = 0.0 if a == 0 else _crossing(rejected, 1e-12, min(estimate, 1e12))
    high = np.inf if b == 0 else _crossing(rejected, 1e12, max(estimate, 1e-12))
    return low, high


def _score(theta: float, a: int, b: int, m: int, n: int) -> float:
    """Both squared deviations from what is likeliest when the ratio is θ; a share that cannot vary there deviates by nothing."""
    half = (theta * (m + b) + a + n) / 2
    second = (a + b) / (half + np.sqrt(max(half * half - theta * (m + n) * (a + b), 0.0)))
    first = theta * second
    return _deviation(a, m, first) + _deviation(b, n, second)


def _deviation(found: int, size: int, share: float) -> float:
    if not 1e-15 < share < 1 - 1e-12:
        return 0.0 if abs(found - size * share) < 1e-9 * size else np.inf
    return float((found - size * share) ** 2 / (size * share * (1 - share)))


def _crossing(rejected: object, outside: float, inside: float) -> float:
    """The ratio between a rejected and an accepted one where rejection begins, on the logarithmic scale."""
    assert callable(rejected)
    far, near = np.log(outside), np.log(inside)
    for _step in range(200):
        middle = (far + near) / 2
        far, near = (middle, near) if rejected(float(np.exp(middle))) else (far, middle)
    return float(np.exp((far + near) / 2))


def stratified_risk_ratio(strata: Sequence[Table], *, confidence: float = 0.95) -> Ratio:
    """Mantel–Haenszel risk ratio over strata, with the variance of Greenland and Robins (1985). Strata without cases add nothing."""
    table = np.array(strata, dtype=float)
    if table.ndim != 2 or table.shape[1] != 4 or (table < 0).any() or (table[:, 1] < 1).any() or (table[:, 3] < 1).any():
        raise DataRefused("Each stratum needs cases and size of both groups.", argument="strata")
    a, m, b, n = table.T
    total = m + n
    above, below = float((a * n / total).sum()), float((b * m / total).sum())
    if not above > 0 or not below > 0:
        raise DataRefused("One of the groups has no case in any stratum, so there is no ratio.", argument="strata")
    value = above / below
    variance = float(((m * n * (a + b) - a * b * total) / total**2).sum()) / (above * below)
    half, error = norm.ppf((1 + confidence) / 2) * np.sqrt(variance), float(np.sqrt(variance))
    estimate = Estimate(value, float(value * np.exp(-half)), float(value * np.exp(half)), confidence)
    p = float(2 * norm.sf(abs(np.log(value) / error)))
    return Ratio("risk-ratio", int(total.sum()), estimate, p, Words("Mantel–Haenszel risk ratio over {k} strata.", k=len(strata)), ())


def rate_ratio(events: tuple[int, int], exposure: tuple[float, float], *, confidence: float = 0.95) -> Ratio:
    """(x₁/t₁)/(x₂/t₂), exact: given x₁+x₂ events, x₁ is binomial; bounds by Clopper and Pearson, p two-sided by the method of small chances."""
    (x, y), (s, t) = events, exposure
    if min(x, y) < 0 or min(s, t) <= 0 or x + y == 0:
        raise DataRefused("Rates need events from 0 up, at least one in all, and exposures above 0.", argument="events")
    low, high = exact_share(x, x + y, confidence)
    odds = t / s
    bounds = (odds * low / (1 - low), odds * high / (1 - high) if high < 1 else np.inf)
    value = (x / s) / (y / t) if y else np.inf
    p = _small_chances(x, x + y, s / (s + t))
    return Ratio("rate-ratio", x + y, Estimate(value, bounds[0], bounds[1], confidence), p, Words("Rate ratio, exact conditional method."), ())


def exact_share(found: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Clopper–Pearson bounds of a proportion."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(found, n - found + 1, tail)) if found else 0.0
    high = float(betaincinv(found + 1, n - found, 1 - tail)) if found < n else 1.0
    return low, high


def exact_rate(events: int, confidence: float = 0.95) -> Estimate:
    """Garwood's interval of a Poisson count: χ²(α/2; 2x)/2 … χ²(1−α/2; 2x+2)/2."""
    tail = (1 - confidence) / 2
    low = float(chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return Estimate(float(events), low, float(chi2.ppf(1 - tail, 2 * events + 2)) / 2, confidence)


def _small_chances(found: int, n: int, share: float) -> float:
    from scipy.special import gammaln

    k = np.arange(n + 1)
    chances = np.exp(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * np.log(share) + (n - k) * np.log1p(-share))
    return float(min(1.0, chances[chances <= chances[found] * (1 + 1e-7)].sum()))
