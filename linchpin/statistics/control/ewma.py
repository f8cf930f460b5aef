"""EWMA chart: a moving average that weighs the past less and less, for small lasting shifts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from linchpin.statistics.checking import between, series
from linchpin.statistics.control.chart import MISSING, ControlChart, Frozen, Stage
from linchpin.statistics.control.rules import judge, rule_set
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.control.zones import Zones
from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused, Words

METHODS = {
    "exact": "Moving average with weight {weight:g} for the newest point; exact limits, {width:g} sigma.",
    "asymptotic": "Moving average with weight {weight:g} for the newest point; asymptotic limits, {width:g} sigma.",
}


def ewma(
    values: Iterable[Any], *, target: float | None = None, sigma: float | None = None, weight: float = 0.2, width: float = 3.0,
    limits: Literal["exact", "asymptotic"] = "exact",
) -> ControlChart:  # fmt: skip
    """zᵢ = λxᵢ + (1−λ)zᵢ₋₁ from z₀ = target; limits target ± Lσ√(λ/(2−λ)·(1−(1−λ)²ⁱ)), or without the last factor.

    `values`: points or means of subgroups; `sigma`: standard deviation of one plotted value (σ/√n for means); `weight`: λ in (0, 1];
    `width`: L. Target and sigma not given are estimated as on an XmR chart, which the result says. A gap leaves z where it was.
    Source: NIST e-Handbook 6.3.2.4.
    """
    array = series(values, minimum=2)
    if limits not in METHODS:
        raise DataRefused("“limits” is exact or asymptotic, not “{chosen}”.", argument="limits", chosen=limits)
    between(weight, 0, 1 + 1e-12, "weight")
    between(width, 0, np.inf, "width")
    center, spread, estimated = known_or_estimated(array, target, sigma)
    smoothed = _smoothed(array, center, weight)
    factor = np.sqrt(weight / (2 - weight))
    steps = 2.0 * np.arange(1, array.size + 1)
    error = spread * factor * (np.sqrt(1 - (1 - weight) ** steps) if limits == "exact" else 1.0)
    low, high = center - width * error, center + width * error
    signals = judge(Zones(smoothed, center, low, high, error), rule_set("limits"))
    missing = int(np.isnan(array).sum())
    warnings = (*estimated, *([Words(MISSING, missing=missing, total=array.size)] if missing else []))
    method = Words(METHODS[limits], weight=weight, width=width)
    return ControlChart(
        "ewma", smoothed, center, spread, low, high, array.size - missing, signals, (Stage(1, array.size, 0, Frozen(center, spread)),), method, warnings,
        details={"data": array, "weight": weight, "width": width},
    )  # fmt: skip


ESTIMATED = {
    "both": "The target and sigma were estimated from these same points, so a shift that was there from the start cannot show.",
    "target": "The target was estimated from these same points, so a shift that was there from the start cannot show.",
    "sigma": "Sigma was estimated from these same points, so a shift that was there from the start cannot show.",
}


def known_or_estimated(values: Floats, target: float | None, sigma: float | None) -> tuple[float, float, tuple[Words, ...]]:
    """Target and sigma as given, or as an XmR chart of the values has them, with the words that say so. Raises DataRefused without variation."""
    estimated: tuple[Words, ...] = ()
    if target is None or sigma is None:
        chart = xmr(values).frozen
        center, spread = chart.center if target is None else float(target), chart.sigma if sigma is None else float(sigma)
        estimated = (Words(ESTIMATED["both" if target is None and sigma is None else "target" if target is None else "sigma"]),)
    else:
        center, spread = float(target), float(sigma)
    if not (np.isfinite(center) and np.isfinite(spread) and spread > 0):
        raise DataRefused("Without variation (sigma above 0) there are no limits. Give a target and a sigma.", argument="sigma")
    return center, spread, estimated


def _smoothed(values: Floats, target: float, weight: float) -> Floats:
    if not np.isnan(values.sum()):
        from scipy.signal import lfilter

        smoothed, _state = lfilter([weight], [1.0, weight - 1.0], values, zi=[(1 - weight) * target])
        return np.asarray(smoothed)
    held, answer = target, np.empty_like(values)
    for place, value in enumerate(values):
        held = held if np.isnan(value) else weight * value + (1 - weight) * held
        answer[place] = held
    return answer
