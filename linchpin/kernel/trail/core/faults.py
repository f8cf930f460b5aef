"""What a verification looks at, and what it says when something is not as it was written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Row(NamedTuple):
    """An event as it is stored: its columns, and the body that was hashed."""

    id: int
    chain: str
    sequence: int
    kind: str
    record: int | None
    actor: str
    at: str
    verb: str
    body: str
    previous: str
    hash: str
    mac: str

    def told(self) -> dict[str, Any]:
        """What the body says; nothing if it is no longer JSON."""
        try:
            told = json.loads(self.body)
        except ValueError:
            return {}
        return told if isinstance(told, dict) else {}

    def __str__(self) -> str:
        return f"event {self.sequence} ({self.verb}, {self.at[:10]} {self.at[11:16]} UTC)"


class Head(NamedTuple):
    """What the subject's own row says of its chain. `row` is its primary key, `name` how people know it."""

    chain: str
    hash: str
    sequence: int
    kind: str
    row: int
    name: str


class SealRow(NamedTuple):
    """A seal as it is stored."""

    number: int
    previous: str
    root: str
    count: int  # type: ignore[assignment]  # a seal's own word, over the tuple's method
    at: str
    key: str
    signature: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written, and the sentence that names it."""

    kind: str
    sentence: str
    chain: str | None = None
    record: str | None = None
    sequence: int | None = None
    event: int | None = None
    seal: int | None = None
    near: int = field(default=0, compare=False)
    """The id of the event it is nearest to: the lowest comes first."""

    def as_dict(self) -> dict[str, Any]:
        names = ("kind", "chain", "record", "sequence", "event", "seal", "sentence")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer: how much was looked at, and the first fault. `held_by` names the keys that signed the seals."""

    events: int
    seals: int
    texts: int
    erased: int
    unsealed: int
    ok: bool
    first_fault: dict[str, Any] | None
    faults: int
    held_by: list[str]


@dataclass(slots=True)
class Tally:
    """What is counted and found on the way."""

    events: int = 0
    seals: int = 0
    texts: int = 0
    committed: int = 0
    covered: int = 0
    unsealed: int = 0
    erased: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def verification(self) -> Verification:
        """Faults of events come before those of seals: a broken seal is a consequence."""
        first = min(self.faults, key=lambda f: (f.sequence is None, f.event is None, f.near), default=None)
        return Verification(
            events=self.events,
            seals=self.seals,
            texts=self.texts,
            erased=len(self.erased),
            unsealed=self.unsealed,
            ok=first is None,
            first_fault=first.as_dict() if first else None,
            faults=len(self.faults),
            held_by=self.keys,
        )


def event_fault(kind: str, row: Row, name: str, why: str) -> Fault:
    """A fault of an event that is there."""
    verb = {"edited": "was edited", "inserted": "was inserted", "reordered": "was moved"}.get(kind, "is not as it was written")
    sentence = f"{name}, {row} {verb}: {why}"
    return Fault(kind, sentence, row.chain, name, row.sequence, row.id, near=row.id)


def missing_fault(chain: str, name: str, sequence: int, near: int, why: str) -> Fault:
    """A fault of an event that is gone."""
    return Fault("deleted", f"{name}, event {sequence} was deleted: {why}", chain, name, sequence, None, near=near)


def exchanged_fault(number: int) -> Fault:
    """The seal that somebody held outside is not among ours."""
    sentence = f"Seal {number} is not the one that was kept outside: the database was put back or made again."
    return Fault("seal_exchanged", sentence, seal=number)
