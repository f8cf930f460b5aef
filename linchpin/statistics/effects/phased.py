"""A change that reached units in steps: their start dates, shuffled, show what chance alone would give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial
from typing import Any

import numpy as np

from linchpin.statistics.checking import table
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

MOST_EXACT = 5_040


@dataclass(frozen=True, slots=True)
class Phased:
    """`effect`: mean change by the roll-out, beside what units and periods have in common; its interval holds every effect that the
    permutation test does not reject."""

    kind: str
    n: int
    units: int
    effect: Estimate
    p: float
    exact: bool
    method: Words
    warnings: tuple[Words, ...]


def phased_rollout(
    rows: Iterable[Iterable[Any]], starts: Sequence[int | None], *, resamples: int = 5_000, seed: int = 1, confidence: float = 0.95,
) -> Phased:  # fmt: skip
    """Effect in a model with unit and period terms; p and interval from permuting the start dates among the units.

    `rows`: units × periods, complete; `starts`: for each unit the number (from 1) of its first period after the change, None for never.
    All permutations up to 5,040, else `resamples`. Dates not assigned by chance make p a guide only. Raises DataRefused.
    """
    values = table(rows, "rows")
    units, periods = values.shape
    if np.isnan(values.sum()):
        raise DataRefused("A phased roll-out needs a value for every unit and period.", argument="rows")
    if len(starts) != units or units < 3 or any(s is not None and not 1 <= s <= periods + 1 for s in starts):
        raise DataRefused("Give one start for each of at least 3 units, within the periods, or None for never.", argument="starts")
    treated = np.array([np.arange(1, periods + 1) >= (periods + 1 if s is None else s) for s in starts], dtype=np.float64)
    inner = _centered(treated)
    if not (inner**2).sum() > 1e-9:
        raise DataRefused("All units changed at the same time, so the change cannot be told from the period.", argument="starts")
    exact = factorial(units) <= MOST_EXACT
    orders = _orders(units, exact, resamples, seed)
    outcome = _centered(values)
    of_values = np.array([(inner[order] * outcome).sum() for order in orders])
    of_treated = np.array([(inner[order] * treated).sum() for order in orders])
    effect = float((inner * outcome).sum() / (inner * treated).sum())
    low, high = (_bound(effect, of_values, of_treated, 1 - confidence, side) for side in (-1, 1))
    few = [Words("With {units} units few orders are possible, so p cannot become small.", units=units)] if units < 5 else []
    return Phased(
        "phased-rollout", values.size, units, Estimate(effect, low, high, confidence), _chance(0.0, of_values, of_treated), exact,
        Words("Two-way model of units and periods; permutation of start dates."), tuple(few),
    )  # fmt: skip


def _centered(values: Floats) -> Floats:
    return values - values.mean(axis=0) - values.mean(axis=1)[:, None] + values.mean()


def _orders(units: int, exact: bool, resamples: int, seed: int) -> list[list[int]]:
    """The order as it was first, then all others or some by chance."""
    if exact:
        return [list(order) for order in permutations(range(units))]
    random = np.random.default_rng(seed)
    return [list(range(units)), *(random.permutation(units).tolist() for _draw in range(resamples))]


def _chance(effect: float, of_values: Floats, of_treated: Floats) -> float:
    """p of the hypothesis that the effect is just this; the first entry is the order as it was."""
    left = np.abs(of_values - effect * of_treated)
    return float((left >= left[0] - 1e-9 * (1 + abs(left[0]))).mean())


def _bound(effect: float, of_values: Floats, of_treated: Floats, level: float, side: int) -> float:
    step = max(abs(effect), float(np.abs(of_values).max() / of_treated[0]), 1e-12)
    far = effect + side * step
    for _double in range(60):
        if _chance(far, of_values, of_treated) <= level:
            break
        far = effect + 2 * (far - effect)
    else:
        return side * np.inf
    near = effect
    for _halve in range(100):
        middle = (near + far) / 2
        near, far = (middle, far) if _chance(middle, of_values, of_treated) > level else (near, middle)
    return float((near + far) / 2)
