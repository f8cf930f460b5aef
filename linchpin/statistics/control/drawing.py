"""From a kind of chart and a choice of points to a finished chart: stages, baselines, exclusions, frozen limits, signals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypedDict

import numpy as np

from linchpin.statistics.control.chart import MISSING, NO_VARIATION, PROVISIONAL, ControlChart, Frozen, Stage
from linchpin.statistics.control.rules import Rule, Signals, judge, merged, rule_set
from linchpin.statistics.control.zones import Zones
from linchpin.statistics.results import Flags, Floats
from linchpin.statistics.words import DataRefused, Words

Number = float | Floats


class Choice(TypedDict, total=False):
    """Which points the limits rest on, and what counts as a signal. All are optional.

    `baseline`: only the first so many points (phase I); the later ones are judged by them (phase II).
    `stages`: numbers of the points, counted from 1, with which a new stage begins; each stage has limits of its own.
    `exclude`: points, counted from 1, that are shown and judged, but left out of the estimate.
    `frozen`: limits from an earlier chart; nothing is estimated.
    `rules`: a named set of run rules, or rules.
    """

    baseline: int | None
    stages: Sequence[int]
    exclude: Sequence[int]
    frozen: Frozen | None
    rules: str | Sequence[Rule]


@dataclass(frozen=True, slots=True)
class Band:
    """Center, limits, the standard error that zones are made of, and the sigma to report: numbers, or one for each point."""

    center: Number
    lower: Number
    upper: Number
    error: Number
    sigma: Number


@dataclass(frozen=True)
class Recipe:
    """One kind of chart. `estimate` gets a stage and the flags of the points to use in it; `band` a stage and its limits."""

    kind: str
    values: Floats
    estimate: Callable[[slice, Flags | None], Frozen]
    band: Callable[[slice, Frozen], Band]
    method: Words
    rules: str = "process-behavior"
    points: str = "points"
    wanted: int = 12

    @cached_property
    def there(self) -> int:
        """How many points are not missing."""
        return _there(self.values)


def draw(recipe: Recipe, choice: Choice, warnings: Sequence[Words] = ()) -> ControlChart:
    """The chart of a recipe. Raises DataRefused when the choice contradicts itself or leaves no two points to estimate from."""
    stages = _stages(recipe, choice)
    return _drawn(recipe, stages, rule_set(choice.get("rules", recipe.rules)), sorted(set(choice.get("exclude", ()))), warnings)


def accompany(chart: ControlChart, kind: str, values: Floats, band: Callable[[slice, Frozen], Band], method: Words) -> ControlChart:
    """The chart, with a companion for its spread whose limits follow from the chart's own."""
    recipe = Recipe(kind, values, lambda _part, _used: chart.frozen, band, method, wanted=0)
    return replace(chart, companion=_drawn(recipe, chart.stages, rule_set("limits"), chart.excluded, ()))


def _drawn(recipe: Recipe, stages: Sequence[Stage], rules: Sequence[Rule], excluded: Sequence[int], warnings: Sequence[Words]) -> ControlChart:
    bands = [recipe.band(slice(s.first - 1, s.last), s.limits) for s in stages]
    signals = merged([_judged(recipe, stage, band, rules) for stage, band in zip(stages, bands, strict=True)])
    total, there = recipe.values.size, recipe.there
    return ControlChart(
        recipe.kind, recipe.values, _joined([b.center for b in bands], stages), _joined([b.sigma for b in bands], stages),
        _joined([b.lower for b in bands], stages), _joined([b.upper for b in bands], stages), there, signals, tuple(stages), recipe.method,
        (*_remarks(recipe, stages, bands, total, there), *warnings), None, tuple(excluded),
    )  # fmt: skip


def _stages(recipe: Recipe, choice: Choice) -> list[Stage]:
    total, frozen = recipe.values.size, choice.get("frozen")
    starts, baseline, exclude = sorted(set(choice.get("stages", ()))), choice.get("baseline"), sorted(set(choice.get("exclude", ())))
    for name, indices in (("stages", starts), ("exclude", exclude)):
        _within(indices, total, name)
    if sum((frozen is not None, baseline is not None, bool(starts))) > 1:
        raise DataRefused("Choose one of a baseline, stages and frozen limits: each says in another way what the limits rest on.", argument="stages")
    if frozen is not None:
        return [Stage(1, total, 0, _usable(frozen))]
    if baseline is not None:
        _within([baseline], total, "baseline")
        return [_stage(recipe, 1, total, baseline, exclude)]
    edges = [1, *(start for start in starts if start > 1), total + 1]
    return [_stage(recipe, first, following - 1, following - 1, exclude) for first, following in pairwise(edges)]


def _stage(recipe: Recipe, first: int, last: int, used_to: int, exclude: Sequence[int]) -> Stage:
    part = slice(first - 1, used_to)
    out = [number - first for number in exclude if first <= number <= used_to]
    chosen: Flags | None = None
    if out:
        chosen = np.ones(used_to - first + 1, dtype=bool)
        chosen[out] = False
    here = recipe.values[part]
    used = recipe.there if here.size == recipe.values.size and chosen is None else _there(here if chosen is None else here[chosen])
    if used < 2:
        raise DataRefused(
            "Points {first} to {last} leave {used} to estimate limits from; at least 2 are needed.", argument="values", first=first, last=used_to, used=used,
        )  # fmt: skip
    return Stage(first, last, used, recipe.estimate(part, chosen))


def _judged(recipe: Recipe, stage: Stage, band: Band, rules: Sequence[Rule]) -> Signals:
    if np.isnan(band.error).all() if isinstance(band.error, np.ndarray) else not band.error > 0:
        return Signals(tuple((rule, np.empty(0, dtype=np.int64)) for rule in rules))
    part = recipe.values[stage.first - 1 : stage.last]
    complete = recipe.there == recipe.values.size
    return judge(Zones(part, band.center, band.lower, band.upper, band.error, complete=complete), rules, stage.first - 1)


def _remarks(recipe: Recipe, stages: Sequence[Stage], bands: Sequence[Band], total: int, there: int) -> list[Words]:
    found = []
    fewest = min((stage.used for stage in stages if stage.used), default=recipe.wanted)
    if fewest < recipe.wanted:
        found.append(Words(PROVISIONAL[recipe.points], used=fewest, wanted=recipe.wanted))
    if any(not np.any(np.asarray(band.error) > 0) for band in bands):
        found.append(Words(NO_VARIATION))
    if there < total and recipe.wanted:
        found.append(Words(MISSING, missing=total - there, total=total))
    return found


def _joined(parts: Sequence[Number], stages: Sequence[Stage]) -> Number:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate([np.broadcast_to(part, stage.last - stage.first + 1) for part, stage in zip(parts, stages, strict=True)])


def _there(values: Floats) -> int:
    return values.size - int(np.count_nonzero(np.isnan(values)))


def _within(indices: Sequence[int], total: int, argument: str) -> None:
    for index in indices:
        if not 1 <= index <= total:
            raise DataRefused("“{argument}” names point {index}, but there are only points 1 to {total}.", argument=argument, index=index, total=total)


def _usable(frozen: Frozen) -> Frozen:
    if not (np.isfinite(frozen.center) and np.isfinite(frozen.sigma) and frozen.sigma > 0 and frozen.inflation > 0):
        raise DataRefused("The frozen limits need a finite center and a sigma above 0.", argument="frozen")
    return frozen
