"""Days and numbers as people write them in many places read back to the same value, and never silently to another."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from linchpin.exchange.reading.dates import date_order, parse_date, parse_datetime
from linchpin.exchange.reading.numbers import decimal_style, parse_decimal, parse_integer
from linchpin.exchange.reading.problems import Unreadable

days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
numbers = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)
GERMAN = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"]
PORTUGUESE = ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"]
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@given(days)
def test_every_day_reads_back_from_every_form(day: dt.date) -> None:
    forms = {
        day.isoformat(): "", f"{day:%Y/%m/%d}": "", f"{day:%Y%m%d}": "", f"{day.isoformat()}T09:30:00Z": "",
        f"{day:%d.%m.%Y}": "", f"{day.day}.{day.month}.{day.year}": "", f"{day:%d/%m/%Y}": "dmy", f"{day:%m/%d/%Y}": "mdy",
        f"{day:%d-%m-%Y}": "dmy", f"{day:%m-%d-%Y} 4:05 PM": "mdy",
        f"{day.day}. {GERMAN[day.month - 1]} {day.year}": "", f"{day.day} de {PORTUGUESE[day.month - 1]} de {day.year}": "",
        f"{ENGLISH[day.month - 1]} {day.day}, {day.year}": "", f"{day.day}-{ENGLISH[day.month - 1]}-{day.year}": "",
    }  # fmt: skip
    for text, order in forms.items():
        assert parse_date(text, order) == day, text


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)))
def test_two_digits_of_a_year_and_serial_numbers(day: dt.date) -> None:
    assert parse_date(f"{day:%d/%m/%y}", "dmy") == day
    assert parse_date((day - dt.date(1899, 12, 30)).days) == day
    assert parse_date(float((day - dt.date(1899, 12, 30)).days) + 0.5) == day


@given(days)
def test_without_an_order_a_day_is_read_one_way_or_not_at_all(day: dt.date) -> None:
    text = f"{day:%d/%m/%Y}"
    if day.day > 12 or day.day == day.month:
        assert parse_date(text) == day
    else:
        with pytest.raises(Unreadable, match="day first or month first"):
            parse_date(text)


@pytest.mark.parametrize(
    ("text", "order", "says"),
    [
        ("29/02/2022", "", "“29/02/2022” is not a day: month 2 of 2022 has 28 days."),
        ("28/02/2022", "mdy", "“28/02/2022” is not a day when read month first: there is no month 28."),
        ("31.04.2024", "", "month 4 of 2024 has 30 days"),
        ("2024-13-01", "", "there is no month 13"),
        ("Date Not Captured", "", "is not a day: write it like 2026-02-28"),
        ("March 2024", "", "is not a day"),
        (2024, "", "is a number, not a day"),
        ("0", "", "is a number, not a day"),
        (True, "", "is not a day"),
        ("9" * 500, "", "is not a day"),
        ("01/01/1023", "dmy", "the year 1023 cannot be meant"),
    ],
)
def test_what_is_no_day_says_why(text: object, order: str, says: str) -> None:
    with pytest.raises(Unreadable, match=says.replace("(", r"\(")):
        parse_date(text, order)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["01/02/2024", "28/02/2024"], "dmy"), (["01/02/2024", "02/28/2024"], "mdy"), (["01/02/2024", "03/04/2024"], "ambiguous"),
        (["28/02/2024", "02/28/2024"], "mixed"), (["01.02.2024"], "dmy"), (["2024-02-01"], "ymd"), (["5 März 2024", ""], "words"),
        (["TBD", None], ""), ([dt.date(2024, 2, 1)], "ymd"),
    ],
)  # fmt: skip
def test_a_column_decides_by_its_unambiguous_members(texts: list[object], order: str) -> None:
    assert date_order(texts) == order


def test_a_time_of_day_is_kept_where_it_is_wanted() -> None:
    assert parse_datetime("28/02/2022 4:05 PM", "dmy") == dt.datetime(2022, 2, 28, 16, 5)
    assert parse_datetime("2022-02-28T16:05:00+01:00").utcoffset() == dt.timedelta(hours=1)
    assert parse_datetime("2022-02-28") == dt.datetime(2022, 2, 28)


@given(numbers)
def test_every_number_reads_back_from_every_form(number: Decimal) -> None:
    english = f"{number:,.2f}"
    swapped = english.translate(str.maketrans(",.", ".,"))
    assert parse_decimal(english, "point") == number
    assert parse_decimal(swapped, "comma") == number
    for space in (" ", "\u00a0", "\u202f", "'", "’"):
        assert parse_decimal(english.replace(",", space), "point") == number
        assert parse_decimal(swapped.replace(".", space), "comma") == number
    assert parse_decimal(f"€ {english}", "point") == number
    assert parse_decimal(float(number)) == number


@given(numbers)
def test_without_a_style_a_number_is_read_one_way_or_not_at_all(number: Decimal) -> None:
    assume(abs(number) >= 1)
    for form in (f"{number:,.2f}", f"{number:,.2f}".translate(str.maketrans(",.", ".,"))):
        assert parse_decimal(form) == number


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("0.097", "", "0.097"), ("0,097", "", "0.097"), ("(1,234.50)", "", "-1234.50"), ("12,50-", "", "-12.50"),
        ("1.5E+03", "", "1500"), (".5", "", "0.5"), ("−3", "", "-3"),
    ],
)  # fmt: skip
def test_odd_but_plain_numbers(text: str, style: str, number: str) -> None:
    assert parse_decimal(text, style) == Decimal(number)


@pytest.mark.parametrize("text", ["1,2,3", "12a", "", "-", "1 23", "12%", "NaN", "1e999999", "٣x"])
def test_what_is_no_number_says_so(text: str) -> None:
    with pytest.raises(Unreadable, match="is not a number"):
        parse_decimal(text)


def test_a_number_that_can_be_two_is_asked_about() -> None:
    with pytest.raises(Unreadable, match="can be read as two numbers"):
        parse_decimal("1,234")
    assert decimal_style(["1,234", "5"]) == "ambiguous"
    assert decimal_style(["1,234", "5,5"]) == "comma"
    assert decimal_style(["1,234", "5.5"]) == "point"
    assert decimal_style(["1,5", "1.5"]) == "mixed"


def test_a_whole_number_is_whole() -> None:
    assert parse_integer("1.234", "comma") == 1234
    with pytest.raises(Unreadable, match="not a whole number"):
        parse_integer("1,5")
