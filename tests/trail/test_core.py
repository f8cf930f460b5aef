"""Hashing, seals and verification without any database: whatever is done to any trail is found, and named."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.kernel.trail.core import merkle, verify_export, verify_lines
from linchpin.kernel.trail.core.faults import Verification
from linchpin.kernel.trail.core.hashing import (
    START,
    body,
    canonical,
    commitment,
    event_hash,
    fingerprint,
    seal_hash,
    seal_text,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
Line = dict[str, Any]


def chain_lines(serial: int, lengths: list[str], first_id: int) -> list[Line]:
    """One record's head, events and private texts, as an export has them."""
    chain, hash, events = f"00000000-0000-4000-8000-{serial:012}", START, list[Line]()
    for sequence, title in enumerate(lengths, start=1):
        at, salt = f"2026-11-02T10:{sequence:02}:00.000000+00:00", f"{serial:016x}{sequence:016x}"
        text = body(actor="a" * 36, at=at, chain=chain, changes=canonical(["title", None, {"sha256": commitment(salt, title)}]),
                    reason='""', record=serial, sequence=sequence, subject="record", verb="edit")  # fmt: skip
        event = {"kind": "event", "id": first_id, "chain": chain, "sequence": sequence, "subject": "record", "record": serial,
                 "actor": "a" * 36, "at": at, "verb": "edit", "body": text, "previous": hash}  # fmt: skip
        hash = event_hash(hash, text)
        events += [event | {"hash": hash}, {"kind": "text", "event": first_id, "place": 0, "salt": salt, "text": title}]
        first_id += 1
    head = {"kind": "head", "chain": chain, "hash": hash, "sequence": len(lengths), "subject": "record", "row": serial}
    return [head | {"name": f"NC-2026-{serial:04}"}, *events]


def sealed(chains: list[list[Line]], size: int) -> list[Line]:
    """The whole export: the key, the seals over every `size` events, the chains."""
    events = sorted((line for lines in chains for line in lines if line["kind"] == "event"), key=lambda line: line["id"])
    seals, previous = list[Line](), START
    for number, start in enumerate(range(0, len(events), size), start=1):
        leaves = [[event["id"], event["hash"]] for event in events[start : start + size]]
        told = {"number": number, "previous": previous, "root": merkle.root([hash for _id, hash in leaves]),
                "count": len(leaves), "at": "2026-11-02T11:00:00.000000+00:00", "key": fingerprint(PUBLIC)}  # fmt: skip
        signature = KEY.sign(seal_text(**told).encode()).hex()
        previous = seal_hash(seal_text(**told), signature)
        seals.append({"kind": "seal", **told, "signature": signature, "hash": previous, "leaves": leaves})
    key = {"kind": "key", "fingerprint": fingerprint(PUBLIC), "public": PUBLIC.hex()}
    return [key, *seals, *(line for lines in chains for line in lines)]


titles = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@st.composite
def trails(draw: st.DrawFn) -> list[Line]:
    """One to four records with two to five events each, under seals of one to seven events."""
    chains, first_id = list[list[Line]](), 1
    for serial, lengths in enumerate(draw(st.lists(st.lists(titles, min_size=2, max_size=5), min_size=1, max_size=4)), start=1):
        chains.append(chain_lines(serial, lengths, first_id))
        first_id += len(lengths)
    return sealed(chains, draw(st.integers(1, 7)))


def places(lines: list[Line], kind: str) -> list[int]:
    return [place for place, line in enumerate(lines) if line["kind"] == kind]


def named(answer: Verification) -> dict[str, Any]:
    assert answer.first_fault is not None, "Nobody noticed."
    return answer.first_fault


@given(trails())
def test_an_untouched_trail_is_whole(lines: list[Line]) -> None:
    answer = verify_lines(lines, held_by=fingerprint(PUBLIC))
    assert answer.ok, answer.first_fault
    assert answer.events == answer.texts == len(places(lines, "event"))


@given(trails(), st.data())
def test_any_edited_event_is_found_and_named(lines: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(lines, "event")))
    name = data.draw(st.sampled_from(["body", "previous", "hash", "actor", "at", "verb", "record", "subject"]))
    event = lines[place]
    lines[place] = event | {name: event[name] + 1 if name == "record" else f"{event[name]} "}
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("edited", event["id"], event["sequence"])


@given(trails(), st.data())
def test_an_edited_chain_hashed_again_to_its_end_is_named_at_the_edit(lines: list[Line], data: st.DataObject) -> None:
    start = data.draw(st.sampled_from(places(lines, "event")))
    chain, hash = lines[start]["chain"], lines[start]["previous"]
    for place in places(lines, "event"):
        if lines[place]["chain"] == chain and place >= start:
            text = lines[place]["body"].replace('"edit"', '"void"')
            lines[place] |= {"body": text, "verb": "void", "previous": hash, "hash": (hash := event_hash(hash, text))}
    next(line for line in lines if line["kind"] == "head" and line["chain"] == chain)["hash"] = hash
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"]) == ("edited", lines[start]["id"])


@given(trails(), st.data())
def test_any_deleted_event_is_found_and_named(lines: list[Line], data: st.DataObject) -> None:
    event = lines.pop(data.draw(st.sampled_from(places(lines, "event"))))
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["chain"], fault["sequence"]) == ("deleted", event["chain"], event["sequence"])


@given(trails(), st.data())
def test_a_deleted_tail_with_its_head_put_back_is_found(lines: list[Line], data: st.DataObject) -> None:
    head = data.draw(st.sampled_from([line for line in lines if line["kind"] == "head"]))
    tail = [line for line in lines if line["kind"] == "event" and line["chain"] == head["chain"]]
    lines.remove(tail[-1])
    head |= {"hash": tail[-2]["hash"], "sequence": tail[-2]["sequence"]}
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"]) == ("deleted", tail[-1]["id"])


@given(trails(), st.data())
def test_any_two_events_that_changed_places_are_found(lines: list[Line], data: st.DataObject) -> None:
    first = data.draw(st.sampled_from([p for p in places(lines, "event") if lines[p]["sequence"] == 1]))
    chain = [p for p in places(lines, "event") if lines[p]["chain"] == lines[first]["chain"]]
    one, other = sorted(data.draw(st.lists(st.sampled_from(chain), min_size=2, max_size=2, unique=True)))
    lines[one], lines[other] = lines[other], lines[one]
    if data.draw(st.booleans()):
        lines[one], lines[other] = (line | {"sequence": lines[p]["sequence"]} for line, p in ((lines[one], other), (lines[other], one)))
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"]) == ("reordered", lines[one]["id"])


@given(trails(), st.data())
def test_any_inserted_event_is_found_and_named(lines: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(lines, "event")))
    event = lines[place]
    text = event["body"].replace('"edit"', '"approve"')
    forged = event | {"id": 9999, "body": text, "verb": "approve", "hash": event_hash(event["previous"], text)}
    lines.insert(place, forged)
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("inserted", 9999, event["sequence"])


@given(trails(), st.data())
def test_an_event_added_at_the_end_with_its_head_is_found(lines: list[Line], data: st.DataObject) -> None:
    head = data.draw(st.sampled_from([line for line in lines if line["kind"] == "head"]))
    last = max(p for p in places(lines, "event") if lines[p]["chain"] == head["chain"])
    event, sequence = lines[last], lines[last]["sequence"] + 1
    text = event["body"].replace(f'"sequence":{sequence - 1}', f'"sequence":{sequence}')
    forged = event | {"id": 9999, "body": text, "sequence": sequence, "previous": event["hash"], "hash": event_hash(event["hash"], text)}
    lines.insert(last + 2, forged)
    head |= {"hash": forged["hash"], "sequence": sequence}
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"]) == ("inserted", 9999)


@given(trails(), st.data())
def test_any_changed_private_text_is_found(lines: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(lines, "text")))
    change = data.draw(st.sampled_from([{"text": "Nothing happened."}, {"text": None}, {"salt": "ab"}, {"place": 1}]))
    lines[place] = lines[place] | change
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["event"]) == ("text_edited", lines[place]["event"])


@given(trails(), st.data())
def test_any_changed_seal_is_found(lines: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(places(lines, "seal")))
    name = data.draw(st.sampled_from(["previous", "root", "at", "key", "signature", "hash"]))
    seal = lines[place]
    lines[place] = seal | {name: "ab" if seal[name] != "ab" else "cd"}
    fault = named(verify_lines(lines))
    assert (fault["kind"], fault["seal"]) == ("seal_edited", seal["number"])


@given(trails(), st.data())
def test_any_removed_seal_but_the_newest_is_named(lines: list[Line], data: st.DataObject) -> None:
    found = places(lines, "seal")
    if len(found) > 1:
        seal = lines.pop(data.draw(st.sampled_from(found[:-1])))
        fault = named(verify_lines(lines))
        assert (fault["kind"], fault["seal"]) == ("seal_deleted", seal["number"])


def test_seals_made_again_with_another_key_convince_nobody_who_holds_the_fingerprint() -> None:
    lines = sealed([chain_lines(1, ["Burr", "Scratch"], 1)], 1)
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    assert verify_lines(lines).ok
    assert named(verify_lines(lines, held_by=fingerprint(other)))["kind"] == "seal_forged"


@given(st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), min_size=1, max_size=40, unique=True), st.data())
def test_every_leaf_is_proven_and_no_other(hashes: list[str], data: st.DataObject) -> None:
    root = merkle.root(hashes)
    index = data.draw(st.integers(0, len(hashes) - 1))
    for place, path in enumerate(merkle.proofs(hashes)):
        assert merkle.proven(hashes[place], path, root)
        assert place == index or not merkle.proven(hashes[index], path, root)


def test_the_root_of_rfc_6962() -> None:
    with pytest.raises(ValueError, match="leaf"):
        merkle.root([])
    assert merkle.root(["00"]) == "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"


@settings(max_examples=30)
@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none()))
def test_canonical_text_is_one_and_reads_back(value: dict[str, Any]) -> None:
    again = dict(reversed(value.items()))
    assert canonical(value) == canonical(again)
    assert json.loads(canonical(value)) == value


def test_an_export_is_read_from_a_file_and_from_a_zip(tmp_path: Path) -> None:
    lines = sealed([chain_lines(serial, ["Burr", "Scratch"], serial * 2) for serial in (1, 2)], 3)
    plain, zipped = tmp_path / "trail.jsonl", tmp_path / "export.zip"
    plain.write_text("".join(canonical(line) + "\n" for line in lines), encoding="utf-8")
    with ZipFile(zipped, "w") as archive:
        archive.write(plain, "linchpin/trail.jsonl")
    assert verify_export(plain) == verify_export(zipped)
    assert verify_export(zipped).ok and replace(verify_export(zipped)).events == 4
    with ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "Nothing here.")
    with pytest.raises(ValueError, match="not an export"):
        verify_export(tmp_path / "other.zip")
