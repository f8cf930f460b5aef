"""Do the members of a unit agree, and do units differ? ICC(1), ICC(2) and rwg(j)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.distributions import f
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.surveys.answers import answers
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class UnitAgreement:
    """`icc1`: share of the spread that lies between units; `icc2`: reliability of the units' means; F of the differences with its p."""

    kind: str
    n: int
    units: int
    mean_size: float
    icc1: Estimate
    icc2: Estimate
    f: float
    p: float
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class WithinAgreement:
    """rwg(j) of each unit, in the order of their first appearance; `share` is the share of units at 0.70 or above."""

    kind: str
    n: int
    units: tuple[tuple[str, int, float], ...]
    mean: float
    median: float
    share: float
    method: Words
    warnings: tuple[Words, ...]


def icc(values: Iterable[Any], units: Iterable[Any], *, confidence: float = 0.95) -> UnitAgreement:
    """ICC(1) = (MSB−MSW)/(MSB+(N̄−1)MSW), ICC(2) = (MSB−MSW)/MSB by one-way analysis of variance; N̄ the mean unit size.

    `values`: one score a person, missing ones left out. Intervals from those of F, exact for equal sizes. Source: Bliese (2000).
    Raises DataRefused for fewer than 2 units or when nobody shares a unit.
    """
    scores, labels = _paired(values, units)
    names, place, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    n, k = scores.size, names.size
    if k < 2 or n - k < 1:
        raise DataRefused("ICC needs at least 2 units, and units of more than one person.", argument="units")
    means = np.bincount(place, scores) / sizes
    within = float(((scores - means[place]) ** 2).sum() / (n - k))
    apart = float((sizes * (means - scores.mean()) ** 2).sum() / (k - 1))
    if not within > 0:
        raise DataRefused("Everybody in a unit gave the same answer, so ICC cannot be told.", argument="values")
    ratio, size, tail = apart / within, n / k, (1 - confidence) / 2
    low, high = ratio / float(f.ppf(1 - tail, k - 1, n - k)), ratio / float(f.ppf(tail, k - 1, n - k))
    share = [(r - 1) / (r + size - 1) for r in (ratio, low, high)]
    first = Estimate(share[0], share[1], share[2], confidence)
    second = Estimate(1 - 1 / ratio, 1 - 1 / low, 1 - 1 / high, confidence)
    lone = int((sizes == 1).sum())
    said = (Words("{lone} units have one person only.", lone=lone),) if lone else ()
    return UnitAgreement("icc", n, k, size, first, second, ratio, float(f.sf(ratio, k - 1, n - k)), Words("One-way analysis of variance."), said)


def rwg(rows: Iterable[Iterable[Any]], units: Iterable[Any], *, options: int) -> WithinAgreement:
    """rwg(j) = J(1−s̄²/σ²)/(J(1−s̄²/σ²)+s̄²/σ²) with σ² = (A²−1)/12 of A equally likely `options`; 0 where people differ more than that.

    `rows`: respondents × items; only complete answers count. Units of one person have no agreement and are left out.
    Source: James, Demaree and Wolf (1984). Raises DataRefused.
    """
    held, labels = answers(rows), [str(unit) for unit in units]
    if len(labels) != held.shape[0] or options < 2:
        raise DataRefused("Every respondent needs a unit, and the items at least 2 options.", argument="units")
    complete = ~np.isnan(held).any(axis=1)
    chance, j = (options**2 - 1) / 12, held.shape[1]
    found = []
    for name in dict.fromkeys(labels):
        own = held[complete & (np.array(labels) == name)]
        if own.shape[0] > 1:
            spread = float(own.var(axis=0, ddof=1).mean()) / chance
            found.append((name, own.shape[0], 0.0 if spread > 1 else j * (1 - spread) / (j * (1 - spread) + spread)))
    if not found:
        raise DataRefused("No unit has two people who answered everything.", argument="units")
    each = np.array([value for _name, _size, value in found])
    left = int((~complete).sum())
    said = (Words("{left} people did not answer every item and were left out.", left=left),) if left else ()
    return WithinAgreement(
        "rwg", int(complete.sum()), tuple(found), float(each.mean()), float(np.median(each)), float((each >= 0.7).mean()),
        Words("rwg(j) against {options} equally likely answers.", options=options), said,
    )  # fmt: skip


def _paired(values: Iterable[Any], units: Iterable[Any]) -> tuple[Floats, Any]:
    scores, labels = series(values, minimum=3), np.array([str(unit) for unit in units])
    if scores.size != labels.size:
        raise DataRefused("There are {one} values, but {two} units.", argument="units", one=scores.size, two=labels.size)
    there = ~np.isnan(scores)
    return scores[there], labels[there]
