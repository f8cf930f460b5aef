"""The quick way over a whole trail: it says whether all is plainly as it was written, and leaves it to the other passes to name what is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from linchpin.kernel.trail.core.faults import Tally
from linchpin.kernel.trail.core.hashing import ERASE, MARK, START, erased_in, keyed

Spelling = Callable[[Any], str]
"""From a stored uid or time to the text that was hashed."""
End = tuple[str, int, str, int | None, str]
"""Where a chain has come to: hash and sequence of its last event, its kind and record, and how each body goes on after the time."""


def walk(
    events: Iterable[tuple[Any, ...]], heads: Iterable[tuple[Any, ...]], key: bytes, actors: Mapping[int, str], uid: Spelling, time: Spelling, tally: Tally
) -> bool:
    """Whether every chain is whole and ends where its head says; counts events and those that commit to texts, and notes what was erased.

    Events come in the order of writing, of all chains mixed: (chain, sequence, kind, record, actor, at, verb, body, previous,
    hash, mac), with chain and `at` as stored. Heads: (chain, hash, sequence, kind, row). The loop runs over every event there is.
    """
    ends: dict[Any, End] = {}
    inner, outer = keyed(key)
    last, opening = (None, None), ""
    for chain, sequence, kind, record, actor, at, verb, body, previous, hash, mac in events:
        before, place, same_kind, same_record, goes_on = ends.get(chain) or (START, 0, kind, record, f'","chain":"{uid(chain)}","changes":')
        if (actor, at) != last:
            last, opening = (actor, at), f'{{"actor":"{actors.get(actor)}","at":"{time(at)}'
        code, outside = inner.copy(), outer.copy()
        code.update(hash.encode())
        outside.update(code.digest())
        if (
            previous != before
            or sequence != place + 1
            or sha256(f"{before}\n{body}".encode()).hexdigest() != hash
            or outside.hexdigest() != mac
            or not body.startswith(opening + goes_on)
            or not body.endswith(f',"record":{"null" if record is None else record},"sequence":{sequence},"subject":"{kind}","verb":"{verb}"}}')
            or kind != same_kind
            or record != same_record
        ):
            return False
        ends[chain] = (hash, sequence, kind, record, goes_on)
        tally.events += 1
        tally.committed += MARK in body
        if verb == ERASE:
            tally.erased.update(erased_in(body))
    return _end_at(heads, ends)


def _end_at(heads: Iterable[tuple[Any, ...]], ends: dict[Any, End]) -> bool:
    """Whether each head is the end of a chain of its own kind, and each chain has a head."""
    for chain, hash, sequence, kind, row in heads:
        end = ends.pop(chain, None)
        if end is None or end[:3] != (hash, sequence, kind) or (kind == "record" and end[3] != row):
            return False
    return not ends


@dataclass(slots=True)
class Texts:
    """How many private texts there are, of how many events; events that have not plainly those they commit to; commitments whose text is blank (by event)."""

    count: int = 0
    events: int = 0
    suspects: list[int] = field(default_factory=list)
    blank: list[tuple[int, str]] = field(default_factory=list)


def look_at_texts(rows: Iterable[tuple[Any, ...]]) -> Texts:
    """Hold private texts against the commitments in their event's body: (event, place, salt, text, body with place 0), in that order."""
    found = Texts()
    current, expected, after, sound, count = 0, [""], 1, True, 0
    for event, place, salt, text, body in rows:
        count += 1
        if event != current:
            if not sound or after != len(expected):
                found.suspects.append(current)
            current, expected, after, sound = event, (body or MARK).split(MARK), 1, True
            found.events += 1
        if place != after - 1 or after >= len(expected):
            sound = False
        elif text is None:
            found.blank.append((event, expected[after][:64]))
        elif not expected[after].startswith(sha256((salt + text).encode()).hexdigest()):
            sound = False
        after += 1
    if not sound or after != len(expected):
        found.suspects.append(current)
    found.count = count
    return found
