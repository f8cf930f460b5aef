"""The axle of a record's page: its stations, when each was passed and by whom, and the rounds that failed as brackets leading back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from linchpin.kernel.records.registry import RecordType
from linchpin.kernel.records.words import say
from linchpin.surfaces.web.presenting import pins_of


@dataclass(frozen=True, slots=True)
class Passed:
    """When a station was left behind, and by whom."""

    on: dt.date
    who: str


@dataclass(frozen=True, slots=True)
class Loop:
    """A bracket from the station that a record went back to, over `span` stations, with what happened."""

    span: int
    says: str


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the axle: passed (`d`), here (`n`), or to come."""

    label: str
    mark: str
    says: str = ""
    passed: Passed | None = None
    loop: Loop | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of state, as stations; a record that has arrived stands behind the last one."""

    start: int
    end: int
    passed: Passed
    move: str


def axle_of(found: Any, record_type: RecordType, labels: str, events: Iterable[Any]) -> list[Station]:
    """The stations in order, told from the record's state and its history (oldest event first)."""
    lifecycle = record_type.lifecycle
    names = [name for name, _states in lifecycle.stations]
    pins = pins_of(found, record_type)
    marks: Mapping[int, str] = dict(enumerate(pins.marks)) if not pins.ended else dict.fromkeys(range(len(names)), "d")
    left, loops = _told(list(_steps(record_type, events)), len(names))
    if pins.ended and left:
        marks = dict.fromkeys(left, "d")
    stations = []
    for n, name in enumerate(names):
        mark, label = marks.get(n, ""), say(name, labels)
        says = lifecycle.label(found.status) if mark == "n" else _("not needed") if pins.ended and not mark else ""
        stations.append(Station(label, mark, "" if says == label else says, left.get(n) if mark == "d" else None, loops.get(n)))
    return stations


def _steps(record_type: RecordType, events: Iterable[Any]) -> Iterator[Step]:
    lifecycle, end = record_type.lifecycle, len(record_type.lifecycle.stations)

    def place(status: str | None) -> int:
        station = lifecycle.station(status or "")
        return end if station is None else station

    for event in events:
        for change in event.changes:
            if change.field == "status" and change.old:
                passed = Passed(timezone.localtime(event.at).date(), event.actor.name)
                move = lifecycle.transition(event.verb)
                yield Step(place(change.old), place(change.new), passed, str(move.label) if move else "")


def _told(steps: list[Step], end: int) -> tuple[dict[int, Passed], dict[int, Loop]]:
    """Which stations were left, and the ways back. Whoever arrives early has passed only where they stood."""
    left: dict[int, Passed] = {}
    back: dict[int, list[Step]] = {}
    for step in steps:
        if step.end > step.start:
            left |= dict.fromkeys([step.start] if step.end == end else range(step.start, step.end), step.passed)
        elif step.end < step.start:
            back.setdefault(step.end, []).append(step)
            left = {n: passed for n, passed in left.items() if n < step.end}
    return left, {n: Loop(max(s.start for s in failed) - n, _failed(failed)) for n, failed in back.items()}


def _failed(steps: list[Step]) -> str:
    """What led back: the move's own words and the day; how often, when it was more than once."""
    day = formats.date_format(steps[-1].passed.on, "j M Y")
    if len(steps) == 1:
        return f"{steps[-1].move}, {day}"
    return _("%(move)s, %(n)s times, last on %(day)s") % {"move": steps[-1].move, "n": len(steps), "day": day}
