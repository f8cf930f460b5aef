"""Q1: units with a strong culture of quality are 3.5 times likelier to outperform. Are they here?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import complete, same_length
from linchpin.statistics.claims.display import LEAST_UNITS, UNVERIFIED
from linchpin.statistics.effects.ratios import Ratio, risk_ratio, stratified_risk_ratio
from linchpin.statistics.effects.sample_size import size_for_proportions
from linchpin.statistics.results import Estimate, Flags
from linchpin.statistics.trend.ranks import spearman
from linchpin.statistics.words import DataRefused, Words

CLAIM = 3.5


@dataclass(frozen=True, slots=True)
class Outperforming:
    """`verdict` is one of the three that may be said; with too few units `hidden` asks to show the ratio only on demand.

    `needed`: units in each group that could tell. `sensitivity`: the ratio at other cuts, none hidden.
    """

    kind: str
    n: int
    strong: tuple[int, int]
    others: tuple[int, int]
    ratio: Ratio | None
    adjusted: Ratio | None
    p_one_sided: float
    correlation: Estimate
    needed: int | None
    verdict: Words
    hidden: bool
    sensitivity: tuple[tuple[float, Ratio | None], ...]
    source: Words
    method: Words
    warnings: tuple[Words, ...]


def outperforming(
    scores: Iterable[Any], outcomes: Iterable[Any], *, cut: float = 4.0, top_share: float = 1 / 3, threshold: float | None = None,
    strata: Sequence[Any] | None = None, other_cuts: Sequence[float] = (), claim: float = CLAIM, seed: int = 1, confidence: float = 0.95,
) -> Outperforming:  # fmt: skip
    """Risk ratio of outperforming, strong culture (score ≥ `cut`, fixed before looking) against the rest, at least 20 units.

    `outcomes`: higher is better; outperforming is the top third (`top_share`), or `threshold` and above. `strata` (size, site) gives the
    Mantel–Haenszel ratio beside it. One-sided p by 10,000 permutations of the scores. The words: interval contains 3.5, excludes 3.5, or
    too few units to tell: fewer than 20, a group smaller than 80 % power for the claim asks for, or nobody outperforming in a group.
    """
    culture, result = complete(scores, "scores", minimum=4), complete(outcomes, "outcomes")
    same_length(culture, result, "scores", "outcomes")
    ahead = result >= (np.quantile(result, 1 - top_share) if threshold is None else threshold)
    strong = culture >= cut
    if not 0 < strong.sum() < strong.size:
        raise DataRefused("At the cut {cut:g} all units are on one side, so there is nothing to compare.", argument="cut", cut=cut)
    ratio = _ratio(strong, ahead, confidence)
    needed = _needed(strong, ahead, claim)
    enough = strong.size >= LEAST_UNITS and ratio is not None and needed is not None and min(strong.sum(), (~strong).sum()) >= needed
    return Outperforming(
        "outperforming", strong.size, _counts(strong, ahead), _counts(~strong, ahead), ratio, _adjusted(strong, ahead, strata, confidence),
        _permuted(strong, ahead, seed), spearman(culture, result, confidence=confidence, seed=seed).rho, needed, _verdict(ratio, enough, claim),
        not enough, tuple((other, _ratio(culture >= other, ahead, confidence)) for other in other_cuts), UNVERIFIED,
        Words("Risk ratio of outperforming, strong culture against the rest; an association, no effect."), (),
    )  # fmt: skip


def _counts(group: Flags, ahead: Flags) -> tuple[int, int]:
    return int(ahead[group].sum()), int(group.sum())


def _ratio(strong: Flags, ahead: Flags, confidence: float) -> Ratio | None:
    (a, m), (b, n) = _counts(strong, ahead), _counts(~strong, ahead)
    return risk_ratio((a, b), (m, n), confidence=confidence) if min(m, n) and a + b else None


def _needed(strong: Flags, ahead: Flags, claim: float) -> int | None:
    """Units in each group for 80 % power at the claimed ratio, from the share of the rest that outperforms."""
    share = float(ahead[~strong].mean())
    return size_for_proportions(share, min(share * claim, 0.999)).each if 0 < share < 0.999 and claim != 1 else None


def _adjusted(strong: Flags, ahead: Flags, strata: Sequence[Any] | None, confidence: float) -> Ratio | None:
    if strata is None:
        return None
    labels = np.array([str(stratum) for stratum in strata])
    if labels.size != strong.size:
        raise DataRefused("Every unit needs a stratum.", argument="strata")
    groups = [(*_counts(strong & (labels == name), ahead), *_counts(~strong & (labels == name), ahead)) for name in np.unique(labels)]
    usable = [group for group in groups if group[1] and group[3]]
    if not sum(group[0] for group in usable) or not sum(group[2] for group in usable):
        return None
    return stratified_risk_ratio(usable, confidence=confidence)


def _permuted(strong: Flags, ahead: Flags, seed: int, draws: int = 10_000) -> float:
    """Chance of so many outperforming among the strong; the exact hypergeometric tail, drawn."""
    random = np.random.default_rng(seed)
    drawn = random.hypergeometric(int(ahead.sum()), int((~ahead).sum()), int(strong.sum()), draws)
    return float(((drawn >= int(ahead[strong].sum())).sum() + 1) / (draws + 1))


def _verdict(ratio: Ratio | None, enough: bool, claim: float) -> Words:
    if not enough or ratio is None:
        return Words("too few units to tell")
    return Words("interval contains {claim:g}" if claim in ratio.ratio else "interval excludes {claim:g}", claim=claim)


