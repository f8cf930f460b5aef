"""Gauge R&R by averages and ranges, as on the paper form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.control.constants import constants
from linchpin.statistics.gauge.study import Component, Verdict, categories, components, crossed, remarks, verdict
from linchpin.statistics.words import DataRefused, Words

K1 = {2: 0.8862, 3: 0.5908}
K2 = {1: 0.0, 2: 0.7071, 3: 0.5231}
K3 = {2: 0.7071, 3: 0.5231, 4: 0.4467, 5: 0.4030, 6: 0.3742, 7: 0.3534, 8: 0.3375, 9: 0.3249, 10: 0.3146}
"""1/d2* of the AIAG form for trials, appraisers and parts."""


@dataclass(frozen=True, slots=True)
class GaugeRange:
    """Figures of the form. `beyond` names cells (part, appraiser; counted from 1) whose range exceeds its limit."""

    kind: str
    n: int
    parts: int
    appraisers: int
    trials: int
    mean_range: float
    difference: float
    part_range: float
    range_limit: float
    beyond: tuple[tuple[int, int], ...]
    components: tuple[Component, ...]
    ndc: int
    ndc_exact: float
    verdict: Verdict
    method: Words
    warnings: tuple[Words, ...]


def gauge_average_range(values: Iterable[Any], parts: Iterable[Any], appraisers: Iterable[Any], *, tolerance: float | None = None) -> GaugeRange:
    """EV = R̿·K1; AV = √max(0, (X̄diff·K2)² − EV²/(n·r)); GRR = √(EV²+AV²); PV = Rp·K3; TV = √(GRR²+PV²); all as sigma.

    2 or 3 trials, 1 to 3 appraisers, 2 to 10 parts, balanced. It gives no intervals and knows no interaction: prefer `gauge_anova`.
    Source: AIAG MSA, 4th edition. Raises DataRefused for other sizes.
    """
    cube = crossed(values, parts, appraisers)
    size, people, trials = cube.shape
    if trials not in K1 or people not in K2 or size not in K3:
        raise DataRefused("The form is made for 2 to 10 parts, 1 to 3 appraisers and 2 or 3 trials. Use the analysis of variance.", argument="values")
    ranges = np.ptp(cube, axis=2)
    mean_range, means = float(ranges.mean()), cube.mean(axis=(0, 2))
    difference, part_range = float(np.ptp(means)), float(np.ptp(cube.mean(axis=(1, 2))))
    repeatability = mean_range * K1[trials]
    reproducibility = float(np.sqrt(max(0.0, (difference * K2[people]) ** 2 - repeatability**2 / (size * trials))))
    gauge = float(np.hypot(repeatability, reproducibility))
    part = part_range * K3[size]
    sigmas = {"repeatability": repeatability, "reproducibility": reproducibility, "gauge": gauge, "part": part, "total": float(np.hypot(gauge, part))}
    found = components({name: sigma**2 for name, sigma in sigmas.items()}, {}, tolerance, 0.95)
    limit = constants(trials).d4_limit * mean_range
    beyond = tuple((int(p) + 1, int(a) + 1) for p, a in zip(*np.nonzero(ranges > limit), strict=True))
    count = categories(part, gauge)
    said = [Words("The range of part {part} of appraiser {person} is beyond its limit. Find out why before trusting the rest.", part=p, person=a)
            for p, a in beyond]  # fmt: skip
    return GaugeRange(
        "gauge-range", cube.size, size, people, trials, mean_range, difference, part_range, limit, beyond, found, count,
        1.41 * part / gauge if gauge > 0 else np.inf, verdict(found[2].study_variation.value, count),
        Words("Averages and ranges, constants of the AIAG form."), (*remarks(cube), *said),
    )  # fmt: skip
