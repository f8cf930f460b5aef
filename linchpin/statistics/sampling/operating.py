"""Operating characteristic: how likely a plan accepts lots of a given quality."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linchpin.statistics.checking import between
from linchpin.statistics.distributions import binom
from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused, Words


@dataclass(frozen=True, slots=True)
class Operating:
    """`shares` nonconforming (0 to 1) with the chance to accept and the average quality that leaves inspection (AOQ, with a lot size).

    `producer`: share that is accepted in 95 of 100 cases; `consumer`: share still accepted in 10 of 100.
    """

    kind: str
    n: int
    accept: int
    shares: Floats
    chances: Floats
    outgoing: Floats | None
    producer: float
    consumer: float
    method: Words


def acceptance(n: int, accept: int, share: float) -> float:
    """P(D ≤ Ac), binomial: the lot is large beside the sample."""
    return float(binom.cdf(accept, n, share)) if accept < n else 1.0


def acceptance_of_lot(lot: int, bad: int, n: int, accept: int) -> float:
    """P(D ≤ Ac), hypergeometric: exactly `bad` of the `lot` are nonconforming. Raises DataRefused."""
    if not (0 <= bad <= lot and 0 < n <= lot and accept >= 0):
        raise DataRefused("Sample and nonconforming items must fit into the lot.", argument="lot")
    from scipy.special import gammaln

    d = np.arange(max(0, n - (lot - bad)), min(bad, n, accept) + 1, dtype=np.float64)

    def choose(of: int, some: Floats) -> Floats:
        return np.asarray(gammaln(of + 1) - gammaln(some + 1) - gammaln(of - some + 1))

    return float(np.exp(choose(bad, d) + choose(lot - bad, n - d) - choose(lot, np.full(1, float(n)))).sum())


def quality_at(n: int, accept: int, chance: float) -> float:
    """The share nonconforming at which the plan accepts with this chance, exact by the beta distribution."""
    from scipy.special import betaincinv

    between(chance, 0, 1, "chance")
    if not 0 <= accept < n:
        raise DataRefused("The acceptance number must lie below the sample size.", argument="accept")
    return float(betaincinv(accept + 1, n - accept, 1 - chance))


def operating_curve(n: int, accept: int, *, lot: int | None = None, points: int = 101) -> Operating:
    """The curve from 0 to where hardly any lot is accepted; AOQ ≈ Pa·p·(N−n)/N when the lot size is given."""
    worst = min(1.0, 1.5 * quality_at(n, accept, 0.05))
    shares = np.linspace(0, worst, points)
    chances = np.asarray(binom.cdf(accept, n, shares))
    outgoing = None if lot is None else chances * shares * (lot - n) / lot
    return Operating(
        "operating-curve", n, accept, shares, chances, outgoing, quality_at(n, accept, 0.95), quality_at(n, accept, 0.10), Words("Binomial chances.")
    )
