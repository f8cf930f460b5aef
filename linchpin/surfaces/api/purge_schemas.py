"""The shapes of purging and erasing."""

from __future__ import annotations

from ninja import Schema
from pydantic import Field

from linchpin.surfaces.api.house_schemas import HitOut
from linchpin.surfaces.api.schemas import Reference, Strict


class PurgeIn(Strict):
    kind: str = Field(json_schema_extra={"enum": ["field", "comment", "file"]}, max_length=8)
    target: str = Field(max_length=40, description="The field's name, the comment's id, or the file's uid.")
    reason: str = Field(max_length=2_000, description="It stands on the tombstone: do not repeat the content in it.")


class PurgeDecision(Strict):
    confirm: bool
    reason: str = Field("", max_length=2_000, description="Why it stays, where it is declined.")


class PurgeOut(Schema):
    uid: str
    kind: str
    target: str
    what: str = Field(description="What it was, without its content.")
    hash: str = Field(description="Of a file the SHA-256 of its bytes; of a text its salted commitment in the trail.")
    state: str = Field(description="`proposed`, `purged` or `declined`.")
    reason: str
    proposed_by: Reference
    proposed_at: str
    decided_by: Reference | None
    decided_at: str | None
    answer: str
    takes_along: list[str] = Field(description="Of a proposal: imported files that go with it as a whole, as nothing is cut out of kept evidence.")


class ErasureIn(Strict):
    reason: str = Field(max_length=2_000, description="It stays in the trail: say it without the name.")


class PassageOut(Schema):
    """Where a name stands: in what, and with which words around it."""

    where: str
    text: str


class MentionOut(HitOut):
    passages: list[PassageOut] = Field(description="Empty where the name does not stand there word for word: somebody has to look.")


class MentionsOut(Schema):
    items: list[MentionOut]
    hidden: int = Field(description="Records that name the person and are not yours to read.")


class ReplaceIn(Strict):
    numbers: list[str] = Field([], max_length=500, description="The records, by number.")
    everywhere: bool = Field(False, description="In all that you may read.")
