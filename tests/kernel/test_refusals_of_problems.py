"""What a problem is never allowed (model, sections 0.5 and 28), each refused in a sentence beside its field."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.notices.telling import unread
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.refusals import Kind, Missing, NotAllowed, Refused
from linchpin.kernel.records.waiting import waiting_for
from tests.cast import Cast
from tests.contract.walking import fresh, step, way_to
from tests.kernel.refusing import NC, STRONG, answered, at, kinds, refused


def test_nobody_states_a_problem_without_requirement_evidence_and_gap(cast: Cast) -> None:
    problem = cast.problem()
    said = refused(problem, "register", cast, "daniel", requirement="", evidence=" ", gap="—")
    assert set(said.by_field()) == {"requirement", "evidence", "gap"} and kinds(said) == {Kind.NEVER}


@pytest.mark.parametrize(("name", "sentence"), [("occurred", "lies in the future"), ("detected", "lies in the future")])
def test_nothing_occurs_tomorrow(name: str, sentence: str, cast: Cast) -> None:
    with pytest.raises(Refused, match=sentence):
        cast.problem(**{name: today() + timedelta(days=1)})


def test_nothing_is_found_before_it_occurred(cast: Cast) -> None:
    with pytest.raises(Refused, match="before it occurred"):
        cast.problem(occurred="2026-02-03", detected="2026-02-02")


def test_marek_may_not_lower_a_severity(cast: Cast) -> None:
    problem = at("registered", cast)
    with pytest.raises(Refused, match="A severity is lowered by the quality manager only") as said:
        commands.edit(problem, {"severity": "minor", "severity_reason": "It is a small one."}, actor=cast.marek)
    assert "severity" in said.value.by_field()


def test_daniel_lowers_a_severity_with_a_reason_only(cast: Cast) -> None:
    problem = at("registered", cast)
    with pytest.raises(Refused, match="Say why the severity is lower now") as said:
        commands.edit(problem, {"severity": "minor"}, actor=cast.daniel)
    assert "severity_reason" in said.value.by_field()
    lowered = commands.edit(problem, {"severity": "minor", "severity_reason": "One body, not delivered."}, actor=cast.daniel)
    assert lowered.severity == "minor"


def test_a_severity_is_not_lowered_on_the_way_either(cast: Cast) -> None:
    problem = cast.problem(severity="critical")
    said = refused(problem, "register", cast, "marek", severity="minor", severity_reason="Not so bad.")
    assert "quality manager only" in said.by_field()["severity"][0]


def test_anybody_who_may_edit_raises_a_severity(cast: Cast) -> None:
    assert commands.edit(at("registered", cast), {"severity": "critical"}, actor=cast.marek).severity == "critical"


def test_a_critical_problem_always_needs_a_lasting_fix(cast: Cast) -> None:
    problem = cast.problem(severity="critical")
    said = refused(problem, "register", cast, "daniel", severity="critical", lasting_fix="no", lasting_fix_reason="It is only one.")
    assert "always needs a lasting fix" in said.by_field()["lasting_fix"][0]


def test_no_lasting_fix_needs_its_reason(cast: Cast) -> None:
    said = refused(cast.problem(), "register", cast, "daniel", lasting_fix="no", lasting_fix_reason="")
    assert "Say why no lasting fix is needed" in said.by_field()["lasting_fix_reason"][0]


def test_a_quick_fix_does_not_count_as_a_lasting_one(cast: Cast) -> None:
    """A correction offered as corrective action."""
    problem = at("cause_found", cast)
    commands.create("action", {"title": "Deburr them by hand", "kind": "correction"}, actor=cast.daniel, parent=problem)
    said = refused(problem, "approve_actions", cast, "daniel")
    assert "a quick fix does not count" in str(said) and kinds(said) == {Kind.NEVER}


@pytest.mark.parametrize(("plan", "name"), [
    ({"measure": ""}, "measure"),
    ({"rule": ""}, "rule"),
    ({"occurrences": ""}, "window_days"),
    ({"occurrences": "", "window_days": 29}, "window_days"),
])  # fmt: skip
def test_a_plan_names_measure_rule_window_and_who_confirms(plan: dict[str, Any], name: str, cast: Cast) -> None:
    problem = at("cause_found", cast)
    commands.create("action", {"title": "Abrasive flow", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
    assert name in refused(problem, "approve_actions", cast, "daniel", **plan).by_field()


def test_measure_rule_and_window_stand_fixed_before_the_data(cast: Cast) -> None:
    problem = at("awaiting_effectiveness", cast)
    for name, value in {"measure": "Something easier", "rule": "At most ten", "window_days": 31, "occurrences": 1, "verifier": cast.daniel.person}.items():
        with pytest.raises(Refused, match="were fixed when the lasting fix was agreed") as said:
            commands.edit(problem, {name: value}, actor=cast.daniel)
        assert name in said.value.by_field()


def test_it_did_not_work_before_the_window_ends(cast: Cast) -> None:
    """Neither after 29 of 30 days, nor with 29 of 30 bodies, nor with a count that nobody gives."""
    problem = at("awaiting_effectiveness", cast)
    for n in (29, ""):
        said = refused(problem, "confirm", cast, "hanna", result_n=n, result_count="")
        assert "result_n" in said.by_field() and kinds(said) == {Kind.NEVER}


def test_a_window_of_days_is_waited_for(cast: Cast) -> None:
    problem = at("cause_found", cast)
    commands.create("action", {"title": "Abrasive flow", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
    plan = {"measure": "Burrs", "rule": "None", "window_days": 30, "verifier": cast.hanna.person}
    problem = commands.move(problem, "approve_actions", actor=cast.daniel, values=plan, signing=STRONG)
    commands.move(problem.children.get(), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    data = {"result": "None so far", "result_count": 0, "result_n": 400}
    with pytest.raises(Refused, match="It is watched until"):
        commands.move(problem, "confirm", actor=cast.hanna, values=data, signing=STRONG)
    later = fresh(NC, problem).updated_at + timedelta(days=30)
    with standing_at(later):
        assert commands.move(problem, "confirm", actor=cast.hanna, values=data, signing=STRONG).status == "effective"


def test_boštjan_of_another_site_confirms_what_he_was_asked_to(cast: Cast) -> None:
    """Named as the one who confirms, he is told, reads the problem although it is restricted, and says that it worked."""
    problem = at("cause_found", cast)
    commands.edit(problem, {"confidentiality": "restricted"}, actor=cast.daniel)
    commands.create("action", {"title": "Abrasive flow", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=problem)
    with pytest.raises(Missing):
        commands.comment(problem, "May I see it?", actor=cast.boštjan)
    plan = answered("approve_actions", cast, verifier=cast.boštjan.person)
    problem = commands.move(problem, "approve_actions", actor=cast.daniel, values=plan, signing=STRONG)
    assert [n.text for n in unread(cast.boštjan.person)] == [f"Daniel Petrov named you in {problem.number} (Confirms): {problem.title}"]
    commands.move(problem.children.get(), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})
    commands.move(problem.children.get(), "verify", actor=cast.daniel, values={"verification": "I saw it run."}, signing=STRONG)
    assert [(r.pk, what) for r, what in waiting_for(cast.boštjan)] == [(problem.pk, "Confirm: it worked")]
    commands.comment(problem, "I look at it on Friday.", actor=cast.boštjan)
    done = commands.move(problem, "confirm", actor=cast.boštjan, values=answered("confirm", cast), signing=STRONG)
    assert done.status == "effective"


def test_more_failures_than_were_looked_at_cannot_be(cast: Cast) -> None:
    said = refused(at("awaiting_effectiveness", cast), "confirm", cast, "hanna", result_count=31)
    assert "31 failures out of 30 cannot be" in said.by_field()["result_count"][0]


def test_it_does_not_close_over_an_open_action(cast: Cast) -> None:
    problem = at("effective", cast)
    commands.create("action", {"title": "Tell the night shift", "kind": "other", "owner": cast.marek.person}, actor=cast.daniel, parent=problem)
    said = refused(problem, "close", cast, "daniel")
    assert "of its actions is still open: ACT-" in str(said)


def test_it_does_not_close_without_an_answer_about_risks_and_change(cast: Cast) -> None:
    problem = step(NC, at("effective", cast), way_to(NC, "closed")[-1], cast)
    assert problem.status == "closed"
    said = refused(at("effective", cast), "close", cast, "daniel", risks_updated="", change_needed="")
    assert set(said.by_field()) == {"risks_updated", "change_needed"}


def test_a_serious_problem_is_closed_by_the_quality_manager(cast: Cast) -> None:
    problem = at("effective", cast)
    commands.move(problem.children.get(), "verify", actor=cast.hanna, values={"verification": "Seen."})
    assert "closed by the quality manager" in str(refused(problem, "close", cast, "marek"))


def test_nothing_is_voided_over_an_open_action(cast: Cast) -> None:
    problem = cast.problem()
    commands.create("action", {"title": "Deburr", "kind": "other"}, actor=cast.daniel, parent=problem)
    with pytest.raises(Refused, match="still open"):
        commands.move(problem, "void", actor=cast.daniel, reason="A duplicate.")


def test_nothing_is_added_below_what_is_closed_or_void(cast: Cast) -> None:
    for state in ("void", "closed", "closed_no_fix"):
        with pytest.raises(Refused, match="nothing more is added below it"):
            commands.create("action", {"title": "Afterwards", "kind": "other"}, actor=cast.daniel, parent=at(state, cast))


def test_only_what_belongs_there_stands_below_a_record(cast: Cast) -> None:
    report = commands.create("concern", {"saw": "Mixed fittings"}, actor=cast.seun)
    with pytest.raises(Refused, match="cannot stand below"):
        commands.create("action", {"title": "Sort them", "kind": "other"}, actor=cast.daniel, parent=report)


def test_the_external_auditor_sets_the_date(cast: Cast) -> None:
    problem = cast.problem(source="external_audit")
    said = refused(problem, "register", cast, "daniel")
    assert "The external auditor sets the date" in said.by_field()["due"][0]
    given = today() + timedelta(days=45)
    problem = commands.move(problem, "register", actor=cast.daniel, values=answered("register", cast, due=given))
    assert (problem.due, problem.original_due, problem.due_moves) == (given, given, 0)


def test_marek_may_not_move_the_external_auditors_date(cast: Cast) -> None:
    problem = cast.problem(source="external_audit", due=today() + timedelta(days=45), owner=cast.marek.person)
    later = {"due": today() + timedelta(days=60)}
    with pytest.raises(Refused, match="The certification body set this date"):
        commands.edit(problem, later, actor=cast.marek, reason="It takes longer.")
    assert commands.edit(problem, later, actor=cast.daniel, reason="Beacon agreed on the phone.").due == later["due"]


def test_due_dates_follow_the_severity_and_the_first_one_stays(cast: Cast) -> None:
    for severity, days in (("critical", 30), ("major", 60), ("minor", 90)):
        values = answered("register", cast, severity=severity, requirement=f"Of a {severity} one")
        problem = commands.move(cast.problem(severity=severity), "register", actor=cast.daniel, values=values)
        assert problem.due == today() + timedelta(days=days)
        moved = commands.edit(problem, {"due": problem.due + timedelta(days=5)}, actor=cast.daniel, reason="Holidays.")
        assert (moved.original_due, moved.due_moves) == (problem.due, 1)


def test_hanna_may_not_void_a_problem(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match="“Void” is for: quality manager"):
        commands.move(cast.problem(), "void", actor=cast.hanna, reason="A duplicate.")


def test_a_year_that_cannot_be_meant(cast: Cast) -> None:
    with pytest.raises(Refused, match="The year 1026 cannot be meant"):
        cast.problem(occurred=date(1026, 2, 2))
