"""Two waves of a survey whose answers are not linked to people: did the mean change?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from linchpin.statistics.checking import present
from linchpin.statistics.distributions import t
from linchpin.statistics.effects.holm import holm
from linchpin.statistics.results import Estimate
from linchpin.statistics.surveys.shares import LEAST
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class WaveChange:
    """Second mean minus first, Welch's t with its degrees of freedom and p, Cohen's d and its correction for small n (Hedges' g)."""

    kind: str
    n: int
    difference: Estimate
    t: float
    degrees: float
    p: float
    d: float
    g: float
    method: Words
    warnings: tuple[Words, ...]
    p_adjusted: float | None = None


def wave_change(first: Iterable[Any], second: Iterable[Any], *, confidence: float = 0.95, k: int = LEAST) -> WaveChange:
    """From the answers of two independent waves; missing ones are left out. Raises DataRefused for fewer than k answers in one of them."""
    (one, _), (two, _) = present(first, "first", minimum=0), present(second, "second", minimum=0)
    if min(one.size, two.size) < max(k, 2):
        raise DataRefused("Fewer than {k} answers in a wave: no change is shown.", argument="first", k=k)
    sizes, means, deviations = (one.size, two.size), (float(one.mean()), float(two.mean())), (float(one.std(ddof=1)), float(two.std(ddof=1)))
    return wave_change_of(sizes, means, deviations, confidence=confidence, k=k)


def wave_change_of(
    sizes: tuple[int, int], means: tuple[float, float], deviations: tuple[float, float], *, confidence: float = 0.95, k: int = LEAST,
) -> WaveChange:  # fmt: skip
    """From sizes, means and standard deviations: Welch's t and interval; d uses the pooled deviation."""
    if min(sizes) < max(k, 2):
        raise DataRefused("Fewer than {k} answers in a wave: no change is shown.", argument="sizes", k=k)
    if min(deviations) < 0 or max(deviations) == 0:
        raise DataRefused("Without any spread in the answers no change can be tested.", argument="deviations")
    parts = [deviation**2 / n for deviation, n in zip(deviations, sizes, strict=True)]
    difference, error = means[1] - means[0], float(np.sqrt(sum(parts)))
    degrees = sum(parts) ** 2 / sum(part**2 / (n - 1) for part, n in zip(parts, sizes, strict=True))
    half = float(t.ppf((1 + confidence) / 2, degrees)) * error
    free = sum(sizes) - 2
    pooled = np.sqrt(sum((n - 1) * deviation**2 for n, deviation in zip(sizes, deviations, strict=True)) / free)
    d = float(difference / pooled)
    return WaveChange(
        "wave-change", sum(sizes), Estimate(difference, difference - half, difference + half, confidence), difference / error, degrees,
        float(2 * t.sf(abs(difference / error), degrees)), d, d * (1 - 3 / (4 * free - 1)), Words("Welch's t for independent waves."), (),
    )  # fmt: skip


def wave_changes(first: Mapping[str, Iterable[Any]], second: Mapping[str, Iterable[Any]], *, confidence: float = 0.95, k: int = LEAST) -> dict[str, WaveChange]:
    """One change for each dimension that both waves have, with p adjusted by Holm for their number."""
    found = {name: wave_change(first[name], second[name], confidence=confidence, k=k) for name in first if name in second}
    adjusted = holm([change.p for change in found.values()])
    return {name: replace(change, p_adjusted=p) for (name, change), p in zip(found.items(), adjusted, strict=True)}
