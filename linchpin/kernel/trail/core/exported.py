"""Verification of an export: a file of JSON lines, alone or in a zip, with neither database nor installation.

Lines, in this order: `key` (fingerprint, public), `seal` (its columns and `leaves`: [event id, hash]), then for each
subject `head`, its `event`s in order, and after each event its private `text`s (event, place, salt, text or null).
A file about one record has, instead of whole seals, a line `proof` per seal: its columns, and `leaves` with the way of each to the root
([event id, hash, [[side, neighbor], …]]).
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from linchpin.kernel.trail.core import merkle
from linchpin.kernel.trail.core.diagnosing import Chain
from linchpin.kernel.trail.core.faults import Fault, Head, Row, SealRow, Tally, Verification, exchanged_fault
from linchpin.kernel.trail.core.hashing import fingerprint, seal_hash
from linchpin.kernel.trail.core.verifying import check_chains, check_seals, signed, text_fault, told

NAME = "trail.jsonl"
EVENT = ("id", "chain", "sequence", "subject", "record", "actor", "at", "verb", "body", "previous", "hash")
HEAD = ("chain", "hash", "sequence", "subject", "row", "name")
Line = dict[str, Any]
Group = tuple[Head | None, list[Row], dict[int, list[tuple[int, str, str | None]]]]


def verify_export(path: Path, *, held_by: str | None = None, held: tuple[int, str] | None = None) -> Verification:
    """Verify the trail in a file of JSON lines, or in the `trail.jsonl` of a zip.

    `held_by` is the fingerprint of the public key that you were given by another way: without it the answer only
    says which keys the file names. `held` is the number and hash of a seal that was kept outside. Raises ValueError when
    the file holds no trail.
    """
    with _opened(path) as lines:
        return verify_lines((json.loads(line) for line in lines if line.strip()), held_by=held_by, held=held)


def verify_lines(lines: Iterable[Line], *, held_by: str | None = None, held: tuple[int, str] | None = None) -> Verification:
    """The same, of lines already parsed."""
    tally, keys, leaves = Tally(), dict[str, bytes](), dict[int, str]()
    seen: dict[int, str] = {}
    whole = True
    for section, run in groupby(lines, key=_section):
        if section == "key":
            named = (bytes.fromhex(line["public"]) for line in run)
            keys.update((name, raw) for raw in named if held_by in (None, name := fingerprint(raw)))
        elif section == "seal":
            sealed = _seals(run, leaves, seen)
            check_seals(sealed, keys, tally)
            for _rest in sealed:
                pass
        elif section == "proof":
            whole = False
            _check_proofs(_seals(run, leaves, seen), keys, tally)
        else:
            for group in _groups(run):
                _check_group(group, leaves, tally)
                if not whole:
                    _check_name(group, tally)
    if leaves and not tally.faults:
        event = min(leaves)
        sentence = f"The event with id {event} was deleted: a seal covers it, and it is not in the file."
        tally.faults.append(Fault("deleted", sentence, event=event, near=event))
    if held and (whole or held[0] in seen) and seen.get(held[0]) != held[1]:
        tally.faults.append(exchanged_fault(held[0]))
    return tally.verification()


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[str]]:
    if not zipfile.is_zipfile(path):
        with path.open(encoding="utf-8") as lines:
            yield lines
        return
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if Path(name).name == NAME]
        if not names:
            raise ValueError(f"{path.name} holds no {NAME}: it is not an export of Linchpin.")
        with archive.open(names[0]) as member, io.TextIOWrapper(member, encoding="utf-8") as lines:
            yield lines


def _section(line: Line) -> str:
    return line["kind"] if line["kind"] in ("key", "seal", "proof") else "chain"


def _check_proofs(seals: Iterable[tuple[SealRow, list[Any]]], keys: dict[str, bytes], tally: Tally) -> None:
    """Each seal for itself: its hash, its signature, and that each leaf leads to its root."""
    for seal, leaves in seals:
        tally.seals += 1
        if seal.key not in tally.keys:
            tally.keys.append(seal.key)
        if seal_hash(told(seal), seal.signature) != seal.hash:
            tally.faults.append(Fault("seal_edited", f"Seal {seal.number} was edited: its content no longer matches its hash.", seal=seal.number))
        elif not signed(seal, keys):
            why = f"Seal {seal.number} was forged: it is not signed by a key of this installation."
            tally.faults.append(Fault("seal_forged", why, seal=seal.number))
        elif not all(_leads(leaf, seal.root) for leaf in leaves):
            tally.faults.append(Fault("seal_broken", f"Seal {seal.number} does not cover these events: one was exchanged.", seal=seal.number))


def _check_name(group: Group, tally: Tally) -> None:
    """Whose trail a file about one record says it is: the number that the record's own events gave it."""
    head, rows, _texts = group
    given = [change[2] for row in rows for change in row.told().get("changes", ()) if change[0] == "number"]
    if head is not None and rows and (head.kind != rows[0].kind or (given and given[-1] != head.name)):
        sentence = f"{head.name}: its events tell of {rows[0].kind} {given[-1] if given else ''}, the file says that it is another's."
        tally.faults.append(Fault("head_edited", sentence, head.chain, head.name, near=rows[-1].id))


def _leads(leaf: Any, root: str) -> bool:
    try:
        return all(side in ("left", "right") for side, _neighbor in leaf[2]) and merkle.proven(leaf[1], leaf[2], root)
    except ValueError:  # no hash at all
        return False


def _seals(run: Iterable[Line], leaves: dict[int, str], seen: dict[int, str]) -> Iterator[tuple[SealRow, list[Any]]]:
    for line in run:
        seen[line["number"]] = line["hash"]
        leaves.update((event, hash) for event, hash, *_path in line["leaves"])
        yield SealRow(*(line[name] for name in SealRow._fields)), line["leaves"]


def _groups(run: Iterable[Line]) -> Iterator[Group]:
    for chain, lines in groupby(run, key=_chain_of()):
        head, rows, texts = None, list[Row](), dict[int, list[tuple[int, str, str | None]]]()
        for line in lines:
            if line["kind"] == "head":
                head = Head(*(line[name] for name in HEAD))
            elif line["kind"] == "event":
                rows.append(Row._make([*(line[name] for name in EVENT), ""]))
            elif line["kind"] == "text":
                texts.setdefault(line["event"], []).append((line["place"], line["salt"], line["text"]))
        if chain is not None:
            yield head, rows, texts


def _chain_of() -> Any:
    """The chain that a line belongs to: texts belong to that of the event before them."""
    current: list[str | None] = [None]

    def chain(line: Line) -> str | None:
        current[0] = line.get("chain", current[0])
        return current[0]

    return chain


def _check_group(group: Group, leaves: dict[int, str], tally: Tally) -> None:
    head, rows, texts = group
    found = len(tally.faults)
    unsealed = None if any(fault.seal for fault in tally.faults) else ""
    own = {row.id: leaves.pop(row.id, unsealed) for row in rows}
    check_chains([(head, rows)], None, lambda row: own.get(row.id), tally)
    if len(tally.faults) == found and any(own[row.id] not in (None, row.hash) for row in rows):
        fault = Chain(head, rows, None, lambda row: own.get(row.id)).first_fault()
        tally.faults.extend([fault] if fault else [])
    for row in rows:
        given = texts.pop(row.id, [])
        tally.texts += len(given)
        if len(tally.faults) == found and (fault := text_fault(row, head.name if head else row.chain, given, tally.erased)):
            tally.faults.append(fault)
