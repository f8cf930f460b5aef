"""One item of a survey: favourable share, mean, and net promoter score, as a sample of opinions or as a census."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import present
from linchpin.statistics.distributions import norm, t
from linchpin.statistics.results import Estimate, Floats
from linchpin.statistics.surveys.wilson import finite, wilson
from linchpin.statistics.words import DataRefused, Words

LEAST = 5
"""The fewest answers of which anything is shown."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A figure as a sample of opinions, and as a census of a finite population (None without its size)."""

    kind: str
    n: int
    missing: int
    sample: Estimate
    census: Estimate | None
    method: Words
    warnings: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Promoters:
    """Net promoter score from −100 to 100 with its standard error."""

    kind: str
    n: int
    promoters: int
    passives: int
    detractors: int
    score: Estimate
    error: float
    method: Words
    warnings: tuple[Words, ...]


def favourable_share(values: Iterable[Any], *, at_least: float, population: int | None = None, confidence: float = 0.95, k: int = LEAST) -> Opinion:
    """Share of answers from `at_least` up, with Wilson's interval. Raises DataRefused for fewer than k answers."""
    there, missing = _answered(values, k)
    found = int((there >= at_least).sum())
    census = None if population is None else wilson(found, there.size, confidence, population=population)
    method = Words("Share of answers from {cut:g} up; Wilson interval.", cut=at_least)
    return Opinion("favourable", there.size, missing, wilson(found, there.size, confidence), census, method, _missing(missing))


def mean_answer(values: Iterable[Any], *, population: int | None = None, confidence: float = 0.95, k: int = LEAST) -> Opinion:
    """Mean with Student's interval; as a census the standard error shrinks by √((N−n)/(N−1)). Raises DataRefused for fewer than k answers."""
    there, missing = _answered(values, max(k, 2))
    n, mean = there.size, float(there.mean())
    half = float(t.ppf((1 + confidence) / 2, n - 1)) * float(there.std(ddof=1)) / np.sqrt(n)
    shrink = None if population is None else float(np.sqrt(finite(n, population)))
    census = None if shrink is None else Estimate(mean, mean - half * shrink, mean + half * shrink, confidence)
    return Opinion("mean", n, missing, Estimate(mean, mean - half, mean + half, confidence), census, Words("Mean with Student's interval."), _missing(missing))


def promoter_score(values: Iterable[Any], *, confidence: float = 0.95, k: int = LEAST) -> Promoters:
    """From answers 0 to 10: promoters answer 9 or 10, detractors 0 to 6. Raises DataRefused for fewer than k answers or other answers."""
    there, missing = _answered(values, k)
    if ((there < 0) | (there > 10)).any():
        raise DataRefused("Answers to the recommendation question run from 0 to 10.", argument="values")
    ups, downs = int((there >= 9).sum()), int((there <= 6).sum())
    return promoter_score_of(ups, there.size - ups - downs, downs, confidence=confidence, k=k, missing=missing)


def promoter_score_of(promoters: int, passives: int, detractors: int, *, confidence: float = 0.95, k: int = LEAST, missing: int = 0) -> Promoters:
    """100(p₊ − p₋) with standard error 100√((p₊ + p₋ − (p₊−p₋)²)/n). Raises DataRefused for fewer than k answers."""
    n = promoters + passives + detractors
    if min(promoters, passives, detractors) < 0 or n < k:
        raise DataRefused("A score needs at least {k} answers.", argument="values", k=k)
    up, down = promoters / n, detractors / n
    score, error = 100 * (up - down), 100 * float(np.sqrt((up + down - (up - down) ** 2) / n))
    half = float(norm.ppf((1 + confidence) / 2)) * error
    found = Estimate(score, max(-100.0, score - half), min(100.0, score + half), confidence)
    return Promoters("promoters", n, promoters, passives, detractors, found, error, Words("Net promoter score with normal interval."), _missing(missing))


def _answered(values: Iterable[Any], k: int) -> tuple[Floats, int]:
    there, missing = present(values, minimum=0)
    if there.size < k:
        raise DataRefused("Fewer than {k} answers: nothing is shown.", argument="values", k=k)
    return there, missing


def _missing(missing: int) -> tuple[Words, ...]:
    return (Words("{missing} people did not answer this.", missing=missing),) if missing else ()
