"""c chart: the number of events in areas of opportunity of one size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice

METHODS = {
    "sigma": "Counts; limits 3 sigma around the average count.",
    "exact": "Counts; limits by the Poisson distribution around the average count.",
}


def c_chart(found: Iterable[Any], *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """c̄ ± 3√c̄, not below 0. `found`: whole numbers from 0 up. `limits="exact"` takes Poisson limits. Source: NIST e-Handbook 6.3.3.1."""
    return attribute_chart("c", occurrences(found, 1.0, "poisson", per_point=True), choice, METHODS, limits=limits)
