"""Whether the data file is whole: looked at when the product starts, each fault a sentence that says where it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from linchpin.standard.catalogue import CONFIDENCE, EDITIONS, KINDS, written

NUMBER = re.compile(r"(?:[4-9]|10)(?:\.[1-9])*")
LONGEST = 30
"""Words of a paraphrase: more would be a text of its own."""
KEPT = {"document", "record"}
KNOWN = {"number", "title", "title_2026", "text", "text_2026", "since", "until", "becomes", "keeps", "amended", "auditor", "items", "letter"}


def faults(data: Mapping[str, Any] | None = None) -> list[str]:
    """What is wrong with the catalogue; empty when it is sound."""
    held = written() if data is None else data
    return [*_editions(held), *_order(held["clause"]), *(fault for row in held["clause"] for fault in _clause(row, held["clause"])), *_changes(held)]


def _editions(held: Mapping[str, Any]) -> Iterator[str]:
    if tuple(row["id"] for row in held["edition"]) != EDITIONS:
        yield f"The editions must be {' and '.join(EDITIONS)}, in this order."


def _order(rows: list[Mapping[str, Any]]) -> Iterator[str]:
    found = [row["number"] for row in rows]
    for number in found:
        if not NUMBER.fullmatch(number):
            yield f"“{number}” is no clause number."
        elif "." in number and number.rpartition(".")[0] not in found:
            yield f"Clause {number} has no clause above it."
    places = [[int(part) for part in number.split(".")] for number in found if NUMBER.fullmatch(number)]
    yield from (f"Clause {'.'.join(map(str, after))} stands twice or out of order." for before, after in pairwise(places) if after <= before)


def _clause(row: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> Iterator[str]:
    number = row["number"]
    for part in (row, *row.get("items", ())):
        yield from (f"Clause {number} has a “{name}”, which nothing reads." for name in sorted(set(part) - KNOWN))
        yield from (f"Clause {number}: “{part[name]}” is no edition." for name in ("since", "until") if part.get(name, EDITIONS[0]) not in EDITIONS)
        for name in ("title", "text", "title_2026", "text_2026"):
            words = str(part.get(name, "" if name in ("title", "text") else "–")).split()
            if not words or len(words) > LONGEST:
                yield f"Clause {number}: the {name} of “{part.get('title', number)}” has {len(words)} words; from 1 to {LONGEST} are wanted."
    yield from (f"Clause {number} keeps a “{kept}”; it is a document or a record." for kept in row.get("keeps", ()) if kept not in KEPT)
    late = {one["number"] for one in rows if one.get("until") != "2015"}
    yield from (f"Clause {number} becomes {other}, which is not in 2026." for other in row.get("becomes", ()) if other not in late)


def _changes(held: Mapping[str, Any]) -> Iterator[str]:
    early = {row["number"] for row in held["clause"] if row.get("since") != "2026"}
    late = {row["number"] for row in held["clause"] if row.get("until") != "2015"}
    for row in held["change"]:
        told = f"The change “{row.get('what', '')[:40]}”"
        if row.get("kind") not in KINDS or row.get("confidence") not in CONFIDENCE or not row.get("what"):
            yield f"{told} needs what changed, a kind and a confidence that are known."
        if not (row.get("at") or (row.get("in_2015") and row.get("in_2026"))):
            yield f"{told} names no clause of each edition, nor what else it is about."
        for edition, known in (("2015", early), ("2026", late)):
            yield from (f"{told} names {number}, which is not in {edition}." for number in row.get(f"in_{edition}", ()) if number not in known)
