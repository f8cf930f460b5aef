"""What every control chart gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linchpin.statistics.control.rules import Signals
from linchpin.statistics.plain import plain
from linchpin.statistics.results import Floats
from linchpin.statistics.words import Words


@dataclass(frozen=True, slots=True)
class Frozen:
    """Limits as estimated once, to judge later points by. They change only when somebody freezes new ones.

    `sigma` is the standard deviation of single values on charts of measurements, and the dispersion of Laney's charts
    stands in `inflation`; on charts of counts the spread follows from the center. `spread` is the mean moving range, mean
    range or mean standard deviation that sigma came from.
    """

    center: float
    sigma: float
    spread: float = np.nan
    inflation: float = 1.0


@dataclass(frozen=True, slots=True)
class Stage:
    """Points `first` to `last` (counted from 1) with limits of their own, estimated from `used` of them; 0 means frozen earlier."""

    first: int
    last: int
    used: int
    limits: Frozen


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Points, center, limits and signals.

    `values` are the plotted points (NaN: missing); `center`, `lower`, `upper` are numbers, or arrays where they differ by
    point. `sigma` is the standard deviation of single values on charts of measurements, and the standard error of the plotted
    point on charts of counts. `n` counts the points that are there. `companion` is the chart of spread that belongs to it.
    """

    kind: str
    values: Floats
    center: float | Floats
    sigma: float | Floats
    lower: float | Floats
    upper: float | Floats
    n: int
    signals: Signals
    stages: tuple[Stage, ...]
    method: Words
    warnings: tuple[Words, ...] = ()
    companion: ControlChart | None = None
    excluded: tuple[int, ...] = ()
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def frozen(self) -> Frozen:
        """The limits of the last stage, to be kept and given as `frozen=` when later points are judged."""
        return self.stages[-1].limits

    @property
    def sigma_within(self) -> float:
        """Sigma of single values in the last stage, on charts of measurements."""
        return self.frozen.sigma

    @property
    def stable(self) -> bool:
        """No signal here nor on the chart of spread, as far as the points tell."""
        return not len(self.signals) and (self.companion is None or self.companion.stable)

    @property
    def provisional(self) -> bool:
        """Whether the limits rest on too few points to be frozen."""
        return any(warning.template in PROVISIONAL.values() for warning in self.warnings)

    def plain(self) -> dict[str, Any]:
        """`kind, n, center, sigma, lower, upper, signals, warnings` first, then what else there is."""
        first = {name: getattr(self, name) for name in ("kind", "n", "center", "sigma", "lower", "upper", "signals", "warnings", "method")}
        rest = {"values": self.values, "stages": self.stages, "excluded": self.excluded}
        joined = first | rest | self.details
        return joined if self.companion is None else joined | {"companion": plain(self.companion)}


PROVISIONAL = {
    "points": "The limits are provisional: they rest on {used} points, and {wanted} are needed before they may be frozen.",
    "subgroups": "The limits are provisional: they rest on {used} subgroups, and {wanted} are needed before they may be frozen.",
}
NO_VARIATION = "No variation: the points that the limits rest on show none, so there are no limits and nothing is judged."
MISSING = "{missing} of {total} points are missing. They are shown as gaps; no pattern runs across a gap."
