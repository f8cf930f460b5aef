"""Q4: a ready-made item saves a consultant's day. What did the library save here?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.checking import complete, same_length, series
from linchpin.statistics.claims.display import UNVERIFIED
from linchpin.statistics.effects.means import bootstrap_total
from linchpin.statistics.results import Estimate
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Saving:
    """Cost avoided by each use, in the currency of the rate: median, quartiles, total with interval. `verified`: share of the spot-checked
    uses that held; claimed and spot-checked totals stand apart and are never added."""

    kind: str
    n: int
    median: float
    quartiles: tuple[float, float]
    claimed: Estimate
    spot_checked: float
    checked: int
    verified: Estimate | None
    verdict: Words
    source: Words
    method: Words
    warnings: tuple[Words, ...]


def saving(
    hours: Iterable[Any], costs: Iterable[Any], *, rate: float, rate_source: str, checked: Iterable[bool | None] | None = None, seed: int = 1,
    confidence: float = 0.95,
) -> Saving:  # fmt: skip
    """Hours saved × own rate − cost of the item and of adapting it, for each use in the log; total by percentile bootstrap.

    `checked`: True where a spot check confirmed the use, False where it did not, None where none was made. Refuses a rate without source.
    """
    saved, spent = complete(hours, "hours", minimum=2), complete(costs, "costs")
    same_length(saved, spent, "hours", "costs")
    if not rate_source.strip():
        raise DataRefused("Say where the rate comes from: a saving without a source of its rate is not shown.", argument="rate_source")
    if (saved < 0).any() or not rate > 0:
        raise DataRefused("Hours must be from 0 up and the rate above 0.", argument="hours")
    avoided = saved * rate - spent
    marks = [None] * saved.size if checked is None else [None if check is None else float(check) for check in checked]
    looked = series(marks, "checked", minimum=0)
    same_length(saved, looked, "hours", "checked")
    tested, held = int((~np.isnan(looked)).sum()), int((looked == 1).sum())
    low, middle, high = (float(edge) for edge in np.quantile(avoided, [0.25, 0.5, 0.75]))
    return Saving(
        "saving", saved.size, middle, (low, high), bootstrap_total(avoided, confidence=confidence, seed=seed), float(avoided[looked == 1].sum()), tested,
        wilson(held, tested, confidence) if tested else None, Words("spot-checked" if tested else "claimed"), UNVERIFIED,
        Words("Hours × {rate:g} ({source}) − cost; bootstrap of the total.", rate=rate, source=rate_source),
        () if tested else (Words("No use was spot-checked: this is what people say they saved."),),
    )  # fmt: skip
