"""Run rules: patterns that usual variation rarely makes.

A signal names the last point of its pattern, counted from 1, and every point that ends one is named. Inequalities are
strict: a point on a limit or on the center is not beyond it. A missing value ends every pattern.
Sources: Western Electric (1956), Nelson (1984), Wheeler for the set of process-behavior charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from linchpin.statistics.control.zones import Zones, all_of, any_of, many_of, places
from linchpin.statistics.results import Whole
from linchpin.statistics.words import DataRefused, Words


class Rule(Protocol):
    """A pattern to look for."""

    @property
    def code(self) -> str: ...
    @property
    def words(self) -> Words: ...
    def flags(self, zones: Zones) -> int:
        """The points that end the pattern, as bits."""


@dataclass(frozen=True, slots=True)
class BeyondLimits:
    """One point beyond a control limit."""

    code: str = "beyond-limits"

    @property
    def words(self) -> Words:
        return Words("a point beyond a control limit")

    def flags(self, zones: Zones) -> int:
        return zones.over | zones.under


@dataclass(frozen=True, slots=True)
class SideRun:
    """`length` points in a row on one side of the center; a point on the center ends the run."""

    length: int = 8
    code: str = "run-on-one-side"

    @property
    def words(self) -> Words:
        return Words("{length} in a row on one side of the center", length=self.length)

    def flags(self, zones: Zones) -> int:
        return all_of(zones.above(0), self.length) | all_of(zones.below(0), self.length)


@dataclass(frozen=True, slots=True)
class Trend:
    """`length` points steadily rising or steadily falling."""

    length: int = 6
    code: str = "trend"

    @property
    def words(self) -> Words:
        return Words("{length} in a row steadily rising or falling", length=self.length)

    def flags(self, zones: Zones) -> int:
        return all_of(zones.rising, self.length - 1) | all_of(zones.falling, self.length - 1)


@dataclass(frozen=True, slots=True)
class Alternating:
    """`length` points going up and down in turn."""

    length: int = 14
    code: str = "alternating"

    @property
    def words(self) -> Words:
        return Words("{length} in a row going up and down in turn", length=self.length)

    def flags(self, zones: Zones) -> int:
        rising, falling = zones.rising, zones.falling
        turns = (rising & (falling << 1)) | (falling & (rising << 1))
        return all_of(turns, self.length - 2)


@dataclass(frozen=True, slots=True)
class BeyondSigma:
    """`needed` of `window` points in a row beyond `sigmas` on the same side, the last one among them."""

    needed: int
    window: int
    sigmas: int
    code: str

    @property
    def words(self) -> Words:
        return Words("{needed} of {window} in a row beyond {sigmas} sigma on one side", needed=self.needed, window=self.window, sigmas=self.sigmas)

    def flags(self, zones: Zones) -> int:
        found = many_of(zones.above(self.sigmas), self.needed, self.window) | many_of(zones.below(self.sigmas), self.needed, self.window)
        return found & all_of(zones.present, self.window)


@dataclass(frozen=True, slots=True)
class Hugging:
    """`length` points in a row within one sigma of the center: limits too wide, or mixed sources within subgroups."""

    length: int = 15
    code: str = "hugging-the-center"

    @property
    def words(self) -> Words:
        return Words("{length} in a row within one sigma of the center", length=self.length)

    def flags(self, zones: Zones) -> int:
        return all_of(zones.within, self.length)


@dataclass(frozen=True, slots=True)
class Avoiding:
    """`length` points in a row farther than one sigma from the center, on both sides: two sources mixed."""

    length: int = 8
    code: str = "avoiding-the-center"

    @property
    def words(self) -> Words:
        return Words("{length} in a row farther than one sigma from the center, on both sides", length=self.length)

    def flags(self, zones: Zones) -> int:
        high, low = zones.above(1), zones.below(1)
        outside = all_of(high | low, self.length)
        return outside & any_of(high, self.length) & any_of(low, self.length)


TWO_OF_THREE = BeyondSigma(2, 3, 2, "two-of-three")
FOUR_OF_FIVE = BeyondSigma(4, 5, 1, "four-of-five")

RULE_SETS: Mapping[str, tuple[Rule, ...]] = {
    "process-behavior": (BeyondLimits(), TWO_OF_THREE, SideRun(8)),
    "attribute": (BeyondLimits(), SideRun(8)),
    "limits": (BeyondLimits(),),
    "western-electric": (BeyondLimits(), TWO_OF_THREE, FOUR_OF_FIVE, SideRun(8)),
    "nelson": (BeyondLimits(), SideRun(9), Trend(6), Alternating(14), TWO_OF_THREE, FOUR_OF_FIVE, Hugging(15), Avoiding(8)),
    "none": (),
}
"""Named sets; lengths differ between books and programs, so any rule can also be made with its own."""


def rule_set(chosen: str | Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules of a named set, or the rules given."""
    if not isinstance(chosen, str):
        return tuple(chosen)
    if chosen not in RULE_SETS:
        raise DataRefused("There is no set of rules “{name}”. There are: {names}.", argument="rules", name=chosen, names=", ".join(RULE_SETS))
    return RULE_SETS[chosen]


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that a point broke; `index` counts from 1."""

    index: int
    rule: str
    words: Words


@dataclass(frozen=True, slots=True)
class Signals:
    """All signals of a chart, in the order of the points. Held as arrays, since a long series may have many."""

    found: tuple[tuple[Rule, Whole], ...] = ()

    def of(self, rule: str) -> list[int]:
        """Points that broke the rule with this code, counted from 1."""
        return [int(i) for found, indices in self.found if found.code == rule for i in indices]

    @property
    def points(self) -> list[int]:
        """Every point with a signal once, counted from 1."""
        return sorted({int(i) for _rule, indices in self.found for i in indices})

    def __len__(self) -> int:
        return sum(indices.size for _rule, indices in self.found)

    def __iter__(self) -> Iterator[Signal]:
        flat = sorted((int(index), place) for place, (_rule, indices) in enumerate(self.found) for index in indices)
        for index, place in flat:
            rule = self.found[place][0]
            yield Signal(index, rule.code, rule.words)

    def plain(self) -> list[dict[str, object]]:
        return [{"index": signal.index, "rule": signal.rule, "words": str(signal.words)} for signal in self]


def judge(zones: Zones, rules: Sequence[Rule], offset: int = 0) -> Signals:
    """Look for every rule; `offset` is the number of points before the first one of `zones`."""
    return Signals(tuple((rule, places(rule.flags(zones)) + (offset + 1)) for rule in rules))


def merged(parts: Sequence[Signals]) -> Signals:
    """The signals of consecutive stages as one."""
    if len(parts) == 1:
        return parts[0]
    rules = [rule for rule, _indices in parts[0].found]
    return Signals(tuple((rule, np.concatenate([part.found[place][1] for part in parts])) for place, rule in enumerate(rules)))
