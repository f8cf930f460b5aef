"""c chart: the number of events in areas of opportunity of one size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice
from linchpin.statistics.words import Words


def c_chart(found: Iterable[Any], *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """c̄ ± 3√c̄, not below 0. `found`: whole numbers from 0 up. `limits="exact"` takes Poisson limits. Source: NIST e-Handbook 6.3.3.1."""
    method = Words("Counts; limits {kind} around the average count.", kind="3 sigma" if limits == "sigma" else "by the Poisson distribution")
    return attribute_chart("c", occurrences(found, 1.0, "poisson", per_point=True), choice, method, limits=limits)
