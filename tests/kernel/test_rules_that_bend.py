"""What somebody else should do, or a declared exception allows (class B), and what is only advice (class C)."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands, trail
from linchpin.kernel.records.refusals import Kind
from tests.cast import Cast
from tests.kernel.refusing import STRONG, answered, at, kinds, refused

DUTIES = [
    ("contained", "close_without_fix", "marek", "correction_owner_is_not_confirmer", {"lasting_fix": "no", "lasting_fix_reason": "A single lot."}),
    ("corrected", "accept_cause", "marek", "cause_author_is_not_acceptor", {}),
    ("awaiting_effectiveness", "confirm", "marek", "action_owner_is_not_verifier", {}),
    ("awaiting_effectiveness", "reopen", "marek", "action_owner_is_not_verifier", {}),
    ("awaiting_effectiveness", "extend", "marek", "action_owner_is_not_verifier", {}),
]


@pytest.mark.parametrize(("state", "move", "who", "duty", "values"), DUTIES)
def test_the_owner_is_told_that_somebody_else_does_it(state: str, move: str, who: str, duty: str, values: dict[str, Any], cast: Cast) -> None:
    """Daniel and Hanna are there, so not even a reason helps; with top management's leave it does, and it shows for ever."""
    problem, owner = at(state, cast), getattr(cast, who)
    for exception in ("", "Everybody else is on holiday."):
        said = refused(problem, move, cast, who, exception=exception, **values)
        assert {(r.kind, r.duty) for r in said.refusals} == {(Kind.SECOND_PERSON, duty)}
    commands.exceptions.decide(duty, "with_reason", actor=cast.maeve)
    assert {r.duty for r in refused(problem, move, cast, who, exception=" … ", **values).refusals} in ({duty}, {""})
    given = answered(move, cast, **values)
    moved = commands.move(problem, move, actor=owner, values=given, reason="As agreed.", exception="Everybody else is on holiday.", signing=STRONG)
    assert moved.exceptions == 1
    declared = moved.declared_exceptions.get()
    assert (declared.duty, declared.declared_by, declared.reason) == (duty, owner.person, "Everybody else is on holiday.")


def test_a_verifier_who_owns_a_fix_is_not_taken(cast: Cast) -> None:
    problem = at("cause_found", cast)
    commands.create("action", {"title": "Abrasive flow", "kind": "corrective", "owner": cast.hanna.person}, actor=cast.daniel, parent=problem)
    said = refused(problem, "approve_actions", cast, "daniel", verifier=cast.hanna.person)
    assert [(r.kind, r.duty) for r in said.refusals] == [(Kind.SECOND_PERSON, "action_owner_is_not_verifier")]
    assert "Hanna Wieczorek owns the problem or one of its fixes" in str(said)


def test_who_carried_out_a_fix_does_not_close(cast: Cast) -> None:
    problem = at("cause_found", cast)
    action = commands.create("action", {"title": "Flow", "kind": "corrective", "owner": cast.daniel.person}, actor=cast.daniel, parent=problem)
    problem = commands.move(problem, "approve_actions", actor=cast.daniel, values=answered("approve_actions", cast), signing=STRONG)
    commands.move(action, "complete", actor=cast.daniel, values={"evidence": "Runs."})
    commands.move(action, "verify", actor=cast.hanna, values={"verification": "Seen."})
    problem = commands.move(problem, "confirm", actor=cast.hanna, values=answered("confirm", cast), signing=STRONG)
    assert [r.duty for r in refused(problem, "close", cast, "daniel").refusals] == ["action_owner_is_not_closer"]




@pytest.mark.parametrize("cause", [
    "Human error", "human error.", "Operator error, lack of attention", "Lack of training and carelessness", "Training", "“Instruction not followed”",
    "Retraining; inattention",
])  # fmt: skip
def test_a_slip_alone_is_no_cause_but_may_be_passed_and_is_seen(cause: str, cast: Cast) -> None:
    problem = at("corrected", cast)
    said = refused(problem, "accept_cause", cast, "daniel", cause=cause)
    assert kinds(said) == {Kind.ADVICE} and "why the system let it through" in said.by_field()["cause"][0]
    commands.move(problem, "accept_cause", actor=cast.daniel, values=answered("accept_cause", cast, cause=cause), passed=True)
    (event,) = (e for e in trail.history(problem.pk) if e.verb == "accept_cause")
    assert "passed_advice" in {change.field for change in event.changes}


@pytest.mark.parametrize("cause", ["Training records do not show who was trained on the new tool", "Error in the drawing", "The tool cannot reach above 30°"])
def test_a_cause_of_the_system_is_taken(cause: str, cast: Cast) -> None:
    moved = commands.move(at("corrected", cast), "accept_cause", actor=cast.daniel, values=answered("accept_cause", cast, cause=cause))
    assert moved.status == "cause_found"
