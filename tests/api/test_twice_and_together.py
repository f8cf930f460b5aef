"""Requests that arrive twice, and people who work on the same record at once."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands, trail
from linchpin.kernel.records.models import Once, Record
from tests.api.callers import sentences
from tests.cast import Cast

REGISTER = {
    "severity": "major", "requirement": "Bore free of burr", "evidence": "38 of 40 bodies", "gap": "Burr of 0.4 mm", "occurred": "2025-10-01",
    "lasting_fix": "yes",
}  # fmt: skip


def fittings(cast: Cast, **values: Any) -> dict[str, Any]:
    return {"values": {"title": "Two fittings of another alloy", "unit": str(cast.machining.uid), **values}}


def test_a_create_sent_twice_makes_one_record(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    first = daniel.post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7")
    again = daniel.post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert Record.objects.filter(title="Two fittings of another alloy").count() == 1


def test_the_same_key_for_another_request_is_refused(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    daniel.post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7")
    for path, body in (("/nonconformity/", fittings(cast, severity="minor")), ("/action/", {"values": {"title": "Another", "kind": "other"}})):
        refused = daniel.post(path, body, Idempotency_Key="shift-7")
        assert refused.status_code == 422
        assert "take a new key" in sentences(refused)


def test_the_same_key_of_somebody_else_is_their_own(cast: Cast, caller_of: Any) -> None:
    made = [caller_of(name).post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7").json()["number"] for name in ("daniel", "marek")]
    assert made[0] != made[1]


def test_a_refused_request_keeps_no_key(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    assert daniel.post("/nonconformity/", fittings(cast, title=""), Idempotency_Key="shift-7").status_code == 422
    assert daniel.post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7").status_code == 201
    assert Once.objects.filter(person=cast.daniel.person).count() == 1


def test_a_key_of_the_web_form_is_not_one_of_the_api(cast: Cast, caller_of: Any) -> None:
    commands.create("nonconformity", {"title": "Typed in a form", "unit": cast.machining}, actor=cast.daniel, once="shift-7")
    made = caller_of("daniel").post("/nonconformity/", fittings(cast), Idempotency_Key="shift-7")
    assert made.status_code == 201
    assert made.json()["values"]["title"] == "Two fittings of another alloy"


def test_a_key_without_end_is_refused(cast: Cast, caller_of: Any) -> None:
    assert caller_of("daniel").post("/nonconformity/", fittings(cast), Idempotency_Key="x" * 256).status_code == 400
    assert caller_of("daniel").post("/nonconformity/", fittings(cast), Idempotency_Key="").status_code == 400


def test_a_move_sent_twice_is_made_once(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    body = {"name": "register", "values": REGISTER | {"owner": str(cast.marek.person.uid)}}
    first, again = (daniel.post(f"/nonconformity/{problem.number}/transitions/", body, Idempotency_Key="move-1") for _n in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert [event.verb for event in trail.history(problem.pk)] == ["create", "register"]
    without = daniel.post(f"/nonconformity/{problem.number}/transitions/", body)
    assert without.status_code == 422
    assert "not possible while" in sentences(without)


def test_an_edit_of_an_old_version_is_refused_and_nothing_is_lost(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    at = f"/nonconformity/{problem.number}/"
    daniel, marek = caller_of("daniel"), caller_of("marek")
    tag = daniel.get(at)["ETag"]
    assert marek.patch(at, {"values": {"place": "Cell 4"}}, If_Match=tag).json()["version"] == 2
    refused = daniel.patch(at, {"values": {"place": "Cell 5"}}, If_Match=tag)
    assert refused.status_code == 412
    assert refused.json()["type"] == "urn:problem-type:linchpin:precondition-failed"
    assert "version 2, you saw 1" in sentences(refused)
    assert daniel.patch(at, {"values": {"place": "Cell 5"}}, If_Match='"2"').status_code == 200
    assert daniel.patch(at, {"values": {"place": "Cell 6"}}, If_Match="*").status_code == 200
    assert daniel.get(at)["ETag"] == '"4"'


def test_a_move_of_an_old_version_is_refused(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    commands.comment(problem, "Wait.", actor=cast.daniel)
    refused = caller_of("daniel").post(f"/nonconformity/{problem.number}/transitions/", {"name": "void", "reason": "Twice."}, If_Match='"1"')
    assert refused.status_code == 412


def test_if_match_that_is_no_etag_is_refused(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    for tag in ("1", "W/\"1\"", '"x"', '"1", "2"', '"', '""', '"' + "9" * 30 + '"'):
        refused = caller_of("daniel").patch(f"/nonconformity/{problem.number}/", {"values": {}}, If_Match=tag)
        assert refused.status_code == 400, tag


def test_old_values_guard_only_the_fields_that_are_edited(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem(place="Cell 4", owner=cast.marek.person)
    at, daniel = f"/nonconformity/{problem.number}/", caller_of("daniel")
    commands.edit(problem, {"place": "Cell 5"}, actor=cast.marek)
    seen = {"on_hold": False, "owner": str(cast.marek.person.uid), "due": None}
    assert daniel.patch(at, {"values": {"on_hold": True}, "old": seen}).status_code == 200
    refused = daniel.patch(at, {"values": {"place": "Cell 6"}, "old": {"place": "Cell 4"}})
    assert refused.status_code == 409
    assert refused.json()["theirs"] == {"place": "Cell 5"}
    assert "changed by somebody else" in sentences(refused)


def test_moving_a_due_date_asks_for_the_reason(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem(due="2199-01-04")
    at, daniel = f"/nonconformity/{problem.number}/", caller_of("daniel")
    assert "Say why the due date moves" in sentences(daniel.patch(at, {"values": {"due": "2199-02-04"}}))
    moved = daniel.patch(at, {"values": {"due": "2199-02-04"}, "reason": "The tool comes in week 5."}).json()
    assert (moved["values"]["due"], moved["original_due"], moved["due_moves"]) == ("2199-02-04", "2199-01-04", 1)
