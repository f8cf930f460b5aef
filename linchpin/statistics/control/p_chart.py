"""p chart: the share of items that have a property, by period or lot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice

METHODS = {
    "sigma": "Proportions; limits 3 sigma around the average of all items.",
    "exact": "Proportions; limits by the binomial distribution around the average of all items.",
}


def p_chart(found: Iterable[Any], sizes: Iterable[Any] | float, *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """p̄ = ΣD/Σn; limits p̄ ± 3√(p̄(1−p̄)/nᵢ), held within 0 and 1; by point where n differs.

    `found`: items with the property, `sizes`: items looked at (whole numbers, one each a point or one for all). `limits="exact"`
    takes binomial limits instead. Source: NIST e-Handbook 6.3.3.2. Raises DataRefused for more found than looked at.
    """
    return attribute_chart("p", occurrences(found, sizes, "binomial"), choice, METHODS, limits=limits)
