"""np chart: the number of items that have a property, in lots of one size."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

import numpy as np

from linchpin.statistics.control.attribute import Limits, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.drawing import Choice
from linchpin.statistics.words import DataRefused

METHODS = {
    "sigma": "Numbers of items; limits 3 sigma around the average.",
    "exact": "Numbers of items; limits by the binomial distribution around the average.",
}


def np_chart(found: Iterable[Any], sizes: Iterable[Any] | float, *, limits: Limits = "sigma", **choice: Unpack[Choice]) -> ControlChart:
    """n·p̄ ± 3√(n·p̄(1−p̄)), held within 0 and n. As `p_chart`, but it plots numbers and needs one constant size n; refuses others."""
    data = occurrences(found, sizes, "binomial", per_point=True)
    if np.unique(data.sizes[~np.isnan(data.sizes)]).size != 1:
        raise DataRefused("An np chart needs lots of one size, and these differ. Use a p chart.", argument="sizes")
    return attribute_chart("np", data, choice, METHODS, limits=limits)
