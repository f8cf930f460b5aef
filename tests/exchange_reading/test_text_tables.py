"""Text tables read the same from any delimiter, line ending and encoding, and written ones read back."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.exchange.reading.decoding import decode
from linchpin.exchange.reading.sources import Book, cells
from linchpin.exchange.reading.writing import csv_bytes, export_cells, guarded, unguarded, xlsx_bytes

plain_text = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=20)
cell = st.one_of(plain_text, st.sampled_from(["a;b", "a,b", "a\tb", "a|b", 'say "x"', "two\nlines", "=1+1", "'quoted", "-", "@x"]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(cell, min_size=3, max_size=3), min_size=4, max_size=8),
    st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)  # fmt: skip
def test_any_dialect_reads_back(rows: list[list[str]], delimiter: str, ending: str, encoding: str) -> None:
    table = [["Problem", "Found on", "Where"], *rows, ["last", "last", "last"]]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(table)
    expected = [[value or None for value in row] for row in table]
    assert cells(out.getvalue().encode(encoding)) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_western_text_in_any_encoding(encoding: str) -> None:
    text = "Titel;Wo\nGrat in der Bohrung größer als 0,1 mm;Gehäuse\nDéviation à l’entrée;Nähe\n"
    assert decode(text.encode(encoding))[0].lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Номер;Описание\n1;Заусенец в отверстии корпуса после обработки\n2;Трещина на поверхности детали\n"),
        ("cp1250", "Naslov;Opis\nOdstopanje;Poškodba na ležaju, čiščenje ni končano, različica načrta, meščan, počasi, večer\n"),
        ("cp1250", "Tytuł;Opis\nBłąd;Powierzchnia była źle oczyszczona, część odrzucona, więcej usług, głęboko\n"),
    ],
)
def test_other_alphabets_in_old_encodings(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding)) == (text, encoding)


def test_excels_own_hint_of_the_delimiter_is_followed_and_not_a_row() -> None:
    rows = cells(b"sep=;\nProblem;Cost\nBurr;1,5\n")
    assert rows == [[], ["Problem", "Cost"], ["Burr", "1,5"]]


def test_line_breaks_within_quotes_stay_and_rows_count_as_a_spreadsheet_counts_them() -> None:
    rows = cells(b'Problem,Where\r\n"Burr\nin bore",Hall 1\r\n\r\nCrack,Hall 2\r\n,,\r\n')
    assert rows == [["Problem", "Where"], ["Burr\nin bore", "Hall 1"], [], ["Crack", "Hall 2"]]


@settings(max_examples=200, deadline=None)
@given(plain_text)
def test_a_guarded_text_is_no_formula_and_comes_back(text: str) -> None:
    kept = guarded(text)
    assert unguarded(kept) == text
    assert kept[:1] not in ("=", "@") and (kept[:1] not in ("+", "-") or kept[1:].replace(".", "", 1).isdecimal())


def test_a_number_with_a_sign_is_no_formula() -> None:
    assert [guarded(t) for t in ("-5", "+1.5", "-1+1", "=1", "'x", "\tx", "plain")] == ["-5", "+1.5", "'-1+1", "'=1", "''x", "'\tx", "plain"]


def test_a_workbook_keeps_formula_like_text_as_text(tmp_path) -> None:
    rows = [["Problem", "Cost"], ["=HYPERLINK(\"http://x\")", 5], ["+1-2", None], ["@SUM(A1)", 2.5]]
    target = tmp_path / "out.xlsx"
    export_cells(rows, target, "xlsx", sheet="Problems")
    assert b"<f>" not in Book(target)._data
    assert Book(target).cells() == [["Problem", "Cost"], ["=HYPERLINK(\"http://x\")", 5.0], ["+1-2", None], ["@SUM(A1)", 2.5]]
    assert Book(target).sheets[0].name == "Problems"


def test_a_written_csv_is_marked_and_guarded() -> None:
    data = csv_bytes([["Problem"], ["=1+1"], [None], [True]])
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data)[1] == ["'=1+1"]


def test_text_longer_than_a_cell_goes_on_behind_the_last_column() -> None:
    rows = cells(xlsx_bytes([["Details", "Where"], ["x" * 40_000, "Hall 1"]]))
    assert rows[1][1] == "Hall 1"
    assert rows[1][0] + rows[1][2] == "x" * 40_000
