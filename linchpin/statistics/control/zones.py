"""Where points lie, seen from the center and the limits, as sets of bits: bit i speaks of point i.

A million flags are one integer of 125 kB, on which a shift or a conjunction takes microseconds; windows cost nothing beside
the comparisons themselves.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from linchpin.statistics.results import Flags, Floats, Whole


class Zones:
    """Comparisons of a series with its center, limits and multiples of its spread, each made once and only when asked for.

    `center`, `lower`, `upper` and `error` are numbers, or arrays as long as the series. NaN compares as false everywhere.
    """

    def __init__(self, values: Floats, center: float | Floats, lower: float | Floats, upper: float | Floats, error: float | Floats) -> None:
        self._values, self._center, self._lower, self._upper, self._error = values, center, lower, upper, error
        self._beyond: dict[tuple[bool, int], int] = {}

    @cached_property
    def over(self) -> int:
        return packed(self._values > self._upper)

    @cached_property
    def under(self) -> int:
        return packed(self._values < self._lower)

    def above(self, sigmas: int) -> int:
        """Beyond the center by more than so many sigma, upwards."""
        if (True, sigmas) not in self._beyond:
            self._beyond[True, sigmas] = packed(self._values > (self._center + sigmas * self._error if sigmas else self._center))
        return self._beyond[True, sigmas]

    def below(self, sigmas: int) -> int:
        """Beyond the center by more than so many sigma, downwards."""
        if (False, sigmas) not in self._beyond:
            self._beyond[False, sigmas] = packed(self._values < (self._center - sigmas * self._error if sigmas else self._center))
        return self._beyond[False, sigmas]

    @cached_property
    def within(self) -> int:
        """Less than one sigma from the center."""
        return packed(self._values < self._center + self._error) & packed(self._values > self._center - self._error)

    @cached_property
    def rising(self) -> int:
        return packed(self._values[1:] > self._values[:-1]) << 1

    @cached_property
    def falling(self) -> int:
        return packed(self._values[1:] < self._values[:-1]) << 1

    @cached_property
    def present(self) -> int:
        return packed(self._values == self._values)


def packed(flags: Flags) -> int:
    """Flags as the bits of an integer, the first one lowest."""
    return int.from_bytes(np.packbits(flags, bitorder="little").tobytes(), "little")


def places(bits: int) -> Whole:
    """Which bits are set, counted from 0."""
    if not bits:
        return np.empty(0, dtype=np.int64)
    raw = np.frombuffer(bits.to_bytes((bits.bit_length() + 7) // 8, "little"), dtype=np.uint8)
    octets = np.flatnonzero(raw)
    rows, columns = np.nonzero(np.unpackbits(raw[octets, None], axis=1, bitorder="little"))
    return octets[rows] * 8 + columns


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
