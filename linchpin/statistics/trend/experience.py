"""Experience curve: how cost or time falls with each doubling of what was ever made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import complete, same_length
from linchpin.statistics.distributions import t
from linchpin.statistics.effects.fitting import least_squares
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Experience:
    """`ratio`: cost after a doubling over cost before; `slope` of log₂ cost on log₂ cumulative number."""

    kind: str
    n: int
    ratio: Estimate
    slope: float
    method: Words


def experience_slope(ratio: float) -> float:
    """log₂ of the progress ratio: −0.3219 for the 80 % curve."""
    if not ratio > 0:
        raise DataRefused("The progress ratio must be above 0.", argument="ratio")
    return float(np.log2(ratio))


def experience_curve(costs: Iterable[Any], cumulative: Iterable[Any], *, confidence: float = 0.95) -> Experience:
    """Least squares of log₂ cost on log₂ cumulative number, both above 0, at least 3 points. Raises DataRefused."""
    cost, made = complete(costs, "costs", minimum=3), complete(cumulative, "cumulative")
    same_length(cost, made, "costs", "cumulative")
    if (cost <= 0).any() or (made <= 0).any():
        raise DataRefused("Costs and numbers must be above 0.", argument="costs")
    fit = least_squares(np.column_stack([np.ones(cost.size), np.log2(made)]), np.log2(cost))
    slope, half = float(fit.coefficients[1]), float(t.ppf((1 + confidence) / 2, fit.degrees) * fit.errors[1])
    return Experience("experience", cost.size, Estimate(2**slope, 2 ** (slope - half), 2 ** (slope + half), confidence), slope, Words("Log-log least squares."))
