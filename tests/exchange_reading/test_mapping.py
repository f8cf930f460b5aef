"""Columns find their fields by header and by what stands under it; people are asked only what nobody else can know."""

from __future__ import annotations

import datetime as dt

from linchpin.exchange.reading.headers import find_table
from linchpin.exchange.reading.mapping import guess
from linchpin.exchange.reading.planning import answered, make_profile
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import check, loads
from linchpin.exchange.reading.rows import rehearse

ROWS = [
    ["Nr", "Problem", "Beschreibung", "Class", "Datum", "Responsible", "Corrective action", "Machine"],
    ["7", "Burr left in bore", "Seen at final inspection", "major", "28.02.2022", "MK", "Deburr by flow", "M 4"],
    ["8", "Crack at the weld", "Seen by the customer", "minor", "01.03.2022", "PS", None, "M 5"],
]


def fields_by_header(rows, fields) -> dict[str, str]:
    found = guess(find_table(rows), "nonconformity", fields, ("action",))
    return {plan.column.header: plan.field for plan in found.plans}


def test_a_plain_list_is_understood_without_a_question(fields) -> None:
    found = guess(find_table(ROWS), "nonconformity", fields, ("action",))
    assert {plan.column.header: plan.field for plan in found.plans} == {
        "Nr": "reference", "Problem": "title", "Beschreibung": "description", "Class": "severity", "Datum": "occurred",
        "Responsible": "owner", "Corrective action": "action:title", "Machine": "",
    }  # fmt: skip
    assert found.questions == [] and found.key == "A"
    profile = make_profile(found, "mine", fields, unknown_into="description")
    assert check(profile, fields) == [] and loads(dumps(profile)) == profile
    drafts = rehearse(ROWS, profile, fields).drafts
    assert drafts[0].values["description"] == "Seen at final inspection\nMachine: M 4"
    assert drafts[0].values["occurred"] == dt.date(2022, 2, 28)
    assert [child.values["title"] for child in drafts[0].children] == ["Deburr by flow"] and drafts[1].children == []


def test_cells_overrule_a_misleading_header(fields) -> None:
    rows = [["Problem", "Date"], ["Burr left in bore", "soon"], ["Crack at the weld", "when it broke"]]
    assert fields_by_header(rows, fields)["Date"] == ""


def test_choices_are_recognized_by_their_values_alone(fields) -> None:
    rows = [["Problem", "Xyz"], ["Burr", "Critical"], ["Crack", "minor"], ["Dent", "Serious"]]
    assert fields_by_header(rows, fields)["Xyz"] == "severity"


def test_days_that_can_be_read_two_ways_are_asked_about_once(fields) -> None:
    rows = [["Problem", "Date"], ["Burr in bore", "01/02/2022"], ["Crack in weld", "03/04/2022"]]
    found = guess(find_table(rows), "nonconformity", fields)
    assert [(q.about, q.letter) for q in found.questions] == [("dates", "B")]
    answered(found, {("dates", "B", ""): "mdy"})
    profile = make_profile(found, "mine", fields)
    assert not found.questions
    assert rehearse(rows, profile, fields).drafts[0].values["occurred"] == dt.date(2022, 1, 2)


def test_an_unknown_word_for_a_choice_is_asked_about_and_remembered(fields) -> None:
    rows = [["Problem", "Class"], ["Burr in bore", "major"], ["Crack in weld", "kat. 1"]]
    found = guess(find_table(rows), "nonconformity", fields)
    assert [(q.about, q.value) for q in found.questions] == [("values", "kat. 1")]
    answered(found, {("values", "B", "kat. 1"): "critical"})
    assert rehearse(rows, make_profile(found, "mine", fields), fields).drafts[1].values["severity"] == "critical"


def test_a_list_without_a_title_asks_which_column_says_it(fields) -> None:
    rows = [["Code", "Where it is", "Remark on it"], ["A1", "Hall 1", "Burr left where the bores cross"], ["A2", "Hall 1", "Crack along the weld of the frame"]]
    found = guess(find_table(rows), "nonconformity", fields)
    asked = next(q for q in found.questions if q.about == "title")
    assert asked.suggested == "C" and ("B", "Where it is") in asked.options
    answered(found, {("title", "C", ""): "B"})
    assert found.plan("title").column.letter == "B"


def test_a_number_that_repeats_is_asked_about(fields) -> None:
    rows = [["Number", "Problem"], ["7", "Burr in bore"], ["7", "Burr in bore too"], ["8", "Crack"]]
    found = guess(find_table(rows), "nonconformity", fields)
    assert [q.about for q in found.questions] == ["repeated"]
    answered(found, {("repeated", "A", ""): "merge"})
    assert rehearse(rows, make_profile(found, "mine", fields), fields).counts.merged == 1
    again = answered(guess(find_table(rows), "nonconformity", fields), {("repeated", "A", ""): "separate"})
    assert rehearse(rows, make_profile(again, "mine", fields), fields).counts.taken == 3


def test_several_columns_given_to_one_text_field_are_joined_under_their_headers(fields) -> None:
    found = guess(find_table(ROWS), "nonconformity", fields)
    found.plans[7].field = "description"
    drafts = rehearse(ROWS, make_profile(found, "mine", fields), fields).drafts
    assert drafts[0].values["description"] == "Beschreibung: Seen at final inspection\nMachine: M 4"
