"""Disclosure control: which groups of a survey may be shown so that nobody can work out the answers of a few.

Whoever knows the sums of the shown groups knows every linear combination of them. A combination that leaves fewer than k
people discloses their answers, whether it comes from one small group, from a total minus its parts, from two filters that
differ by three people, or from an interim result beside the final one. `disclose` finds such combinations and hides groups
until none is left. Everything that is shown of a survey passes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from linchpin.statistics.results import Flags, Floats, Whole
from linchpin.statistics.surveys.combining import Disclosing, disclosing
from linchpin.statistics.words import DataRefused, Words

TOO_FEW = "Fewer than {k} answers."
PROTECTS = "Hidden so that a group of fewer than {k} cannot be worked out from the others."
EARLIER = "Hidden because, together with what was published before, it would show the answers of fewer than {k} people."


@dataclass(frozen=True, slots=True)
class Disclosure:
    """`shown` names the groups that may be shown, in the order asked for; `hidden` gives the reason for each of the others."""

    k: int
    shown: tuple[str, ...]
    hidden: dict[str, Words]
    warnings: tuple[Words, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.shown


@dataclass(frozen=True, slots=True)
class Atoms:
    """People who belong to the same groups are one atom. `rows`: groups × atoms, whether the atom is in the group."""

    names: tuple[str, ...]
    rows: Flags
    place: Whole
    """The atom of each person."""

    def sizes(self, answered: Flags | None = None) -> Whole:
        """How many people of each atom answered."""
        return np.bincount(self.place if answered is None else self.place[answered], minlength=self.rows.shape[1])


def atoms(groups: Mapping[str, Flags]) -> Atoms:
    """Atoms of groups given as flags over the same people. Raises DataRefused for flags of different lengths or without groups."""
    if not groups:
        raise DataRefused("There is no group to show.", argument="groups")
    people = {np.asarray(flags).shape for flags in groups.values()}
    if len(people) != 1 or len(next(iter(people))) != 1:
        raise DataRefused("Groups must be flags over the same people.", argument="groups")
    place = np.zeros(next(iter(people))[0], dtype=np.int64)
    held = [np.asarray(flags, dtype=bool) for flags in groups.values()]
    for start in range(0, len(held), 30):
        for flags in held[start : start + 30]:
            place = place * 2 + flags
        _kept, place = np.unique(place, return_inverse=True)
    first = np.zeros(int(place.max()) + 1 if place.size else 0, dtype=np.int64)
    first[place] = np.arange(place.size)
    return Atoms(tuple(groups), np.array([flags[first] for flags in held]), place)


def flags_of(people: Iterable[Any], groups: Mapping[str, Iterable[Any]]) -> dict[str, Flags]:
    """Groups given by their members as flags over `people`; members who are not among them are an error."""
    place = {person: index for index, person in enumerate(people)}
    found = {}
    for name, members in groups.items():
        flags = np.zeros(len(place), dtype=bool)
        for member in members:
            if member not in place:
                raise DataRefused("The group “{name}” names somebody who is not among the people.", argument="groups", name=name)
            flags[place[member]] = True
        found[name] = flags
    return found


def disclose(groups: Mapping[str, Flags], *, k: int = 5, published: Mapping[str, Flags] | None = None) -> Disclosure:
    """Decide which of `groups` may be shown.

    `groups` and `published`: flags over the same people (True: has answered and is in the group). `published` holds every group that
    was ever shown of these answers: other filters, interim results, earlier waves of linked people. k is at least 3.
    Small groups go first; the largest that can be shown, are. Raises DataRefused.
    """
    before = {f"before: {name}": flags for name, flags in (published or {}).items()}
    known = atoms({**before, **groups})
    return decide(known, known.sizes(), len(before), k)


def decide(known: Atoms, sizes: Whole, before: int, k: int) -> Disclosure:
    """As `disclose`, for atoms of which the first `before` groups were published already and `sizes` people answered."""
    if k < 3:
        raise DataRefused("The smallest group to show must be at least 3 people; 5 is usual.", argument="k")
    there = sizes > 0
    rows, people = known.rows[:, there].astype(np.float64), sizes[there]
    counts = rows @ people
    shown = np.arange(len(known.names)) < before
    open_before = _revealed(rows[:before], people, k)
    guarded = np.where(open_before, k, people)
    shown |= counts >= k
    hidden = {place: Words(TOO_FEW, k=k) for place in range(before, len(known.names)) if not shown[place]}
    while (found := disclosing(rows[shown], guarded, k)) is not None:
        chosen = _to_hide(found, shown, counts, before, k)
        if not chosen:
            break
        for place, reason in chosen.items():
            shown[place], hidden[place] = False, reason
    warnings = (Words("What was published before already shows the answers of fewer than {k} people.", k=k),) if open_before.any() else ()
    names = known.names
    return Disclosure(
        k, tuple(names[place] for place in range(before, len(names)) if shown[place]), {names[place]: hidden[place] for place in sorted(hidden)}, warnings
    )


def _revealed(rows: Floats, people: Whole, k: int) -> Flags:
    """Atoms that earlier publications lay open, which nothing can undo."""
    lost = np.zeros(people.size, dtype=bool)
    while rows.size and (found := disclosing(rows, np.where(lost, k, people), k)) is not None and found.certain:
        for combination in found.combinations:
            lost |= np.abs(combination) > 1e-9
    return lost


def _to_hide(found: Disclosing, shown: Flags, counts: Floats, before: int, k: int) -> dict[int, Words]:
    """For each disclosing combination the smallest group that takes part in it and was not published before."""
    places = np.flatnonzero(shown)
    chosen: dict[int, Words] = {}
    for weights in found.weights:
        taking_part = places[np.abs(weights) > 1e-9]
        free = taking_part[taking_part >= before]
        if not free.size and not found.certain:
            free = places[places >= before]
        if free.size and not set(free) & set(chosen):
            smallest = int(min(free, key=lambda place: (counts[place], -place)))
            old = bool((taking_part < before).any())
            chosen[smallest] = Words(EARLIER if old else PROTECTS, k=k)
    return chosen
