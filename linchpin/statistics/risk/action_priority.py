"""Failure modes: Action Priority from severity, occurrence and detection; the RPN only beside it."""

from __future__ import annotations

from dataclasses import dataclass

from linchpin.statistics.words import DataRefused, Words

TABLE = {
    9: ("HHHH", "HHHH", "HHHM", "HMLL", "LLLL"),
    7: ("HHHH", "HHHM", "HMMM", "MMLL", "LLLL"),
    4: ("HHMM", "MMML", "MLLL", "LLLL", "LLLL"),
    2: ("MMLL", "LLLL", "LLLL", "LLLL", "LLLL"),
    1: ("LLLL", "LLLL", "LLLL", "LLLL", "LLLL"),
}
"""By lowest severity of the band; then occurrence 8–10, 6–7, 4–5, 2–3, 1; then detection 7–10, 5–6, 2–4, 1."""

OCCURRENCE = (8, 6, 4, 2, 1)
DETECTION = (7, 5, 2, 1)
WORDS = {"H": "high priority for action", "M": "medium priority for action", "L": "low priority for action"}


@dataclass(frozen=True, slots=True)
class Priority:
    """`code` is H, M or L. `rpn` is the product of three ordinal ratings: it is shown because people ask, and ranks nothing."""

    severity: int
    occurrence: int
    detection: int
    code: str
    words: Words
    rpn: int


def action_priority(severity: int, occurrence: int, detection: int) -> Priority:
    """Action Priority for ratings from 1 to 10 (design and process FMEA). Source: AIAG & VDA FMEA Handbook (2019). Raises DataRefused."""
    for name, rating in (("severity", severity), ("occurrence", occurrence), ("detection", detection)):
        if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 10:
            raise DataRefused("The {name} is {rating}: it must be a whole number from 1 to 10.", argument=name, name=name, rating=rating)
    band = next(lowest for lowest in TABLE if severity >= lowest)
    row = next(place for place, lowest in enumerate(OCCURRENCE) if occurrence >= lowest)
    column = next(place for place, lowest in enumerate(DETECTION) if detection >= lowest)
    code = TABLE[band][row][column]
    return Priority(severity, occurrence, detection, code, Words(WORDS[code]), severity * occurrence * detection)
