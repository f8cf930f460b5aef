"""A rehearsal gives drafts, problems beside their cells, and counts that add up."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from exchange_making import ACTION, PROBLEM
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.exchange.reading.headers import find_table, header_row_of, match_columns
from linchpin.exchange.reading.rows import rehearse
from linchpin.exchange.reading.shapes import Child, Column, Link, Parent, Part, Profile, Target
from linchpin.exchange.reading.sources import cells
from linchpin.exchange.reading.writing import rejected_workbook
from linchpin.kernel.records.refusals import Refused

COLUMNS = tuple(Column(name) for name in ("No", "Problem", "Class", "Found", "Who", "Fix", "Before"))
BASE = Profile(
    "mine", "nonconformity", key=("No",), columns=COLUMNS,
    targets=(Target("title", (Part("Problem"),)), Target("severity", (Part("Class", values={"A": "critical", "B": "minor"}),)),
             Target("occurred", (Part("Found"),)), Target("owner", (Part("Who"),))),
)  # fmt: skip
HEAD = ["No", "Problem", "Class", "Found", "Who", "Fix", "Before"]


def adds_up(found) -> bool:
    counts = found.counts
    return counts.read == counts.taken + counts.merged + counts.rejected + counts.blank and counts.rejected == len(found.rejected_rows)


def test_rows_become_typed_drafts(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr", "a", "28/02/2022", "MK"], [8.0, "Crack", "Serius", dt.date(2022, 3, 1), "PS"]], BASE, fields)
    first, second = found.drafts
    assert first.values == {"title": "Burr", "severity": "critical", "occurred": dt.date(2022, 2, 28), "owner": "MK", "reference": "7"}
    assert (second.reference, second.values["severity"]) == ("8", "major")
    assert found.names["person"] == ["MK", "PS"]
    assert adds_up(found)


def test_a_repeated_key_is_refused_with_the_other_rows_named(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr"], ["8", "Crack"], ["7", "Burr again"]], BASE, fields)
    assert [(p.row, p.column, p.message[:26]) for p in found.problems] == [(2, "A", "“7” also stands in row 4: "), (4, "A", "“7” also stands in row 2: ")]
    assert found.counts.taken == 1 and adds_up(found)


def test_a_repeated_key_merges_by_the_rule_of_each_field(fields) -> None:
    profile = replace(BASE, repeated="merge", targets=(
        Target("title", (Part("Problem"),)),
        Target("severity", (Part("Class"),), merge="max", order=("critical", "major", "minor")),
        Target("description", (Part("Found", label="Found"), Part("Who", label="By")), combine="labels", merge="join"),
    ))  # fmt: skip
    found = rehearse([HEAD, ["7", "Burr", "minor", "Hall 1", "MK"], ["7", "Chip", "critical", "Hall 2", "MK"], [None] * 7, ["8", "Crack"]], profile, fields)
    assert found.drafts[0].values["severity"] == "critical"
    assert found.drafts[0].values["description"] == "Found: Hall 1, Hall 2\nBy: MK"
    assert found.drafts[0].rows == (2, 3)
    assert [(p.row, p.blocking) for p in found.problems] == [(3, False)]
    assert "“Chip” differs from row 2" in found.problems[0].message
    assert (found.counts.taken, found.counts.merged, found.counts.blank) == (2, 1, 1) and adds_up(found)


def test_rows_of_one_key_are_taken_together_or_not_at_all(fields) -> None:
    profile = replace(BASE, repeated="merge")
    found = rehearse([HEAD, ["7", "Burr"], ["7", "Burr", None, "31.02.2022"]], profile, fields)
    assert found.rejected_rows == [2, 3] and not found.drafts and adds_up(found)
    assert "Row 3 has the same key" in found.problems[0].message


def test_fields_that_must_agree_block_when_they_do_not(fields) -> None:
    profile = replace(BASE, repeated="merge", targets=(Target("title", (Part("Problem"),), merge="same"),))
    found = rehearse([HEAD, ["7", "Burr"], ["7", "Chip"]], profile, fields)
    assert "contradicts row 2" in found.problems[-1].message and not found.drafts and adds_up(found)


def test_a_row_without_key_or_title_stays_out_with_its_reason(fields) -> None:
    found = rehearse([HEAD, [None, "Burr"], ["8", None, "minor"]], BASE, fields)
    assert [(p.row, p.header) for p in found.problems] == [(2, "No"), (3, "Problem")] and adds_up(found)


def test_an_ambiguous_column_is_not_guessed(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr", None, "01/02/2022"], ["8", "Chip", None, "03/04/2022"]], BASE, fields)
    assert found.counts.rejected == 2
    declared = replace(BASE, targets=(Target("title", (Part("Problem"),)), Target("occurred", (Part("Found", dates="dmy"),))))
    assert rehearse(found.table.rows, declared, fields).drafts[0].values["occurred"] == dt.date(2022, 2, 1)


def test_a_column_makes_child_records_with_stable_references(fields) -> None:
    profile = replace(BASE, repeated="merge", children=(Child("action", (Target("title", (Part("Fix"),)),), {"kind": "corrective"}),))
    rows = [HEAD, ["7", "Burr", None, None, None, "Deburr all"], ["7", "Burr", None, None, None, "New tool"], ["8", "Chip"]]
    found = rehearse(rows, profile, fields)
    assert [(c.reference, c.values["title"]) for c in found.drafts[0].children] == [("7", "Deburr all"), ("7/2", "New tool")]
    assert {child.values["kind"] for child in found.drafts[0].children} == {"corrective"}
    assert found.drafts[1].children == []


def test_links_and_parents_are_named_by_reference(fields) -> None:
    profile = replace(BASE, links=(Link("repeats", "nonconformity", "Before", ("N/A",)),), parent=Parent("nonconformity", "No"))
    found = rehearse([HEAD, ["7", "Burr", None, None, None, None, "3, 4"], ["8", "Chip", None, None, None, None, "N/A"]], profile, fields)
    assert [link.reference for link in found.drafts[0].links] == ["3", "4"]
    assert found.drafts[1].links == [] and found.drafts[1].parent == ("nonconformity", "8")


def test_a_row_that_only_a_left_out_column_fills_is_blank(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr"], [None, None, None, None, None, "N"]], replace(BASE, left_out=("Fix",)), fields)
    assert (found.counts.taken, found.counts.blank) == (1, 1)
    assert found.problems == []


def test_unknown_columns_are_kept_or_reported_never_lost(fields) -> None:
    rows = [[*HEAD, "Machine"], ["7", "Burr", None, None, None, "Deburr", None, "M 4"]]
    left = rehearse(rows, BASE, fields)
    assert [(c.letter, c.header, c.filled) for c in left.left_out] == [("F", "Fix", 1), ("G", "Before", 0), ("H", "Machine", 1)]
    kept = rehearse(rows, replace(BASE, unknown_into="description"), fields)
    assert kept.drafts[0].values["description"] == "Fix: Deburr\nMachine: M 4" and kept.left_out == []


def test_a_missing_required_column_is_refused_and_names_what_is_there(fields) -> None:
    profile = replace(BASE, columns=(*COLUMNS, Column("Award", required=True)))
    with pytest.raises(Refused, match=r"no column “Award”.*It has: “No”"):
        rehearse([HEAD, ["7"]], profile, fields)


def test_a_value_too_long_for_its_field_is_a_problem(fields) -> None:
    found = rehearse([HEAD, ["7", "x" * 201]], BASE, fields)
    assert "at most 200 fit" in found.problems[0].message


def test_a_later_problem_finds_its_cell(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr", "minor", "2022-02-28"]], BASE, fields)
    problem = found.problem_at(found.drafts[0], "occurred", "It lies in the future.")
    assert (problem.row, problem.column, problem.header, problem.value) == (2, "D", "Found", "2022-02-28")


def test_rejected_rows_come_back_as_a_workbook_with_reasons(fields) -> None:
    found = rehearse([HEAD, ["7", "=cmd()|x", None, "29/02/2022"], ["8", "Chip"]], BASE, fields)
    back = cells(rejected_workbook(found))
    assert back[0] == [*HEAD, "Row", "Why it was not taken"]
    assert back[1][:4] == ["7", "=cmd()|x", None, "29/02/2022"]
    assert back[1][-1].startswith("Found (D): “29/02/2022” is not a day") and len(back) == 2


def test_a_corrected_workbook_comes_back_in_by_the_same_profile(fields) -> None:
    found = rehearse([HEAD, ["7", "Burr", None, "29/02/2022"]], BASE, fields)
    back = cells(rejected_workbook(found))
    back[1][3] = "28/02/2022"
    assert rehearse(back, BASE, fields).counts.taken == 1


def test_the_header_row_is_found_below_titles_and_notes() -> None:
    notes = [["Nonconformity register 2024"], [], ["printed", None, dt.date(2024, 1, 1)]]
    rows = [*notes, ["No", "Problem", "Found"], [1, "Burr", "2024-01-01"], [2, "Chip", "2024-01-02"]]
    assert header_row_of(rows) == 4
    assert find_table(rows, header_row=4).columns[1].samples == ("Burr", "Chip")


def test_duplicate_and_blank_headers_become_distinct() -> None:
    table = find_table([["No", "Date", None, "date", None], [1, "a", "b", "c", None]])
    assert [(c.letter, c.header) for c in table.columns] == [("A", "No"), ("B", "Date"), ("C", "C"), ("D", "date (2)")]


def test_headers_match_without_case_signs_and_accents_and_when_cut() -> None:
    table = find_table([["REF. no", "Beschreibung", "If Repeat Finding, provide Prior Year Audit"], [1, "x", "y"]])
    whole = "If Repeat Finding, provide Prior Year Audit Finding Numbers"
    wanted = [Column("ref", ("Ref No",)), Column("text", ("Beschreibüng",)), Column("prior", (whole,)), Column("gone")]
    assert match_columns(table.columns, wanted) == {"ref": 0, "text": 1, "prior": 2}


row = st.lists(st.one_of(st.none(), st.sampled_from(["1", "2", "3", "Burr", "minor", "29/02/2022", "2024-01-01"])), min_size=0, max_size=7)


@settings(max_examples=150, deadline=None)
@given(st.lists(row, max_size=12), st.sampled_from(["merge", "refuse"]))
def test_counts_add_up_for_any_rows(rows, repeated) -> None:
    found = rehearse([HEAD, *rows], replace(BASE, repeated=repeated), {"nonconformity": PROBLEM, "action": ACTION})
    assert adds_up(found)
    assert {problem.row for problem in found.problems if problem.blocking} == set(found.rejected_rows)
