"""Fault trees: in which ways an event can happen at all, and how probable that makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

from linchpin.statistics.words import DataRefused, Words

MOST_SETS = 500
"""So many ways are told apart. A tree with more is read by nobody."""
MOST_STEPS = 5000
"""So many cases are distinguished for an exact probability: under a second. Trees that people draw need some dozens."""

CutSet = frozenset[str]
Ways = tuple[CutSet, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """How the inputs of an event join: `any` of them is enough (OR), or only `all` together are (AND)."""

    kind: Literal["any", "all"]
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A minimal cut set: events that make the top event happen when all of them do, and of which none can be left out.

    `probability` is that of all of them together; None while one of them has none.
    """

    events: tuple[str, ...]
    probability: float | None


@dataclass(frozen=True, slots=True)
class FaultTree:
    """The ways in which the top event can happen, those by a single event first.

    `probability` is exact and stands only when every event in the ways has one; `at_least` is what those ways make whose events all have one.
    """

    kind: str
    n: int
    ways: tuple[Way, ...]
    probability: float | None
    at_least: float | None
    missing: tuple[str, ...]
    method: Words
    warnings: tuple[Words, ...]


def fault_tree(
    top: str, gates: Mapping[str, Gate], probabilities: Mapping[str, float] | None = None, *, impossible: Collection[str] = ()
) -> FaultTree:
    """`gates` by the event whose inputs they join; what has none is a basic event. `impossible` events are ruled out.

    The same name in two places is the same event. Probabilities hold for events that are independent of each other. Raises DataRefused.
    """
    known = dict(probabilities or {})
    for name, value in known.items():
        if not 0 <= value <= 1:
            raise DataRefused("The probability of “{name}” is {value:g}: it lies between 0 and 1.", argument="probabilities", name=name, value=value)
    found = sorted(minimal_cut_sets(top, gates, impossible=impossible), key=lambda way: (len(way), sorted(way)))
    ways = tuple(Way(tuple(sorted(way)), prod(known[e] for e in way) if way <= known.keys() else None) for way in found)
    events = sorted(set().union(*found))
    missing = tuple(event for event in events if event not in known)
    whole = [way for way in found if way <= known.keys()]
    told = [Words("The events are taken to be independent of each other; a common cause would make the figure too small.")] if whole else []
    try:
        at_least = union_probability(whole, known) if whole else None
    except DataRefused as refused:
        at_least, told = None, [refused.sentence]
    method = Words("Minimal cut sets by Boolean reduction; the exact probability of their union by Shannon's expansion.")
    return FaultTree("fault-tree", len(events), ways, None if missing else at_least, at_least, missing, method, tuple(told))


def minimal_cut_sets(top: str, gates: Mapping[str, Gate], *, impossible: Collection[str] = ()) -> set[CutSet]:
    """Every minimal cut set, from the basic events up; empty when the top event cannot happen. Raises DataRefused.

    Source: Vesely and others, Fault Tree Handbook, NUREG-0492 (1981), chapter VII, bottom-up substitution.
    """
    known: dict[str, set[CutSet]] = {}

    def ways(event: str, above: tuple[str, ...]) -> set[CutSet]:
        if event in above:
            raise DataRefused("“{name}” stands below itself: an event cannot be its own cause.", argument="gates", name=event)
        if event not in known:
            known[event] = reduced(event, above)
        return known[event]

    def reduced(event: str, above: tuple[str, ...]) -> set[CutSet]:
        gate = gates.get(event)
        if event in impossible:
            return set()
        if gate is None or not gate.inputs:
            return {frozenset((event,))}
        below = [ways(each, (*above, event)) for each in gate.inputs]
        return _smallest(set().union(*below)) if gate.kind == "any" else _together(below)

    return ways(top, ())


def union_probability(ways: Iterable[CutSet], probabilities: Mapping[str, float]) -> float:
    """That at least one of the ways happens, of independent events: exact, by Shannon's expansion on the event that most of them share. Raises DataRefused."""
    known: dict[frozenset[CutSet], float] = {}

    def chance(sets: frozenset[CutSet]) -> float:
        if not sets:
            return 0.0
        if frozenset() in sets:
            return 1.0
        if sets not in known:
            if len(known) > MOST_STEPS:
                raise DataRefused("The ways share too many events for an exact probability: give it for branches apart.", argument="ways")
            count = Counter(event for way in sets for event in way)
            event = min(count, key=lambda name: (-count[name], name))
            happens = frozenset(_smallest({way - {event} for way in sets}))
            p = probabilities[event]
            known[sets] = p * chance(happens) + (1 - p) * chance(frozenset(way for way in sets if event not in way))
        return known[sets]

    return chance(frozenset(_smallest(set(ways))))


def _together(below: list[set[CutSet]]) -> set[CutSet]:
    """The ways in which all of them happen. Reduced after each step, so that few sets are ever held."""
    so_far: set[CutSet] = {frozenset()}
    for each in below:
        if len(so_far) * len(each) > MOST_SETS * 20:
            _too_many()
        so_far = _smallest({one | other for one, other in product(so_far, each)})
    return so_far


def _smallest(sets: set[CutSet]) -> set[CutSet]:
    """Without those that contain another one (absorption)."""
    kept: list[CutSet] = []
    for each in sorted(sets, key=len):
        if not any(smaller <= each for smaller in kept):
            kept.append(each)
        if len(kept) > MOST_SETS:
            _too_many()
    return set(kept)


def _too_many() -> None:
    raise DataRefused(
        "This tree has more than {most} ways in which its top event can happen: analyze its branches apart.", argument="gates", most=MOST_SETS
    )
