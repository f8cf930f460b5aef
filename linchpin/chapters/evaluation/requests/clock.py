"""The clock of a request: minutes of working time at its site, the same on both sides of the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import working_minutes_between
from linchpin.kernel.people.grants import site_of


@dataclass(frozen=True, slots=True)
class Clock:
    """How long it took, or has taken so far, against what was promised."""

    minutes: int
    within: int
    running: bool

    @property
    def late(self) -> bool:
        return self.minutes > self.within


def minutes_so_far(request: Any, site: Any = None) -> int:
    """Working minutes from asking to the answer, or to now."""
    place = site or site_of(request.unit)
    begun = request.asked_at or request.created_at
    return working_minutes_between(begun, request.answered_at or clock.now(), place.time_zone, place.country)


def clock_of(request: Any, site: Any = None) -> Clock:
    """The clock as it stands. Give the site where many are asked for."""
    running = request.status == "asked"
    minutes = minutes_so_far(request, site) if running or request.minutes is None else request.minutes
    return Clock(minutes, request.within, running)
