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

MONTHS = (
    (5, 3), (5, 3), (5, 3), (6, 3), (6, 4), (6, 3), (7, 4), (7, 4), (7, 3), (8, 4), (8, 4), (9, 3),
    (11, 4), (12, 4), (13, 4), (14, 4), (15, 3), (16, 3), (17, 3), (18, 3), (19, 3), (20, 2), (20, 2), (21, 0),
)  # fmt: skip
"""Of the 24 months, the oldest first: how many such reports came in, and how many of them were answered too late.

With those that became problems and those told apart that makes 89 in the first year (3.1 per 100 people and month) and 211 in the
second (7.3); answered within the five working days were 54 % and then 83 %.
"""
OPENINGS = {
    "en": ("Small thing: ", "From the early shift: ", "Two of us saw it: ", "Since yesterday: ", "Please look at this: ", "Not the first time: "),
    "pt": ("Coisa pequena: ", "Do turno da manhã: ", "Vimos os dois: ", "Desde ontem: "),
    "sl": ("Malenkost: ", "Z jutranje izmene: ", "Videla sva oba: ", "Od včeraj: "),
}
"""How people begin who saw what somebody saw before."""


def stories(stage: Stage) -> Iterator[Play]:
    """Told reports first, then those that fill the months."""
    for row in tales(Path(__file__).parent / "stories", "told"):
        yield _tell(stage, row, stage.day(row["t"]), row.get("answered_after", 2))
    filling = list(tales(Path(__file__).parent / "stories", "report"))
    stage.dice("order of reports").shuffle(filling)
    serial = 0
    for month, (count, late) in enumerate(MONTHS):
        dice = stage.dice("reports", month)
        too_late = set(dice.sample(range(count), late))
        for n in range(count):
            row = _worded(stage, filling, serial)
            after = dice.randrange(7, 15) if n in too_late else dice.randrange(0, 5)
            yield _tell(stage, row, stage.day(month - 24 + (n + 0.1) / count), after, dice.random())
            serial += 1


def _worded(stage: Stage, filling: list[dict[str, Any]], serial: int) -> dict[str, Any]:
    """The next report; what was seen before is told in somebody else's words."""
    row, before = filling[serial % len(filling)], serial // len(filling)
    if not before:
        return row
    openings = OPENINGS[stage.sites[stage.units[row["unit"]].pk].language]
    return {**row, "saw": openings[(serial + before) % len(openings)] + row["saw"]}


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
