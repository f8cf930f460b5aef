"""The shapes of what stands beside the records: people, units, types, search, to do, jobs, webhooks, feeds."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field

from linchpin.surfaces.api.schemas import RecordReference, Reference, Strict

Key = Annotated[str, Field(max_length=40)]


class PersonOut(Schema):
    """A person; e-mail, badge, employment and account only for oneself and for whoever administers people."""

    uid: str
    name: str
    initials: str
    position: str
    unit: Reference
    manager: Reference | None
    state: str
    email: str | None = None
    badge: str | None = None
    employment: str | None = None
    account: str | None = None


class PeoplePage(Schema):
    items: list[PersonOut]
    after: str | None = Field(description="Send it as `after` for the next page; null on the last.")


class RoleOut(Schema):
    role: str
    units: list[Reference] | None = Field(description="The units it covers; null for all.")


class MeOut(Schema):
    person: PersonOut
    roles: list[RoleOut]
    scopes: list[str]
    expires_at: str | None


class UnitOut(Schema):
    uid: str
    name: str
    kind: str
    parent: Reference | None
    head: Reference | None
    in_scope: bool
    headcount: int | None
    country: str
    time_zone: str
    language: str
    state: str


class FieldOut(Schema):
    name: str
    label: str
    section: str
    required: bool
    takes: dict[str, Any] = Field(description="The JSON Schema of the field as it is sent.")


class ChoiceOut(Schema):
    value: str
    label: str


class FilterOut(Schema):
    name: str
    label: str
    choices: list[ChoiceOut]


class StateOut(ChoiceOut):
    phase: str


class TransitionOut(Schema):
    name: str
    label: str
    source: list[str]
    target: str = Field(description="Empty where the record stays in its state.")
    by: list[str]
    asks: list[str]
    needs: list[str]
    reason: bool
    signature: str
    strength: str
    automatic: bool
    backward: bool
    explain: str


class LifecycleOut(Schema):
    initial: str
    states: list[StateOut]
    transitions: list[TransitionOut]


class LabelsOut(Schema):
    one: str
    many: str


class ComputedOut(Schema):
    name: str
    label: str


class TypeOut(Schema):
    key: str
    prefix: str
    chapter: str
    clauses: list[str]
    labels: dict[str, LabelsOut]
    purpose: str
    may_create: bool
    parents: list[str]
    fields: list[FieldOut]
    computed: list[ComputedOut]
    filters: list[FilterOut]
    sorts: list[str]
    lifecycle: LifecycleOut


class HitOut(RecordReference):
    status: str
    phase: str
    owner: Reference | None
    unit: Reference
    due: str | None
    url: str | None


class WaitingOut(HitOut):
    what: str


class NoticeOut(Schema):
    kind: str
    text: str
    at: str


class StandingInOut(Schema):
    """What waits for somebody who is away, and for whom you stand in."""

    giver: Reference
    until: str
    waiting: list[WaitingOut]


class TodoOut(Schema):
    mine: list[HitOut]
    waiting: list[WaitingOut]
    standing_in: list[StandingInOut]
    notices: list[NoticeOut]


class ViewOut(Schema):
    name: str
    type: str
    query: str
    shared: bool
    owner: Reference
    url: str


class JobOut(Schema):
    uid: str
    kind: str
    state: str
    percent: int
    saying: str
    result: dict[str, Any]
    created_at: str
    started_at: str | None
    ended_at: str | None


class VerificationOut(Schema):
    events: int
    seals: int
    texts: int
    erased: int
    unsealed: int
    ok: bool
    first_fault: dict[str, Any] | None
    faults: int
    held_by: list[str]


class WebhookIn(Strict):
    url: str = Field(max_length=500)
    types: list[Key] = Field([], max_length=50)
    verbs: list[Key] = Field([], max_length=50)


class WebhookEdit(Strict):
    active: bool = True
    types: list[Key] = Field([], max_length=50)
    verbs: list[Key] = Field([], max_length=50)


class WebhookOut(Schema):
    uid: str
    person: Reference = Field(description="Whose it is: it tells what they may read.")
    url: str
    types: list[str]
    verbs: list[str]
    active: bool
    failures: int = Field(description="In a row; after ten it is switched off and you are told.")
    quiet_until: str | None
    said: str = Field(description="Why the last message did not arrive.")
    delivered_at: str | None
    created_at: str


class WebhookMade(WebhookOut):
    secret: str = Field(description="Verifies the messages (Standard Webhooks). It is shown once.")


class FeedIn(Strict):
    name: str = Field(min_length=1, max_length=80)
    unit: str | None = Field(None, max_length=36, description="The uid of a unit: its dates instead of your own.")
    days: int = Field(365, ge=1, le=3_650)


class FeedOut(Schema):
    id: int
    name: str
    expires_at: str


class FeedMade(FeedOut):
    url: str


class AddedFieldEdit(Strict):
    label: str = Field("", max_length=60)
    help: str = Field("", max_length=200)
    unit: str = Field("", max_length=12)
    decimals: int = Field(0, ge=0, le=6)
    smallest: float | None = None
    largest: float | None = None
    choices: list[str] = Field([], max_length=100)
    required: bool = False
    listed: bool = False
    filtered: bool = False
    place: int = Field(0, ge=0, le=1_000)
    retired: bool = False
    reason: str = Field("", max_length=2_000)


class AddedFieldIn(Strict):
    label: str = Field(min_length=1, max_length=60)
    kind: Literal["line", "text", "number", "day", "yes_no", "choice", "person"]
    help: str = Field("", max_length=200)
    unit: str = Field("", max_length=12, description="Of a number.")
    decimals: int = Field(0, ge=0, le=6, description="Of a number.")
    smallest: float | None = None
    largest: float | None = None
    choices: list[str] = Field([], max_length=100, description="Of a choice.")
    required: bool = Field(False, description="In new records.")
    listed: bool = Field(False, description="Whether it is a column of the register.")
    filtered: bool = Field(False, description="Whether it filters and orders the register.")
    place: int = Field(0, ge=0, le=1_000)


class AddedFieldOut(Schema):
    key: str = Field(description="Its name among the values of a record. It never changes.")
    label: str
    kind: str
    help: str
    unit: str
    decimals: int
    smallest: float | None
    largest: float | None
    choices: list[str]
    required: bool
    listed: bool
    filtered: bool
    place: int
    retired_at: str | None
