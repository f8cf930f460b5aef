"""A 5×5 risk matrix: levels from a stored table that never falls when likelihood or consequence rises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from linchpin.statistics.words import DataRefused, Words

LEVELS = ("low", "medium", "high", "extreme")


@dataclass(frozen=True, slots=True)
class RiskMatrix:
    """`cells[l-1][c-1]` is the level of likelihood l and consequence c, both 1 to 5. Raises DataRefused when not monotone."""

    cells: tuple[tuple[str, ...], ...]
    levels: tuple[str, ...] = LEVELS

    def __post_init__(self) -> None:
        if len(self.cells) != 5 or any(len(row) != 5 for row in self.cells):
            raise DataRefused("A risk matrix has 5 rows and 5 columns.", argument="cells")
        unknown = {level for row in self.cells for level in row} - set(self.levels)
        if unknown:
            raise DataRefused("The matrix names levels that are not among {levels}: {unknown}.", argument="cells", levels=", ".join(self.levels),
                              unknown=", ".join(sorted(unknown)))  # fmt: skip
        ranks = np.array([[self.levels.index(level) for level in row] for row in self.cells])
        for axis, name in ((0, "likelihood"), (1, "consequence")):
            falls = np.argwhere(np.diff(ranks, axis=axis) < 0)
            if falls.size:
                row, column = (int(i) + 1 for i in falls[0])
                raise DataRefused(FALLS, argument="cells", name=name, likelihood=row, consequence=column)

    def level(self, likelihood: int, consequence: int) -> str:
        """The level of one risk. Raises DataRefused for ratings outside 1 to 5."""
        for name, rating in (("likelihood", likelihood), ("consequence", consequence)):
            if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
                raise DataRefused("The {name} is {rating}: it must be a whole number from 1 to 5.", argument=name, name=name, rating=rating)
        return self.cells[likelihood - 1][consequence - 1]

    def rank(self, risks: Iterable[tuple[int, int]]) -> list[int]:
        """Places of (likelihood, consequence) pairs from the gravest: by level, then consequence, then likelihood."""
        held = list(risks)
        return sorted(range(len(held)), key=lambda i: (-self.levels.index(self.level(*held[i])), -held[i][1], -held[i][0]))


FALLS = "The level falls when the {name} rises from the cell with likelihood {likelihood} and consequence {consequence}: a matrix must not do that."


def default_matrix() -> RiskMatrix:
    """Extreme: consequence 5 with likelihood 3 up, or 4 with 4 up; high: product from 10; medium: from 5; else low. A convention of ours."""
    return RiskMatrix(tuple(tuple(_level(likelihood, consequence) for consequence in range(1, 6)) for likelihood in range(1, 6)))


def _level(likelihood: int, consequence: int) -> str:
    if (consequence == 5 and likelihood >= 3) or (consequence == 4 and likelihood >= 4):
        return "extreme"
    product = likelihood * consequence
    return "high" if product >= 10 else "medium" if product >= 5 else "low"


@dataclass(frozen=True, slots=True)
class Assessment:
    """Ratings of several assessors: the median (the graver of two middle ones), and how far they lie apart."""

    n: int
    median: int
    lowest: int
    highest: int
    warnings: tuple[Words, ...]


def assessed(ratings: Sequence[int]) -> Assessment:
    """Median and spread of ordinal ratings from 1 to 5; a mean would treat them as measured. Raises DataRefused."""
    if not ratings or any(isinstance(r, bool) or not isinstance(r, int) or not 1 <= r <= 5 for r in ratings):
        raise DataRefused("Ratings are whole numbers from 1 to 5, and there must be at least one.", argument="ratings")
    ordered = sorted(ratings)
    apart = ordered[-1] - ordered[0]
    said = (Words("The assessors lie {apart} steps apart: talk before deciding.", apart=apart),) if apart >= 2 else ()
    return Assessment(len(ordered), ordered[len(ordered) // 2], ordered[0], ordered[-1], said)
