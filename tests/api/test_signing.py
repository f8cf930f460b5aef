"""What is signed, what bends, and what a token cannot do."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.records.registry import get_type
from tests.api.callers import sentences
from tests.cast import Cast
from tests.contract.walking import walk_to


def done_action(cast: Cast, **values: Any) -> Any:
    given = {"title": "Fit a borescope station", "kind": "corrective", "owner": cast.marek.person, "evidence": "The sheet hangs there.", "unit": cast.machining}
    made = commands.create("action", {**given, **values}, actor=cast.daniel)
    return commands.move(made, "complete", actor=cast.marek)


def test_hanna_verifies_with_a_signature_that_is_confirmed(cast: Cast, caller_of: Any) -> None:
    action, hanna = done_action(cast), caller_of("hanna")
    at = f"/action/{action.number}/"
    moved = hanna.post(f"{at}transitions/", {"name": "verify", "values": {"verification": "Looked into 5 bodies."}})
    assert moved.status_code == 200, moved.content
    assert moved.json()["computed"]["verified_by"]["name"] == "Hanna Wieczorek"
    [signature] = hanna.get(f"{at}signatures/").json()
    assert (signature["signer"]["name"], signature["strength"], signature["valid"]) == ("Hanna Wieczorek", "confirm", True)
    assert [event["verb"] for event in hanna.get(f"{at}trail/").json()] == ["create", "complete", "verify", "sign"]


def test_marek_may_not_verify_what_he_owns_and_reads_which_duty_stands_against_it(cast: Cast, caller_of: Any) -> None:
    action, marek = done_action(cast), caller_of("marek")
    at = f"/action/{action.number}/transitions/"
    offer = next(one for one in marek.get(at).json() if one["name"] == "verify")
    assert (offer["allowed"], offer["blocked"], offer["declarable"]) == (True, True, False)
    refused = marek.post(at, {"name": "verify", "values": {"verification": "Mine, and good."}})
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert (error["kind"], error["duty"]) == ("second_person", "action_owner_is_not_verifier")
    assert marek.post(at, {"name": "verify", "values": {"verification": "Mine."}, "exception": "Nobody is here."}).status_code == 422


def test_where_top_management_allows_it_an_exception_is_declared_and_checked_by_another(cast: Cast, caller_of: Any) -> None:
    decide("action_owner_is_not_verifier", "with_reason", actor=cast.maeve)
    action, marek, daniel = done_action(cast), caller_of("marek"), caller_of("daniel")
    at = f"/action/{action.number}/"
    moved = marek.post(f"{at}transitions/", {"name": "verify", "values": {"verification": "Looked into 5."}, "exception": "Night shift, nobody else is here."})
    assert moved.status_code == 200, moved.content
    assert moved.json()["exceptions"] == 1
    [declared] = daniel.get(f"{at}exceptions/").json()
    assert declared["declared_by"]["name"] == "Marek Zieliński"
    where = f"{at}exceptions/{declared['id']}/"
    assert marek.post(where, {"finding": "I was right."}).status_code == 403
    assert [one["what"][:9] for one in daniel.get("/todo/").json()["waiting"]] == ["Look at a"]
    assert daniel.post(where, {"finding": "Looked again: it holds."}).json()["checked_by"]["name"] == "Daniel Petrov"
    assert daniel.post(where, {"finding": "And again."}).status_code == 422
    assert daniel.get("/todo/").json()["waiting"] == []


def test_what_is_signed_with_a_password_is_signed_in_the_browser(cast: Cast, caller_of: Any) -> None:
    problem = walk_to(get_type("nonconformity"), "cause_found", cast)
    at = f"/nonconformity/{problem.number}/transitions/"
    daniel = caller_of("daniel")
    offer = next(one for one in daniel.get(at).json() if one["name"] == "approve_actions")
    assert (offer["strength"], offer["in_browser"]) == ("reauthenticate", True)
    refused = daniel.post(at, {"name": "approve_actions"})
    assert refused.status_code == 422
    assert f"sign it in the browser, at /nonconformity/{problem.number}/move/approve_actions/" in sentences(refused)
    stranger = caller_of("priya").post(at, {"name": "approve_actions"})
    assert stranger.status_code == 403


def test_advice_is_passed_only_by_saying_so(cast: Cast, caller_of: Any) -> None:
    problem = walk_to(get_type("nonconformity"), "corrected", cast)
    values = {"cause": "Human error", "cause_evidence": "He said so.", "extent": "no", "extent_checked": "Cell 5"}
    at, hanna = f"/nonconformity/{problem.number}/transitions/", caller_of("hanna")
    refused = hanna.post(at, {"name": "accept_cause", "values": values})
    assert [error["kind"] for error in refused.json()["errors"]] == ["advice"]
    assert hanna.post(at, {"name": "accept_cause", "values": values, "passed": True}).status_code == 200


def test_moves_that_are_none_or_of_another_state_say_so(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/transitions/"
    assert "There is no move" in sentences(daniel.post(at, {"name": "vanish"}))
    assert "not possible while" in sentences(daniel.post(at, {"name": "close"}))
    assert "There is no move" in sentences(daniel.post(at, {"name": "watch"}))
    assert "Say why" in sentences(daniel.post(at, {"name": "void"}))
    assert "not asked for" in sentences(daniel.post(at, {"name": "void", "reason": "Twice.", "values": {"title": "Other"}}))
    assert "is for:" in sentences(caller_of("seun").post(at, {"name": "void", "reason": "Twice."}))
