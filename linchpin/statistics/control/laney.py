"""p′ and u′ charts: proportions and rates of large points, which vary more than chance within them explains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Unpack

from linchpin.statistics.control.attribute import Laney, attribute_chart, occurrences
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.constants import Precision
from linchpin.statistics.control.drawing import Choice


def p_prime(
    found: Iterable[Any], sizes: Iterable[Any] | float, *, screened: bool = False, constants_as: Precision = "exact", **choice: Unpack[Choice],
) -> ControlChart:  # fmt: skip
    """p̄ ± 3σᵢσ_z, held within 0 and 1: zᵢ = (pᵢ − p̄)/σᵢ with σᵢ = √(p̄(1−p̄)/nᵢ), and σ_z = mean|Δz|/d2(2). Source: Laney (2002).

    `screened` leaves out moving ranges of z above their own upper limit, so that a single jump does not widen the limits.
    """
    methods = {"sigma": "Proportions; limits 3 sigma, widened by the spread between points (Laney)."}
    return attribute_chart("p-prime", occurrences(found, sizes, "binomial"), choice, methods, laney=Laney(constants_as, screened))


def u_prime(
    found: Iterable[Any], sizes: Iterable[Any] | float, *, screened: bool = False, constants_as: Precision = "exact", **choice: Unpack[Choice],
) -> ControlChart:  # fmt: skip
    """ū ± 3σᵢσ_z, not below 0: as `p_prime` with σᵢ = √(ū/nᵢ)."""
    methods = {"sigma": "Events for each unit; limits 3 sigma, widened by the spread between points (Laney)."}
    return attribute_chart("u-prime", occurrences(found, sizes, "poisson"), choice, methods, laney=Laney(constants_as, screened))
