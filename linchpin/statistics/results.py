"""Shapes that many results share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its interval. A bound is NaN where the interval has no finite bound or cannot be computed."""

    value: float
    lower: float
    upper: float
    confidence: float = 0.95

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def scaled(self, factor: float) -> Estimate:
        """The same estimate in another unit; `factor` is positive."""
        return Estimate(self.value * factor, self.lower * factor, self.upper * factor, self.confidence)
