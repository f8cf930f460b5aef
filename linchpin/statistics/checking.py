"""Turning what callers hand over into arrays, or refusing it with a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused


def series(values: Iterable[Any], argument: str = "values", *, minimum: int = 1) -> Floats:
    """A one-dimensional array of finite numbers, NaN where a value is missing. `minimum` counts the values that are there."""
    array = _floats(values, argument)
    if array.ndim != 1:
        raise DataRefused("“{argument}” must be one row of numbers, but has {dimensions} dimensions.", argument=argument, dimensions=array.ndim)
    total = float(array.sum()) if array.size else 0.0
    there = array.size
    if not np.isfinite(total):
        _refuse_infinite(array, argument)
        there -= int(np.isnan(array).sum())
    if there < minimum:
        raise DataRefused("“{argument}” has {there} values; at least {minimum} are needed.", argument=argument, there=there, minimum=minimum)
    return array


def complete(values: Iterable[Any], argument: str = "values", *, minimum: int = 1) -> Floats:
    """Like `series`, but a missing value is refused."""
    array = series(values, argument, minimum=minimum)
    missing = np.flatnonzero(np.isnan(array))
    if missing.size:
        raise DataRefused("Value {row} of “{argument}” is missing.", argument=argument, row=int(missing[0]) + 1)
    return array


def present(values: Iterable[Any], argument: str = "values", *, minimum: int = 1) -> tuple[Floats, int]:
    """The values that are there, and how many are missing."""
    array = series(values, argument, minimum=minimum)
    there = array[~np.isnan(array)]
    return there, array.size - there.size


def counts(values: Iterable[Any], argument: str = "counts", *, minimum: int = 1) -> Floats:
    """Whole numbers from 0 up, NaN where one is missing."""
    array = series(values, argument, minimum=minimum)
    _refuse_where(array < 0, array, argument, "Value {row} of “{argument}” is {value:g}: a count cannot be negative.")
    _refuse_where(np.isfinite(array) & (array != np.floor(array)), array, argument, "Value {row} of “{argument}” is {value:g}: a count is a whole number.")
    return array


def table(rows: Iterable[Iterable[Any]], argument: str = "rows") -> Floats:
    """A two-dimensional array of finite numbers, NaN where a value is missing; shorter rows are filled with NaN."""
    if isinstance(rows, np.ndarray) and rows.ndim == 2:
        array = _floats(rows, argument)
    else:
        parts = [_floats(row, argument) for row in rows]
        array = np.full((len(parts), max((part.size for part in parts), default=0)), np.nan)
        for number, part in enumerate(parts):
            array[number, : part.size] = part
    if not array.size:
        raise DataRefused("“{argument}” is empty.", argument=argument)
    if not np.isfinite(array.sum()):
        _refuse_infinite(array, argument)
    return array


def same_length(first: Floats, second: Floats, first_argument: str, second_argument: str) -> None:
    if first.shape != second.shape:
        raise DataRefused(
            "“{argument}” has {one} values, but “{other}” has {two}: they must be pairs.",
            argument=first_argument, other=second_argument, one=first.size, two=second.size,
        )  # fmt: skip


def between(value: float, lower: float, upper: float, argument: str) -> float:
    """A number strictly between two bounds."""
    if not lower < value < upper:
        raise DataRefused("“{argument}” is {value}; it must lie between {lower} and {upper}.", argument=argument, value=value, lower=lower, upper=upper)
    return float(value)


def _floats(values: Iterable[Any], argument: str) -> Floats:
    held = values if isinstance(values, np.ndarray) else np.asarray(list(values), dtype=object)
    if held.dtype.kind in "fiu":
        return held.astype(np.float64, copy=False)
    if held.dtype != object:
        held = held.astype(object)
    flat = [_number(value, number, argument) for number, value in enumerate(held.ravel(), 1)]
    return np.asarray(flat, dtype=np.float64).reshape(held.shape)


def _number(value: Any, row: int, argument: str) -> float:
    if value is None:
        return np.nan
    if isinstance(value, bool | np.bool_ | str | bytes):
        raise DataRefused("Value {row} of “{argument}” is no number: “{value}”.", argument=argument, row=row, value=value)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise DataRefused("Value {row} of “{argument}” is no number: “{value}”.", argument=argument, row=row, value=value) from error


def _refuse_infinite(array: Floats, argument: str) -> None:
    _refuse_where(np.isinf(array).ravel(), array.ravel(), argument, "Value {row} of “{argument}” is infinite.")


def _refuse_where(flags: Any, array: Floats, argument: str, template: str) -> None:
    found = np.flatnonzero(flags)
    if found.size:
        raise DataRefused(template, argument=argument, row=int(found[0]) + 1, value=float(array[found[0]]))
