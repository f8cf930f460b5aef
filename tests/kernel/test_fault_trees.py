"""Causes read as a fault tree: what joins them, which of them are one event, and what somebody may not see."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.chapters.improvement.analyses.fault_tree import SAME, read_tree
from linchpin.chapters.improvement.analyses.ways import chance, groups_of, notes_of
from linchpin.kernel import commands
from linchpin.kernel.commands.editing import edit
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast

SHOWN = {"evidence": "24 of 24 lots without a reading."}


@pytest.fixture
def analysis(cast: Cast) -> Any:
    """Marek's: a thin lot flies if the bath leaves it thin, and both walls let it pass."""
    values = {"title": "In which ways can a thin lot fly?", "seen_what": "A thin lot flies", "owner": cast.marek.person, "method": "fault_tree", "gate": "all"}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=cast.problem(owner=cast.marek.person))


def event(cast: Cast, above: Any, title: str, **values: Any) -> Any:
    return commands.create("possible_cause", {"title": title, "owner": cast.marek.person, **values}, actor=cast.marek, parent=above)


def told(cast: Cast, analysis: Any, who: str = "marek") -> list[list[str]]:
    """The titles of the events of each way."""
    return [[cause.title for cause in way.causes] for group in groups_of(read_tree(analysis, getattr(cast, who))) for way in group.ways]


def two_walls(cast: Cast, analysis: Any) -> dict[str, Any]:
    """The bath; goods-in and final inspection, both of which trust the same gauge."""
    made = {"bath": event(cast, analysis, "The bath leaves it thin")}
    for wall in ("goods-in", "inspection"):
        made[wall] = event(cast, analysis, f"The {wall} lets it pass", gate="any")
        made[f"no {wall}"] = event(cast, made[wall], f"The {wall} reads the paper")
        made[f"gauge {wall}"] = event(cast, made[wall], "The gauge reads too high")
    commands.link(made["gauge inspection"], made["gauge goods-in"], SAME, actor=cast.marek)
    return made


def test_an_event_that_stands_in_two_places_is_one_and_shortens_the_way(cast: Cast, analysis: Any) -> None:
    made = two_walls(cast, analysis)
    assert told(cast, analysis) == [
        ["The bath leaves it thin", "The gauge reads too high"],
        ["The bath leaves it thin", "The goods-in reads the paper", "The inspection reads the paper"],
    ]
    (link,) = made["gauge inspection"].links_out.all()
    commands.unlink(link, actor=cast.marek)
    assert len(told(cast, analysis)) == 4


def test_what_was_shown_not_to_be_so_opens_no_way_and_is_named(cast: Cast, analysis: Any) -> None:
    made = two_walls(cast, analysis)
    commands.move(made["gauge inspection"], "reject", actor=cast.marek, values={"test": "480 checks against the foil."})
    assert told(cast, analysis) == [["The bath leaves it thin", "The goods-in reads the paper", "The inspection reads the paper"]]
    assert any("Left out, because it was shown not to be so: “The gauge reads too high”" in note for note in notes_of(read_tree(analysis, cast.marek)))
    commands.move(made["bath"], "reject", actor=cast.marek, values={"test": "All panels good."})
    assert told(cast, analysis) == []
    assert any("cannot happen" in note for note in notes_of(read_tree(analysis, cast.marek)))


def test_a_probability_has_its_source_and_is_exact_once_every_event_has_one(cast: Cast, analysis: Any) -> None:
    made = two_walls(cast, analysis)
    with pytest.raises(Refused, match="Say where the probability comes from"):
        edit(made["bath"], {"probability": "0.05"}, actor=cast.marek)
    with pytest.raises(Refused, match="between 0 and 1"):
        edit(made["bath"], {"probability": "5", "probability_source": "Log of the bath"}, actor=cast.marek)
    known = {"bath": "0.05", "no goods-in": "0.5", "no inspection": "0,5", "gauge goods-in": "0.004"}
    for name, value in known.items():
        assert read_tree(analysis, cast.marek).found.probability is None  # type: ignore[union-attr]
        edit(made[name], {"probability": value, "probability_source": "Two years of records"}, actor=cast.marek)
    found = read_tree(analysis, cast.marek).found
    assert found is not None
    assert found.probability == pytest.approx(0.05 * (0.004 + 0.996 * 0.25))
    assert any("has the probability 0.0127: exact" in note for note in notes_of(read_tree(analysis, cast.marek)))
    assert [chance(value) for value in (0, 1, 0.0502, 8.32e-5, 1e-6)] == ["0", "1", "0.0502", "8.32 × 10⁻⁵", "1 × 10⁻⁶"]


def test_who_may_not_read_an_event_is_told_no_ways(cast: Cast, analysis: Any) -> None:
    made = two_walls(cast, analysis)
    edit(made["no goods-in"], {"confidentiality": "restricted"}, actor=cast.daniel)
    assert len(told(cast, analysis)) == 2
    assert told(cast, analysis, "hanna") == []
    assert any("not for you to read" in note for note in notes_of(read_tree(analysis, cast.hanna)))


def test_an_event_that_stands_below_itself_is_said_and_breaks_nothing(cast: Cast, analysis: Any) -> None:
    above = event(cast, analysis, "Goods-in lets it pass")
    below = event(cast, above, "Goods-in let it pass before")
    commands.link(below, above, SAME, actor=cast.marek)
    assert any("stands below itself" in note for note in notes_of(read_tree(analysis, cast.marek)))


def test_what_a_gate_joins_is_to_be_tested_and_not_the_gate(cast: Cast, analysis: Any) -> None:
    made = two_walls(cast, analysis)
    for name in ("bath", "no goods-in", "no inspection"):
        commands.move(made[name], "verify", actor=cast.marek, values=SHOWN)
    commands.move(made["no goods-in"], "choose", actor=cast.marek)
    with pytest.raises(Refused) as said:
        commands.move(analysis, "propose", actor=cast.marek, values={"conclusion": "Two walls were paper.", "partner": cast.priya.person})
    assert f"Not tested yet: {made['gauge goods-in'].number}. They stay" in str(said.value)


def test_a_tree_costs_the_same_questions_however_wide_it_is(cast: Cast, analysis: Any, django_assert_num_queries: Any) -> None:
    two_walls(cast, analysis)
    with django_assert_num_queries(5):
        read_tree(analysis, cast.daniel)
    for n in range(5):
        event(cast, analysis, f"Another wall {n}")
    with django_assert_num_queries(5):
        read_tree(analysis, cast.daniel)
