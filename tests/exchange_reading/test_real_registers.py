"""Registers that others made for their own purposes, read as they are."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from exchange_making import REGISTERS, workbook

from linchpin.exchange.reading.fields import fields_of
from linchpin.exchange.reading.headers import find_table
from linchpin.exchange.reading.mapping import guess
from linchpin.exchange.reading.planning import make_profile
from linchpin.exchange.reading.profiles import check, shipped
from linchpin.exchange.reading.rehearsal import Rehearsal
from linchpin.exchange.reading.rows import rehearse_book
from linchpin.exchange.reading.sources import Book
from linchpin.kernel.records.registry import all_types

CASES = ["171944_22", "182926_22"]
KINDS = ["xlsx", "csv"]
AUDITEES = {"171944_22": "JCJBPTJXYXH9", "182926_22": "M1LVPE5GLSD9"}


def known() -> dict[str, dict]:
    return {record_type.key: fields_of(record_type) for record_type in all_types()}


def taken(path: Path, profile: str) -> Rehearsal:
    found = rehearse_book(Book(path), shipped()[profile], known())
    counts = found.counts
    assert counts.read == counts.taken + counts.merged + counts.rejected + counts.blank
    assert found.problems == []
    return found


def own(reference: str) -> str:
    """The finding's own number, without whose it is."""
    return reference.rpartition(" / ")[2]


def oracle(case: str) -> dict:
    return json.loads((REGISTERS.parent / "oracles" / f"fac_{case}.json").read_text())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_the_findings_of_an_audit_become_one_problem_each(register, case: str, kind: str) -> None:
    found, expected = taken(register(f"fac_{case}_findings.{kind}"), "fac-findings"), oracle(case)
    assert found.counts.read == expected["finding_award_rows"]
    assert found.counts.taken == expected["distinct_findings"]
    severities = Counter(draft.values.get("severity") for draft in found.drafts)
    assert (severities["major"], severities["minor"]) == (expected["material_weakness"], expected["significant_deficiency"])
    prior = {own(draft.reference): draft.values["prior_reference"] for draft in found.drafts if "prior_reference" in draft.values}
    assert prior == expected["repeat_links"]
    assert {own(draft.reference): own(draft.links[0].reference) for draft in found.drafts if draft.links} == prior
    assert all(draft.reference.startswith(AUDITEES[case] + " / ") for draft in found.drafts) is (kind == "xlsx")  # the text file names no auditee
    assert {draft.values["source"] for draft in found.drafts} == {"external_audit"}
    questioned = sum("Questioned costs: yes" in draft.values["evidence"] for draft in found.drafts)
    assert questioned == expected["questioned_costs"]
    letters = Counter(piece[0] for draft in found.drafts for piece in draft.values["requirement"].split("; "))
    assert letters == expected["compliance_requirement_letters_per_distinct_finding"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_each_finding_gets_its_whole_text(register, case: str, kind: str) -> None:
    found, expected = taken(register(f"fac_{case}_findings_text.{kind}"), "fac-findings-text"), oracle(case)
    lengths = [len(draft.values["description"]) for draft in found.drafts]
    assert len(lengths) == expected["text_rows"]
    assert abs(min(lengths) - expected["text_length_chars"]["min"]) < 10 and abs(max(lengths) - expected["text_length_chars"]["max"]) < 10
    findings = {draft.reference for draft in taken(register(f"fac_{case}_findings.{kind}"), "fac-findings").drafts}
    assert {draft.reference for draft in found.drafts} == findings


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", CASES)
def test_each_plan_becomes_a_lasting_fix_under_its_finding(register, case: str, kind: str) -> None:
    found, expected = taken(register(f"fac_{case}_corrective_action_plan.{kind}"), "fac-corrective-actions"), oracle(case)
    assert len(found.drafts) == expected["cap_rows"]
    for draft in found.drafts:
        assert (draft.type, draft.values["kind"], draft.parent) == ("action", "corrective", ("nonconformity", draft.reference))
        assert draft.values["what"]


@pytest.mark.parametrize("profile", ["fac-findings", "fac-findings-text", "fac-corrective-actions"])
def test_a_form_without_rows_gives_nothing_and_says_nothing(profile: str) -> None:
    headers = [column.known_by[0] for column in shipped()[profile].columns]
    form = workbook(headers, *([None] * len(headers) for _row in range(20)), sheet="Form")
    found = rehearse_book(Book(form, "form.xlsx"), shipped()[profile], known())
    assert found.drafts == [] and found.problems == [] and found.counts.rejected == 0


@pytest.mark.parametrize(
    ("name", "rows", "key", "title"),
    [
        ("cfpb_complaints_46.csv", 46, "Complaint ID", "Issue"),
        ("fda_published_483s.csv", 1723, "Record ID", "Legal Name"),
        ("nasa_llis_odd_ids.csv", 768, "LessonId", "Title"),
        ("usaid_scms_deliveries_2006_2010.tsv", 4212, "ID", ""),
    ],
)
def test_registers_nobody_prepared_are_understood(register, name: str, rows: int, key: str, title: str) -> None:
    book = Book(register(name))
    table = find_table(book.cells())
    found = guess(table, "nonconformity", known(), ("action",))
    assert next(plan.column.header for plan in found.plans if plan.column.letter == found.key) == key
    assert not title or found.plan("title").column.header == title
    assert len(found.questions) <= 2
    profile = make_profile(found, "guessed", known(), unknown_into="description")
    assert check(profile, known()) == []
    rehearsal = rehearse_book(book, profile, known())
    assert rehearsal.counts.read == rows
    assert rehearsal.counts.taken >= rows * 0.98
    assert {problem.row for problem in rehearsal.problems} == set(rehearsal.rejected_rows)


def test_an_old_western_code_page_is_recognized(register) -> None:
    book = Book(register("nasa_llis_odd_ids.csv"))
    assert book.inspected.encoding == "cp1252"
    assert {len(row) for row in book.cells()} == {14}


def test_the_form_prefilled_to_row_ten_thousand_stops_at_the_last_real_row(register) -> None:
    sizes = {sheet.name: sheet.rows for sheet in Book(register("fac_171944_22_findings.xlsx")).sheets}
    assert sizes["Form"] == 155
