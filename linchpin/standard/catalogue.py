"""The catalogue as the rest of the product reads it: one edition at a time, in the standard's order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

EDITIONS = ("2015", "2026")
KINDS = ("requirement", "structure", "title", "editorial", "note", "none", "terms", "guidance", "removed")
"""What a change does. A note and guidance inform: no finding rests on them."""
CONFIDENCE = ("high", "medium")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a clause asks for. `letter` is that of 2015, and empty in 2026: the new letters are not certain. `new`: first asked for in 2026."""

    letter: str
    title: str
    text: str
    auditor: str
    new: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What the edition of 2026 changed, how sure that is, and what is not sure about it. `at` names what is no clause, such as an annex."""

    kind: str
    what: str
    confidence: str
    doubt: str
    at: str


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of one edition. `keeps`: whether it asks for a document, a record or both; `other`: the numbers in the other edition.

    `amended`: what the amendment of February 2024 added to the edition of 2015; `auditor`: what an auditor looks for; `changes`: those of 2026.
    """

    number: str
    title: str
    text: str
    items: tuple[Item, ...]
    keeps: tuple[str, ...]
    amended: str
    auditor: str
    other: tuple[str, ...]
    changes: tuple[Change, ...]

    @property
    def level(self) -> int:
        """1 for a chapter, 2 for 10.2, 3 for 10.2.1."""
        return self.number.count(".") + 1

    @property
    def parent(self) -> str:
        return self.number.rpartition(".")[0]

    @property
    def altered(self) -> bool:
        """Whether 2026 changed anything that a reader should know of."""
        return any(change.kind != "none" for change in self.changes)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition with its clauses by number, in order, and the changes that belong to no clause."""

    id: str
    name: str
    published: date
    about: str
    clauses: Mapping[str, Clause]
    beside: tuple[Change, ...]


@cache
def written() -> Mapping[str, Any]:
    """The data file as it stands."""
    return tomllib.loads((files("linchpin.standard") / "catalogue.toml").read_text(encoding="utf-8"))


@cache
def catalogue(edition: str) -> Edition:
    """One edition. Raises KeyError for an edition that is not among EDITIONS."""
    told = next((row for row in written()["edition"] if row["id"] == edition), None)
    if told is None:
        raise KeyError(edition)
    found = {row["number"]: _clause(row, edition) for row in written()["clause"] if _in(row, edition)}
    beside = tuple(_change(row) for row in written()["change"] if "at" in row)
    return Edition(told["id"], told["name"], told["published"], told["about"], found, beside)


@cache
def numbers() -> frozenset[str]:
    """The numbers of all clauses of both editions: what a record type may declare."""
    return frozenset(row["number"] for row in written()["clause"])


@cache
def evidences(declared: str, number: str, edition: str) -> bool:
    """Whether records of a type that declares one clause are evidence for another: for itself, what it is a part of, and its parts.

    A declared number may be of either edition: 10.3 of 2015 is evidence for 10.1 of 2026. A whole chapter is evidence for itself alone.
    """
    return any(_related(one, number) for one in numbered_in(edition, declared))


@cache
def numbered_in(edition: str, declared: str) -> frozenset[str]:
    """The numbers that a clause of either edition has in this one."""
    found = {declared} if declared in catalogue(edition).clauses else set()
    for row in written()["clause"]:
        became = row.get("becomes", [])
        if edition == "2026" and row["number"] == declared:
            found.update(became)
        if edition == "2015" and declared in became and declared not in catalogue("2015").clauses:
            found.add(row["number"])
    return frozenset(found)


def _related(one: str, number: str) -> bool:
    return one == number or one.startswith(f"{number}.") or ("." in one and number.startswith(f"{one}."))


def _in(row: Mapping[str, Any], edition: str) -> bool:
    return bool(row.get("since", edition) <= edition <= row.get("until", edition))


def _clause(row: Mapping[str, Any], edition: str) -> Clause:
    number, late = row["number"], edition == "2026"
    items = tuple(
        Item("" if late else item.get("letter", ""), item["title"], item["text"], item.get("auditor", ""), item.get("since") == "2026")
        for item in row.get("items", ()) if _in(item, edition)
    )  # fmt: skip
    return Clause(
        number, row.get("title_2026", row["title"]) if late else row["title"], row.get("text_2026", row["text"]) if late else row["text"], items,
        tuple(row.get("keeps", ())), "" if late else row.get("amended", ""), row.get("auditor", ""), _other(row, edition),
        tuple(_change(change) for change in written()["change"] if number in change.get(f"in_{edition}", ())),
    )  # fmt: skip


def _other(row: Mapping[str, Any], edition: str) -> tuple[str, ...]:
    if edition == "2015":
        return tuple(row.get("becomes", [row["number"]]))
    came = [one["number"] for one in written()["clause"] if row["number"] in one.get("becomes", [one["number"]]) and _in(one, "2015")]
    return tuple(came)


def _change(row: Mapping[str, Any]) -> Change:
    return Change(row["kind"], row["what"], row["confidence"], row.get("doubt", ""), row.get("at", ""))
