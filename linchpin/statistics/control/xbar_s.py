"""X̄-S chart: means and standard deviations of subgroups, of any and of unequal size."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Literal, Unpack

import numpy as np

from linchpin.statistics.control.chart import ControlChart, Frozen
from linchpin.statistics.control.constants import Constants, Precision, c4, constants
from linchpin.statistics.control.drawing import Band, Choice, Number, Recipe, accompany, draw
from linchpin.statistics.control.subgroups import Subgroups, subgroups
from linchpin.statistics.results import Flags, Floats
from linchpin.statistics.words import DataRefused, Words

Spread = Literal["mean", "pooled"]
METHODS = {
    "mean": "Means of subgroups; sigma is the mean standard deviation divided by c4; limits 3 standard errors.",
    "pooled": "Means of subgroups; sigma is the pooled standard deviation divided by c4; limits 3 standard errors, by the size of each subgroup.",
}


def xbar_s(
    rows: Iterable[Iterable[Any]], *, spread: Spread | None = None, constants_as: Precision = "exact", **choice: Unpack[Choice],
) -> ControlChart:  # fmt: skip
    """Means x̿ ± 3σ̂/√nᵢ (= A3·s̄ for equal n); companion: standard deviations from B3·s̄ to B4·s̄; σ̂ = s̄/c4.

    `rows`: subgroups of measurements in one unit. With unequal n, x̿ is the mean of all values, sigma is pooled (√(Σ(nᵢ−1)sᵢ² /
    Σ(nᵢ−1)) / c4) and limits differ by point; `spread="pooled"` does so for equal n too. `constants_as="table"` takes the printed
    constants, for equal n from 2 to 25 and the mean spread. Source: Montgomery.
    """
    groups = subgroups(rows)
    how = spread or ("mean" if groups.common_size else "pooled")
    if how not in METHODS or (how == "mean" and not groups.common_size):
        raise DataRefused("With subgroups of different sizes “spread” must be pooled.", argument="spread")
    size = groups.common_size
    printed = constants(size, "table") if constants_as == "table" and size and how == "mean" else None
    recipe = Recipe(
        "xbar-s", groups.means, lambda part, used: _estimate(groups, part, used, how), lambda part, limits: _band(groups, part, limits, printed),
        Words(METHODS[how]), points="subgroups", wanted=15,
    )  # fmt: skip
    companion = Words("Standard deviations of subgroups; limits 3 standard errors, not below 0.")
    return accompany(draw(recipe, choice), "s", groups.deviations, lambda part, limits: _deviation_band(groups, part, limits, printed), companion)


def _estimate(groups: Subgroups, part: slice, used: Flags | None, how: str) -> Frozen:
    keep = groups.sizes[part] > 0 if used is None else used & (groups.sizes[part] > 0)
    sizes, means, deviations = (each[part][keep] for each in (groups.sizes, groups.means, groups.deviations))
    center = float((sizes * means).sum() / sizes.sum())
    free = sizes - 1
    if not free.sum():
        raise DataRefused("No subgroup has two values, so there is no spread within subgroups. Use an XmR chart.", argument="rows")
    some = free > 0
    if how == "mean":
        typical = float(deviations[some].mean())
        return Frozen(center, typical / c4(float(sizes[0])), typical)
    pooled = float(np.sqrt((free[some] * deviations[some] ** 2).sum() / free.sum()))
    return Frozen(center, pooled / c4(float(free.sum()) + 1), np.nan)


def _band(groups: Subgroups, part: slice, limits: Frozen, printed: Constants | None) -> Band:
    if not limits.sigma > 0:
        return Band(limits.center, np.nan, np.nan, 0.0, 0.0)
    error = limits.sigma / np.sqrt(_sizes(groups, part)) if printed is None else printed.a3 * limits.spread / 3
    return Band(limits.center, limits.center - 3 * error, limits.center + 3 * error, error, limits.sigma)


def _deviation_band(groups: Subgroups, part: slice, limits: Frozen, printed: Constants | None) -> Band:
    if printed is not None:
        step = (printed.b4 - 1) * limits.spread / 3
        return Band(limits.spread, printed.b3 * limits.spread, printed.b4 * limits.spread, step, step)
    factor = _c4_of(_sizes(groups, part))
    center, error = factor * limits.sigma, limits.sigma * np.sqrt(1 - factor**2)
    return Band(center, np.maximum(0.0, center - 3 * error), center + 3 * error, error, error)


def _sizes(groups: Subgroups, part: slice) -> Number:
    common = groups.common_size
    return float(common) if common else np.where(groups.sizes[part] > 0, groups.sizes[part], np.nan)


def _c4_of(sizes: Number) -> Number:
    if isinstance(sizes, float):
        return c4(sizes)
    factors: Floats = np.array([_c4(size) if size > 1 else np.nan for size in sizes])
    return factors


_c4 = lru_cache(maxsize=4096)(c4)
