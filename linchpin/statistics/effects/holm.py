"""Holm's correction for several tests at once."""

from __future__ import annotations

from collections.abc import Iterable

from linchpin.statistics.words import DataRefused


def holm(ps: Iterable[float]) -> list[float]:
    """p values adjusted so that the chance of any false alarm stays at the level chosen; in the order given. Source: Holm (1979)."""
    held = [float(p) for p in ps]
    if any(not 0 <= p <= 1 for p in held):
        raise DataRefused("A p value lies between 0 and 1.", argument="ps")
    adjusted, most = [0.0] * len(held), 0.0
    for rank, place in enumerate(sorted(range(len(held)), key=held.__getitem__)):
        most = max(most, min(1.0, (len(held) - rank) * held[place]))
        adjusted[place] = most
    return adjusted
