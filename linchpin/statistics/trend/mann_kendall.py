"""Mann–Kendall: a steady rise or fall, whatever the distribution; Sen's slope says how steep."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.distributions import norm
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

LONGEST = 10_000
"""Longest series; the slopes of all pairs are looked at."""


@dataclass(frozen=True, slots=True)
class Trend:
    """S and its variance, z, two-sided p, τ, Sen's slope for each point with interval. `correction`: factor of the variance, 1 without."""

    kind: str
    n: int
    s: int
    variance: float
    z: float
    p: float
    tau: float
    slope: Estimate
    autocorrelation: float
    correction: float
    direction: str
    method: Words
    warnings: tuple[Words, ...]


def mann_kendall(values: Iterable[Any], *, hamed_rao: bool = False, confidence: float = 0.95) -> Trend:
    """S = Σ sgn(xⱼ−xᵢ); Var = [n(n−1)(2n+5) − Σt(t−1)(2t+5)]/18; z = (S − sgn S)/√Var; Sen's slope = median of (xⱼ−xᵢ)/(j−i).

    Missing points are left out and keep their place in time. `hamed_rao` widens the variance for autocorrelated series (1998).
    Source: Mann (1945), Kendall (1975), Gilbert (1987) for the interval. Raises DataRefused for fewer than 4 values: two points are no trend.
    """
    array = series(values, minimum=4)
    place = np.flatnonzero(~np.isnan(array))
    there = array[place]
    n = there.size
    if n > LONGEST:
        raise DataRefused("The series has {n} values; at most {most} are taken. Use means of longer periods.", argument="values", n=n, most=LONGEST)
    if there.min() == there.max():
        raise DataRefused("All values are the same: there is no trend to test.", argument="values")
    s, slopes = _pairs(there, place.astype(np.float64))
    variance = _variance(there)
    middle = float(np.median(slopes))
    left = there - middle * place
    neighbor = _autocorrelation(left, 1)[0]
    factor = _hamed_rao(left) if hamed_rao else 1.0
    z = (s - np.sign(s)) / np.sqrt(variance * factor)
    half = norm.ppf((1 + confidence) / 2) * np.sqrt(variance * factor)
    low, high = _ranked(slopes, (slopes.size - half) / 2), _ranked(slopes, (slopes.size + half) / 2 + 1)
    p = float(2 * norm.sf(abs(z)))
    direction = "none shown" if p >= 1 - confidence else "rising" if s > 0 else "falling"
    return Trend(
        "trend", n, int(s), variance, float(z), p, float(s / (n * (n - 1) / 2)), Estimate(middle, low, high, confidence), float(neighbor), factor, direction,
        Words("Mann–Kendall, corrected for autocorrelation (Hamed and Rao); Sen's slope." if hamed_rao else "Mann–Kendall; Sen's slope."),
        tuple(_remarks(array.size - n, n, float(neighbor), hamed_rao)),
    )  # fmt: skip


def _pairs(values: Floats, place: Floats) -> tuple[float, Floats]:
    """Sum of signs, and the sorted slopes of all pairs."""
    total, slopes = 0.0, []
    for first in range(values.size - 1):
        steps = values[first + 1 :] - values[first]
        total += float(np.sign(steps).sum())
        slopes.append(steps / (place[first + 1 :] - place[first]))
    return total, np.sort(np.concatenate(slopes))


def _variance(values: Floats) -> float:
    n = values.size
    _values, ties = np.unique(values, return_counts=True)
    return float((n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18)


def _ranked(slopes: Floats, rank: float) -> float:
    """The slope of a rank counted from 1, between two by interpolation, within the ends."""
    return float(np.interp(rank, np.arange(1, slopes.size + 1), slopes))


def _autocorrelation(values: Floats, lags: int) -> Floats:
    centered = values - values.mean()
    total = float(centered @ centered)
    if not total > 0:
        return np.zeros(lags)
    return np.array([float(centered[lag:] @ centered[:-lag]) / total for lag in range(1, lags + 1)])


def _hamed_rao(left: Floats) -> float:
    """Factor of the variance from the significant autocorrelations of the ranks."""
    n = left.size
    order = np.argsort(left, kind="stable")
    sorted_left = left[order]
    ranks = np.empty(n)
    first = np.searchsorted(sorted_left, sorted_left, side="left")
    last = np.searchsorted(sorted_left, sorted_left, side="right")
    ranks[order] = (first + last + 1) / 2
    found = _autocorrelation(ranks, n - 1)
    strong = np.abs(found) > norm.ppf(0.975) / np.sqrt(n)
    lags = np.arange(1, n)
    weight = (n - lags) * (n - lags - 1) * (n - lags - 2)
    return float(1 + 2 / (n * (n - 1) * (n - 2)) * (weight * found)[strong].sum())


def _remarks(missing: int, n: int, neighbor: float, corrected: bool) -> list[Words]:
    remarks = []
    if abs(neighbor) > 2 / np.sqrt(n) and not corrected:
        remarks.append(Words("Neighboring points move together (autocorrelation {r:.2f}), so p is too small. Use the correction.", r=neighbor))
    if n < 10:
        remarks.append(Words("With {n} points the normal approximation is rough.", n=n))
    if missing:
        remarks.append(Words("{missing} points are missing and were left out; the others keep their place in time.", missing=missing))
    return remarks
