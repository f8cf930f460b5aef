"""Working days: weekends and public holidays of the site's country do not count."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import holidays


OPENS, CLOSES = time(8), time(17)
"""The working day in which minutes are counted, in the site's zone."""


@lru_cache(maxsize=64)
def _public(country: str) -> holidays.HolidayBase:
    import holidays  # when a day is first looked up: it takes longer than the rest of this page together

    return holidays.country_holidays(country) if country else holidays.HolidayBase()


def is_working_day(day: date, country: str = "") -> bool:
    """Monday to Friday and no public holiday of `country` (ISO 3166-1 alpha-2; empty: weekends only)."""
    return day.weekday() < 5 and day not in _public(country.upper())


def next_working_day(day: date, country: str = "") -> date:
    """The day itself, or the first working day after it."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int, country: str = "") -> date:
    """The date `count` working days after (or, negative, before) `day`; 0 gives the day itself."""
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= is_working_day(day, country)
    return day


@lru_cache(maxsize=20_000)
def working_days_between(first: date, last: date, country: str = "") -> int:
    """Working days after `first` up to and including `last`; negative when `last` comes first."""
    if last < first:
        return -working_days_between(last, first, country)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_working_day(day, country) for day in days)


def working_minutes_between(first: datetime, last: datetime, zone: str = "", country: str = "") -> int:
    """Whole minutes from `first` to `last` between eight and five on working days of the site; 0 where `last` comes first."""
    there = ZoneInfo(zone or "UTC")
    begin, end = first.astimezone(there), last.astimezone(there)
    seconds, day = 0.0, begin.date()
    while day <= end.date():
        if is_working_day(day, country):
            opens, closes = (datetime.combine(day, hour, there) for hour in (OPENS, CLOSES))
            seconds += max(0.0, (min(closes, end) - max(opens, begin)).total_seconds())
        day += timedelta(days=1)
    return int(seconds // 60)
