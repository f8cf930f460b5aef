"""Reports of the demonstration: what people saw, in their own words, and what they were answered.

Those that became problems are told with the problem. The rest grow from month to month, because reports are answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import comment, create, move
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.stage import Play, Stage, tales

PER_MONTH = (5, 5, 5, 6, 5, 6, 6, 6, 7, 7, 7, 8, 10, 12, 12, 13, 14, 15, 15, 16, 16, 17, 17, 18)
"""How many such reports came in each of the 24 months, the oldest first."""
LATE_AT_FIRST, LATE_AT_LAST = 0.5, 0.2
"""The share answered after the five working days, in the first year and in the second."""


def stories(stage: Stage) -> Iterator[Play]:
    """Told reports first, then those that fill the months."""
    told = list(tales(Path(__file__).parent / "stories", "told"))
    for row in told:
        yield _tell(stage, row, stage.day(row["t"]), row.get("answered_after", 2))
    filling = list(tales(Path(__file__).parent / "stories", "report"))
    for month, count in enumerate(PER_MONTH):
        yield from _month(stage, filling, month, count)


def _month(stage: Stage, filling: list[dict[str, Any]], month: int, count: int) -> Iterator[Play]:
    dice = stage.dice("reports", month)
    first = sum(PER_MONTH[:month])
    for n in range(count):
        row = filling[(first + n) * 37 % len(filling)]
        late = (first + n) % 100 < 100 * (LATE_AT_FIRST if month < 12 else LATE_AT_LAST)
        day = stage.day(month - 24 + (n + 0.5) / count)
        yield _tell(stage, row, day, dice.randrange(6, 15) if late else dice.randrange(0, 5), dice.random())


def _tell(stage: Stage, row: dict[str, Any], day: date, answered_after: int, hour: float = 0.5) -> Play:
    """Sent, seen, answered after so many working days; some are thanked for before."""
    unit, country = row["unit"], stage.sites[stage.units[row["unit"]].pk].country
    sorter = stage.who(row["answers"])
    finder = stage.who(row["by"] if "by" in row else stage.dice("finder", row["key"], day).choice(stage.crew[unit]))
    yield stage.at(day, unit, 7 + 9 * hour)
    values = {"saw": row["saw"], "place": row.get("place", ""), "stop_line": row.get("stop_line", False), "owner": sorter.person}
    values |= {"unit": stage.units[unit], "reporter_name": finder.person.name, "reference": row.get("slug", "")}
    report = create("concern", values, actor=finder)
    if "slug" in row:
        stage.records[row["slug"]] = report
    if "answer" not in row:
        return
    yield stage.at(add_working_days(day, min(1, answered_after), country), unit, 8 + 8 * hour)
    move(report, "see", actor=sorter)
    yield from _said(stage, row, report, day)
    if "thanks" in row:
        move(report, "thank", actor=stage.who(row.get("thanked_by", row["answers"])), values={"thanks": row["thanks"]})
    yield stage.at(add_working_days(day, answered_after, country), unit, 9 + 7 * hour)
    move(report, "answer", actor=sorter, values={"answer": row["answer"]})


def _said(stage: Stage, row: dict[str, Any], report: Any, day: date) -> Play:
    for by, text in row.get("said", ()):
        yield stage.at(day + timedelta(days=1), row["unit"], 15)
        comment(report, text, actor=stage.who(by))
