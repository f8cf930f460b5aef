"""The quick way over a trail says “whole” exactly where the passes that name faults find none."""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.kernel.trail.core.faults import Head, Row, Tally
from linchpin.kernel.trail.core.hashing import START, body, canonical, commitment, event_hash, event_mac, keyed, seal_text, spelled
from linchpin.kernel.trail.core.verifying import check_chains, pair, text_fault
from linchpin.kernel.trail.core.walking import look_at_texts, walk

KEY = bytes(range(32))
ACTORS = {7: "a" * 36, 8: "b" * 36}
Texts = list[tuple[int, int, str, str | None]]


def trail_of(lengths: list[int]) -> tuple[list[Head], list[Row], Texts]:
    """Chains of so many events, written in turns: heads, events in the order of writing, their private texts."""
    rows, texts = list[Row](), Texts()
    ends = {f"00000000-0000-4000-8000-{n:012}": (START, 0, n) for n in range(1, len(lengths) + 1)}
    for turn in range(1, max(lengths) + 1):
        for (chain, (previous, sequence, record)), length in zip(list(ends.items()), lengths, strict=True):
            if turn > length:
                continue
            event, actor, at = len(rows) + 1, ACTORS[7 + turn % 2], f"2026-11-02T10:{turn:02}:00.000000+00:00"
            kept = [(f"{event:032x}", text) for text in ("Burr", 'a {"sha256":" in words')[: turn % 3]]
            changes = [["title", None, {"sha256": commitment(*one)}] for one in kept] or [["status", None, "open"]]
            text = body(actor=actor, at=at, chain=chain, changes=canonical(changes)[1:-1], reason='""', record=record,
                        sequence=sequence + 1, subject="record", verb="edit")  # fmt: skip
            hash = event_hash(previous, text)
            rows.append(Row(event, chain, sequence + 1, "record", record, actor, at, "edit", text, previous, hash, event_mac(KEY, hash)))
            texts += [(event, place, *one) for place, one in enumerate(kept)]
            ends[chain] = (hash, sequence + 1, record)
    return [Head(chain, hash, count, "record", record, f"NC {record}") for chain, (hash, count, record) in ends.items()], rows, texts


def quick(heads: list[Head], rows: list[Row], tally: Tally) -> bool:
    pks = {uid: pk for pk, uid in ACTORS.items()}
    events = [(r.chain, r.sequence, r.kind, r.record, pks.get(r.actor, 0), r.at, r.verb, r.body, r.previous, r.hash, r.mac) for r in rows]
    return walk(events, [head[:5] for head in heads], KEY, ACTORS, str, str, tally)


def named(heads: list[Head], rows: list[Row]) -> Tally:
    tally = Tally()
    ordered = sorted(rows, key=lambda row: (row.chain, row.sequence, row.id))
    check_chains(pair(sorted(heads), ordered), KEY, lambda row: None, tally)
    return tally


@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_a_whole_trail_is_walked_through_and_counted(lengths: list[int]) -> None:
    heads, rows, texts = trail_of(lengths)
    tally = Tally()
    assert quick(heads, rows, tally)
    assert (tally.events, tally.committed) == (sum(lengths), len({text[0] for text in texts})) == (named(heads, rows).events, named(heads, rows).committed)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=5), st.data())
def test_whatever_is_named_is_seen_by_the_quick_way_too(lengths: list[int], data: st.DataObject) -> None:
    heads, rows, _texts = trail_of(lengths)
    for _once_or_more in range(data.draw(st.integers(1, 3))):
        _tamper(heads, rows, data)
    if named(heads, rows).faults:
        assert not quick(heads, rows, Tally())


def _tamper(heads: list[Head], rows: list[Row], data: st.DataObject) -> None:
    if heads and data.draw(st.integers(0, 4)) == 0:
        at = data.draw(st.integers(0, len(heads) - 1))
        name = data.draw(st.sampled_from(["hash", "sequence", "row", ""]))
        heads[at : at + 1] = [heads[at]._replace(**{name: 99 if name != "hash" else "ab"})] if name else []
        return
    if not rows:
        return
    at, to = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, len(rows) - 1))
    match data.draw(st.sampled_from(["drop", "swap", "twice", "column", "again"])):
        case "drop":
            rows.pop(at)
        case "swap":
            rows[at], rows[to] = rows[to]._replace(id=rows[at].id), rows[at]._replace(id=rows[to].id)
        case "twice":
            rows.append(rows[at]._replace(id=len(rows) + 1, sequence=rows[at].sequence + data.draw(st.integers(0, 1))))
        case "column":
            name = data.draw(st.sampled_from(Row._fields[1:]))
            rows[at] = rows[at]._replace(**{name: getattr(rows[to], name)})
        case "again":  # edited and hashed again, without the key
            text = rows[at].body.replace("edit", "move")
            rows[at] = rows[at]._replace(body=text, verb="move", hash=event_hash(rows[at].previous, text))


@settings(deadline=None)
@given(st.lists(st.integers(1, 6), min_size=1, max_size=4), st.data())
def test_a_text_that_is_not_the_one_committed_to_is_suspect(lengths: list[int], data: st.DataObject) -> None:
    _heads, rows, texts = trail_of(lengths)
    if not texts:
        return
    at = data.draw(st.integers(0, len(texts) - 1))
    event, place, salt, text = texts[at]
    change = data.draw(st.sampled_from(["whole", "text", "salt", "place", "drop", "blank"]))
    changed = {"whole": [texts[at]], "text": [(event, place, salt, "Other")], "salt": [(event, place, "ab", text)],
               "place": [(event, place + 1, salt, text)], "drop": [], "blank": [(event, place, "", None)]}  # fmt: skip
    texts[at : at + 1] = changed[change]
    found = look_at_texts(_with_bodies(rows, texts))
    at_fault = {row.id for row in rows if (own := [t[1:] for t in texts if t[0] == row.id]) and text_fault(row, "", own, set())}
    assert at_fault == {*found.suspects, *(one for one, _commitment in found.blank)}
    assert (found.count, found.events) == (len(texts), len({text[0] for text in texts}))


def _with_bodies(rows: list[Row], texts: Texts) -> Iterator[tuple[Any, ...]]:
    bodies = {row.id: row.body for row in rows}
    return ((*text, bodies[text[0]] if text[1] == 0 else None) for text in sorted(texts, key=lambda text: text[:2]))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["title", "link.repeats"]), st.none() | st.text(), st.none() | st.text())), st.none() | st.integers(1), st.text())
def test_a_body_put_together_is_the_canonical_one(changes: list[tuple[str, str | None, str | None]], record: int | None, reason: str) -> None:
    frame = {"actor": ACTORS[7], "at": "2026-11-02T10:14:00.000000+00:00", "chain": "c" * 36, "record": record}
    frame |= {"sequence": 7, "subject": "record", "verb": "edit"}
    parts = ",".join(f'["{field}",{spelled(old)},{spelled(new)}]' for field, old, new in changes)
    told = body(**frame, changes=parts, reason=spelled(reason))  # type: ignore[arg-type]
    assert told == canonical({**frame, "changes": changes, "reason": reason})


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=64), st.text(alphabet="0123456789abcdef", min_size=64, max_size=64))
def test_the_prepared_key_gives_the_code_of_the_standard(key: bytes, hash: str) -> None:
    inner, outer = keyed(key)
    inner.update(hash.encode())
    outer.update(inner.digest())
    assert outer.hexdigest() == event_mac(key, hash) == hmac.new(key, hash.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("name", ["at", "key", "previous", "root"])
@settings(deadline=None)
@given(st.text())
def test_a_seal_of_strange_columns_has_the_text_of_no_other(name: str, value: str) -> None:
    columns = {"number": 1, "previous": "ab", "root": "cd", "count": 2, "at": "2026-11-02T11:00:00.000000+00:00", "key": "ef"}
    told = columns | {name: value}
    assert seal_text(**told) == canonical(told) and json.loads(seal_text(**told)) == told  # type: ignore[arg-type]
