"""Pareto: which few causes make most of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from linchpin.statistics.distributions import chi2
from linchpin.statistics.effects.proportions import newcombe
from linchpin.statistics.results import Estimate
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause with its amount, share in percent (Wilson interval for counts; without bounds for costs) and cumulative percent."""

    name: str
    amount: float
    share: Estimate
    cumulative: float


@dataclass(frozen=True, slots=True)
class Pareto:
    """Causes from the largest down, “other” last. `vital` counts the first causes that together reach 80 %."""

    kind: str
    n: int
    total: float
    causes: tuple[Cause, ...]
    vital: int
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Chi-square test of whether two periods have the same mix of causes; `small` lists causes too rare for it, taken together.

    `changes`: by how many percentage points the share of each cause rose, with intervals that hold for all causes at once.
    """

    kind: str
    n: int
    chi_square: float
    degrees: int
    p: float
    changes: dict[str, Estimate]
    small: tuple[str, ...]
    method: Words
    warnings: tuple[Words, ...]


def pareto(amounts: Mapping[str, float] | Iterable[Any], *, other: str = "other", counts: bool = True, confidence: float = 0.95) -> Pareto:
    """`amounts`: amount by cause, or the cause of each case. Ties stand in the order of their names. Raises DataRefused.

    With `counts=False` the amounts are costs or times, which have no interval of this kind.
    """
    held = dict(amounts) if isinstance(amounts, Mapping) else _counted(amounts)
    _refuse(held, counts)
    total = float(sum(held.values()))
    ordered = sorted(held, key=lambda name: (name == other, -held[name], name))
    cumulative, causes = 0.0, []
    for name in ordered:
        cumulative += held[name]
        share = wilson(int(held[name]), int(total), confidence) if counts else Estimate(held[name] / total, np.nan, np.nan, confidence)
        causes.append(Cause(name, float(held[name]), share.scaled(100), 100 * cumulative / total))
    vital = next(place for place, cause in enumerate(causes, 1) if cause.cumulative >= 80 - 1e-9)
    few = [Words("With {n} cases the order of close causes is chance: compare their intervals.", n=int(total))] if counts and total < 50 else []
    method = Words("Causes by count; shares with Wilson intervals." if counts else "Causes by amount; no intervals.")
    return Pareto("pareto", int(total) if counts else len(held), total, tuple(causes), vital, method, tuple(few))


def apart(first: int, second: int) -> float:
    """How easily chance alone would set two counts so far apart: exact two-sided binomial test of equal shares, p."""
    n, larger = first + second, max(first, second)
    return min(1.0, 2 * sum(comb(n, k) for k in range(larger, n + 1)) / 2**n) if n else 1.0


def pareto_shift(before: Mapping[str, float], after: Mapping[str, float], *, confidence: float = 0.95) -> Shift:
    """Has the mix of causes changed between two periods? Chi-square of homogeneity on counts; expected counts below 5 are taken together.

    Changes of shares by Newcombe's interval, its confidence by Bonferroni: whichever cause one picks out afterwards, it holds. Raises DataRefused.
    """
    for held in (before, after):
        _refuse(dict(held), counts=True)
    names = sorted({*before, *after})
    table = np.array([[before.get(name, 0), after.get(name, 0)] for name in names], dtype=float)
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / table.sum()
    rare = (expected < 5).any(axis=1)
    joined = np.vstack([table[~rare], table[rare].sum(axis=0)]) if rare.sum() > 1 else table
    joined = joined[joined.sum(axis=1) > 0]
    if joined.shape[0] < 2:
        raise DataRefused("There are too few cases to compare the mix of causes.", argument="before")
    chance = np.outer(joined.sum(axis=1), joined.sum(axis=0)) / joined.sum()
    square, degrees = float(((joined - chance) ** 2 / chance).sum()), joined.shape[0] - 1
    small = tuple(name for name, flag in zip(names, rare, strict=True) if flag)
    said = [Words("Rare causes were taken together: {names}.", names=", ".join(small))] if rare.sum() > 1 else []
    each = 1 - (1 - confidence) / len(names)
    shares = [[wilson(int(count), int(total), each) for count, total in zip(row, table.sum(axis=0), strict=True)] for row in table]
    changes = {name: newcombe(late, early).scaled(100) for name, (early, late) in zip(names, shares, strict=True)}
    method = Words("Chi-square test; changes of shares with Newcombe's interval, for all causes at once.")
    return Shift("pareto-shift", int(table.sum()), square, degrees, float(chi2.sf(square, degrees)), changes, small, method, tuple(said))


def _counted(names: Iterable[Any]) -> dict[str, float]:
    held: dict[str, float] = {}
    for name in names:
        held[str(name)] = held.get(str(name), 0) + 1
    return held


def _refuse(held: dict[str, float], counts: bool) -> None:
    for name, amount in held.items():
        if not np.isfinite(amount) or amount < 0:
            raise DataRefused("The amount of “{name}” is {amount}: it must be a number from 0 up.", argument="amounts", name=name, amount=amount)
        if counts and amount != int(amount):
            raise DataRefused("The amount of “{name}” is {amount:g}: a count is a whole number.", argument="amounts", name=name, amount=amount)
    if not sum(held.values()) > 0:
        raise DataRefused("There is nothing to put in order: all amounts are 0.", argument="amounts")
