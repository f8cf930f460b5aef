"""Cause analyses for machines: the same refusals as on the pages, the ways of a fault tree, and counts that are kept."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands
from tests.api.callers import sentences
from tests.cast import Cast
from tests.kernel.refusing import at

SHOWN = {"evidence": "20 bodies under the borescope, 6 with a burr.", "test": "With a longer brush: none."}


@pytest.fixture
def analysis(cast: Cast) -> Any:
    problem = cast.problem(owner=cast.marek.person, process="Deburr", cause_group="Machine")
    values = {"title": "Why is there a burr at the crossing?", "seen_what": "Burr up to 0.4 mm", "owner": cast.marek.person}
    return commands.create("root_cause_analysis", values, actor=cast.marek, parent=problem)


def noted(marek: Any, above: Any, title: str, **values: Any) -> str:
    sent = marek.post("/possible_cause/", {"values": {"title": title, **values}, "parent": above})
    assert sent.status_code == 201, sent.content
    return str(sent.json()["number"])


def test_a_cause_without_evidence_or_with_a_name_is_refused(caller_of: Any, analysis: Any) -> None:
    marek = caller_of("marek")
    blamed = marek.post("/possible_cause/", {"values": {"title": "Priya Raman was in a hurry"}, "parent": analysis.number})
    assert blamed.status_code == 422
    assert "This names Priya Raman" in sentences(blamed)
    number = noted(marek, analysis.number, "The brush does not reach")
    bare = marek.post(f"/possible_cause/{number}/transitions/", {"name": "verify"})
    assert bare.status_code == 422
    assert "a cause without evidence is an opinion" in sentences(bare)


def test_five_whys_that_stop_at_the_first_are_advised_against(caller_of: Any, analysis: Any) -> None:
    marek = caller_of("marek")
    number = noted(marek, analysis.number, "The brush does not reach")
    for move, values in (("verify", SHOWN), ("choose", {})):
        assert marek.post(f"/possible_cause/{number}/transitions/", {"name": move, "values": values}).status_code == 200
    said = marek.post(f"/root_cause_analysis/{analysis.number}/transitions/", {"name": "propose", "values": {"conclusion": "The brush is too short."}})
    assert said.status_code == 422
    assert "stands at the first “why”" in sentences(said)
    assert {error["kind"] for error in said.json()["errors"]} == {"advice"}


@pytest.mark.parametrize("state", ["registered", "contained"])
def test_no_corrective_action_is_agreed_before_the_problem_is_contained_and_its_cause_found(caller_of: Any, browser_of: Any, cast: Cast, state: str) -> None:
    """8D: D5 comes after D3, because a problem goes through its stations in their order."""
    problem, daniel = at(state, cast), caller_of("daniel")
    said = daniel.post(f"/nonconformity/{problem.number}/transitions/", {"name": "approve_actions"})
    assert said.status_code in (409, 422)
    assert "approve_actions" not in [move["name"] for move in daniel.get(f"/nonconformity/{problem.number}/transitions/").json()]
    page = browser_of("daniel").post(f"/nonconformity/{problem.number}/move/approve_actions/", {"reason": "Now"})
    assert page.status_code in (404, 409, 422)
    assert type(problem).objects.get(pk=problem.pk).status == state


def test_the_ways_of_a_fault_tree_are_told_with_their_probability(caller_of: Any, cast: Cast, analysis: Any) -> None:
    marek, at_ = caller_of("marek"), f"/analyses/{analysis.number}/"
    assert marek.get(f"{at_}fault-tree/").status_code == 404
    sent = marek.patch(f"/root_cause_analysis/{analysis.number}/", {"values": {"method": "fault_tree", "gate": "all"}})
    assert sent.status_code == 200, sent.content
    known = {"probability": "0.1", "probability_source": "Log of the bath"}
    one = noted(marek, analysis.number, "The brush does not reach", **known)
    other = noted(marek, analysis.number, "Nobody looks", **known)
    told = marek.get(f"{at_}fault-tree/").json()
    assert told["ways"] == [{"events": [one, other], "probability": pytest.approx(0.01)}]
    assert told["probability"] == pytest.approx(0.01)
    assert told["sentences"][0] == "One way takes 2 events together: “The brush does not reach” and “Nobody looks”."
    drawing = marek.get(f"{at_}fault-tree.svg")
    assert drawing["Content-Type"] == "image/svg+xml"
    assert b"Nobody looks" in drawing.content
    assert caller_of("inês").get(f"{at_}fault-tree/").status_code == 404


def test_problems_alike_are_counted_and_kept(caller_of: Any, analysis: Any) -> None:
    marek, at_ = caller_of("marek"), f"/analyses/{analysis.number}/"
    counted = marek.get(f"{at_}alike/", like="process", period="12").json()
    assert [(bar["name"], bar["n"]) for bar in counted["bars"]] == [("Machine", 1)]
    assert len(marek.client.get(f"/api/v1/nonconformity/?{counted['bars'][0]['query']}").json()["items"]) == 1
    kept = marek.post(f"{at_}figures/", {"like": ["process"]})
    assert kept.status_code == 201
    assert kept.json()["figures"]["n"] == 1
    assert marek.get(f"{at_}figures/").json() == [kept.json()]
    assert marek.post(f"{at_}figures/", {"by": "weather"}).status_code == 422
