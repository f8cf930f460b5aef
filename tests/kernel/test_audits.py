"""What an audit is refused for, and what its findings become (model, sections 31 and 32)."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel import commands
from linchpin.kernel.commands.editing import edit
from linchpin.kernel.links.models import Link
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Kind, NotAllowed, Refused
from tests.cast import Cast

ANNOUNCED = {"held_from": "2026-01-12", "scope": "Deburr benches, both shifts."}
FAILS = {
    "requirement": "No gauge past its date (CP-03).",
    "evidence": "TG-092 nine days over.", "statement": "One gauge in use past its date.", "grade": "minor",
}


@pytest.fixture
def audit(cast: Cast) -> Any:
    """Aoife's, of machining."""
    values = {"title": "Machining: is deburring done as agreed?", "unit": cast.machining, "owner": cast.aoife.person}
    return commands.create("audit", values, actor=cast.aoife)


def question(cast: Cast, audit: Any, **values: Any) -> Any:
    given = {"title": "Are gauges in use inside their date?", "clause": "7.1.5", "owner": cast.aoife.person, **values}
    return commands.create("audit_check", given, actor=cast.aoife, parent=audit)


def begun(cast: Cast, audit: Any) -> Any:
    commands.move(audit, "notify", actor=cast.aoife, values=ANNOUNCED | {"auditor": cast.hanna.person})
    return commands.move(audit, "begin", actor=cast.aoife)


def refused(record: Any, move: str, actor: Any, **values: Any) -> Refused:
    with pytest.raises(Refused) as said:
        commands.move(record, move, actor=actor, values=values)
    return said.value


@pytest.mark.parametrize("who", ["marek", "priya"])
def test_nobody_audits_what_they_lead_or_work_in(cast: Cast, audit: Any, who: str) -> None:
    said = refused(audit, "notify", cast.aoife, **ANNOUNCED, auditor=getattr(cast, who).person)
    assert "let somebody else audit it" in str(said)
    assert {r.kind for r in said.refusals} == {Kind.SECOND_PERSON}


def test_whoever_leads_the_unit_is_told(cast: Cast, audit: Any) -> None:
    commands.move(audit, "notify", actor=cast.aoife, values=ANNOUNCED)
    assert Notice.objects.filter(person=cast.marek.person, record_id=audit.pk, kind="audit").exists()


def test_it_does_not_begin_without_a_question_nor_end_with_an_open_one(cast: Cast, audit: Any) -> None:
    commands.move(audit, "notify", actor=cast.aoife, values=ANNOUNCED)
    assert "no question yet" in str(refused(audit, "begin", cast.aoife))
    check = question(cast, audit)
    commands.move(audit, "begin", actor=cast.aoife)
    said = str(refused(audit, "finish", cast.aoife))
    assert f"1 question is not answered: {check.number}. Answer it" in said
    commands.move(check, "not_seen", actor=cast.aoife, values={"statement": "The bench was being moved."})
    due = commands.move(audit, "finish", actor=cast.aoife).due
    assert due == add_working_days(today(), 10, cast.machining.country)


def test_nothing_is_answered_before_it_begins_or_after_its_report(cast: Cast, audit: Any) -> None:
    check = question(cast, audit)
    assert "has not begun: begin it first" in str(refused(check, "conforms", cast.aoife, evidence="12 of 12."))
    begun(cast, audit)
    commands.move(check, "conforms", actor=cast.aoife, values={"evidence": "12 of 12."})
    commands.move(audit, "finish", actor=cast.aoife)
    commands.move(audit, "report", actor=cast.aoife, values={"conclusion": "Done as agreed."})
    with pytest.raises(Refused, match="what was seen stays as it was"):
        commands.move(check, "look_again", actor=cast.aoife, reason="Saw more.")
    with pytest.raises(Refused, match="the report stays as it is"):
        edit(audit, {"conclusion": "Better than that."}, actor=cast.aoife)


def test_an_answer_without_evidence_is_an_impression(cast: Cast, audit: Any) -> None:
    check = question(cast, audit)
    begun(cast, audit)
    assert "evidence" in refused(check, "conforms", cast.aoife).by_field()
    said = refused(check, "fails", cast.aoife, evidence="TG-092 nine days over.", statement="Over its date.", grade="minor")
    assert "requirement" in said.by_field()


def test_an_opportunity_is_not_a_nonconformity_with_softer_words(cast: Cast, audit: Any) -> None:
    check = question(cast, audit)
    begun(cast, audit)
    edit(check, {"requirement": "No gauge past its date (CP-03)."}, actor=cast.aoife)
    said = refused(check, "opportunity", cast.aoife, evidence="TG-092 nine days over.", statement="Could be watched better.")
    assert "answer “nonconformity”" in said.by_field()["requirement"][0]


def test_a_nonconformity_opens_a_problem_in_its_own_words_and_holds_the_audit_open(cast: Cast, audit: Any) -> None:
    check = question(cast, audit)
    begun(cast, audit)
    commands.move(check, "fails", actor=cast.aoife, values=FAILS)
    problem = Record.objects.get(pk=Link.objects.get(source_id=check.pk, kind="became").target_id).nonconformity
    assert (problem.requirement, problem.evidence, problem.gap) == (FAILS["requirement"], FAILS["evidence"], FAILS["statement"])
    assert (problem.severity, problem.source, problem.unit) == ("minor", "internal_audit", cast.machining)
    commands.move(audit, "finish", actor=cast.aoife)
    commands.move(audit, "report", actor=cast.aoife, values={"conclusion": "One gauge over its date."})
    assert problem.number in str(refused(audit, "close", cast.aoife))
    commands.move(problem, "void", actor=cast.daniel, reason="The label was an old one.")
    assert commands.move(audit, "close", actor=cast.aoife).status == "closed"


def test_whoever_is_audited_does_not_write_the_audit(cast: Cast, audit: Any) -> None:
    check = question(cast, audit)
    begun(cast, audit)
    with pytest.raises(Refused, match="written by its auditors"):
        edit(check, {"evidence": "All fine."}, actor=cast.marek)
    with pytest.raises(NotAllowed):
        commands.move(check, "conforms", actor=cast.marek, values={"evidence": "All fine."})


def test_it_cannot_end_before_it_begins(cast: Cast, audit: Any) -> None:
    with pytest.raises(Refused, match="cannot end before it begins"):
        edit(audit, {"held_from": "2026-03-02", "held_until": "2026-03-01"}, actor=cast.aoife)
