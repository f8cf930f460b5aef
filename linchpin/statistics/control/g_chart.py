"""g chart: how many good cases lie between two rare events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np

from linchpin.statistics.checking import counts
from linchpin.statistics.control.attribute import TAIL, Limits
from linchpin.statistics.control.chart import ControlChart, Frozen
from linchpin.statistics.control.drawing import Band, Choice, Recipe, draw
from linchpin.statistics.control.xbar_r import chosen
from linchpin.statistics.words import Words


def g_chart(between: Iterable[Any], *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """ḡ ± 3√(ḡ(ḡ+1)), not below 0. `between`: whole numbers of cases without event, one for each event. A high point is good news.

    `limits="exact"` takes the geometric distribution, whose lower limit can also warn of events that come too fast.
    Source: Benneyan (2001). Run rules are off, since most points of such a series lie below its average.
    """
    array = counts(between, "between", minimum=2)
    method = Words("Cases between events; limits 3 sigma." if limits == "sigma" else "Cases between events; limits by the geometric distribution.")
    recipe = Recipe("g", array, lambda part, used: _frozen(float(chosen(array, part, used).mean())), lambda _part, f: _band(f, limits), method, "limits")
    remarks = [Words("The lower limit is 0, so this chart cannot show that events became more frequent. Use exact limits.")] if limits == "sigma" else []
    return draw(recipe, choice, remarks)


def _frozen(center: float) -> Frozen:
    return Frozen(center, float(np.sqrt(center * (center + 1))))


def _band(frozen: Frozen, limits: Limits) -> Band:
    center, sigma = frozen.center, frozen.sigma
    if not sigma > 0:
        return Band(center, np.nan, np.nan, 0.0, 0.0)
    if limits == "exact":
        step = np.log1p(-1 / (center + 1))
        low, high = np.floor(np.log1p(-TAIL) / step), np.ceil(np.log(TAIL) / step - 1)
        return Band(center, float(max(0.0, low)), float(high), sigma, sigma)
    return Band(center, max(0.0, center - 3 * sigma), center + 3 * sigma, sigma, sigma)
