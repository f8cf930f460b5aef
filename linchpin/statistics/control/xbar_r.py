"""X̄-R chart: means and ranges of small subgroups of one size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np

from linchpin.statistics.control.chart import ControlChart, Frozen
from linchpin.statistics.control.constants import Constants, Precision, constants
from linchpin.statistics.control.drawing import Band, Choice, Recipe, accompany, draw
from linchpin.statistics.control.subgroups import Subgroups, subgroups
from linchpin.statistics.results import Flags, Floats
from linchpin.statistics.words import DataRefused, Words


def xbar_r(rows: Iterable[Iterable[Any]], *, constants_as: Precision = "exact", **choice: Unpack[Choice]) -> ControlChart:
    """Means x̿ ± A2·R̄; companion: ranges from D3·R̄ to D4·R̄; σ̂ = R̄/d2.

    `rows`: k subgroups × n measurements in one unit, n from 2 to 25, the same in every subgroup (an empty row is a gap).
    Source: Montgomery, Introduction to Statistical Quality Control. Raises DataRefused for unequal n: use `xbar_s`.
    """
    groups = subgroups(rows)
    size = groups.common_size
    if size is None or size < 2:
        raise DataRefused("The subgroups have different sizes, which an X̄-R chart cannot show. Use an X̄-S chart.", argument="rows")
    known = constants(size, constants_as)
    method = Words("Means of subgroups of {size}; sigma is the mean range divided by d2 = {d2:.6g}; limits 3 standard errors.", size=size, d2=known.d2)
    recipe = Recipe(
        "xbar-r", groups.means, lambda part, used: _estimate(groups, part, used, known), lambda _part, limits: _band(limits, known), method,
        points="subgroups", wanted=15,
    )  # fmt: skip
    companion = Words("Ranges; limits {low:.6g} and {high:.6g} times the mean range.", low=known.d3_limit, high=known.d4_limit)
    return accompany(draw(recipe, choice), "r", groups.ranges, lambda _part, limits: _range_band(limits, known), companion)


def chosen(values: Floats, part: slice, used: Flags | None) -> Floats:
    """The values of a stage that limits rest on and that are there."""
    here = values[part] if used is None else values[part][used]
    return here[~np.isnan(here)]


def _estimate(groups: Subgroups, part: slice, used: Flags | None, known: Constants) -> Frozen:
    mean_range = float(chosen(groups.ranges, part, used).mean())
    return Frozen(float(chosen(groups.means, part, used).mean()), mean_range / known.d2, mean_range)


def _mean_range(limits: Frozen, known: Constants) -> float:
    return limits.spread if np.isfinite(limits.spread) else known.d2 * limits.sigma


def _band(limits: Frozen, known: Constants) -> Band:
    half = known.a2 * _mean_range(limits, known)
    if not half > 0:
        return Band(limits.center, np.nan, np.nan, 0.0, 0.0)
    return Band(limits.center, limits.center - half, limits.center + half, half / 3, limits.sigma)


def _range_band(limits: Frozen, known: Constants) -> Band:
    center, error = _mean_range(limits, known), known.d3 * limits.sigma
    return Band(center, known.d3_limit * center, known.d4_limit * center, error, error)
