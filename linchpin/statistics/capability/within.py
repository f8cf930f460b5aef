"""The standard deviation within short periods, by name: what a process can do when nothing shifts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import series, table
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.constants import Precision, constants
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused, Words

MOST_BY_RANGE = 8
"""Subgroups up to this size are judged by their range, larger ones by their standard deviation."""


@dataclass(frozen=True, slots=True)
class Within:
    """All values in the order of time, the chart that judges their stability, sigma within and its degrees of freedom."""

    values: Floats
    chart: ControlChart
    sigma: float
    degrees: float
    words: Words


def within(data: Iterable[Any], constants_as: Precision = "exact") -> Within:
    """From single values (moving range) or rows of subgroups (mean range for 2 to 8 of one size, else pooled standard deviation)."""
    held = data if isinstance(data, np.ndarray) else list(data)
    if len(held) and np.ndim(held[0]) == 1:
        return _of_subgroups(table(held), constants_as)
    array = series(held, minimum=2)
    chart = xmr(array, constants_as=constants_as)
    there = array[~np.isnan(array)]
    return Within(there, chart, chart.sigma_within, 0.62 * (there.size - 1), Words("mean moving range / d2"))


def _of_subgroups(rows: Floats, constants_as: Precision) -> Within:
    sizes = np.unique((~np.isnan(rows)).sum(axis=1))
    there = rows[~np.isnan(rows)]
    if sizes.size == 1 and 2 <= sizes[0] <= MOST_BY_RANGE:
        chart, known = xbar_r(rows, constants_as=constants_as), constants(int(sizes[0]))
        return Within(there, chart, chart.sigma_within, rows.shape[0] * (known.d2 / known.d3) ** 2 / 2, Words("mean range / d2"))
    if sizes.max() < 2:
        raise DataRefused("The subgroups hold one value each. Give them as one series.", argument="values")
    chart = xbar_s(rows, spread="pooled")
    counted = (~np.isnan(rows)).sum(axis=1)
    return Within(there, chart, chart.sigma_within, float((counted - 1)[counted > 1].sum()), Words("pooled standard deviation / c4"))
