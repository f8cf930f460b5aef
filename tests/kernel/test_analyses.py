"""What an analysis of causes is refused for, and what it leaves behind (model, section 29)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.chapters.improvement.causes.tree import tree_of, walk
from linchpin.kernel import commands
from linchpin.kernel.commands.editing import edit
from linchpin.kernel.people import clock
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Kind, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.trail import history
from tests.cast import Cast

SHOWN = {"evidence": "20 bodies under the borescope, 6 with a burr.", "test": "With a longer brush: 20 bodies, none."}
CONCLUSION = {"conclusion": "The brush cannot reach the crossing, and no plan is held against the drawing."}


@pytest.fixture
def analysis(cast: Cast) -> Any:
    """Marek's, below a serious problem of his."""
    problem = cast.problem(owner=cast.marek.person)
    values = {"title": "Why is there a burr at the crossing?", "seen_what": "Burr up to 0.4 mm", "owner": cast.marek.person}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=problem)


def cause(cast: Cast, above: Any, title: str = "The brush does not reach the crossing", **values: Any) -> Any:
    return commands.create("possible_cause", {"title": title, "owner": cast.marek.person, **values}, actor=cast.marek, parent=above)


def root(cast: Cast, above: Any, title: str, **values: Any) -> Any:
    """A cause that was shown and chosen."""
    made = commands.move(cause(cast, above, title, **values), "verify", actor=cast.marek, values=SHOWN)
    return commands.move(made, "choose", actor=cast.marek)


def worked_out(cast: Cast, analysis: Any) -> Any:
    """Asked twice, shown and chosen."""
    return root(cast, cause(cast, analysis), "No deburring plan is held against the drawing")


def propose(cast: Cast, analysis: Any, **more: Any) -> Any:
    values = CONCLUSION | {"partner": cast.priya.person}
    return commands.move(analysis, "propose", actor=cast.marek, values=values | more, passed=True)


def refused(analysis: Any, move: str, actor: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as said:
        commands.move(analysis, move, actor=actor, **more)
    return said.value


def test_a_cause_without_evidence_stays_an_opinion(cast: Cast, analysis: Any) -> None:
    said = refused(cause(cast, analysis), "verify", cast.marek)
    assert "a cause without evidence is an opinion" in str(said)
    assert "evidence" in said.by_field()


def test_no_cause_is_a_person(cast: Cast, analysis: Any) -> None:
    with pytest.raises(Refused, match=r"This names Priya Raman: say what made the slip likely"):
        cause(cast, analysis, "Because Priya Raman was in a hurry")
    made = cause(cast, analysis, "The shift changes in the middle of the lot")
    with pytest.raises(Refused, match="This names Seun Adeyemi"):
        edit(made, {"title": "Seun Adeyemi changed the shift"}, actor=cast.marek)


def test_nothing_is_put_forward_without_a_root_cause(cast: Cast, analysis: Any) -> None:
    cause(cast, analysis)
    assert "No root cause is chosen" in str(refused(analysis, "propose", cast.marek, values=CONCLUSION, passed=True))


def test_one_why_is_advised_against_for_five_whys_but_not_for_a_fishbone(cast: Cast, analysis: Any) -> None:
    root(cast, analysis, "The brush does not reach the crossing")
    values = CONCLUSION | {"partner": cast.priya.person}
    said = refused(analysis, "propose", cast.marek, values=values)
    assert "stands at the first “why”" in str(said)
    assert {r.kind for r in said.refusals} == {Kind.ADVICE}
    edit(analysis, {"method": "ishikawa"}, actor=cast.marek)
    assert "first “why”" not in str(refused(analysis, "propose", cast.marek, values=values))
    edit(analysis, {"method": "five_why"}, actor=cast.marek)
    propose(cast, analysis)
    passed = [change.new for event in history(analysis.pk) for change in event.changes if change.field == "passed_advice"]
    assert "stands at the first “why”" in str(passed)  # whoever reads the analysis sees it


def test_a_serious_problem_is_advised_to_be_analyzed_by_two_and_a_minor_one_may_be_by_one(cast: Cast, analysis: Any) -> None:
    worked_out(cast, analysis)
    said = refused(analysis, "propose", cast.marek, values=CONCLUSION)
    assert "at least two" in said.by_field()["partner"][0]
    edit(Record.objects.get(pk=analysis.parent_id).nonconformity, {"severity": "minor", "severity_reason": "Found before it left."}, actor=cast.daniel)
    assert "at least two" not in str(refused(analysis, "propose", cast.marek, values=CONCLUSION))


def test_what_was_not_tested_and_not_asked_is_advice_that_can_be_passed(cast: Cast, analysis: Any) -> None:
    worked_out(cast, analysis)
    said = refused(analysis, "propose", cast.marek, values=CONCLUSION | {"partner": cast.priya.person})
    assert {r.kind for r in said.refusals} == {Kind.ADVICE}
    assert "Not tested yet" in str(said)
    assert "why it was not caught" in str(said)


@pytest.mark.parametrize("who", ["marek", "hanna"])
def test_whoever_worked_on_it_does_not_accept_it(cast: Cast, analysis: Any, who: str) -> None:
    worked_out(cast, analysis)
    propose(cast, analysis, partner=cast.hanna.person)
    assert "You worked on this analysis" in str(refused(analysis, "accept", getattr(cast, who)))
    assert commands.move(analysis, "accept", actor=cast.daniel).status == "accepted"


def test_while_it_is_read_neither_it_nor_its_causes_change(cast: Cast, analysis: Any) -> None:
    below = worked_out(cast, analysis)
    propose(cast, analysis)
    with pytest.raises(Refused, match="being read by somebody else"):
        edit(analysis, {"seen_what": "Something else"}, actor=cast.marek)
    above = Record.objects.get(pk=below.parent_id).possiblecause
    with pytest.raises(Refused, match="ask for it back to change its causes"):
        edit(above, {"bone": "Machine"}, actor=cast.marek)
    with pytest.raises(Refused, match="ask for it back"):
        commands.move(above, "verify", actor=cast.marek, values=SHOWN)


def test_what_came_after_it_was_put_forward_sends_it_back(cast: Cast, analysis: Any) -> None:
    worked_out(cast, analysis)
    propose(cast, analysis)
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        late = cause(cast, analysis, "The casting moved")
    said = refused(analysis, "accept", cast.daniel)
    assert f"{late.number} came or changed after it was put forward" in str(said)
    commands.move(analysis, "return", actor=cast.daniel, reason="One more cause came.")


def test_accepting_it_brings_its_causes_to_rest_and_tells_the_problem(cast: Cast, analysis: Any) -> None:
    open_one = cause(cast, analysis, "Cutting oil leaves longer chips")
    held = commands.move(cause(cast, analysis), "verify", actor=cast.marek, values=SHOWN)
    root(cast, held, "No deburring plan is held against the drawing", bone="Method")
    root(cast, cause(cast, analysis, "One body in ten is looked into", kind="escape"), "There is no limit sample", kind="escape")
    propose(cast, analysis)
    commands.move(analysis, "accept", actor=cast.daniel)
    stands = {branch.cause.title: branch.cause.status for branch in walk(tree_of(analysis))}
    assert stands[open_one.title] == "kept"
    assert stands[held.title] == "held"
    assert stands["There is no limit sample"] == "root"
    problem = get_type("nonconformity").model._default_manager.get(pk=analysis.parent_id)
    assert problem.cause == "No deburring plan is held against the drawing"
    assert problem.cause_group == "Method"
    assert problem.escape_cause == "There is no limit sample"
    assert problem.cause_evidence == SHOWN["evidence"]


def test_what_somebody_wrote_into_the_problem_is_left_as_it_is(cast: Cast, analysis: Any) -> None:
    problem = get_type("nonconformity").model._default_manager.get(pk=analysis.parent_id)
    edit(problem, {"cause": "The tool cannot reach the edge"}, actor=cast.marek)
    worked_out(cast, analysis)
    propose(cast, analysis)
    commands.move(analysis, "accept", actor=cast.daniel)
    problem.refresh_from_db()
    assert problem.cause == "The tool cannot reach the edge"


def test_a_dropped_cause_says_what_speaks_against_it(cast: Cast, analysis: Any) -> None:
    said = refused(cause(cast, analysis), "reject", cast.marek)
    assert "test" in said.by_field()
    made = commands.move(cause(cast, analysis), "reject", actor=cast.marek, values={"test": "Same share with new and worn brushes."})
    assert made.status == "rejected"
    with pytest.raises(Refused, match="is closed: nothing more is added below it"):
        cause(cast, made, "Brushes come late")


def test_a_tree_is_read_in_one_question_for_each_level(cast: Cast, analysis: Any, django_assert_num_queries: Any) -> None:
    above = analysis
    for level in range(4):
        for n in range(3):
            made = cause(cast, above, f"Answer {n} at level {level}")
        above = made
    with django_assert_num_queries(5):
        branches = list(walk(tree_of(analysis)))
    assert [branch.level for branch in branches] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
