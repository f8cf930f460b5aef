"""Capability indices of a process against its specification, with intervals, and only where they mean something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.capability.intervals import actual, on_target, potential
from linchpin.statistics.capability.normality import Normality, normality
from linchpin.statistics.capability.within import Within, within
from linchpin.statistics.checking import between
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.constants import Precision
from linchpin.statistics.distributions import norm
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Specification:
    """Lower and upper limit (one may be missing) and target, in the unit of the values. Raises DataRefused when they contradict."""

    lower: float | None = None
    upper: float | None = None
    target: float | None = None

    def __post_init__(self) -> None:
        for name in ("lower", "upper", "target"):
            value = getattr(self, name)
            if value is not None and not np.isfinite(value):
                raise DataRefused("The {name} of the specification is not finite.", argument=name, name=name)
        if self.lower is None and self.upper is None:
            raise DataRefused("Give a lower or an upper specification limit, or both.", argument="lower")
        if self.lower is not None and self.upper is not None and self.lower >= self.upper:
            raise DataRefused("The lower specification limit must lie below the upper one.", argument="lower")

    def outside(self, values: Floats) -> float:
        """Share of values beyond the limits."""
        low = values < self.lower if self.lower is not None else np.zeros(values.shape, dtype=bool)
        high = values > self.upper if self.upper is not None else np.zeros(values.shape, dtype=bool)
        return float((low | high).mean())


@dataclass(frozen=True, slots=True)
class Indices:
    """Indices from one standard deviation. Without both limits there is no `both`; without a target no `target`. One-sided bounds of
    `lower` and `upper` have the confidence (1 + confidence)/2 each, so together 2·confidence − 1."""

    sigma: float
    degrees: float
    both: Estimate | None
    lower: Estimate | None
    upper: Estimate | None
    worst: Estimate
    target: Estimate | None
    ppm: float


@dataclass(frozen=True, slots=True)
class Capability:
    """`within` holds Cp, Cpl, Cpu, Cpk, Cpm and is None when the process is not stable; `overall` holds Pp, Ppl, Ppu, Ppk, Ppm."""

    kind: str
    n: int
    mean: float
    specification: Specification
    stable: bool
    within: Indices | None
    overall: Indices
    ppm_observed: float
    normality: Normality | None
    chart: ControlChart
    method: Words
    warnings: tuple[Words, ...]

    def plain(self) -> dict[str, Any]:
        names = {"both": "p", "lower": "pl", "upper": "pu", "worst": "pk", "target": "pm"}
        short = {f"c{name}": getattr(self.within, part) if self.within else None for part, name in names.items()}
        long = {f"p{name}": getattr(self.overall, part) for part, name in names.items()}
        sigmas = {"sigma_within": self.within.sigma if self.within else None, "sigma_overall": self.overall.sigma}
        parts = {"ppm_within": self.within.ppm if self.within else None, "ppm_overall": self.overall.ppm, "ppm_observed": self.ppm_observed}
        first = {"kind": self.kind, "n": self.n, "mean": self.mean, "stable": self.stable, "z": 3 * self.overall.worst.value}
        rest = {name: getattr(self, name) for name in ("specification", "normality", "method", "warnings")}
        return first | sigmas | short | long | parts | rest | {"signals": self.chart.signals}


def capability(
    values: Iterable[Any], *, lower: float | None = None, upper: float | None = None, target: float | None = None, confidence: float = 0.95,
    degrees: Literal["effective", "n-1"] = "effective", gate: bool = True, constants_as: Precision = "exact",
) -> Capability:  # fmt: skip
    """Cp = (USL−LSL)/6σ, Cpk = min(USL−x̄, x̄−LSL)/3σ, Cpm = Cp/√(1+((x̄−T)/σ)²) with σ within; Pp, Ppk, Ppm with σ overall.

    `values`: a series in the order of time, or rows of subgroups; missing values are left out. Intervals: exact for Cp and Pp,
    Bissell for Cpk and Ppk, Boyles for Cpm; σ within by range has fewer degrees of freedom than n − 1 (`degrees`).
    On an unstable process no Cp or Cpk is given, since it would speak of a process that does not exist; `gate=False` gives them all
    the same, marked, where the order of the values is not that of time. Sources: Montgomery; ISO 22514-2. Raises DataRefused.
    """
    between(confidence, 0, 1, "confidence")
    specification = Specification(lower, upper, target)
    found = within(values, constants_as)
    deviation = float(found.values.std(ddof=1))
    if not deviation > 0 or not found.sigma > 0:
        raise DataRefused("There is no variation in these values, so there is no capability to compute.", argument="values")
    mean, n = float(found.values.mean()), found.values.size
    free = n - 1.0 if degrees == "n-1" else found.degrees
    stable = found.chart.stable
    short = _indices(specification, mean, found.sigma, n, free, confidence) if stable or not gate else None
    checked = normality(found.values) if n >= 8 else None
    return Capability(
        "capability", n, mean, specification, stable, short, _indices(specification, mean, deviation, n, n - 1.0, confidence),
        1e6 * specification.outside(found.values), checked, found.chart,
        Words("Sigma within: {within}; sigma overall: standard deviation of all values.", within=found.words), tuple(_remarks(found, n, checked, gate)),
    )  # fmt: skip


def _indices(specification: Specification, mean: float, sigma: float, n: int, degrees: float, confidence: float) -> Indices:
    lower, upper, target = specification.lower, specification.upper, specification.target
    low = None if lower is None else (mean - lower) / (3 * sigma)
    high = None if upper is None else (upper - mean) / (3 * sigma)
    both = on = None
    if lower is not None and upper is not None:
        both = potential((upper - lower) / (6 * sigma), degrees, confidence)
        if target is not None:
            off = (mean - target) / sigma
            on = on_target(both.value / np.sqrt(1 + off * off), n, off, confidence)
    worst = min(index for index in (low, high) if index is not None)
    one_sided = 2 * confidence - 1
    sides = [None if index is None else actual(index, n, degrees, one_sided) if one_sided > 0 else None for index in (low, high)]
    ppm = 1e6 * sum(float(norm.sf(3 * index)) for index in (low, high) if index is not None)
    return Indices(sigma, degrees, both, sides[0], sides[1], actual(worst, n, degrees, confidence), on, ppm)


def _remarks(found: Within, n: int, checked: Normality | None, gate: bool) -> list[Words]:
    remarks = []
    if not found.chart.stable:
        points = sorted({*found.chart.signals.points, *(found.chart.companion.signals.points if found.chart.companion else [])})
        template = UNSTABLE if gate else UNGATED
        remarks.append(Words(template, points=", ".join(map(str, points[:10])) + (" …" if len(points) > 10 else "")))
    if n < 50:
        remarks.append(Words("With {n} values an index is rough: read its interval first.", n=n))
    if checked is not None and checked.doubtful:
        remarks.append(Words(NOT_NORMAL, p=checked.p))
    return remarks


UNSTABLE = "The process is not stable (signals at {points}), so Cp and Cpk are not given; Pp and Ppk only say how it performed."
UNGATED = "The chart has signals at {points}. If the values are in the order of time, the process is not stable and Cp and Cpk say nothing."
NOT_NORMAL = "The values are hardly normal (Anderson–Darling p = {p:.3g}), so tails and indices mislead. Use percentiles, or a transformation and say so."
