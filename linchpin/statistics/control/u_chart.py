"""u chart: events for each unit of opportunity, where the opportunity differs from point to point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice

METHODS = {
    "sigma": "Events for each unit; limits 3 sigma around the average rate.",
    "exact": "Events for each unit; limits by the Poisson distribution around the average rate.",
}


def u_chart(found: Iterable[Any], sizes: Iterable[Any] | float, *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """ū = Σc/Σn; limits ū ± 3√(ū/nᵢ), not below 0. `found`: whole numbers; `sizes`: units, hours, days, any positive number.

    The rate is for one unit of `sizes`. `limits="exact"` takes Poisson limits. Source: Montgomery. Raises DataRefused.
    """
    return attribute_chart("u", occurrences(found, sizes, "poisson"), choice, METHODS, limits=limits)
