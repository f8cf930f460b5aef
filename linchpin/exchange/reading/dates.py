"""Days as people write them: 2026-02-28, 28/02/2022, 02/28/2022, 28.02.2022, 5 März 2024, a spreadsheet's serial number."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Any, Literal

from django.utils.translation import gettext as _

from linchpin.exchange.reading.problems import Unreadable, shown

Order = Literal["", "dmy", "mdy", "ymd"]
Finding = Literal["dmy", "mdy", "ymd", "words", "ambiguous", "mixed", ""]

ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)(?P<rest>.*)", re.DOTALL)
NUMERIC = re.compile(r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)(?P<rest>.*)", re.DOTALL)
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
TIME = re.compile(r"(?:[T\s,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([AaPp]\.?[Mm]\.?)?\s*(Z|[+-]\d{2}:?\d{2})?)?\s*")
WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")
LONGEST = 60
"""Characters of the longest way to write a day; anything longer is prose."""
PLAUSIBLE_SERIALS = range(18_264, 73_051)
"""1950 to 2099: only these are read as days where a cell holds a mere number."""

MONTHS = [
    ("january januar janvier enero janeiro gennaio januari styczen stycznia leden ledna sijecanj sijecnja jan ene gen sty"),
    ("february februar fevrier febrero fevereiro febbraio februari luty lutego unor unora veljaca veljace feb fev fevr lut"),
    ("march marz mars marzo marco maart marec marca mart marzec brezen brezna ozujak ozujka mar mrz maerz"),
    ("april avril abril aprile kwiecien kwietnia duben dubna travanj travnja apr abr avr kwi"),
    ("may mai mayo maio maggio mei maj maja kveten kvetna svibanj svibnja mag"),
    ("june juni juin junio junho giugno junij junija jun czerwiec czerwca cerven cervna lipanj lipnja giu cze"),
    ("july juli juillet julio julho luglio julij julija jul lipiec cervenec cervence srpanj srpnja lug juil"),
    ("august aout agosto augustus avgust avgusta aug sierpien sierpnia srpen srpna kolovoz kolovoza ago avg sie"),
    ("september septembre septiembre setembro settembre septembra rujan rujna wrzesien wrzesnia zari sep sept set wrz"),
    ("october oktober octobre octubre outubro ottobre oktobra pazdziernik pazdziernika rijen rijna oct okt out ott paz"),
    ("november novembre noviembre novembro novembra listopada studeni studenoga nov nove"),
    ("december dezember decembre diciembre dezembro dicembre decembra grudzien grudnia prosinec prosince prosinac prosinca dec dez dic gru"),
]
MONTH = {word: number for number, words in enumerate(MONTHS, 1) for word in words.split()}
FILLER_WORDS = (
    "de of the den der am le el la do dia st nd rd th er del"
    " monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun tues thur thurs"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag mo di mi do fr sa so"
    " lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miercoles jueves viernes sabado domingo"
    " segunda terca quarta quinta sexta feira ponedeljek torek sreda cetrtek petek sobota nedelja"
)
FILLERS = frozenset(FILLER_WORDS.split())


def parse_date(raw: Any, order: Order = "") -> dt.date:
    """The day that the cell means. `order` says how 01/02/2024 is read. Raises Unreadable with the reason."""
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    if isinstance(raw, bool | dt.time | dt.timedelta):
        raise _not_a_day(raw)
    if isinstance(raw, int | float):
        return _from_number(raw)
    text = unicodedata.normalize("NFKC", str(raw)[: LONGEST + 100]).strip()
    if len(text) > LONGEST:
        raise _not_a_day(text)
    if text.isdecimal():
        return _from_number(int(text[:9]))
    return _numeric(text, order) or _in_words(text)


def parse_datetime(raw: Any, order: Order = "") -> dt.datetime:
    """Day and time of day; midnight when the cell says none."""
    if isinstance(raw, dt.datetime):
        return raw
    day = parse_date(raw, order)
    text = str(raw)
    found = re.search(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?", text)
    if not found:
        return dt.datetime.combine(day, dt.time())
    hour = int(found[1]) % 12 + (12 if found[4] in "Pp" else 0) if found[4] else int(found[1])
    try:
        moment = dt.datetime.combine(day, dt.time(hour, int(found[2]), int(found[3] or 0)))
    except ValueError:
        raise Unreadable(_("“%s” has no such time of day.") % shown(raw)) from None
    zone = re.search(r"(Z|[+-]\d{2}:?\d{2})\s*$", text[found.start() :])
    return moment if not zone else dt.datetime.fromisoformat(moment.isoformat() + ("+00:00" if zone[1] == "Z" else zone[1]))


def date_order(values: Iterable[Any]) -> Finding:
    """How a column writes its days, decided by those that can be read one way only; `mixed` when both ways occur."""
    seen: set[str] = set()
    for value in values:
        text = str(value).strip() if isinstance(value, str) else ""
        if not (found := NUMERIC.match(text)):
            seen.add("ymd" if ISO.match(text) or isinstance(value, dt.date) else "words" if _speaks_of_a_month(text) else "")
            continue
        first, sign, second = int(found[1]), found[2], int(found[3])
        if first > 12 or sign == ".":
            seen.add("dmy")
        else:
            seen.add("mdy" if second > 12 else "dmy or mdy" if first != second else "")
    if {"dmy", "mdy"} <= seen:
        return "mixed"
    for order in ("dmy", "mdy"):
        if order in seen:
            return order
    if "dmy or mdy" in seen:
        return "ambiguous"
    return "ymd" if "ymd" in seen else "words" if "words" in seen else ""


def _numeric(text: str, order: Order) -> dt.date | None:
    if (found := ISO.fullmatch(text)) and TIME.fullmatch(found["rest"]):
        return _day(text, int(found[1]), int(found[3]), int(found[4]))
    if not (found := NUMERIC.fullmatch(text)) or not TIME.fullmatch(found["rest"]):
        return None
    first, sign, second, year = int(found[1]), found[2], int(found[3]), _year(found[4])
    if not order:
        order = "dmy" if first > 12 or sign == "." or first == second else "mdy" if second > 12 else ""
    if not order:
        raise Unreadable(_("“%s” can be read day first or month first: say which for this column.") % shown(text))
    if order == "mdy":
        return _day(text, year, first, second, _("month first"))
    return _day(text, year, second, first, _("day first"))


def _in_words(text: str) -> dt.date:
    numbers: list[str] = []
    months: list[int] = []
    for part in WORD_OR_NUMBER.findall(re.sub(r"[T\s]\d{1,2}:\d{2}.*", "", text)):
        word = plain(part)
        if part.isdecimal():
            numbers.append(part)
        elif word in MONTH:
            months.append(MONTH[word])
        elif word not in FILLERS:
            raise _not_a_day(text)
    if len(months) != 1 or len(numbers) != 2:
        raise _not_a_day(text)
    day, year = (numbers[1], numbers[0]) if len(numbers[0]) == 4 else (numbers[0], numbers[1])
    if len(day) > 2 or len(year) not in (2, 4):
        raise _not_a_day(text)
    return _day(text, _year(year), months[0], int(day))


def _from_number(number: float) -> dt.date:
    whole = int(number)
    if number == whole and (found := COMPACT.fullmatch(str(whole))):
        return _day(str(whole), int(found[1]), int(found[2]), int(found[3]))
    if whole not in PLAUSIBLE_SERIALS:
        raise Unreadable(_("“%s” is a number, not a day: write it like 2026-02-28.") % shown(number))
    return dt.date(1899, 12, 30) + dt.timedelta(days=whole)


def _day(text: str, year: int, month: int, day: int, reading: str = "") -> dt.date:
    if not 1 <= month <= 12:
        how = _(" when read %s") % reading if reading else ""
        raise Unreadable(_("“%(value)s” is not a day%(how)s: there is no month %(month)s.") % {"value": shown(text), "how": how, "month": month})
    if not 1900 <= year <= 2200:
        raise Unreadable(_("“%(value)s”: the year %(year)s cannot be meant.") % {"value": shown(text), "year": year})
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise Unreadable(_("“%(value)s” is not a day: month %(month)s of %(year)s has %(last)s days.")
                         % {"value": shown(text), "month": month, "year": year, "last": last})  # fmt: skip
    return dt.date(year, month, day)


def _year(text: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _speaks_of_a_month(text: str) -> bool:
    return bool(re.search(r"\d", text)) and len(text) < 40 and any(plain(word) in MONTH for word in re.findall(r"[^\W\d_]+", text))


def plain(text: str) -> str:
    """Lower case, without accents."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)).replace("ł", "l")


def _not_a_day(raw: Any) -> Unreadable:
    return Unreadable(_("“%s” is not a day: write it like 2026-02-28.") % shown(raw))
