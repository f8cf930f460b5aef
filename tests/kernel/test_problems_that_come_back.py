"""Repeats, and fixes that did not work (model, section 28; for-real-life 1 and 14)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.records.refusals import Kind, Refused
from tests.cast import Cast
from tests.kernel.refusing import STRONG, answered, at, kinds, refused


def registered(cast: Cast, passed: bool = False, **values: Any) -> Any:
    given = answered("register", cast, **values)
    return commands.move(cast.problem(process="Machine", severity=given["severity"]), "register", actor=cast.daniel, values=given, passed=passed)


def test_the_same_requirement_in_the_same_process_is_a_repeat(cast: Cast) -> None:
    first, second = registered(cast), registered(cast)
    assert (first.repeat, second.repeat) == (False, True)
    assert commands.edit(first, {"title": "Another word"}, actor=cast.daniel).repeat is False


def test_a_repeat_is_asked_why_it_stays_minor(cast: Cast) -> None:
    registered(cast)
    with pytest.raises(Refused, match="came back within twelve months") as said:
        registered(cast, severity="minor")
    assert "repeat_reason" in said.value.by_field()
    assert registered(cast, severity="minor", repeat_reason="Another tool, another bore.").repeat


def test_a_repeat_without_a_lasting_fix_is_asked_again(cast: Cast) -> None:
    registered(cast)
    without = {"lasting_fix": "no", "lasting_fix_reason": "A single lot."}
    with pytest.raises(Refused, match="is a lasting fix really not needed") as said:
        registered(cast, **without)
    assert kinds(said.value) == {Kind.ADVICE}
    assert registered(cast, passed=True, **without).lasting_fix == "no"


def test_elsewhere_or_long_ago_or_void_is_no_repeat(cast: Cast) -> None:
    first = registered(cast)
    with standing_at(first.created_at + timedelta(days=366)):
        assert registered(cast).repeat is False
    commands.move(first, "void", actor=cast.daniel, reason="A duplicate.")
    assert registered(cast).repeat is False


def test_an_edit_that_names_last_time_makes_it_a_repeat(cast: Cast) -> None:
    assert commands.edit(registered(cast), {"prior_reference": "CAR 118"}, actor=cast.daniel).repeat is True


def failed_once(problem: Any, cast: Cast, cause: str) -> Any:
    """From “Why” through a fix to “It did not work”."""
    for name in ("accept_cause", "approve_actions"):
        given = answered(name, cast, **({"cause": cause} if name == "accept_cause" else {}))
        if name == "approve_actions":
            action = commands.create("action", {"title": cause, "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
        problem = commands.move(problem, name, actor=cast.daniel, values=given, signing=STRONG, passed=True)
    commands.move(action, "complete", actor=cast.priya, values={"evidence": "Runs."})
    return commands.move(problem, "reopen", actor=cast.hanna, values={"result": "3 of 118 lots.", "result_count": 3, "result_n": 118}, reason="Burr.")


def test_what_failed_stays_visible_and_the_cause_is_asked_anew(cast: Cast) -> None:
    problem = failed_once(at("corrected", cast), cast, "The tool is blunt")
    assert (problem.status, problem.cause, problem.result_n, problem.verdict) == ("corrected", "", None, "not_effective")
    (failed,) = problem.rounds
    assert (failed["round"], failed["cause"], failed["result_n"], failed["name"]) == (1, "The tool is blunt", 118, "Hanna Wieczorek")
    assert kinds(refused(problem, "accept_cause", cast, "daniel", cause="the tool  is BLUNT")) == {Kind.ADVICE}
    assert not Notice.objects.filter(person=cast.maeve.person, kind="reopened").exists()


def test_after_two_rounds_maeve_is_told_and_the_old_cause_is_not_taken(cast: Cast) -> None:
    problem = failed_once(failed_once(at("corrected", cast), cast, "The tool is blunt"), cast, "The angle is wrong")
    told = Notice.objects.get(person=cast.maeve.person, kind="reopened")
    assert "came back 2 times although it was fixed" in told.text and told.record_id == problem.pk
    for cause in ("The tool is blunt", "The angle is wrong"):
        said = refused(problem, "accept_cause", cast, "daniel", cause=cause, passed=True)
        assert kinds(said) == {Kind.NEVER} and "its fix did not work" in said.by_field()["cause"][0]
    assert commands.move(problem, "accept_cause", actor=cast.daniel, values=answered("accept_cause", cast)).status == "cause_found"
