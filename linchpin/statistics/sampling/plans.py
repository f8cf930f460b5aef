"""Single sampling plans for lots, and when to inspect more strictly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from linchpin.statistics.sampling.tables import LETTERS, NORMAL, QUALITY_LIMITS, TIGHTENED
from linchpin.statistics.words import DataRefused, Words

Inspection = Literal["normal", "tightened"]
LEVELS = ("S-1", "S-2", "S-3", "S-4", "I", "II", "III")


@dataclass(frozen=True, slots=True)
class SamplingPlan:
    """Look at `n` items of the lot; accept it with at most `accept` nonconforming ones, refuse it from `refuse` up."""

    lot: int
    letter: str
    inspection: str
    quality_limit: float
    n: int
    accept: int
    refuse: int
    method: Words
    warnings: tuple[Words, ...]


def sampling_plan(lot: int, quality_limit: float, *, level: str = "II", inspection: Inspection = "normal") -> SamplingPlan:
    """The plan for a lot of so many items. `quality_limit`: percent nonconforming, one of the columns of the table.

    Reduced inspection is not offered: MIL-STD-105E and ISO 2859-1:1999 differ there. Raises DataRefused.
    """
    if isinstance(lot, bool) or not isinstance(lot, int) or lot < 2:
        raise DataRefused("A lot has at least 2 items.", argument="lot")
    if level not in LEVELS:
        raise DataRefused("The inspection level is one of {levels}, not “{level}”.", argument="level", levels=", ".join(LEVELS), level=level)
    if quality_limit not in QUALITY_LIMITS:
        raise DataRefused("The quality limit is one of {limits} percent, not {limit}.", argument="quality_limit", limit=quality_limit,
                          limits=", ".join(f"{limit:g}" for limit in QUALITY_LIMITS))  # fmt: skip
    if inspection not in ("normal", "tightened"):
        raise DataRefused("Inspection is normal or tightened, not “{inspection}”.", argument="inspection", inspection=inspection)
    letter = code_letter(lot, level)
    row = next(line for line in (NORMAL if inspection == "normal" else TIGHTENED).split("\n") if line.startswith(letter))
    n, accept = map(int, row.split()[1 + QUALITY_LIMITS.index(quality_limit)].split(":"))
    method = Words("Single sampling, {inspection} inspection, level {level}, code letter {letter}.", inspection=Words(inspection), level=level, letter=letter)
    if n >= lot:
        whole = Words("The sample is the whole lot: inspect every item.")
        return SamplingPlan(lot, letter, inspection, quality_limit, lot, accept, accept + 1, method, (whole,))
    return SamplingPlan(lot, letter, inspection, quality_limit, n, accept, accept + 1, method, ())


def code_letter(lot: int, level: str) -> str:
    """The code letter of a lot size and inspection level."""
    for line in LETTERS.split("\n"):
        largest, _space, letters = line.partition(" ")
        if letters and (largest == "more" or lot <= int(largest)):
            return letters[LEVELS.index(level)]
    raise DataRefused("There is no code letter for this lot.", argument="lot")


@dataclass(frozen=True, slots=True)
class Switching:
    """What to inspect by next: normal, tightened, or stop."""

    state: str
    words: Words


def switch(accepted: Sequence[bool]) -> Switching:
    """From the history of lots, oldest first: tightened after 2 refusals within 5 lots, normal again after 5 accepted in a row, stop after 5
    refusals on tightened inspection in all. Source: ISO 2859-1, 9.3."""
    state, recent, in_a_row, refused = "normal", list[bool](), 0, 0
    for lot in accepted:
        if state == "normal":
            recent = [*recent, lot][-5:]
            if recent.count(False) >= 2:
                state, recent, in_a_row, refused = "tightened", [], 0, 0
        else:
            in_a_row, refused = (in_a_row + 1, refused) if lot else (0, refused + 1)
            if refused >= 5:
                return Switching("stop", Words("5 lots were refused on tightened inspection: stop, until the supplier has improved."))
            if in_a_row >= 5:
                state, recent = "normal", []
    said = {"normal": "Normal inspection.", "tightened": "Tightened inspection: 2 of at most 5 lots in a row were refused."}
    return Switching(state, Words(said[state]))
