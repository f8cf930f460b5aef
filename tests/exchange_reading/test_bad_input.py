"""Every file that harms or is no table is refused with a sentence; every cell that cannot be meant stands as a problem."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile

import pytest
from exchange_making import with_members, with_sheet, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.exchange.reading.rows import rehearse
from linchpin.exchange.reading.safety import inspect
from linchpin.exchange.reading.shapes import Column, Part, Profile, Target
from linchpin.exchange.reading.sources import Book, cells, sheets
from linchpin.kernel.records.refusals import Refused

GOOD = workbook(["Problem", "Date"], ["Burr in bore", "2026-02-28"])
with zipfile.ZipFile(io.BytesIO(GOOD)) as good:
    SHEET = good.read("xl/worksheets/sheet1.xml")


def refusal(data: bytes, name: str = "register.xlsx") -> str:
    with pytest.raises(Refused) as refused:
        Book(data, name).sheets  # noqa: B018
    return str(refused.value)


def stored_zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_what_a_file_is_is_decided_by_its_content() -> None:
    assert inspect(GOOD, "list.csv").kind == "xlsx"
    assert inspect(b"Problem,Date\nBurr,2026-02-28\n", "list.xlsx").kind == "csv"
    assert inspect(b"Problem\tDate\nBurr\t2026-02-28\n").kind == "tsv"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = with_members(GOOD, {"xl/media/zeros.bin": b"\0" * (60 << 20)})
    assert len(bomb) < 200_000
    assert "grows" in refusal(bomb)


def test_a_bomb_of_many_parts_is_refused_by_its_sum() -> None:
    parts = {f"xl/media/{n}.bin": b"\0" * (19 << 20) for n in range(27)}
    assert "at most 500 MB" in refusal(with_members(GOOD, parts))


def test_an_archive_in_an_archive_is_no_spreadsheet() -> None:
    inner = stored_zip({"zeros.bin": b"\0" * (5 << 20)})
    assert "archive, not a spreadsheet" in refusal(stored_zip({"inner.zip": inner, "more.zip": inner}))


def test_a_part_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(with_members(GOOD, {"xl/sharedStrings.xml": b"<sst>" + b" " * 200_000 + b"</sst>"}))
    at = data.rfind(b"PK\x01\x02")
    while int.from_bytes(data[at + 24 : at + 28], "little") < 200_000:
        at = data.rfind(b"PK\x01\x02", 0, at)
    data[at + 24 : at + 28] = (50).to_bytes(4, "little")
    assert "damaged" in refusal(bytes(data))


@pytest.mark.parametrize("part", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_refused(part: str) -> None:
    assert "macros" in refusal(with_members(GOOD, {part: b"Sub AutoOpen()"}), "register.xlsm")


def test_document_types_of_its_own_are_refused() -> None:
    laughs = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet/>'
    assert "document types" in refusal(with_members(GOOD, {"xl/worksheets/sheet1.xml": laughs}))


def test_references_to_other_workbooks_are_warned_of_and_not_followed() -> None:
    book = Book(with_members(GOOD, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"}), "register.xlsx")
    assert "not opened" in book.warnings[0]
    assert book.cells()[1][0] == "Burr in bore"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \n \r\n", "empty"),
        (b"%PDF-1.7 ...", "no spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "before 2007"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"<html><table><tr><td>Burr</td></tr></table></html>", "web page"),
        (b"PK\x03\x04 but not really", "damaged"),
        (stored_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "OpenDocument"),
        (stored_zip({"xl/workbook.bin": b"x"}), "binary workbook"),
        (stored_zip({"word/document.xml": b"<w/>"}), "no spreadsheet"),
        (b"Problem,Date\nBurr\0,2026-02-28\n", "Line 2 holds a NUL byte"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(data: bytes, says: str) -> None:
    assert says in refusal(data)


def test_a_file_over_the_limit_is_refused_by_its_size() -> None:
    assert "largest file taken is 50 MB" in refusal(b"a,b\n" * (14 << 20))


def test_a_file_of_two_gigabytes_is_refused_unread(tmp_path) -> None:
    path = tmp_path / "huge.xlsx"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(Refused, match="2048 MB"):
        Book(path)


def test_a_truncated_workbook_is_damaged() -> None:
    assert "damaged" in refusal(GOOD[:-200])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SHEET) - 1), st.binary(min_size=1, max_size=6), st.integers(0, 20))
def test_a_broken_sheet_is_refused_or_read_but_never_breaks_the_reader(at: int, junk: bytes, cut: int) -> None:
    data = with_members(GOOD, {"xl/worksheets/sheet1.xml": SHEET[:at] + junk + SHEET[at + cut :]})
    try:
        rows = Book(data, "register.xlsx").cells()
    except Refused as refused:
        assert "“" in str(refused)  # noqa: PT017
    else:
        assert all(isinstance(row, list) for row in rows)


def test_a_million_empty_formatted_rows_cost_nothing_to_speak_of() -> None:
    empty = b"".join(b'<row r="%d"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>' % (n, n, n) for n in range(3, 1_000_001))
    real = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Problem</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>Burr</t></is></c></row>'
    data = with_sheet(real + empty, b"A1:B1000000")
    tracemalloc.start()
    started = time.process_time()
    assert cells(data) == [["Problem"], ["Burr"]]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.process_time() - started < 30
    assert peak < 50_000_000


def test_a_stray_cell_far_out_is_refused_instead_of_filling_the_memory() -> None:
    stray = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1000000"><c r="ZZ1000000"><v>1</v></c></row>'
    assert "reaches to row 1000000" in refusal(with_sheet(stray))


def test_rows_beyond_a_million_are_refused() -> None:
    assert "more than 1,000,000 rows" in refusal(with_sheet(b'<row r="1000001"><c r="A1000001"><v>1</v></c></row>'))


def test_ten_thousand_columns_are_refused_in_both_formats() -> None:
    assert "at most 1,000 columns" in refusal(workbook([f"c{n}" for n in range(10_000)]))
    assert "at most 1,000 columns" in refusal(b",".join(b"c%d" % n for n in range(10_000)) + b"\n")


def test_cells_without_places_are_counted_out() -> None:
    rows = b"<row><c t='inlineStr'><is><t>Problem</t></is></c></row><row><c/><c><v>7</v></c></row>"
    assert sheets(with_sheet(rows))[0].columns == 2


PROFILE = Profile(
    "mine", "nonconformity", columns=(Column("Problem"), Column("Date"), Column("Cost")), repeated="separate",
    targets=(Target("title", (Part("Problem"),)), Target("occurred", (Part("Date"),)), Target("cost", (Part("Cost"),))),
)  # fmt: skip


def test_a_formula_never_computed_is_a_problem_beside_its_cell(fields) -> None:
    data = workbook(["Problem", "Date", "Cost"], ["Burr", "2026-02-28", "=1+1"], ["Crack", "2026-02-28", 4])
    found = rehearse(cells(data), PROFILE, fields)
    assert [(p.row, p.column, p.header) for p in found.problems] == [(2, "C", "Cost")]
    assert "never computed" in found.problems[0].message
    assert found.problems[0].value == "=1+1"


def test_a_computed_formula_gives_its_saved_value_and_is_not_evaluated(fields) -> None:
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Problem</t></is></c><c r="B1" t="inlineStr"><is><t>Cost</t></is></c></row>'
    row += b'<row r="2"><c r="A2" t="str"><f>UPPER("x")</f><v>Burr</v></c><c r="B2"><f>1+1</f><v>7</v></c></row>'
    assert cells(with_sheet(row))[1] == ["Burr", 7.0]


def test_an_error_cell_is_a_problem_and_not_an_empty_cell(fields) -> None:
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>Problem</t></is></c><c r="B1" t="inlineStr"><is><t>Cost</t></is></c></row>'
    row += b'<row r="2"><c r="A2" t="inlineStr"><is><t>Burr</t></is></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    found = rehearse(cells(with_sheet(row)), PROFILE, fields)
    assert "#DIV/0!" in found.problems[0].message


def test_an_impossible_day_names_value_and_reason(fields) -> None:
    found = rehearse([["Problem", "Date"], ["Burr", "29/02/2022"], ["Crack", "28/02/2022"]], PROFILE, fields)
    assert [p.as_dict() for p in found.problems] == [
        {"row": 2, "column": "B", "header": "Date", "value": "29/02/2022", "message": "“29/02/2022” is not a day: month 2 of 2022 has 28 days."}
    ]
    assert found.counts.taken == 1 and found.rejected_rows == [2]


def test_marks_of_direction_are_cleaned_away(fields) -> None:
    found = rehearse([["Problem", "Date"], ["\u202eBurr\u202c in\u200f bore\u200b", "2026-02-28"]], PROFILE, fields)
    assert found.drafts[0].values["title"] == "Burr in bore"


def test_a_hundred_thousand_characters_fit_and_one_more_does_not(fields) -> None:
    rows = [["Problem", "Details"], ["Burr", "x" * 100_000], ["Crack", "x" * 100_001]]
    profile = Profile("mine", "nonconformity", columns=(Column("Problem"), Column("Details")), repeated="separate",
                      targets=(Target("title", (Part("Problem"),)), Target("description", (Part("Details"),))))  # fmt: skip
    found = rehearse(rows, profile, fields)
    assert found.counts.taken == 1
    assert "100,001 characters" in found.problems[0].message


def test_control_characters_in_a_cell_are_a_problem(fields) -> None:
    found = rehearse([["Problem"], ["Burr\x07"], ["Crack_x0007_"], ["Dent\x0bseen"]], PROFILE, fields)
    assert [p.row for p in found.problems] == [2, 3]
    assert found.drafts[0].values["title"] == "Dent seen"
