"""The shapes of the standard: editions, clauses, what changed, and what proves a clause."""

from __future__ import annotations

from typing import Literal

from ninja import Schema

from linchpin.surfaces.api.house_schemas import HitOut
from linchpin.surfaces.api.schemas import Strict


class EditionOut(Schema):
    id: str
    name: str
    in_force: bool


class EditionIn(Strict):
    edition: Literal["2015", "2026"]


class HeldOut(Schema):
    """A record type that declares the clause, and how many of its records the caller may see."""

    type: str
    count: int


class ClauseRow(Schema):
    number: str
    title: str
    text: str
    changed: bool
    held: list[HeldOut]


class ClausesOut(Schema):
    edition: EditionOut
    clauses: list[ClauseRow]


class ItemOut(Schema):
    """One thing that is asked for; letters are those of 2015 and empty in 2026."""

    letter: str
    title: str
    text: str
    auditor: str
    new: bool


class ChangeOut(Schema):
    kind: str
    what: str
    confidence: str
    doubt: str


class EvidenceOut(Schema):
    type: str
    count: int
    newest: list[HitOut]


class ClauseOut(Schema):
    edition: EditionOut
    number: str
    title: str
    text: str
    items: list[ItemOut]
    keeps: list[str]
    amended: str
    auditor: str
    other: list[str]
    changes: list[ChangeOut]
    evidence: list[EvidenceOut]
