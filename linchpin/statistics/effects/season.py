"""Seasons in a model of a series: harmonics, or one term for each month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused


@dataclass(frozen=True, slots=True)
class Season:
    """`harmonics`: pairs of sine and cosine; `months`: one term for each place in the period but the first. `period` in points."""

    how: Literal["harmonics", "months"] = "harmonics"
    period: int = 12
    pairs: int = 2


def season_columns(season: Season | None, n: int) -> tuple[list[Floats], list[str]]:
    """Columns of the design for points 1 to n, and their names. Raises DataRefused for a period longer than the series."""
    if season is None:
        return [], []
    if not 2 <= season.period <= n or not 1 <= season.pairs <= season.period // 2:
        raise DataRefused("A season needs a period from 2 points up to the length of the series, and fewer pairs than half of it.", argument="season")
    time = np.arange(1.0, n + 1)
    if season.how == "months":
        place = np.arange(n) % season.period
        return [(place == p).astype(np.float64) for p in range(1, season.period)], [f"season {p + 1}" for p in range(1, season.period)]
    angle = 2 * np.pi * time / season.period
    waves = [wave(pair * angle) for pair in range(1, season.pairs + 1) for wave in (np.sin, np.cos)]
    return waves, [f"{name} {pair}" for pair in range(1, season.pairs + 1) for name in ("sine", "cosine")]
