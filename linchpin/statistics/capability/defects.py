"""Defects: sigma level of a defect rate, and the loss of being off target."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from linchpin.statistics.checking import between, present
from linchpin.statistics.distributions import norm
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class SigmaLevel:
    """Defects per million opportunities and the sigma level; `shift` was added to it by convention."""

    dpmo: float
    level: float
    shift: float
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """Mean loss for each item, in the unit of the cost; `factor` is the loss for one squared unit off target."""

    n: int
    factor: float
    mean_loss: float
    method: Words


def sigma_level(dpmo: float, *, shift: float = 1.5) -> SigmaLevel:
    """Φ⁻¹(1 − dpmo/10⁶) + shift. `dpmo` lies between 0 and 1,000,000. The shift of 1.5 is a convention of Six Sigma, no measurement."""
    between(dpmo, 0, 1e6, "dpmo")
    remarks = (Words("The level includes a shift of {shift:g} sigma, which is a convention and was not measured.", shift=shift),) if shift else ()
    return SigmaLevel(dpmo, float(norm.isf(dpmo / 1e6)) + shift, shift, Words("Normal quantile of the share without defect."), remarks)


def taguchi_loss(values: Iterable[Any], *, target: float, tolerance: float, cost: float) -> Loss:
    """k·mean((x−T)²) with k = cost/tolerance². `tolerance`: distance from target at which one item costs `cost`."""
    there, _missing = present(values)
    if not tolerance > 0:
        raise DataRefused("The tolerance must be above 0.", argument="tolerance")
    factor = cost / tolerance**2
    return Loss(there.size, factor, factor * float(((there - target) ** 2).mean()), Words("Quadratic loss around the target (Taguchi)."))
