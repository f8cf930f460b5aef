"""Actions of the demonstration that hang on no problem: what reviews, audits, risks and good ideas asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import comment, create, edit, move
from linchpin.kernel.people.stage import Play, Stage, tales


def stories(stage: Stage) -> Iterator[Play]:
    """Each row of `stories/*.toml`. `t` and `done` are months before the day of loading, `due_in` days from it."""
    for row in tales(Path(__file__).parent / "stories", "action"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    owner, giver = stage.who(row["owner"]), stage.who(row.get("giver", "daniel"))
    start, unit = stage.day(row["t"]), row["unit"]
    due = stage.today + timedelta(days=row["due_in"]) if "due_in" in row else stage.day(row.get("done", row["t"])) + timedelta(days=12)
    known: dict[str, Any] = {name: row[name] for name in ("title", "kind", "what", "expected_effect", "priority") if name in row}
    known |= {"owner": owner.person, "unit": stage.units[unit], "due": due, "reference": row.get("slug", "")}
    hour = stage.dice("action", row["key"]).uniform(8.5, 16.5)
    yield stage.at(start, unit, hour)
    action = create("action", known, actor=giver)
    if "slug" in row:
        stage.records[row["slug"]] = action
    for by, text in row.get("said", ()):
        yield stage.at(start + timedelta(days=2), unit, hour)
        comment(action, text, actor=stage.who(by))
    if "moved" in row:
        yield stage.at(stage.day(row["moved"]), unit, hour)
        edit(action, {"due": stage.today + timedelta(days=row["to"])}, actor=stage.who(row.get("moved_by", row["owner"])), reason=row["because"])
    yield from _ends(stage, row, action, hour)


def _ends(stage: Stage, row: dict[str, Any], action: Any, hour: float) -> Play:
    """Open, begun, done, looked at, or cancelled, as far as the row goes."""
    owner, unit = stage.who(row["owner"]), row["unit"]
    if "begun" in row:
        yield stage.at(stage.day(row["begun"]), unit, hour)
        move(action, "start", actor=owner)
        if "progress" in row:
            edit(action, {"progress": row["progress"]}, actor=owner)
    if "cancelled" in row:
        yield stage.at(stage.day(row["cancelled"]), unit, hour)
        move(action, "cancel", actor=stage.who(row.get("giver", "daniel")), reason=row["because"])
    if "evidence" in row:
        yield stage.at(stage.day(row["done"]), unit, hour)
        move(action, "complete", actor=owner, values={"evidence": row["evidence"]})
    if "seen" in row:
        yield stage.at(stage.day(row["done"]) + timedelta(days=4), unit, hour)
        move(action, "verify", actor=stage.who(row.get("looked_at_by", "daniel")), values={"verification": row["seen"]})
