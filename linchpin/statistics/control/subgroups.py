"""Subgroups: means, ranges and standard deviations of the rows of a table, with their sizes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import table
from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused


@dataclass(frozen=True, slots=True)
class Subgroups:
    """One entry a subgroup. An empty subgroup has size 0 and NaN; one of a single value has no spread."""

    sizes: Floats
    means: Floats
    ranges: Floats
    deviations: Floats

    @property
    def common_size(self) -> int | None:
        """The size of all subgroups that are there, or None when they differ."""
        sizes = np.unique(self.sizes[self.sizes > 0])
        return int(sizes[0]) if sizes.size == 1 else None


def subgroups(rows: Iterable[Iterable[Any]]) -> Subgroups:
    """Summaries of rows of measurements in one unit; NaN and None are values that were not taken. Raises DataRefused."""
    values = table(rows, "subgroups")
    if values.shape[0] < 2 or values.shape[1] < 2:
        raise DataRefused("At least 2 subgroups of at least 2 values are needed. For single values use an XmR chart.", argument="subgroups")
    if np.isnan(values.sum()):
        return _with_gaps(values)
    columns = np.ascontiguousarray(values.T)
    means = columns.mean(axis=0)
    squares = ((columns - means) ** 2).sum(axis=0)
    size = values.shape[1]
    return Subgroups(np.full(means.size, float(size)), means, columns.max(axis=0) - columns.min(axis=0), np.sqrt(squares / (size - 1)))


def _with_gaps(values: Floats) -> Subgroups:
    there = ~np.isnan(values)
    sizes = there.sum(axis=1).astype(np.float64)
    some = np.where(sizes > 0, sizes, np.nan)
    more = np.where(sizes > 1, sizes, np.nan)
    means = np.where(there, values, 0.0).sum(axis=1) / some
    squares = np.where(there, values - means[:, None], 0.0)
    largest, smallest = np.where(there, values, -np.inf).max(axis=1), np.where(there, values, np.inf).min(axis=1)
    ranges = np.where(sizes > 1, largest, np.nan) - np.where(sizes > 1, smallest, 0.0)
    return Subgroups(sizes, means, ranges, np.sqrt((squares**2).sum(axis=1) / (more - 1)))


def grouped(values: Iterable[Any], groups: Iterable[Any]) -> list[list[Any]]:
    """Rows of a table from one value and one subgroup name a line, in the order in which the subgroups first appear."""
    rows: dict[Any, list[Any]] = {}
    held, names = list(values), list(groups)
    if len(held) != len(names):
        raise DataRefused("There are {one} values, but {two} names of subgroups.", argument="groups", one=len(held), two=len(names))
    for value, name in zip(held, names, strict=True):
        rows.setdefault(name, []).append(value)
    return list(rows.values())
