"""A register as a file: the rows and the order that the page shows, for what the person may see, and it comes back in."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from linchpin.exchange.reading.fields import fields_of
from linchpin.exchange.reading.headers import find_table
from linchpin.exchange.reading.mapping import guess
from linchpin.exchange.reading.sources import Book, Row
from linchpin.kernel import commands
from linchpin.kernel.records.registry import all_types, get_type
from tests.cast import Cast


@pytest.fixture
def problems(cast: Cast) -> list[Any]:
    """Three of machining, one of Lipnica that Boštjan keeps."""
    marek, person = cast.marek.person, {"owner": cast.marek.person, "due": "2027-03-01"}
    return [
        cast.problem(title="Burr left where the bores cross", severity="minor", **person),
        cast.problem(title="=HYPERLINK(\"http://evil.example\")", description="One line\nand another", owner=marek, due="2027-01-10"),
        cast.problem(title="Thread M8 too shallow", source="supplier", on_hold=True, **person),
        cast.problem(title="Label mixed up", unit=cast.lipnica, severity="critical"),
    ]


def downloaded(client: Any, ending: str, **query: Any) -> bytes:
    answer = client.get(reverse("export", args=["nonconformity", ending]), query)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return b"".join(answer.streaming_content)


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_daniel_downloads_what_he_filtered_in_the_order_he_sees(browser_of: Any, problems: list[Any]) -> None:
    head, *rows = table(downloaded(browser_of("daniel"), "csv", severity="major", sort="due"))
    assert head[:7] == ["Number", "Title", "Severity", "Status", "Unit", "Owner", "Due"]
    assert [row[0] for row in rows] == [problems[1].number, problems[2].number]
    assert rows[1][1:7] == [
        "Thread M8 too shallow", "Serious", "Reported", "Dunmallow Aero Components / Dunmallow / Machining", "marek@dunmallow.example", "2027-03-01",
    ]  # fmt: skip


def test_nothing_leaves_that_the_person_may_not_see(browser_of: Any, problems: list[Any]) -> None:
    numbers = {row[0] for row in table(downloaded(browser_of("boštjan"), "csv"))[1:]}
    assert numbers == {problems[3].number}


def test_a_title_that_begins_like_a_formula_stays_text(browser_of: Any, problems: list[Any]) -> None:
    daniel = browser_of("daniel")
    assert "'=HYPERLINK(\"http://evil.example\")" in [row[1] for row in table(downloaded(daniel, "csv"))]
    page = load_workbook(io.BytesIO(downloaded(daniel, "xlsx"))).active
    assert page is not None
    cell = next(cell for (cell,) in page.iter_rows(min_col=2, max_col=2) if str(cell.value).startswith("="))
    assert (cell.data_type, cell.value) == ("s", problems[1].title)


def test_json_lines_keep_stored_values_and_types(browser_of: Any, problems: list[Any]) -> None:
    first = json.loads(downloaded(browser_of("daniel"), "jsonl", severity="major", sort="number").splitlines()[0])
    assert (first["number"], first["severity"], first["status"], first["on_hold"]) == (problems[1].number, "major", "reported", False)
    assert first["description"] == "One line\nand another"


def test_an_order_or_filter_that_makes_no_sense_is_said_before_anything_is_sent(browser_of: Any, problems: list[Any]) -> None:
    for query in ({"severity": "enormous"}, {"sort": "colour"}):
        answer = browser_of("daniel").get(reverse("export", args=["nonconformity", "csv"]), query)
        assert answer.status_code == 422


def test_another_ending_is_not_found(browser_of: Any, problems: list[Any]) -> None:
    assert browser_of("daniel").get(reverse("export", args=["nonconformity", "pdf"])).status_code == 404


def test_an_empty_register_is_its_headers(browser_of: Any) -> None:
    assert len(table(downloaded(browser_of("daniel"), "csv"))) == 1


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_file_comes_back_in_by_itself(browser_of: Any, problems: list[Any], ending: str) -> None:
    record_type = get_type("nonconformity")
    rows = _cells(downloaded(browser_of("daniel"), ending), ending)
    answer = guess(found := find_table(rows), "nonconformity", {"nonconformity": fields_of(record_type)})
    became = {plan.column.header: plan.field for plan in answer.plans}
    filled = {column.header for column in found.columns if column.filled}
    for name in record_type.fields:
        header = record_type.field_label(name)
        assert name == "reference" or header not in filled or became[header] == name, f"“{header}” became {became[header]!r}"
    assert became["Number"] == "reference"
    assert [q for q in answer.questions if q.about != "dates"] == []


def test_records_with_numbers_of_their_own_keep_them(cast: Cast, browser_of: Any) -> None:
    for number in ("CAR-17", "CAR-18"):
        cast.problem(title=f"Brought over as {number}", reference=number)
    rows = _cells(downloaded(browser_of("daniel"), "csv"), "csv")
    answer = guess(find_table(rows), "nonconformity", {"nonconformity": fields_of(get_type("nonconformity"))})
    plan = answer.plan("reference")
    assert plan is not None and plan.column.header == "Own number"
    assert {row[plan.column.index] for row in rows[1:]} == {"CAR-17", "CAR-18"}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonl"])
def test_every_register_is_written_in_every_kind(browser_of: Any, cast: Cast, ending: str) -> None:
    commands.create("concern", {"saw": "Two of the fittings in tray 6 are mixed", "unit": cast.machining}, actor=cast.seun)
    for record_type in all_types():
        answer = browser_of("daniel").get(reverse("export", args=[record_type.key, ending]))
        assert answer.status_code == 200, record_type.key
        assert (b"".join(answer.streaming_content) != b"") == (ending != "jsonl" or record_type.key == "concern"), record_type.key


def _cells(data: bytes, ending: str) -> list[Row]:
    return Book(data, f"problems.{ending}").cells()
