"""Verification as three passes over plain tuples: chains with their heads, private texts, seals with their leaves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from hmac import digest
from itertools import groupby
from operator import itemgetter
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.diagnosing import Chain, LeafOf
from linchpin.kernel.trail.core.faults import Fault, Head, Row, SealRow, Tally, event_fault
from linchpin.kernel.trail.core.hashing import ERASE, MARK, START, commitment, erased_in, seal_hash, seal_text

COMMITMENTS = re.compile(r'\{"sha256":"([0-9a-f]{64})"\}')


def pair(heads: Iterable[Head], rows: Iterable[Sequence[Any]]) -> Iterator[tuple[Head | None, list[Sequence[Any]]]]:
    """Each chain's head with its events. Both come ordered by chain."""
    waiting = iter(heads)
    head = next(waiting, None)
    for chain, run in groupby(rows, key=itemgetter(1)):
        while head is not None and head.chain < chain:
            yield head, []
            head = next(waiting, None)
        if head is not None and head.chain == chain:
            yield head, list(run)
            head = next(waiting, None)
        else:
            yield None, list(run)
    if head is not None:
        yield head, []
        yield from ((rest, []) for rest in waiting)


def check_chains(
    pairs: Iterable[tuple[Head | None, Sequence[Sequence[Any]]]], key: bytes | None, leaf_of: LeafOf, tally: Tally
) -> None:
    """Count events and those that commit to texts, collect what was erased, and diagnose each chain that is not plainly sound."""
    for head, rows in pairs:
        tally.events += len(rows)
        for row in rows:
            tally.committed += MARK in row[8]
            if row[7] == ERASE:
                tally.erased.update(erased_in(row[8]))
        if not sound(head, rows, key):
            fault = Chain(head, [Row(*row) for row in rows], key, leaf_of).first_fault()
            if fault:
                tally.faults.append(fault)


def sound(head: Head | None, rows: Sequence[Sequence[Any]], key: bytes | None) -> bool:
    """Whether a chain is whole: a plain loop, because it runs over every event there is."""
    if head is None:
        return False
    before, place, chain, owner = START, 0, head.chain, head.row
    for _id, _chain, sequence, kind, record, actor, at, verb, body, previous, hash, mac in rows:
        place += 1
        if (
            previous != before
            or sequence != place
            or sha256(f"{before}\n{body}".encode()).hexdigest() != hash
            or (key is not None and digest(key, hash.encode(), "sha256").hex() != mac)
            or not body.startswith(f'{{"actor":"{actor}","at":"{at}","chain":"{chain}","changes":')
            or not body.endswith(
                f',"record":{"null" if record is None else record},"sequence":{place},"subject":"{kind}","verb":"{verb}"}}'
            )
            or (kind == "record" and record != owner)
        ):
            return False
        before = hash
    return place > 0 and head.sequence == place and head.hash == before


def text_fault(row: Row, name: str, texts: Sequence[tuple[int, str, str | None]], erased: set[str]) -> Fault | None:
    """Whether the private texts (place, salt, text) of one event are those that its body commits to."""
    expected = COMMITMENTS.findall(row.body)
    if [place for place, _salt, _text in texts] != list(range(len(expected))):
        return event_fault("text_edited", row, name, "a private text is missing or was added.")
    for (_place, salt, text), committed in zip(texts, expected, strict=True):
        if text is None and committed not in erased:
            return event_fault("text_edited", row, name, "a private text was blanked, and no event tells of it.")
        if text is not None and commitment(salt, text) != committed:
            return event_fault("text_edited", row, name, "a private text no longer matches its commitment.")
    return None


def with_leaves(
    seals: Iterator[tuple[Any, ...]], leaves: Iterator[tuple[Any, ...]]
) -> Iterator[tuple[SealRow, list[tuple[int, str | None]]]]:
    """Each seal with its leaves (event id, the event's hash or None where it is gone). Both come ordered by the seal's number."""
    runs = groupby(leaves, key=itemgetter(0))
    number, run = next(runs, (None, iter(())))
    for row in seals:
        while number is not None and number < row[0]:
            number, run = next(runs, (None, iter(())))
        found = [(event, hash) for _number, event, hash in run] if number == row[0] else []
        yield SealRow(*row), found


def check_seals(
    seals: Iterable[tuple[SealRow, Sequence[tuple[int, str | None]]]], public_keys: Mapping[str, bytes], tally: Tally
) -> None:
    """Check each seal with its leaves (event, hash). The newest signature covers all seals before it: they are chained."""
    previous, number, last = START, 0, None
    rows: list[SealRow | None] = []
    for seal, leaves in seals:
        number += 1  # noqa: SIM113  it is asked for after the loop
        tally.seals += 1
        if seal.key not in tally.keys:
            tally.keys.append(seal.key)
            rows.append(last)
        if fault := _seal_fault(seal, leaves, number, previous):
            tally.faults.append(fault)
            return
        tally.covered += seal.count
        previous, last = seal.hash, seal
    for seal_row in (*rows, last):
        if seal_row is not None and not signed(seal_row, public_keys):
            why = "it is not signed by a key of this installation."
            tally.faults.append(Fault("seal_forged", f"Seal {seal_row.number} was forged: {why}", seal=seal_row.number))
            return


def _seal_fault(seal: SealRow, leaves: Sequence[tuple[int, str | None]], number: int, previous: str) -> Fault | None:
    if seal.number != number:
        return Fault("seal_deleted", f"Seal {number} was deleted: seal {seal.number} follows seal {number - 1}.", seal=number)
    text = told(seal)
    if seal_hash(text, seal.signature) != seal.hash:
        return Fault("seal_edited", f"Seal {number} was edited: its content no longer matches its hash.", seal=number)
    if seal.previous != previous:
        return Fault("seal_edited", f"Seal {number} was edited: it follows another seal than number {number - 1}.", seal=number)
    for event, hash in leaves:
        if hash is None:
            why = f"The event with id {event}, under seal {number}, was deleted."
            return Fault("deleted", why, event=event, seal=number, near=event)
    if not _covers(seal, [hash for _event, hash in leaves if hash is not None]):
        first = f", the first with id {leaves[0][0]}" if leaves else ""
        why = f"Seal {number} covers {seal.count} events{first}, and no longer these: one was exchanged."
        return Fault("seal_broken", why, seal=number)
    return None


def _covers(seal: SealRow, hashes: Sequence[str]) -> bool:
    try:
        return len(hashes) == seal.count and merkle.root(hashes) == seal.root
    except ValueError:  # no leaf at all, or a hash that is none
        return False


def told(seal: SealRow) -> str:
    """The text of a seal, from its columns."""
    return seal_text(number=seal.number, previous=seal.previous, root=seal.root, count=seal.count, at=seal.at, key=seal.key)


def signed(seal: SealRow, public_keys: Mapping[str, bytes]) -> bool:
    """Whether one of the keys signed the seal."""
    raw = public_keys.get(seal.key)
    if raw is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(raw).verify(bytes.fromhex(seal.signature), told(seal).encode())
    except (InvalidSignature, ValueError):
        return False
    return True
