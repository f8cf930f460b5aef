"""u chart: events for each unit of opportunity, where the opportunity differs from point to point."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice
from linchpin.statistics.words import Words


def u_chart(found: Iterable[Any], sizes: Iterable[Any] | float, *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """ū = Σc/Σn; limits ū ± 3√(ū/nᵢ), not below 0. `found`: whole numbers; `sizes`: units, hours, days, any positive number.

    The rate is for one unit of `sizes`. `limits="exact"` takes Poisson limits. Source: Montgomery. Raises DataRefused.
    """
    method = Words("Events for each unit; limits {kind} around the average rate.", kind="3 sigma" if limits == "sigma" else "by the Poisson distribution")
    return attribute_chart("u", occurrences(found, sizes, "poisson"), choice, method, limits=limits)
