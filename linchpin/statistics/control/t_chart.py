"""t chart: the time between two rare events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Unpack

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.control.chart import ControlChart, Frozen, Stage
from linchpin.statistics.control.drawing import Band, Choice, Recipe, draw
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.words import DataRefused, Words

POWER = 3.6
"""Nelson (1994): the 3.6th root of an exponential time is nearly normal."""


def t_chart(times: Iterable[Any], **choice: Unpack[Choice]) -> ControlChart:
    """An XmR chart of t^(1/3.6), its center and limits turned back into time. `times`: above 0, in one unit. A high point is good news.

    `frozen` holds center and sigma of the transformed times. Source: Nelson (1994). Raises DataRefused for a time of 0.
    """
    array = series(times, "times", minimum=2)
    rows = np.flatnonzero(array <= 0)
    if rows.size:
        raise DataRefused("Time {row} is not above 0. Measure in a finer unit, such as hours, so that events differ.", argument="times", row=int(rows[0]) + 1)
    transformed = xmr(array ** (1 / POWER), **choice)
    by_part = {stage.first - 1: stage.limits for stage in transformed.stages}
    method = Words("Times between events; limits 3 sigma on the scale of their 3.6th root.")
    recipe = Recipe("t", array, lambda part, _used: by_part[part.start], lambda _part, frozen: _band(frozen), method, "attribute")
    return _with_used(draw(recipe, choice), transformed.stages)


def _with_used(chart: ControlChart, stages: tuple[Stage, ...]) -> ControlChart:
    return replace(chart, stages=stages)


def _band(frozen: Frozen) -> Band:
    if not frozen.sigma > 0:
        return Band(frozen.center**POWER, np.nan, np.nan, 0.0, 0.0)
    low, center, high = (max(0.0, frozen.center + step * frozen.sigma) ** POWER for step in (-3, 0, 3))
    return Band(center, low, high, (high - center) / 3, frozen.sigma)
