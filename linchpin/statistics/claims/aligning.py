"""Q3: aligned organizations do better. Do units with stronger links between objectives do better here?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from linchpin.statistics.checking import series
from linchpin.statistics.claims.display import LEAST_UNITS, UNVERIFIED
from linchpin.statistics.effects.design import Assignment, Grade, design_grade
from linchpin.statistics.effects.holm import holm
from linchpin.statistics.trend.ranks import RankCorrelation, spearman
from linchpin.statistics.words import Words


@dataclass(frozen=True, slots=True)
class Alignment:
    """One outcome: rank correlation with alignment, p adjusted for all outcomes looked at, and the word that may be said."""

    outcome: str
    correlation: RankCorrelation
    p_adjusted: float
    verdict: Words


@dataclass(frozen=True, slots=True)
class Aligning:
    """`within`: whether changes of alignment went with changes of the outcomes, where an earlier year is known."""

    kind: str
    n: int
    grade: Grade
    outcomes: tuple[Alignment, ...]
    within: tuple[Alignment, ...]
    source: Words
    method: Words
    warnings: tuple[Words, ...]


ASSOCIATION = ("association", "no association shown")
EFFECT = ("effect", "no effect shown")


def aligning(
    index: Iterable[Any], outcomes: Mapping[str, Iterable[Any]], *, earlier_index: Iterable[Any] | None = None,
    earlier_outcomes: Mapping[str, Iterable[Any]] | None = None, assignment: Assignment = "cross-section", seed: int = 1, confidence: float = 0.95,
) -> Aligning:  # fmt: skip
    """Spearman's ρ with bootstrap intervals between the alignment index of each unit and each outcome, p adjusted by Holm.

    With an earlier year also of the changes within units. The word is “association”, and “effect” only when alignment was randomized or
    rolled out in steps. Raises DataRefused.
    """
    now = series(index, "index")
    grade = design_grade(assignment)
    told = _told(now, {name: series(values, name) for name, values in outcomes.items()}, grade, seed, confidence)
    within: tuple[Alignment, ...] = ()
    if earlier_index is not None and earlier_outcomes is not None:
        moved = {name: series(values, name) - series(earlier_outcomes[name], name) for name, values in outcomes.items() if name in earlier_outcomes}
        within = _told(now - series(earlier_index, "earlier_index"), moved, grade, seed, confidence)
    said = [Words("With {n} units a correlation is rough; 20 are wanted.", n=now.size)] if now.size < LEAST_UNITS else []
    return Aligning("aligning", now.size, grade, told, within, UNVERIFIED, Words("Spearman's ρ, bootstrap intervals, Holm."), (*grade.warnings, *said))


def _told(index: Any, outcomes: Mapping[str, Any], grade: Grade, seed: int, confidence: float) -> tuple[Alignment, ...]:
    found = {name: spearman(index, values, seed=seed, confidence=confidence) for name, values in outcomes.items()}
    adjusted = holm([one.p for one in found.values()])
    shown, not_shown = EFFECT if grade.causal and grade.code == "A" else ASSOCIATION
    return tuple(Alignment(name, one, p, Words(shown if p < 1 - confidence else not_shown)) for (name, one), p in zip(found.items(), adjusted, strict=True))
