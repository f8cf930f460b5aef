"""Q2: a programme of improvement gains up to 25 % in efficiency. What did it gain here?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.claims.display import UNVERIFIED
from linchpin.statistics.effects.interrupted import Interrupted, interrupted
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import Words

CLAIM = 25.0


@dataclass(frozen=True, slots=True)
class Gain:
    """`gain` in percent at the named point against the trend before; `words` what may be said: the gain, and 25 % inside or outside."""

    kind: str
    n: int
    gain: Estimate
    series: Interrupted
    separable: bool
    verdict: Words
    against_claim: Words
    source: Words
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Gains:
    """Every unit's gain, since “up to” is a maximum: none hidden, the distribution before the best."""

    kind: str
    n: int
    units: tuple[tuple[str, Gain], ...]
    median: float
    quartiles: tuple[float, float]
    containing_claim: int
    method: Words


def gain(
    values: Iterable[Any], *, start: int, lower_is_better: bool = False, comparison: Iterable[Any] | None = None, at: int | None = None,
    claim: float = CLAIM, confidence: float = 0.95,
) -> Gain:  # fmt: skip
    """100·(exp(β) − 1) from a segmented regression of the logarithm, level and slope, Newey–West errors.

    `values`: output for each input, or with `lower_is_better` cost for each unit (a fall of cost is a gain), above 0, one a period; 12
    points on each side are wanted. “Can't separate from trend”: fewer than 8 points on a side, or the interval holds no change although
    the plain means differ clearly. Raises DataRefused.
    """
    found = interrupted(values, start=start, log=True, comparison=comparison, at=at, confidence=confidence)
    ratio = found.contrast
    bounds = [100 * (edge - 1) for edge in (ratio.value, ratio.lower, ratio.upper)]
    if lower_is_better:
        bounds = [-bounds[0], -bounds[2], -bounds[1]]
    estimate = Estimate(bounds[0], bounds[1], bounds[2], confidence)
    moved = not found.unadjusted.lower <= 0 <= found.unadjusted.upper
    separable = min(found.before, found.after) >= 8 and not (0 in estimate and moved)
    figures = {"gain": estimate.value, "level": 100 * confidence, "low": estimate.lower, "high": estimate.upper}
    said = Words("gain {gain:.1f} % ({level:.0f} % CI {low:.1f} to {high:.1f})", **figures)
    against = Words("{claim:g} % inside" if claim in estimate else "{claim:g} % outside", claim=claim)
    return Gain(
        "gain", found.n, estimate, found, separable, said if separable else Words("can't separate from trend"), against, UNVERIFIED,
        Words("Segmented regression of the logarithm, level and slope, at point {at}.", at=found.at), found.warnings,
    )  # fmt: skip


def gains(units: Mapping[str, Iterable[Any]], starts: Mapping[str, int], *, lower_is_better: bool = False, claim: float = CLAIM) -> Gains:
    """The gain of each unit, and how they are spread; units need not start at the same time."""
    found = tuple((name, gain(series(values), start=starts[name], lower_is_better=lower_is_better, claim=claim)) for name, values in units.items())
    each = np.array([one.gain.value for _name, one in found])
    low, middle, high = np.quantile(each, [0.25, 0.5, 0.75])
    inside = sum(claim in one.gain for _name, one in found)
    return Gains("gains", len(found), found, float(middle), (float(low), float(high)), inside, Words("Gain of each unit by segmented regression."))
