"""Cronbach's alpha: do the items of a scale go together?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import f
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.surveys.answers import answers, names_of
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Item:
    """`mean` and `sd` over all who answered the item; `rest` its correlation with the sum of the others; `without` alpha without it."""

    name: str
    n: int
    mean: float
    sd: float
    rest: float
    without: float


@dataclass(frozen=True, slots=True)
class Alpha:
    """`alpha` with Feldt's interval; `error` is Duhachek's standard error. `usable` is False for fewer than 3 items or 30 people."""

    kind: str
    n: int
    complete: int
    alpha: Estimate
    standardized: float
    error: float
    mean_correlation: float
    items: tuple[Item, ...]
    usable: bool
    method: Words
    warnings: tuple[Words, ...]


def cronbach_alpha(
    rows: Iterable[Iterable[Any]], *, items: Sequence[str] | None = None, scale: tuple[float, float] | None = None, reverse: Collection[int] = (),
    missing: Literal["listwise", "pairwise"] = "listwise", confidence: float = 0.95,
) -> Alpha:  # fmt: skip
    """α = k/(k−1)·(1 − Σs²ᵢ/s²_total), reverse-keyed items turned first; interval 1 − (1−α)F with n−1 and (n−1)(k−1) degrees (Feldt).

    `rows`: respondents × items. `missing`: only complete answers count, or covariances of all pairs that are there (as R psych does).
    Source: Cronbach (1951); Feldt, Woodruff and Salih (1987); Duhachek and Iacobucci (2004). Raises DataRefused.
    """
    between(confidence, 0, 1, "confidence")
    held = answers(rows, scale=scale, reverse=reverse)
    names = names_of(items, held.shape[1])
    complete = held[~np.isnan(held).any(axis=1)]
    if held.shape[1] < 2 or complete.shape[0] < 3:
        raise DataRefused("Alpha needs at least 2 items and 3 people who answered all of them.", argument="rows")
    covariance = np.cov(complete, rowvar=False) if missing == "listwise" else _pairwise(held)
    if (np.diag(covariance) <= 0).any():
        flat = names[int(np.argmin(np.diag(covariance)))]
        raise DataRefused("Everybody gave the same answer to “{item}”, so it cannot go together with the others.", argument="rows", item=flat)
    n, k = (complete if missing == "listwise" else held).shape
    correlation = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    alpha = alpha_of(covariance)
    found = tuple(_item(held, covariance, place, name) for place, name in enumerate(names))
    return Alpha(
        "alpha", held.shape[0], complete.shape[0], _feldt(alpha, n, k, confidence), alpha_of(correlation), _error(covariance, n),
        float((correlation.sum() - k) / (k * (k - 1))), found, k >= 3 and complete.shape[0] >= 30,
        Words("Cronbach's alpha over complete answers." if missing == "listwise" else "Cronbach's alpha over all pairs of answers."),
        tuple(_remarks(held, complete, found, alpha)),
    )  # fmt: skip


def alpha_of(covariance: Floats) -> float:
    """Alpha from a covariance matrix of items."""
    k = covariance.shape[0]
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _feldt(alpha: float, n: int, k: int, confidence: float) -> Estimate:
    tail = (1 - confidence) / 2
    low, high = (1 - (1 - alpha) * float(f.ppf(chance, n - 1, (n - 1) * (k - 1))) for chance in (1 - tail, tail))
    return Estimate(alpha, low, high, confidence)


def _error(covariance: Floats, n: int) -> float:
    k = covariance.shape[0]
    total, squared = covariance.sum(), covariance @ covariance
    trace = np.trace(covariance)
    q = 2 / total**3 * (k / (k - 1)) ** 2 * (total * (np.trace(squared) + trace**2) - 2 * trace * squared.sum())
    return float(np.sqrt(max(q, 0.0) / n))


def _item(held: Floats, covariance: Floats, place: int, name: str) -> Item:
    given = held[:, place][~np.isnan(held[:, place])]
    others = np.delete(np.arange(covariance.shape[0]), place)
    rest = covariance[np.ix_(others, others)]
    together = covariance[place, others].sum() / np.sqrt(covariance[place, place] * rest.sum()) if rest.sum() > 0 else np.nan
    without = alpha_of(rest) if others.size > 1 else np.nan
    return Item(name, given.size, float(given.mean()), float(given.std(ddof=1)), float(together), without)


def _pairwise(held: Floats) -> Floats:
    k = held.shape[1]
    covariance = np.empty((k, k))
    for i in range(k):
        for j in range(i, k):
            both = held[~np.isnan(held[:, [i, j]]).any(axis=1)][:, [i, j]]
            covariance[i, j] = covariance[j, i] = np.cov(both, rowvar=False)[0, 1] if i != j else both[:, 0].var(ddof=1)
    return covariance


def _remarks(held: Floats, complete: Floats, found: Sequence[Item], alpha: float) -> list[Words]:
    remarks = []
    if held.shape[1] < 3 or complete.shape[0] < 30:
        remarks.append(Words("Alpha says little for fewer than 3 items or 30 people: do not show it."))
    if alpha < 0.7:
        remarks.append(Words("Alpha is below 0.7: the items hardly measure one thing."))
    turned = [item.name for item in found if item.rest < 0]
    if turned:
        remarks.append(Words("These items run against the others; are they reverse-keyed? {items}", items=", ".join(turned)))
    left = held.shape[0] - complete.shape[0]
    if left:
        remarks.append(Words("{left} of {n} people did not answer every item.", left=left, n=held.shape[0]))
    return remarks
