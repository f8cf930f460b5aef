"""Verification of an export: a file of JSON lines, alone or in a zip, with neither database nor installation.

Lines, in this order: `key` (fingerprint, public), `seal` (its columns and `leaves`: [event id, hash]), then for each
subject `head`, its `event`s in order, and after each event its private `text`s (event, place, salt, text or null).
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

from linchpin.kernel.trail.core.diagnosing import Chain
from linchpin.kernel.trail.core.faults import Fault, Head, Row, SealRow, Tally, Verification, exchanged_fault
from linchpin.kernel.trail.core.hashing import fingerprint
from linchpin.kernel.trail.core.verifying import check_chains, check_seals, text_fault

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
    for section, run in groupby(lines, key=_section):
        if section == "key":
            named = (bytes.fromhex(line["public"]) for line in run)
            keys.update((name, raw) for raw in named if held_by in (None, name := fingerprint(raw)))
        elif section == "seal":
            sealed = _seals(run, leaves, seen)
            check_seals(sealed, keys, tally)
            for _rest in sealed:
                pass
        else:
            for group in _groups(run):
                _check_group(group, leaves, tally)
    if leaves and not tally.faults:
        event = min(leaves)
        sentence = f"The event with id {event} was deleted: a seal covers it, and it is not in the file."
        tally.faults.append(Fault("deleted", sentence, event=event, near=event))
    if held and seen.get(held[0]) != held[1]:
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
    return line["kind"] if line["kind"] in ("key", "seal") else "chain"


def _seals(run: Iterable[Line], leaves: dict[int, str], seen: dict[int, str]) -> Iterator[tuple[SealRow, list[tuple[int, str | None]]]]:
    for line in run:
        seen[line["number"]] = line["hash"]
        leaves.update((event, hash) for event, hash in line["leaves"])
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
