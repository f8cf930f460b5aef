"""A crossed gauge study: every appraiser measures every part several times."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import complete
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

SOURCES = ("repeatability", "reproducibility", "gauge", "part", "total")


@dataclass(frozen=True, slots=True)
class Component:
    """One source of spread. `variance`, `sigma` in the unit of the values; shares in percent, of the total variance
    (`contribution`), of the total sigma (`study_variation`) and of the tolerance (6 sigma; None without one)."""

    source: str
    variance: float
    sigma: float
    contribution: float
    study_variation: Estimate
    tolerance: float | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Gauge verdict by the limits of AIAG MSA, 4th edition: below 10 % good, up to 30 % conditional, above not acceptable."""

    code: str
    words: Words


def verdict(percent: float, categories: int) -> Verdict:
    """`percent`: gauge share of study variation; `categories`: number of distinct categories, of which 5 are wanted."""
    code = "good" if percent < 10 else "conditional" if percent <= 30 else "not-acceptable"
    said = Words(SAID[code])
    if categories >= 5:
        return Verdict(code, Words("The gauge takes {percent:.1f} % of the study variation: {said}.", percent=percent, said=said))
    return Verdict(code, Words(COARSE, percent=percent, said=said, categories=categories))


SAID = {"good": "good", "conditional": "conditional: it depends on use and cost", "not-acceptable": "not acceptable"}
COARSE = "The gauge takes {percent:.1f} % of the study variation: {said}; it tells only {categories} categories apart, and 5 are wanted."


def crossed(values: Iterable[Any], parts: Iterable[Any], appraisers: Iterable[Any]) -> Floats:
    """The measurements as parts × appraisers × trials, in the order in which the names first appear. Raises DataRefused when unbalanced."""
    array = complete(values, minimum=4)
    part_names, who = list(parts), list(appraisers)
    if not len(array) == len(part_names) == len(who):
        raise DataRefused("Values, parts and appraisers must have the same length.", argument="values")
    cells: dict[tuple[Any, Any], list[float]] = {}
    for value, part, person in zip(array.tolist(), part_names, who, strict=True):
        cells.setdefault((part, person), []).append(value)
    rows, columns = list(dict.fromkeys(part_names)), list(dict.fromkeys(who))
    trials = len(next(iter(cells.values())))
    if any(len(cells.get((part, person), ())) != trials for part in rows for person in columns):
        raise DataRefused("The study is unbalanced: every appraiser must measure every part the same number of times.", argument="values")
    if array.min() == array.max():
        raise DataRefused("All measurements are the same: there is no spread to divide.", argument="values")
    if len(rows) < 2 or trials < 2:
        raise DataRefused("A gauge study needs at least 2 parts and 2 trials by each appraiser.", argument="values")
    return np.array([[cells[part, person] for person in columns] for part in rows])


def remarks(cube: Floats) -> list[Words]:
    """What the size of the study leaves uncertain."""
    parts, appraisers, _trials = cube.shape
    found = []
    if parts < 5:
        found.append(Words("With {parts} parts the spread between parts is hardly known; 10 are usual, 5 the least.", parts=parts))
    if appraisers < 2:
        found.append(Words("With one appraiser nothing can be said about differences between people."))
    return found


def components(variances: dict[str, float], intervals: dict[str, tuple[float, float]], tolerance: float | None, confidence: float) -> tuple[Component, ...]:
    """Components from their variances, and the intervals of their percent of study variation."""
    total = variances["total"]
    found = []
    for source in SOURCES:
        variance = variances[source]
        sigma, share = float(np.sqrt(variance)), float(np.sqrt(variance / total))
        low, high = intervals.get(source, (np.nan, np.nan))
        of_tolerance = None if tolerance is None else 100 * 6 * sigma / tolerance
        found.append(Component(source, variance, sigma, 100 * variance / total, Estimate(100 * share, 100 * low, 100 * high, confidence), of_tolerance))
    return tuple(found)


def categories(part: float, gauge: float) -> int:
    """Number of distinct categories: 1.41·σ_part/σ_gauge, rounded down, at least 1."""
    return max(1, int(1.41 * part / gauge)) if gauge > 0 else 10**6
