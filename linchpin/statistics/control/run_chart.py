"""Run chart: a series around its median, judged by runs and crossings alone; needs no assumption about the distribution."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from linchpin.statistics.checking import series
from linchpin.statistics.control.chart import MISSING
from linchpin.statistics.control.rules import Rule, SideRun, Signal, Trend
from linchpin.statistics.control.zones import Zones, places
from linchpin.statistics.distributions import binom
from linchpin.statistics.results import Floats
from linchpin.statistics.words import Words


@dataclass(frozen=True, slots=True)
class Runs:
    """Runs of points on one side of a center, without the points on it (`useful` are the others)."""

    useful: int
    longest: int
    longest_expected: int
    crossings: int
    crossings_expected: int

    @property
    def too_long(self) -> bool:
        return self.longest > self.longest_expected

    @property
    def too_few_crossings(self) -> bool:
        return self.crossings < self.crossings_expected


@dataclass(frozen=True, slots=True)
class RunChart:
    """Points and their median. A signal of the whole series names the point that ends the longest run, or the last point."""

    kind: str
    values: Floats
    center: float
    n: int
    runs: Runs
    signals: tuple[Signal, ...]
    method: Words
    warnings: tuple[Words, ...]

    def plain(self) -> dict[str, Any]:
        first = {"kind": self.kind, "n": self.n, "center": self.center, "sigma": None, "lower": None, "upper": None}
        return first | {name: getattr(self, name) for name in ("signals", "warnings", "method", "runs", "values")}


def run_chart(values: Iterable[Any], *, rules: Literal["anhoej", "perla"] = "anhoej", center: float | None = None) -> RunChart:
    """Points about their median (or a `center`), with signals of a lasting shift.

    `anhoej`: the longest run exceeds round(log₂ n + 3), or the crossings of the center are fewer than the 5 % point of the binomial
    distribution with n − 1 trials; n counts points off the center. `perla`: 6 in a row on one side, 5 in a row rising or falling.
    Sources: Anhøj and Olesen (2014); Perla, Provost and Murray (2011). A gap is left out. Raises DataRefused for fewer than 2 values.
    """
    array = series(values, minimum=2)
    there = ~np.isnan(array)
    middle = float(np.median(array[there])) if center is None else float(center)
    runs = count_runs(array, middle)
    signals = _anhoej(array, middle, runs) if rules == "anhoej" else _perla(array, there, middle)
    missing = array.size - int(there.sum())
    warnings = [Words(MISSING, missing=missing, total=array.size)] if missing else []
    if runs.useful < 10:
        warnings.append(Words("Only {useful} points lie off the center; with fewer than 10 such rules find little.", useful=runs.useful))
    about = "Run chart about the median, rules of {rules}." if center is None else "Run chart about a given center, rules of {rules}."
    method = Words(about, rules=rules.capitalize())
    return RunChart("run", array, middle, int(there.sum()), runs, tuple(signals), method, tuple(warnings))


def count_runs(values: Floats, center: float) -> Runs:
    """Longest run and crossings of the center, with what chance would allow."""
    sides = np.sign(values - center)
    sides = sides[(sides != 0) & ~np.isnan(sides)]
    useful = int(sides.size)
    if useful < 2:
        return Runs(useful, useful, useful, 0, 0)
    changes = np.flatnonzero(np.diff(sides)) + 1
    lengths = np.diff(np.concatenate([[0], changes, [useful]]))
    return Runs(useful, int(lengths.max()), round(math.log2(useful) + 3), int(changes.size), int(binom.ppf(0.05, useful - 1, 0.5)))


def _anhoej(values: Floats, center: float, runs: Runs) -> list[Signal]:
    found = []
    if runs.too_long:
        off = np.flatnonzero((values != center) & ~np.isnan(values))
        ends = places(SideRun(runs.longest).flags(Zones(values[off], center, np.nan, np.nan, 1.0)))
        words = Words("a run of {longest} on one side of the center, where at most {most} were expected", longest=runs.longest, most=runs.longest_expected)
        found.append(Signal(int(off[ends[0]]) + 1, "long-run", words))
    if runs.too_few_crossings:
        words = Words("{crossings} crossings of the center, where at least {least} were expected", crossings=runs.crossings, least=runs.crossings_expected)
        found.append(Signal(values.size, "few-crossings", words))
    return found


def _perla(values: Floats, there: np.ndarray[Any, np.dtype[np.bool_]], center: float) -> list[Signal]:
    """Runs skip points on the center; trends skip repeated values."""
    kept = np.flatnonzero(there)
    off = kept[values[kept] != center]
    fresh = kept[np.concatenate([[True], np.diff(values[kept]) != 0])]
    looked: tuple[tuple[Rule, Any], ...] = ((SideRun(6), off), (Trend(5), fresh))
    found = [
        Signal(int(among[place]) + 1, rule.code, rule.words)
        for rule, among in looked
        for place in places(rule.flags(Zones(values[among], center, np.nan, np.nan, 1.0)))
    ]
    return sorted(found, key=lambda signal: signal.index)
