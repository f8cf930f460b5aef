"""Attribute agreement: do people judge alike, and as the reference does?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.distributions import norm, t
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance. `observed` is the share of agreement (Wilson interval); `kappa` 1 is perfect, 0 is chance."""

    kind: str
    n: int
    kappa: Estimate
    observed: Estimate
    expected: float
    verdict: Words
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Fleiss' kappa of all appraisers, and each appraiser against the reference (empty without one)."""

    kind: str
    n: int
    between: Kappa
    against_reference: tuple[tuple[str, Kappa], ...]


def cohen_kappa(first: Iterable[Any], second: Iterable[Any], *, confidence: float = 0.95) -> Kappa:
    """κ = (p_o − p_e)/(1 − p_e) of two judges on the same items, with the large-sample interval of Fleiss, Cohen and Everitt (1969)."""
    one, two = list(first), list(second)
    if len(one) != len(two):
        raise DataRefused("Both judges must judge the same items.", argument="second")
    names = sorted({*one, *two}, key=str)
    place = {name: index for index, name in enumerate(names)}
    table = np.zeros((len(names), len(names)))
    for a, b in zip(one, two, strict=True):
        table[place[a], place[b]] += 1
    return kappa_of_table(table, confidence=confidence)


def kappa_of_table(table: Iterable[Iterable[float]], *, confidence: float = 0.95) -> Kappa:
    """Cohen's kappa of a square table of counts (rows: first judge; columns: second). Raises DataRefused when all say one thing."""
    counts = np.asarray(table, dtype=float)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or (counts < 0).any():
        raise DataRefused("Kappa needs a square table of counts.", argument="table")
    n = counts.sum()
    if n < 2:
        raise DataRefused("Kappa needs at least 2 items judged by both.", argument="table")
    share = counts / n
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float(np.trace(share)), float(rows @ columns)
    if expected >= 1:
        raise DataRefused("Everything was judged alike, so agreement beyond chance cannot be told.", argument="table")
    kappa = (observed - expected) / (1 - expected)
    half = float(norm.ppf((1 + confidence) / 2)) * _error(share, rows, columns, observed, expected, n)
    return Kappa(
        "kappa", int(n), Estimate(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), confidence), wilson(round(observed * n), int(n), confidence),
        expected, _verdict(kappa), Words("Cohen's kappa with large-sample interval."), _few(int(n)),
    )  # fmt: skip


def attribute_agreement(judgments: Sequence[Sequence[Any]], appraisers: Sequence[str], reference: Sequence[Any] | None = None) -> Agreement:
    """Fleiss' kappa over items × appraisers, and Cohen's kappa of each appraiser with the reference. Every item judged by everyone."""
    if len(appraisers) < 2 or any(len(row) != len(appraisers) for row in judgments) or len(judgments) < 2:
        raise DataRefused("Every appraiser must judge every item, with at least 2 of each.", argument="judgments")
    against = [] if reference is None else [(name, cohen_kappa([row[i] for row in judgments], reference)) for i, name in enumerate(appraisers)]
    return Agreement("agreement", len(judgments), fleiss_kappa(judgments), tuple(against))


def fleiss_kappa(judgments: Sequence[Sequence[Any]], *, confidence: float = 0.95) -> Kappa:
    """Fleiss' kappa for several judges of the same items, each item judged equally often. Interval: jackknife over items."""
    names = sorted({name for row in judgments for name in row}, key=str)
    counts = np.array([[list(row).count(name) for name in names] for row in judgments], dtype=float)
    if np.unique(counts.sum(axis=1)).size != 1 or counts.sum(axis=1)[0] < 2:
        raise DataRefused("Every item must be judged equally often, by at least 2 people.", argument="judgments")
    kappa, _observed, expected = _fleiss(counts)
    if expected >= 1:
        raise DataRefused("Everything was judged alike, so agreement beyond chance cannot be told.", argument="judgments")
    n = counts.shape[0]
    left_out = np.array([_fleiss(np.delete(counts, row, axis=0))[0] for row in range(n)])
    error = float(np.sqrt((n - 1) / n * ((left_out - left_out.mean()) ** 2).sum()))
    half = float(t.ppf((1 + confidence) / 2, n - 1)) * error
    all_alike = int((counts.max(axis=1) == counts.sum(axis=1)).sum())
    return Kappa(
        "fleiss-kappa", n, Estimate(kappa, max(-1.0, kappa - half), min(1.0, kappa + half), confidence), wilson(all_alike, n, confidence), expected,
        _verdict(kappa), Words("Fleiss' kappa, jackknife interval; the share counts items on which all agree."), _few(n),
    )  # fmt: skip


def _fleiss(counts: Floats) -> tuple[float, float, float]:
    judges = counts.sum(axis=1)[0]
    observed = float(((counts * (counts - 1)).sum(axis=1) / (judges * (judges - 1))).mean())
    expected = float(((counts.sum(axis=0) / counts.sum()) ** 2).sum())
    return (observed - expected) / (1 - expected) if expected < 1 else np.nan, observed, expected


def _error(share: Floats, rows: Floats, columns: Floats, observed: float, expected: float, n: float) -> float:
    kappa = (observed - expected) / (1 - expected)
    diagonal = np.diag(share)
    a = (diagonal * (1 - (rows + columns) * (1 - kappa)) ** 2).sum()
    off = share * (columns[:, None] + rows[None, :]) ** 2
    b = (1 - kappa) ** 2 * (off.sum() - np.trace(off))
    c = (kappa - expected * (1 - kappa)) ** 2
    return float(np.sqrt(max(0.0, a + b - c)) / ((1 - expected) * np.sqrt(n)))


def _verdict(kappa: float) -> Words:
    return Words("good agreement" if kappa >= 0.75 else "marginal agreement" if kappa >= 0.4 else "poor agreement")


def _few(n: int) -> tuple[Words, ...]:
    return (Words("With {n} items the interval is wide; 50 are usual.", n=n),) if n < 50 else ()
