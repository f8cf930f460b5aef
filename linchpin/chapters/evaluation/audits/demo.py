"""Audits of the demonstration, held by the people that `stories/*.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import comment, create, move
from linchpin.kernel.people.stage import Play, Stage, tales


def stories(stage: Stage) -> Iterator[Play]:
    """Each row of `stories/*.toml`. `t` is months before the day of loading, when it was announced; the rest follows in days."""
    for row in tales(Path(__file__).parent / "stories", "audit"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    lead, second, unit = stage.who(row["by"]), stage.who(row["second"]), row["unit"]
    start, dice = stage.day(row["t"]), stage.dice("audit", row["key"])
    held = stage.at(start + timedelta(days=row["held_after"]), unit).date()
    yield stage.at(start, unit, dice.uniform(9, 11))
    values: dict[str, Any] = {name: row[name] for name in ("title", "objectives", "scope", "plan") if name in row}
    values |= {"owner": lead.person, "auditor": second.person, "unit": stage.units[unit], "edition": row.get("edition", "2015")}
    plan = values.pop("plan", "")
    audit = create("audit", values, actor=lead)
    days = {"held_from": held, "held_until": held + timedelta(days=row.get("days", 1) - 1)}
    move(audit, "notify", actor=lead, values={**days, "scope": row["scope"], "plan": plan})
    asked = [create("audit_check", {"owner": lead.person, **_question(told)}, actor=lead, parent=audit) for told in row["check"]]
    yield stage.at(held, unit, 8.5)
    move(audit, "begin", actor=lead)
    for told, check in zip(row["check"], asked, strict=True):
        if "answer" in told:
            yield stage.at(held, unit, 9 + told.get("hour", 1))
            move(check, told["answer"], actor=lead, values={name: told[name] for name in ("sample", "evidence", "statement") if name in told})
    for by, text in row.get("said", ()):
        yield stage.at(held, unit, 15.5)
        comment(audit, text, actor=stage.who(by))
    if "conclusion" not in row:
        return
    yield stage.at(held + timedelta(days=1), unit, 16)
    move(audit, "finish", actor=lead)
    yield stage.at(held + timedelta(days=row.get("reported_after", 7)), unit, 14)
    move(audit, "report", actor=lead, values={"conclusion": row["conclusion"]})
    yield stage.at(held + timedelta(days=row.get("closed_after", 20)), unit, 14)
    move(audit, "close", actor=lead)


def _question(told: dict[str, Any]) -> dict[str, Any]:
    return {"title": told["ask"], **{name: told[name] for name in ("clause", "look_for") if name in told}}
