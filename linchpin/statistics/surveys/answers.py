"""Answers of a survey as a table: checked, and turned so that more is better."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import numpy as np

from linchpin.statistics.checking import table
from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused


def answers(rows: Iterable[Iterable[Any]], *, scale: tuple[float, float] | None = None, reverse: Collection[int] = ()) -> Floats:
    """Respondents × items, NaN where nothing was answered. `scale`: lowest and highest answer; items in `reverse` (counted from 1) are
    turned around on it. Raises DataRefused for an answer outside the scale, naming respondent and item."""
    held = table(rows, "answers")
    if scale is not None:
        wrong = np.argwhere((held < scale[0]) | (held > scale[1]))
        if wrong.size:
            row, item = (int(i) for i in wrong[0])
            raise DataRefused("Answer {value:g} of respondent {row} to item {item} lies outside the scale from {low:g} to {high:g}.", argument="answers",
                              row=row + 1, item=item + 1, value=float(held[row, item]), low=scale[0], high=scale[1])  # fmt: skip
    if not reverse:
        return held
    if scale is None:
        raise DataRefused("Items can be reversed only on a known scale.", argument="scale")
    turned = held.copy()
    for item in reverse:
        if not 1 <= item <= held.shape[1]:
            raise DataRefused("There is no item {item} to reverse; there are {items}.", argument="reverse", item=item, items=held.shape[1])
        turned[:, item - 1] = scale[0] + scale[1] - held[:, item - 1]
    return turned


def names_of(items: Sequence[str] | None, count: int) -> tuple[str, ...]:
    """The names given, or the numbers of the items."""
    if items is None:
        return tuple(str(number) for number in range(1, count + 1))
    if len(items) != count or len(set(items)) != count:
        raise DataRefused("There are {count} items, but {names} different names.", argument="items", count=count, names=len(set(items)))
    return tuple(items)
