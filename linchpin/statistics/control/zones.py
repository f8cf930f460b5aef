"""Where points lie, seen from the center and the limits, as sets of bits: bit i speaks of point i.

A million flags are one integer of 125 kB, on which a shift or a conjunction takes microseconds; windows cost nothing beside
the comparisons themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np

from linchpin.statistics.results import Flags, Floats, Whole

BLOCK = 1 << 16
"""Values looked at together: half a megabyte, which the caches of common processors hold."""


class Zones:
    """Comparisons of a series with its center, limits and multiples of its spread, each made once and only when asked for.

    `center`, `lower`, `upper` and `error` are numbers, or arrays as long as the series. NaN compares as false everywhere.
    `complete`: the caller knows that no value is missing.
    """

    def __init__(
        self, values: Floats, center: float | Floats, lower: float | Floats, upper: float | Floats, error: float | Floats, *, complete: bool = False,
    ) -> None:  # fmt: skip
        self._values, self._center, self._lower, self._upper, self._error = values, center, lower, upper, error
        self._complete = complete
        self._beyond: dict[int, tuple[int, int]] = {}

    @property
    def over(self) -> int:
        return self._outside[0]

    @property
    def under(self) -> int:
        return self._outside[1]

    def above(self, sigmas: int) -> int:
        """Beyond the center by more than so many sigma, upwards."""
        return self._sides(sigmas)[0]

    def below(self, sigmas: int) -> int:
        """Beyond the center by more than so many sigma, downwards."""
        return self._sides(sigmas)[1]

    @cached_property
    def within(self) -> int:
        """Less than one sigma from the center."""
        high, low = self._center + self._error, self._center - self._error
        return self._together(lambda part, values: (values < _of(high, part)) & (values > _of(low, part)))[0]

    @property
    def rising(self) -> int:
        return self._steps[0]

    @property
    def falling(self) -> int:
        return self._steps[1]

    @cached_property
    def present(self) -> int:
        return (1 << self._values.size) - 1 if self._complete else self._together(lambda _part, values: values == values)[0]


    @cached_property
    def _outside(self) -> tuple[int, int]:
        over, under = self._together(lambda part, values: values > _of(self._upper, part), lambda part, values: values < _of(self._lower, part))
        return over, under

    @cached_property
    def _steps(self) -> tuple[int, int]:
        later, earlier = self._values[1:], self._values[:-1]
        rising, falling = packed_together(later.size, lambda part: later[part] > earlier[part], lambda part: later[part] < earlier[part])
        return rising << 1, falling << 1

    def _sides(self, sigmas: int) -> tuple[int, int]:
        if sigmas not in self._beyond:
            high, low = (self._center + side * sigmas * self._error if sigmas else self._center for side in (1, -1))
            above, below = self._together(lambda part, values: values > _of(high, part), lambda part, values: values < _of(low, part))
            self._beyond[sigmas] = above, below
        return self._beyond[sigmas]

    def _together(self, *tests: Callable[[slice, Floats], Flags]) -> list[int]:
        values = self._values
        return packed_together(values.size, *(lambda part, test=test: test(part, values[part]) for test in tests))


def _of(bound: float | Floats, part: slice) -> float | Floats:
    return bound[part] if isinstance(bound, np.ndarray) else bound


def packed_together(size: int, *tests: Callable[[slice], Flags]) -> list[int]:
    """Flags of several comparisons as bits, the first one lowest; block by block, so that the next comparison finds the values in the cache."""
    rows = np.empty((len(tests), -(-size // 8)), dtype=np.uint8)
    for start in range(0, size, BLOCK):
        part = slice(start, min(start + BLOCK, size))
        for row, test in zip(rows, tests, strict=True):
            row[start // 8 : -(-part.stop // 8)] = np.packbits(test(part), bitorder="little")
    return [int.from_bytes(row.tobytes(), "little") for row in rows]


def places(bits: int) -> Whole:
    """Which bits are set, counted from 0."""
    if not bits:
        return np.empty(0, dtype=np.int64)
    raw = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), dtype=np.uint8)
    octets = np.flatnonzero(raw != 0)
    found = np.flatnonzero(np.unpackbits(raw[octets], bitorder="little"))
    return octets[found >> 3] * 8 + (found & 7)


def all_of(bits: int, length: int) -> int:
    """Where the last `length` bits are all set; not where there are fewer. By doubling: 15 bits need 4 steps."""
    held, reach = bits, 1
    while reach < length and held:
        step = min(reach, length - reach)
        held &= held << step
        reach += step
    return held


def any_of(bits: int, length: int) -> int:
    """Where any of the last `length` bits is set. It runs over the end of the series: join it with what ends there."""
    held, reach = bits, 1
    while reach < length:
        step = min(reach, length - reach)
        held |= held << step
        reach += step
    return held


def many_of(bits: int, needed: int, length: int) -> int:
    """Where a bit is set and, with it, at least `needed` of the last `length`."""
    at_least = [bits] + [0] * (needed - 1)
    for step in range(1, length):
        before = bits << step
        for more in range(needed - 1, 0, -1):
            at_least[more] |= at_least[more - 1] & before
    return at_least[-1]
