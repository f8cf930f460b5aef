"""The shapes of what is sent and answered, the same for every record type; what a type adds is filled in by `describing`."""

from __future__ import annotations

from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from linchpin.kernel.links.kinds import LINK_KINDS

Text = Annotated[str, Field(max_length=2_000)]


class Strict(Schema):
    """What is sent: nothing unknown, nothing bent into shape."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RefusalOut(Schema):
    """One reason why not."""

    sentence: str
    field: str = Field("", description="The field that the sentence speaks of; empty where it speaks of the whole.")
    kind: str = Field("never", description="`never`, `second_person` (a declared exception may pass it) or `advice` (`passed` passes it).")
    duty: str = Field("", description="The separation of duties behind a `second_person` refusal.")


class Problem(Schema):
    """A refusal as `application/problem+json` (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[RefusalOut] = []
    theirs: dict[str, str | None] | None = Field(None, description="What now stands in fields that somebody else changed meanwhile.")


class Reference(Schema):
    """A person or a unit: the uid goes back in when you write."""

    uid: str
    name: str


class RecordReference(Schema):
    uid: str
    type: str
    number: str | None
    title: str


class RecordOut(Schema):
    """A record: what people fill in under `values`, what the system works out under `computed`."""

    uid: str
    type: str
    number: str | None
    url: str | None
    status: str
    phase: str
    version: int
    parent: str | None = Field(description="The number of the record it hangs under, if you may see that one.")
    provenance: str
    owner_text: str = Field(description="The owner as an import named them.")
    original_due: str | None
    due_moves: int
    exceptions: int = Field(description="Declared exceptions.")
    created_at: str
    created_by: Reference
    updated_at: str
    values: dict[str, Any]
    computed: dict[str, Any]


class RecordPage(Schema):
    """One page of a register; `next` and `previous` are addresses, null where there is no further page."""

    items: list[RecordOut]
    next: str | None
    previous: str | None


OnBehalfOf = Annotated[str, Field(max_length=36, description="The uid of the person for whom you stand in today, where you act in their name.")]


class CreateIn(Strict):
    values: dict[str, Any]
    parent: str | None = Field(None, max_length=40, description="The number of the record that the new one hangs under.")
    reason: Text = ""
    on_behalf_of: OnBehalfOf = ""


class EditIn(Strict):
    values: dict[str, Any]
    old: dict[str, Any] = Field({}, description="What you saw in the fields you edit: if one of them changed meanwhile, nothing is saved (409).")
    reason: Text = Field("", description="Needed when a due date moves.")
    on_behalf_of: OnBehalfOf = ""


class MoveIn(Strict):
    name: str = Field(max_length=40)
    values: dict[str, Any] = {}
    old: dict[str, Any] = Field({}, description="What you saw in its fields, and under `status`: if one of them changed meanwhile, nothing is done (409).")
    on_device: str = Field("", max_length=40, description="When it was done by the clock of a device without a connection: the trail shows it as a claim.")
    reason: Text = ""
    passed: bool = Field(False, description="The advice was read and is passed.")
    exception: Text = Field("", description="The reason of a declared exception, where one is possible.")
    on_behalf_of: OnBehalfOf = ""


class OfferOut(Schema):
    """A move that stands open, and what speaks against it."""

    name: str
    label: str
    target: str
    allowed: bool = Field(description="Whether you are one of those who may make it.")
    blocked: bool = Field(description="Whether something refuses it that nothing passes.")
    declarable: bool = Field(description="Whether a declared exception would let you go on.")
    refusals: list[RefusalOut]
    asks: list[str]
    needs: list[str]
    reason: bool
    signature: str
    strength: str
    in_browser: bool = Field(description="It is signed with a password or passkey: only in the browser.")
    explain: str


class CommentIn(Strict):
    text: str = Field(max_length=100_000)


class AskedIn(Strict):
    """Who is asked, in place of whoever was named before."""

    people: list[Text] = Field([], max_length=500, description="Uids or e-mails.")
    units: list[Text] = Field([], max_length=200, description="Uids of units: everybody in them and below them, now and later.")
    roles: list[Text] = Field([], max_length=20, description="Keys of roles: whoever has them in the record's unit.")


class WitnessIn(Strict):
    """Who was there when a group was told."""

    people: list[Text] = Field(max_length=500, description="Uids or e-mails.")
    said_so: Text = Field("", description="Where and how.")


class AnswerOut(Schema):
    """One person's answer."""

    person: Reference
    answer: str = Field(description="`open`, `done` or `witnessed`.")
    asked_at: str | None
    answered_at: str | None
    witness: Reference | None


class UnitCoverageOut(Schema):
    unit: Reference
    asked: int
    done: int
    witnessed: int


class AskedOut(Schema):
    """What the record asks people for, and how far they are."""

    duty: str
    label: str
    move: str = Field(description="The move by which they answer.")
    people: list[Reference]
    units: list[Reference]
    roles: list[str]
    coverage: list[UnitCoverageOut]
    answers: list[AnswerOut] = Field(description="Of groups, only those whom you lead, and yourself.")


class SettleIn(Strict):
    settled_with: Text


class CommentOut(Schema):
    id: int
    kind: str = Field(description="`say`, or `change` where it asks for one.")
    author: Reference
    text: str
    purged: bool = Field(description="Whether its text was purged: the tombstone stands under /purges/.")
    at: str
    mentions: list[Reference]
    settled_at: str | None = Field(description="When a change that was asked for was settled.")
    settled_by: Reference | None
    settled_with: str


class FileOut(Schema):
    uid: str
    name: str
    purged: bool = Field(description="Whether its content was purged: the tombstone stands under /purges/.")
    content_type: str
    size: int
    sha256: str
    purpose: str
    person: Reference
    at: str
    url: str


class LinkIn(Strict):
    target: str = Field(max_length=40, description="The number of the other record.")
    kind: str = Field(max_length=20, json_schema_extra={"enum": list(LINK_KINDS)})


class LinkOut(Schema):
    id: int
    kind: str
    outward: bool = Field(description="Whether the link goes out from this record.")
    words: str
    record: RecordReference


class ChildOut(RecordReference):
    status: str
    phase: str
    owner: Reference | None
    due: str | None
    url: str | None


class ChangeOut(Schema):
    field: str
    old: str | None
    new: str | None
    erased: bool


class EventOut(Schema):
    sequence: int
    verb: str
    actor: Reference
    at: str
    reason: str
    changes: list[ChangeOut]
    hash: str


class SignatureOut(Schema):
    signer: Reference
    signed_for: Reference | None = Field(description="For whom the signer stood in.")
    second_signer: Reference | None
    meaning: str
    strength: str
    move: str
    version: int
    content_hash: str
    fields: list[str]
    signed_at: str
    valid: bool = Field(description="Whether the record still says what was signed.")


class ExceptionOut(Schema):
    id: int
    duty: str
    sentence: str
    reason: str
    declared_by: Reference
    declared_at: str
    check_due: str
    checked_by: Reference | None
    checked_at: str | None
    finding: str


class FindingIn(Strict):
    finding: Text
