"""What the trail tells: the history of a subject with its private texts, and the proof of a record for whoever is outside."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.keys import public_pem
from linchpin.kernel.trail.models import Event, EventText, Seal, Sealed


@dataclass(frozen=True, slots=True)
class Told:
    """A change to be read; `erased` where a text was blanked lawfully."""

    field: str
    old: str | None
    new: str | None
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Happening:
    """An event to be read."""

    id: int
    sequence: int
    verb: str
    actor: Person
    at: datetime
    reason: str
    changes: list[Told]
    hash: str


def history(record_id: int, *, without: Collection[str] = (), only: Collection[str] = (), latest: int | None = None) -> list[Happening]:
    """What happened to a record, newest last. Two queries.

    `without`: verbs that are left out with the signatures that were given with them; `only`: verbs that are wanted; `latest`: no more than so many.
    """
    events = Event.objects.filter(record_id=record_id)
    if only:
        events = events.filter(verb__in=only)
    if without:
        before = Event.objects.filter(chain=OuterRef("chain"), sequence=OuterRef("sequence") - 1, verb__in=without)
        events = events.exclude(verb__in=without).exclude(Q(verb="sign") & Exists(before))
    return _happenings(events, latest)


def history_of(chain: UUID) -> list[Happening]:
    """What happened to any subject (person, unit, organization, record), newest last."""
    return _happenings(Event.objects.filter(chain=chain))


def texts(event_ids: Any) -> dict[int, list[str | None]]:
    """The private texts of events in the order of their commitments; None where one was erased."""
    found: dict[int, list[str | None]] = defaultdict(list)
    rows = EventText.objects.filter(event__in=event_ids).order_by("event_id", "place")
    for event, text in rows.values_list("event_id", "text"):
        found[event].append(text)
    return found


def proof_of(record: Record) -> dict[str, Any]:
    """Each event of a record with its seal and the way to the seal's root, and the public key: checked by `merkle.proven`."""
    events = list(Event.objects.filter(record_id=record.pk).order_by("sequence"))
    places = {s.event_id: s for s in Sealed.objects.filter(event__record_id=record.pk).select_related("seal")}
    paths = {number: paths_of(number) for number in {s.seal_id for s in places.values()}}
    return {
        "record": record.number,
        "chain": str(record.uid),
        "public_key": public_pem(),
        "events": [
            {"body": e.body, "previous": e.previous, "hash": e.hash}
            | ({"seal": _seal(s.seal), "leaf": s.leaf, "path": paths[s.seal_id][s.leaf]} if (s := places.get(e.pk)) else {})
            for e in events
        ],
    }


def newest_seal() -> dict[str, Any] | None:
    """The newest seal, to be kept outside: it shows later whether the database was put back or made again."""
    seal = Seal.objects.order_by("-number").first()
    return _seal(seal) if seal else None


def paths_of(number: int) -> list[list[tuple[str, str]]]:
    """Of each leaf under the seal, in order, the way to the seal's root."""
    leaves = Sealed.objects.filter(seal_id=number).order_by("leaf").values_list("event__hash", flat=True)
    return merkle.proofs(list(leaves))


def _seal(seal: Seal) -> dict[str, Any]:
    names = ("number", "previous", "root", "count", "key", "signature", "hash")
    return {name: getattr(seal, name) for name in names} | {"at": seal.at.isoformat(timespec="microseconds")}


def _happenings(events: QuerySet[Event], latest: int | None = None) -> list[Happening]:
    read = ("sequence", "verb", "at", "body", "hash", "actor__uid", "actor__name")
    rows = list(events.select_related("actor").only(*read).order_by("-sequence")[:latest])[::-1]
    private = texts([row.pk for row in rows])
    return [_happening(row, iter(private.get(row.pk, ()))) for row in rows]


def _happening(row: Event, private: Iterator[str | None]) -> Happening:
    told = json.loads(row.body)
    changes = []
    for name, *values in told["changes"]:
        (old, old_erased), (new, new_erased) = (_readable(value, private) for value in values)
        changes.append(Told(name, old, new, old_erased or new_erased))
    reason, _erased = _readable(told["reason"], private)
    return Happening(row.pk, row.sequence, row.verb, row.actor, row.at, reason or "", changes, row.hash)


def _readable(value: Any, private: Iterator[str | None]) -> tuple[str | None, bool]:
    if not isinstance(value, dict):
        return value, False
    text = next(private, None)
    return text, text is None
