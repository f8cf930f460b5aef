"""Gauge R&R by analysis of variance (crossed, random effects)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import f
from linchpin.statistics.gauge.study import SOURCES, Component, Verdict, categories, components, crossed, remarks, verdict
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.words import DataRefused, Words

DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: sum of squares, degrees of freedom, mean square, F and p (NaN where they do not apply)."""

    source: str
    degrees: int
    squares: float
    mean_square: float
    f: float
    p: float


@dataclass(frozen=True, slots=True)
class GaugeAnova:
    """`table` with the interaction, `pooled` without it (what the variances rest on when `interaction` is False)."""

    kind: str
    n: int
    parts: int
    appraisers: int
    trials: int
    table: tuple[Line, ...]
    pooled: tuple[Line, ...]
    interaction: bool
    components: tuple[Component, ...]
    operator_variance: float
    interaction_variance: float
    ndc: int
    ndc_estimate: Estimate
    verdict: Verdict
    method: Words
    warnings: tuple[Words, ...]


def gauge_anova(
    values: Iterable[Any], parts: Iterable[Any], appraisers: Iterable[Any], *, tolerance: float | None = None, pool_above: float = 0.25,
    confidence: float = 0.95, seed: int = 1,
) -> GaugeAnova:  # fmt: skip
    """Variance components of a balanced crossed study of at least 2 parts and 2 trials; interaction pooled when its p exceeds `pool_above`.
    `tolerance`: upper minus lower limit. A component below 0 counts as 0, said in the result. Shares: generalized confidence intervals, 20,000 draws.
    Sources: AIAG MSA 4th edition; Burdick, Borror and Montgomery (2005). Raises DataRefused.
    """
    cube = crossed(values, parts, appraisers)
    if tolerance is not None and not tolerance > 0:
        raise DataRefused("The tolerance must be above 0.", argument="tolerance")
    between(confidence, 0, 1, "confidence")
    full, pooled = _table(cube), _pooled(_table(cube), cube)
    interaction = len(full) == 5 and full[2].p <= pool_above
    used = full if interaction else pooled
    raw = _variances(np.array([[line.mean_square for line in used[:-1]]]), cube.shape, interaction)
    variances = {source: float(value[0]) for source, value in raw.items()}
    drawn = _drawn(used, cube.shape, interaction, seed)
    tail = (1 - confidence) / 2
    intervals = {source: tuple(np.quantile(np.sqrt(drawn[source] / drawn["total"]), [tail, 1 - tail])) for source in SOURCES if source != "total"}
    found = components(variances, intervals, tolerance, confidence)
    part, gauge = np.sqrt(variances["part"]), np.sqrt(variances["gauge"])
    ratio = np.quantile(1.41 * np.sqrt(drawn["part"] / np.maximum(drawn["gauge"], 1e-300)), [tail, 1 - tail])
    exact = Estimate(float(1.41 * part / gauge) if gauge > 0 else np.inf, float(ratio[0]), float(ratio[1]), confidence)
    count = categories(part, gauge)
    return GaugeAnova(
        "gauge-anova", cube.size, cube.shape[0], cube.shape[1], cube.shape[2], full, pooled, interaction, found,
        variances["operator"], variances["interaction"], count, exact,
        verdict(found[2].study_variation.value, count), _method(interaction, pool_above), (*remarks(cube), *_zeroed(used, cube, interaction)),
    )  # fmt: skip


def _table(cube: Floats) -> tuple[Line, ...]:
    parts, people, trials = cube.shape
    mean = cube.mean()
    by_part, by_person, by_cell = cube.mean(axis=(1, 2)), cube.mean(axis=(0, 2)), cube.mean(axis=2)
    total = float(((cube - mean) ** 2).sum())
    squares = {
        "part": people * trials * float(((by_part - mean) ** 2).sum()), "operator": parts * trials * float(((by_person - mean) ** 2).sum()),
        "repeatability": float(((cube - by_cell[:, :, None]) ** 2).sum()),
    }  # fmt: skip
    squares["interaction"] = trials * float(((by_cell - by_part[:, None] - by_person[None, :] + mean) ** 2).sum())
    degrees = {"part": parts - 1, "operator": people - 1, "interaction": (parts - 1) * (people - 1), "repeatability": parts * people * (trials - 1)}
    names = [name for name in ("part", "operator", "interaction", "repeatability") if degrees[name]]
    error = "interaction" if degrees["interaction"] else "repeatability"
    against = {"part": error, "operator": error, "interaction": "repeatability"}
    lines = [_line(name, squares, degrees, against.get(name)) for name in names]
    return (*lines, Line("total", cube.size - 1, total, np.nan, np.nan, np.nan))


def _pooled(full: tuple[Line, ...], cube: Floats) -> tuple[Line, ...]:
    """The table with the interaction counted as repeatability."""
    if len(full) < 5:
        return full
    squares = {line.source: line.squares for line in full}
    degrees = {line.source: line.degrees for line in full}
    squares["repeatability"] += squares.pop("interaction")
    degrees["repeatability"] += degrees.pop("interaction")
    lines = [_line(name, squares, degrees, None if name == "repeatability" else "repeatability") for name in ("part", "operator", "repeatability")]
    return (*lines, full[-1])


def _line(name: str, squares: dict[str, float], degrees: dict[str, int], against: str | None) -> Line:
    mean_square = squares[name] / degrees[name]
    if against is None:
        return Line(name, degrees[name], squares[name], mean_square, np.nan, np.nan)
    other = squares[against] / degrees[against]
    ratio = mean_square / other if other > 0 else np.inf
    return Line(name, degrees[name], squares[name], mean_square, ratio, float(f.sf(ratio, degrees[name], degrees[against])))


def _variances(mean_squares: Floats, shape: tuple[int, ...], interaction: bool, floor: float = 0.0) -> dict[str, Floats]:
    """Components from mean squares, one row each in the order of the table; below `floor` they become it."""
    parts, people, trials = shape
    columns = list(mean_squares.T)
    error = columns[-1]
    middle = columns[2] if interaction else error
    between_parts = np.maximum((columns[0] - middle) / (people * trials), floor)
    operator = np.maximum((columns[1] - middle) / (parts * trials), floor) if people > 1 else np.zeros_like(error)
    crossing = np.maximum((middle - error) / trials, floor) if interaction else np.zeros_like(error)
    gauge = error + operator + crossing
    return {
        "repeatability": error, "operator": operator, "interaction": crossing, "reproducibility": operator + crossing, "gauge": gauge,
        "part": between_parts, "total": gauge + between_parts,
    }  # fmt: skip


def _drawn(used: tuple[Line, ...], shape: tuple[int, ...], interaction: bool, seed: int) -> dict[str, Floats]:
    """Components of mean squares as they might truly be: each observed one times ν/χ²."""
    random = np.random.default_rng(seed)
    lines = used[:-1]
    squares = np.column_stack([line.squares / random.chisquare(line.degrees, DRAWS) for line in lines])
    return _variances(squares, shape, interaction)


def _zeroed(used: tuple[Line, ...], cube: Floats, interaction: bool) -> list[Words]:
    raw = _variances(np.array([[line.mean_square for line in used[:-1]]]), cube.shape, interaction, floor=-np.inf)
    return [Words(sentence) for name, sentence in ZEROED.items() if raw[name][0] < 0]


ZEROED = {
    "part": "The variance between parts came out below 0 and counts as 0.",
    "operator": "The variance between appraisers came out below 0 and counts as 0.",
    "interaction": "The variance of the interaction of parts and appraisers came out below 0 and counts as 0.",
}


def _method(interaction: bool, pool_above: float) -> Words:
    if interaction:
        return Words("Crossed analysis of variance with interaction; shares by generalized confidence intervals.")
    return Words("Crossed analysis of variance, interaction pooled (p above {limit:g}); shares by generalized confidence intervals.", limit=pool_above)
