"""Fault trees: published ones give the published cut sets, and every small one what trying all combinations gives."""

from __future__ import annotations

from itertools import product
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linchpin.statistics.risk.fault_trees import Gate, fault_tree, minimal_cut_sets
from linchpin.statistics.words import DataRefused


def any_of(*inputs: str) -> Gate:
    return Gate("any", inputs)


def all_of(*inputs: str) -> Gate:
    return Gate("all", inputs)


def sets(*ways: str) -> set[frozenset[str]]:
    return {frozenset(way.split()) for way in ways}


def test_the_handbooks_tree_with_repeated_events_reduces_to_two_ways() -> None:
    """Vesely and others, Fault Tree Handbook, NUREG-0492 (1981), chapter VII: T = C + A·B."""
    gates = {"T": all_of("E1", "E2"), "E1": any_of("A", "E3"), "E2": any_of("C", "E4"), "E3": any_of("B", "C"), "E4": all_of("A", "B")}
    assert minimal_cut_sets("T", gates) == sets("C", "A B")


def test_the_pressure_tank_bursts_in_twenty_nine_ways() -> None:
    """Barlow and Chatterjee, Introduction to Fault Tree Analysis, AD-774 072 (1973), figures 6, 7 and 10."""
    gates = {
        "top": any_of("1", "G1", "2"), "G1": any_of("G2", "3"), "G2": any_of("4", "5", "G3"), "G3": all_of("G4", "G5"),
        "G4": any_of("G6", "G7"), "G5": any_of("6", "7", "8"), "G6": any_of("9", "10", "11"), "G7": any_of("12", "G8", "13"),
        "G8": any_of("14", "15", "16"),
    }  # fmt: skip
    pairs = [f"{one} {other}" for one in ("9", "10", "11", "12", "13", "14", "15", "16") for other in ("6", "7", "8")]
    assert minimal_cut_sets("top", gates) == sets("1", "2", "3", "4", "5", *pairs)


def test_the_fire_protection_fails_in_five_ways_with_the_published_probabilities() -> None:
    """Barrère and Hankin, MaxSAT Evaluation 2020, figure 1 (arXiv 2007.08255)."""
    gates = {
        "top": any_of("detects", "puts out"), "detects": all_of("x1", "x2"), "puts out": any_of("x3", "trigger", "x4"),
        "trigger": all_of("x5", "remote"), "remote": any_of("x6", "x7"),
    }  # fmt: skip
    found = fault_tree("top", gates, {"x1": 0.2, "x2": 0.1, "x3": 0.001, "x4": 0.002, "x5": 0.05, "x6": 0.1, "x7": 0.05})
    assert [way.events for way in found.ways] == [("x3",), ("x4",), ("x1", "x2"), ("x5", "x6"), ("x5", "x7")]
    assert [way.probability for way in found.ways] == pytest.approx([0.001, 0.002, 0.02, 0.005, 0.0025])


def test_the_theater_goes_dark_as_often_as_openfta_says() -> None:
    """OpenFTA's example of an operating theater: exact value 2.064338E-003; the generator fails at a rate of 0.02 for one unit of time."""
    gates = {"dark": all_of("mains", "stand-by"), "stand-by": any_of("generator", "relay")}
    found = fault_tree("dark", gates, {"mains": 0.03, "generator": 1 - exp(-0.02), "relay": 0.05})
    assert found.probability == pytest.approx(2.064338e-3, abs=5e-10)


def test_a_bridge_of_five_fails_as_often_as_the_textbook_says() -> None:
    """Barlow and Proschan, Statistical Theory of Reliability (1975): the bridge of parts of reliability 0.9 has reliability 0.97848."""
    gates = {"top": any_of("a", "b", "c", "d"), "a": all_of("1", "2"), "b": all_of("4", "5"), "c": all_of("1", "3", "5"), "d": all_of("2", "3", "4")}
    assert fault_tree("top", gates, dict.fromkeys("12345", 0.1)).probability == pytest.approx(1 - 0.97848)


def test_a_probability_that_is_absent_is_never_guessed() -> None:
    gates = {"top": any_of("known", "both"), "both": all_of("known too", "unknown")}
    found = fault_tree("top", gates, {"known": 0.1, "known too": 0.2})
    assert (found.probability, found.at_least, found.missing) == (None, pytest.approx(0.1), ("unknown",))
    assert [way.probability for way in found.ways] == [pytest.approx(0.1), None]


def test_what_is_ruled_out_opens_no_way() -> None:
    gates = {"top": any_of("a", "both"), "both": all_of("b", "c")}
    assert minimal_cut_sets("top", gates, impossible={"b"}) == sets("a")
    assert fault_tree("top", gates, impossible={"a", "c"}).ways == ()


def test_an_event_below_itself_and_a_tree_nobody_could_read_are_refused() -> None:
    with pytest.raises(DataRefused, match="stands below itself"):
        minimal_cut_sets("a", {"a": any_of("b"), "b": all_of("a", "c")})
    wide = {"top": all_of(*(f"g{n}" for n in range(9)))} | {f"g{n}": any_of(*(f"{n}-{m}" for m in range(6))) for n in range(9)}
    with pytest.raises(DataRefused, match="more than 500 ways"):
        minimal_cut_sets("top", wide)
    with pytest.raises(DataRefused, match="between 0 and 1"):
        fault_tree("a", {}, {"a": 1.5})


BASIC = "abcdef"


@st.composite
def trees(draw: st.DrawFn) -> dict[str, Gate]:
    """A tree of up to five gates; each joins basic events, which may repeat, and gates that come after it."""
    names = [f"G{n}" for n in range(draw(st.integers(1, 5)))]
    return {
        name: Gate(draw(st.sampled_from(["any", "all"])), tuple(draw(st.lists(st.sampled_from([*BASIC, *names[n + 1 :]]), min_size=1, max_size=4))))
        for n, name in enumerate(names)
    }


def happens(event: str, gates: dict[str, Gate], true: frozenset[str]) -> bool:
    gate = gates.get(event)
    if gate is None:
        return event in true
    inputs = [happens(each, gates, true) for each in gate.inputs]
    return any(inputs) if gate.kind == "any" else all(inputs)


@given(trees())
def test_cut_sets_and_probability_are_what_trying_every_combination_gives(gates: dict[str, Gate]) -> None:
    chance = {name: 0.05 + 0.13 * place for place, name in enumerate(BASIC)}
    combinations = [frozenset(n for n, on in zip(BASIC, ons, strict=True) if on) for ons in product((False, True), repeat=len(BASIC))]
    enough = {true for true in combinations if happens("G0", gates, true)}
    smallest = {true for true in enough if not any(other < true for other in enough)}
    found = fault_tree("G0", gates, chance)
    assert {frozenset(way.events) for way in found.ways} == smallest
    total = 0.0
    for true in enough:
        p = 1.0
        for name in BASIC:
            p *= chance[name] if name in true else 1 - chance[name]
        total += p
    assert found.probability == pytest.approx(total, abs=1e-12)
