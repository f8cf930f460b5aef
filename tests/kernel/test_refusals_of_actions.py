"""What an action is refused for (model, sections 0.3 and 30)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import add_person
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.refusals import Kind, NotAllowed, Refused
from tests.cast import Cast

PHOTO = b"\x89PNG\r\n\x1a\n" + b"burr" * 40


def fix(cast: Cast, parent: Any = None, **values: Any) -> Any:
    """A lasting fix of Priya's, given to her by Daniel."""
    given = {"title": "Deburr with abrasive flow", "kind": "corrective", "owner": cast.priya.person, "unit": cast.machining, **values}
    return commands.create("action", given, actor=cast.daniel, parent=parent)


def photo(record: Any, cast: Cast, purpose: str = "", content: bytes = PHOTO) -> Any:
    return commands.attach(record, SimpleUploadedFile("bore.png", content), actor=cast.daniel, purpose=purpose)


def test_it_is_not_done_without_evidence(cast: Cast) -> None:
    with pytest.raises(Refused, match="say or attach what shows that it is done") as said:
        commands.move(fix(cast), "complete", actor=cast.priya)
    assert "evidence" in said.value.by_field()


def test_a_file_is_evidence_too(cast: Cast) -> None:
    action = fix(cast)
    photo(action, cast, "evidence")
    assert commands.move(action, "complete", actor=cast.priya).status == "done"


def test_the_photo_of_the_problem_does_not_show_that_it_is_gone(cast: Cast) -> None:
    problem = cast.problem()
    action = fix(cast, problem)
    photo(problem, cast)
    photo(action, cast, "evidence")
    with pytest.raises(Refused, match=r"“bore\.png” is the file that shows the problem"):
        commands.move(action, "complete", actor=cast.priya, values={"evidence": "See the photo."})


def test_another_photo_does(cast: Cast) -> None:
    problem = cast.problem()
    action = fix(cast, problem)
    photo(problem, cast)
    photo(action, cast, "evidence", PHOTO + b"after")
    assert commands.move(action, "complete", actor=cast.priya).status == "done"


def test_nobody_starts_or_ends_what_is_nobodys(cast: Cast) -> None:
    for move in ("start", "complete"):
        with pytest.raises(Refused, match="Name an owner first") as said:
            commands.move(fix(cast, owner=None), move, actor=cast.daniel, values={"evidence": "Done."} if move == "complete" else {})
        assert "owner" in said.value.by_field()


def test_priya_may_not_verify_her_own_fix(cast: Cast) -> None:
    action = commands.move(fix(cast), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    with pytest.raises(Refused, match="You own this action: somebody else verifies it") as said:
        commands.move(action, "verify", actor=cast.priya, values={"verification": "Works."}, exception="I am alone tonight.")
    assert [(r.kind, r.duty) for r in said.value.refusals] == [(Kind.SECOND_PERSON, "action_owner_is_not_verifier")]


def test_verifying_says_what_was_seen(cast: Cast) -> None:
    action = commands.move(fix(cast), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    with pytest.raises(Refused) as said:
        commands.move(action, "verify", actor=cast.hanna, values={"verification": " "})
    assert "verification" in said.value.by_field()


def test_a_lasting_fix_waits_to_be_verified_and_another_action_does_not(cast: Cast) -> None:
    for kind, status in (("corrective", "done"), ("preventive", "done"), ("correction", "closed"), ("other", "closed")):
        assert commands.move(fix(cast, kind=kind), "complete", actor=cast.priya, values={"evidence": "Done."}).status == status


def test_evidence_stays_as_it_was_given_while_it_waits(cast: Cast) -> None:
    action = commands.move(fix(cast), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    with pytest.raises(Refused, match="It waits to be verified"):
        commands.edit(action, {"evidence": "Runs since Tuesday."}, actor=cast.priya)
    back = commands.move(action, "return", actor=cast.hanna, reason="The log sheet is empty.")
    assert (back.status, back.done_on) == ("in_progress", None)


@pytest.mark.parametrize(("severity", "allowed"), [("critical", False), ("major", False), ("minor", True)])
def test_the_fix_of_a_serious_problem_is_cancelled_by_the_quality_manager(severity: str, allowed: bool, cast: Cast) -> None:
    problem = cast.problem(severity=severity, owner=cast.marek.person)
    action = commands.create("action", {"title": "Flow", "kind": "corrective", "owner": cast.priya.person}, actor=cast.marek, parent=problem)
    if allowed:
        assert commands.move(action, "cancel", actor=cast.marek, reason="No longer made.").status == "cancelled"
        return
    with pytest.raises(Refused, match="cancelled by the quality manager only"):
        commands.move(action, "cancel", actor=cast.marek, reason="No longer made.")
    assert commands.move(action, "cancel", actor=cast.daniel, reason="No longer made.").status == "cancelled"


def test_only_who_raised_it_or_the_quality_manager_cancels(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="“Cancel” is for"):
        commands.move(fix(cast), "cancel", actor=cast.priya, reason="Too much to do.")


def test_it_is_not_due_before_it_was_given(cast: Cast) -> None:
    with pytest.raises(Refused, match="is in the past"):
        fix(cast, due=today() - timedelta(days=1))


def test_somebody_with_no_account_no_badge_and_no_manager_cannot_own_one(cast: Cast) -> None:
    janez = add_person({"name": "Janez Pirc", "unit": cast.lipnica}, actor=cast.system)
    with pytest.raises(Refused, match="Janez Pirc cannot sign in and has no line manager") as said:
        fix(cast, owner=janez)
    assert "owner" in said.value.by_field()
    assert fix(cast, owner=cast.seun.person).owner == cast.seun.person, "a badge is a way to sign in"


def test_the_parent_moves_once_when_the_last_of_its_fixes_is_done(cast: Cast) -> None:
    from tests.kernel.refusing import STRONG, answered, at

    problem = at("cause_found", cast)
    actions = [fix(cast, problem, title=f"Fix {n}") for n in range(3)]
    problem = commands.move(problem, "approve_actions", actor=cast.daniel, values=answered("approve_actions", cast), signing=STRONG)
    for n, action in enumerate(actions):
        commands.move(action, "complete", actor=cast.priya, values={"evidence": f"Seen {n}."})
        problem.refresh_from_db()
        assert problem.status == ("awaiting_effectiveness" if n == 2 else "actions_approved")
