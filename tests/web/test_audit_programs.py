"""The audit program: what each area needs is a number that one can check, coverage says its gaps, and the report is one thing on page and paper."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import pytest
from pytest_django import DjangoAssertNumQueries

from linchpin import standard
from linchpin.chapters.evaluation.audits.reporting import report_of
from linchpin.chapters.evaluation.programs.coverage import coverage_of
from linchpin.chapters.evaluation.programs.needing import months_after, needs_of
from linchpin.kernel import commands
from linchpin.kernel.people.clock import today
from linchpin.kernel.records.evidence import evidence_for
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def program(cast: Cast) -> Any:
    values = {"title": "Audits of this year", "starts": today() - dt.timedelta(days=30), "until": today() + dt.timedelta(days=300)}
    made = commands.create("audit_program", {**values, "unit": cast.company}, actor=cast.aoife)
    area = {"title": "Machine", "unit": cast.machining, "importance": "3", "importance_reason": "Landing gear", "change": "1", "change_reason": "Probing"}
    commands.create("audited_area", area, actor=cast.aoife, parent=made)
    return made


def held(cast: Cast, program: Any, **check: str) -> Any:
    """An audit of machining by Aoife, with one question of 7.1.5 answered, reported."""
    values = {"title": "Machining by day", "unit": cast.machining, "owner": cast.aoife.person, "clauses": "7.1.5"}
    audit = commands.create("audit", values, actor=cast.aoife, parent=program)
    commands.move(audit, "notify", actor=cast.aoife, values={"held_from": today(), "scope": "Benches"})
    asked = commands.create("audit_check", {"title": "Are gauges inside their date?", "clause": "7.1.5"}, actor=cast.aoife, parent=audit)
    commands.move(audit, "begin", actor=cast.aoife)
    told = {"evidence": "TG-092 nine days over.", "requirement": "CP-03", "statement": "One over its date.", "grade": "minor", **check}
    commands.move(asked, "fails", actor=cast.aoife, values=told)
    commands.move(audit, "finish", actor=cast.aoife)
    commands.move(audit, "report", actor=cast.aoife, values={"conclusion": "Done as agreed, but for one gauge."})
    audit.refresh_from_db()
    return audit


def test_how_often_machining_is_audited_is_a_sum_that_anybody_can_check(cast: Cast, program: Any) -> None:
    cast.problem(source="process")
    (need,) = needs_of(program, cast.aoife)
    assert [value for _name, value, _why in need.points] == [3, 1, 0, 1] and (need.score, need.months, need.last) == (5, 12, None)
    assert "importance 3 (Landing gear)" in need.sentence and "problems since 1 (1)" in need.sentence and "Never audited" in need.sentence
    audit = held(cast, program)
    (need,) = needs_of(program, cast.aoife)
    assert need.last == audit and [value for _name, value, _why in need.points] == [3, 1, 1, 0]
    assert need.next_by == months_after(today(), 12) and "the last audit 1 (1 minor)" in need.sentence
    assert months_after(dt.date(2027, 8, 31), 6) == dt.date(2028, 2, 29)


def test_a_program_with_gaps_is_approved_only_with_a_reason_and_by_somebody_else(cast: Cast, program: Any) -> None:
    with pytest.raises(Refused, match="No audit is planned yet"):
        commands.move(program, "approve", actor=cast.maeve)
    held(cast, program)
    with pytest.raises(Refused, match="Due and not planned"):
        commands.move(program, "approve", actor=cast.maeve)
    with pytest.raises(NotAllowed):
        commands.move(program, "approve", actor=cast.aoife, values={"gaps": "Next year."})
    approved = commands.move(program, "approve", actor=cast.maeve, values={"gaps": "The sites follow next year."})
    assert approved.status == "running" and approved.basis.startswith("Machine: 5 of 12")
    area = approved.children.get(type="audited_area").auditedarea
    with pytest.raises(Refused, match="take it back to a draft"):
        commands.edit(area, {"importance": "1"}, actor=cast.aoife)


def test_marek_may_not_say_how_often_he_is_audited(cast: Cast, program: Any) -> None:
    area = program.children.get(type="audited_area").auditedarea
    with pytest.raises(Refused, match="planned by the lead auditor"):
        commands.edit(area, {"importance": "1"}, actor=cast.marek)


def test_coverage_knows_what_was_looked_at_and_what_slipped(cast: Cast, program: Any, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    held(cast, program)
    late = {"title": "Lipnica", "unit": cast.lipnica, "owner": cast.hanna.person, "held_from": today() - dt.timedelta(days=9), "clauses": "8.5"}
    commands.create("audit", late, actor=cast.aoife, parent=program)
    with django_assert_num_queries(3):
        found = coverage_of(standard.catalogue("2015"), cast.aoife)
    assert found.at("7.1", cast.machining).newest == today() and found.at("7.1", cast.lipnica).newest is None
    said = " ".join(gap.sentence for gap in found.gaps)
    assert "Lipnica was to be audited on" in said and "Vale Sereno was never audited" in said and "Machining" not in said and "4.1" in said
    assert coverage_of(standard.catalogue("2026"), cast.aoife).at("7.1", cast.machining).newest == today()


def test_an_answered_question_proves_its_own_clause_and_one_that_was_not_looked_at_proves_nothing(cast: Cast, program: Any) -> None:
    assert "audit_check" not in {one.type.key for one in evidence_for("7.1.5", "2015", cast.daniel)}
    held(cast, program)
    for number in ("7.1.5", "7.1"):
        (checks,) = [one for one in evidence_for(number, "2015", cast.daniel) if one.type.key == "audit_check"]
        assert (checks.count, checks.newest[0].title) == (1, "Are gauges inside their date?")
    assert "audit_check" not in {one.type.key for one in evidence_for("8.7", "2015", cast.daniel)}


def test_the_pages_show_it_and_the_units_are_taken_in(cast: Cast, browser_of: Any, program: Any) -> None:
    audit, aoife, here = held(cast, program), browser_of("aoife"), f"/audit_program/{program.number}/"
    assert aoife.get("/audits/program/").url == here
    page = aoife.get(here).content.decode()
    assert "of 12, so every 12 months" in page and "Independent here:" in page
    assert aoife.post(f"{here}units/").status_code == 302
    names = set(program.children.filter(type="audited_area").values_list("title", flat=True))
    assert names == {"Machine", "Lipnica", "Vale Sereno"}
    matrix = aoife.get("/audits/coverage/").content.decode()
    cell = f"/audits/coverage/7.1/{cast.machining.pk}/?edition=2015"
    assert cell in matrix and audit.number in aoife.get(cell).content.decode()
    assert "?clause=7.1.5" in aoife.get("/clauses/").content.decode()
    assert browser_of("seun").get(here).status_code in (302, 404) or audit.confidentiality == "internal"


def test_the_word_file_says_what_the_page_says_and_takes_nothing_as_markup(cast: Cast, browser_of: Any, program: Any) -> None:
    audit = held(cast, program, statement='=HYPERLINK("http://x") & "PAGE" </w:t>\u0007 one over its date.'.replace("\u0007", ""))
    aoife = browser_of("aoife")
    report, page = report_of(audit, cast.aoife), aoife.get(f"/audit/{audit.number}/report/").content.decode()
    answer = aoife.get(f"/audit/{audit.number}/report.docx")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    document, foot = (ElementTree.fromstring(archive.read(f"word/{name}.xml")) for name in ("document", "footer1"))
    said = "\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in document.iter(f"{W}p"))
    for text in (report.organization, report.title, report.conclusion, report.digest, "TG-092 nine days over.", "Nonconformity, Minor", "NC-"):
        assert text in said and text in page
    assert '=HYPERLINK("http://x") & "PAGE" </w:t>' in said and not list(document.iter(f"{W}fldSimple")) and not list(document.iter(f"{W}instrText"))
    assert audit.number in "".join(t.text or "" for t in foot.iter(f"{W}t"))
    before = answer.content
    commands.comment(audit, "The auditee agrees.", actor=cast.aoife)
    assert aoife.get(f"/audit/{audit.number}/report.docx").content == before


def test_an_audit_that_is_not_reported_has_no_report(cast: Cast, browser_of: Any, program: Any) -> None:
    values = {"title": "Machining by night", "unit": cast.machining, "owner": cast.aoife.person}
    audit = commands.create("audit", values, actor=cast.aoife, parent=program)
    assert browser_of("aoife").get(f"/audit/{audit.number}/report/").status_code == 422
