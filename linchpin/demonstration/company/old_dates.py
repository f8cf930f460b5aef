"""The list of open points of the machining meeting comes in from its own workbook: every date has passed, one is agreed, two are proposed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.kernel.commands.agreeing import agree_date, propose_date
from linchpin.kernel.commands.importing import New, create_many
from linchpin.kernel.people.stage import Play, Stage

OPEN_POINTS = (
    ("OP-31", -7.2, -5.0, "marek", "machining", "Probe cycle of cell 1 as a written instruction"),
    ("OP-34", -6.6, -4.5, "priya", "machining", "Coolant: measure the concentration every Monday, not when it smells"),
    ("OP-35", -6.1, -4.2, "seun", "five-axis", "Second set of soft jaws for 5540"),
    ("OP-38", -5.3, -3.8, "orla", "aluminum", "Deburring bench nearer to the saw"),
    ("OP-40", -4.9, -3.1, "piotr", "turning", "Replace the bar feeder's worn guides"),
    ("OP-41", -4.4, -2.9, "marek", "machining", "Tool life of the 4 mm end mills by material"),
    ("OP-44", -3.8, -2.2, "thuy", "nights", "Handover sheet for the night shift in three languages"),
)
"""Own number, months of raising and of the old date before the day of loading, owner, unit, title."""


def old_dates(stage: Stage) -> Play:
    yield stage.at(stage.day(-0.1), "quality", 15)
    daniel, rows = stage.who("daniel"), []
    for reference, raised, due, owner, unit, title in OPEN_POINTS:
        values: dict[str, Any] = {"title": title, "reference": reference, "kind": "other", "unit": stage.units[unit], "owner": stage.who(owner).person}
        rows.append(New("action", values | {"due": stage.day(due)}, status="open", raised=stage.at(stage.day(raised), unit, 10)))
    made = create_many(rows, actor=daniel, reason="Open points machining.xlsx, as it stood.")
    yield stage.at(stage.day(-0.08), "machining", 8.5)
    agree_date(made[4], stage.today + timedelta(days=16), actor=stage.who("piotr"))
    yield stage.at(stage.day(-0.05), "quality", 16)
    for record, days in ((made[0], 12), (made[6], 19)):
        record.refresh_from_db()
        propose_date(record, stage.today + timedelta(days=days), actor=daniel)
