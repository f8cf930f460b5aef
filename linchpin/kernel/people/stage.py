"""What a record type's part of a demonstration is played with: the people by key, the units, the calendar, the dice."""

from __future__ import annotations

import calendar
import random
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import is_working_day, next_working_day
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit

Play = Iterator[datetime]
"""One story: it yields the moment at which its next part happens, and does that part when it is asked to go on."""

THURSDAY, SUNDAY = 3, 6
PIN = "730418"
"""What everybody of a demonstration types who has a PIN; its first page says so."""


@dataclass
class Stage:
    """The demonstration while it is played. Dates are offsets in months from `today`, the day of loading."""

    today: date
    people: dict[str, Access]
    units: dict[str, Unit]
    seed: int
    records: dict[str, Any] = field(default_factory=dict)
    sites: dict[int, Unit] = field(default_factory=dict)
    crew: dict[str, list[str]] = field(default_factory=dict)

    def who(self, key: str) -> Access:
        """The access of somebody, by their key in the cast. Raises KeyError for a stranger."""
        return self.people[key]

    def dice(self, *about: Any) -> random.Random:
        """Dice of their own for each story, so that a new story changes no other."""
        return random.Random("/".join(str(part) for part in (self.seed, *about)))  # noqa: S311

    def day(self, months: float) -> date:
        """The day `months` from the day of loading; -13.5 is half a month before the same day thirteen months ago."""
        whole = int(months)
        index = self.today.year * 12 + self.today.month - 1 + whole
        year, month = divmod(index, 12)
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(self.today.day, last)) + timedelta(days=round((months - whole) * 30.4))

    def at(self, day: date, unit: str, hour: float = 10.0, *, exactly: bool = False) -> datetime:
        """That hour at the unit's site, on its next working day (the last one, should the next lie ahead)."""
        site = self.sites[self.units[unit].pk]
        if not exactly:
            moved = next_working_day(day, site.country)
            day = moved if moved < self.today else self.last_working_day(site)
        minutes = round(hour * 60)
        local = datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(site.time_zone or "UTC"))
        return local.astimezone(UTC)

    def agreed(self, day: date) -> date:
        """That day as one to agree on: a week from the moment of the play, where it would already be over or nearly so."""
        return max(day, clock.today() + timedelta(days=7))

    def last_working_day(self, site: Unit) -> date:
        day = self.today - timedelta(days=1)
        while not is_working_day(day, site.country):
            day -= timedelta(days=1)
        return day

    def weekday_before(self, day: date, weekday: int) -> date:
        """The last such weekday before `day` (Monday is 0)."""
        return day - timedelta(days=(day.weekday() - weekday - 1) % 7 + 1)

    def refused(self, attempt: Callable[[], Any], refusal: type[Exception]) -> str:
        """Try what must be refused, leave nothing of it, and give the sentence. Raises AssertionError when it is allowed."""
        try:
            with transaction.atomic():
                attempt()
        except refusal as refused:
            return str(refused)
        raise AssertionError("The demonstration expected a refusal and met none.")


def tales(folder: Path, table: str) -> Iterator[dict[str, Any]]:
    """The rows of `[[table]]` in the folder's TOML files, by file name. A row that happened several times gives several.

    Such a row lists under `times` the values of its {placeholders}, and whatever else differs from one time to the next. What
    speaks of a value that is not known (yet) is left out.
    """
    for path in sorted(folder.glob("*.toml")):
        for place, row in enumerate(tomllib.loads(path.read_text()).get(table, ())):
            times = row.pop("times", [{}])
            for n, values in enumerate(times):
                yield {"key": f"{path.stem}-{place}-{n}", **_filled(row, values), **_filled(values, values)}


def _filled(told: Any, values: dict[str, Any]) -> Any:
    if isinstance(told, str):
        return told.format_map(values) if "{" in told else told
    if isinstance(told, list):
        return [_filled(part, values) for part in told]
    if not isinstance(told, dict):
        return told
    filled = {}
    for name, part in told.items():
        with suppress(KeyError):
            filled[name] = _filled(part, values)
    return filled
