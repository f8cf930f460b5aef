"""The clauses of ISO 9001 in both editions, as data: numbers, short titles and paraphrases of our own, never the standard's text."""

from __future__ import annotations

from linchpin.standard.catalogue import CONFIDENCE, EDITIONS, KINDS, Change, Clause, Edition, Item, catalogue, evidences, numbered_in, numbers
from linchpin.standard.soundness import faults

__all__ = ["CONFIDENCE", "EDITIONS", "KINDS", "Change", "Clause", "Edition", "Item", "catalogue", "evidences", "faults", "numbered_in", "numbers"]
