"""CUSUM chart: sums of what goes beyond a slack, for small lasting shifts and for when they began."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import between, series
from linchpin.statistics.control.chart import MISSING
from linchpin.statistics.control.ewma import known_or_estimated
from linchpin.statistics.control.rules import Signal
from linchpin.statistics.results import Floats, Whole
from linchpin.statistics.words import Words


@dataclass(frozen=True, slots=True)
class Cusum:
    """Sums above and below in the unit of the data, both from 0 up; `runs_*` counts the points since the sum was last 0.

    `began` names the point after which the first signal's shift most likely began, or None.
    """

    kind: str
    data: Floats
    above: Floats
    below: Floats
    runs_above: Whole
    runs_below: Whole
    target: float
    sigma: float
    slack: float
    interval: float
    n: int
    signals: tuple[Signal, ...]
    began: int | None
    method: Words
    warnings: tuple[Words, ...]

    def plain(self) -> dict[str, Any]:
        first = {"kind": self.kind, "n": self.n, "center": self.target, "sigma": self.sigma, "lower": -self.interval, "upper": self.interval}
        rest = ("signals", "warnings", "method", "above", "below", "runs_above", "runs_below", "slack", "interval", "began")
        return first | {name: getattr(self, name) for name in rest}


def cusum(
    values: Iterable[Any], *, target: float | None = None, sigma: float | None = None, slack: float = 0.5, interval: float = 5.0,
) -> Cusum:  # fmt: skip
    """C⁺ᵢ = max(0, xᵢ − (μ₀+K) + C⁺ᵢ₋₁), C⁻ᵢ = max(0, (μ₀−K) − xᵢ + C⁻ᵢ₋₁), with K = slack·σ; a signal where a sum exceeds H = interval·σ.

    `values`: points or means of subgroups, with `sigma` the standard deviation of one of them. Target and sigma not given are
    estimated as on an XmR chart, which the result says. A gap leaves the sums where they were.
    Source: NIST e-Handbook 6.3.2.3, Montgomery.
    """
    array = series(values, minimum=2)
    between(slack, -1e-12, np.inf, "slack")
    between(interval, 0, np.inf, "interval")
    center, spread, estimated = known_or_estimated(array, target, sigma)
    steps = np.where(np.isnan(array), 0.0, array - center)
    allowance = np.where(np.isnan(array), 0.0, slack * spread)
    above, runs_above = _sums(steps - allowance)
    below, runs_below = _sums(-steps - allowance)
    signals = _signals(above, below, interval * spread)
    began = None
    if signals:
        first = signals[0].index - 1
        began = int(first + 1 - (runs_above[first] if above[first] > interval * spread else runs_below[first]))
    missing = int(np.isnan(array).sum())
    return Cusum(
        "cusum", array, above, below, runs_above, runs_below, center, spread, slack * spread, interval * spread, array.size - missing, signals, began,
        Words("Tabular CUSUM with slack {slack:g} sigma and decision interval {interval:g} sigma.", slack=slack, interval=interval),
        (*estimated, *([Words(MISSING, missing=missing, total=array.size)] if missing else [])),
    )  # fmt: skip


def _sums(steps: Floats) -> tuple[Floats, Whole]:
    sums, runs = np.empty_like(steps), np.zeros(steps.size, dtype=np.int64)
    held, run = 0.0, 0
    for place, step in enumerate(steps.tolist()):
        held = max(0.0, held + step)
        run = run + 1 if held > 0 else 0
        sums[place], runs[place] = held, run
    return sums, runs


def _signals(above: Floats, below: Floats, interval: float) -> tuple[Signal, ...]:
    up = [Signal(int(i) + 1, "above-interval", Words("the sum above the target exceeds the decision interval")) for i in np.flatnonzero(above > interval)]
    down = [Signal(int(i) + 1, "below-interval", Words("the sum below the target exceeds the decision interval")) for i in np.flatnonzero(below > interval)]
    return tuple(sorted(up + down, key=lambda signal: signal.index))
