"""Intervals of capability indices."""

from __future__ import annotations

import math

from linchpin.statistics.distributions import chi2, norm
from linchpin.statistics.results import Estimate


def potential(index: float, degrees: float, confidence: float) -> Estimate:
    """Cp, Pp: Ĉ√(χ²/ν) at both tails, exact for a normal process. `degrees`: ν of the standard deviation."""
    tail = (1 - confidence) / 2
    low, high = (math.sqrt(float(chi2.ppf(chance, degrees)) / degrees) for chance in (tail, 1 - tail))
    return Estimate(index, index * low, index * high, confidence)


def actual(index: float, n: int, degrees: float, confidence: float) -> Estimate:
    """Cpk, Ppk: Ĉ(1 ± z√(1/(9nĈ²) + 1/(2ν))), approximate. Source: Bissell (1990)."""
    if not index:
        return Estimate(0.0, math.nan, math.nan, confidence)
    half = float(norm.ppf((1 + confidence) / 2)) * math.sqrt(1 / (9 * n * index * index) + 1 / (2 * degrees))
    low, high = index * (1 - half), index * (1 + half)
    return Estimate(index, min(low, high), max(low, high), confidence)


def on_target(index: float, n: int, off: float, confidence: float) -> Estimate:
    """Cpm: Ĉ√(χ²/ν) with ν = n(1+δ²)²/(1+2δ²), δ = (x̄−T)/σ̂ = `off`. Source: Boyles (1991)."""
    return potential(index, n * (1 + off * off) ** 2 / (1 + 2 * off * off), confidence)
