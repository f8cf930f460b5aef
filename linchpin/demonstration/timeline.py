"""Many stories told at once, in the order of time: whoever's moment comes first goes on."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from linchpin.kernel.people import clock
from linchpin.kernel.people.stage import Play

BREATH = timedelta(minutes=7)
"""Between two parts of one story that fall on the same moment."""


def play(stories: Iterable[Play], until: datetime, passed: Callable[[int], Any] = lambda _percent: None) -> int:
    """Play every story to its end, all of them in one order of time. Gives how many parts were played; `passed` hears each percent of the time.

    Raises RuntimeError when a story runs on after `until`.
    """
    parts = percent = 0
    waiting: list[tuple[datetime, int, Play]] = []
    for serial, story in enumerate(stories):
        if (first := next(story, None)) is not None:
            waiting.append((first, serial, story))
    heapq.heapify(waiting)
    begins = waiting[0][0] if waiting else until
    while waiting:
        moment, serial, story = heapq.heappop(waiting)
        if moment > until:
            raise RuntimeError(f"A story of the demonstration lies in the future: {moment:%Y-%m-%d %H:%M}.")
        with clock.standing_at(moment):
            following = next(story, None)
        parts += 1
        if (now := int((moment - begins) / (until - begins) * 100)) > percent:
            passed(percent := now)
        if following is not None:
            heapq.heappush(waiting, (max(following, moment + BREATH), serial, story))
    return parts
