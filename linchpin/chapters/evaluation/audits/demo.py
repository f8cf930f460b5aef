"""Audits of the demonstration, held by the people that `stories/*.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import comment, create, done_on_device, link, move
from linchpin.kernel.people.stage import Play, Stage, tales
from linchpin.kernel.records.models import Record


def stories(stage: Stage) -> Iterator[Play]:
    """Each row of `stories/*.toml`. `t` is months before the day of loading, when it was announced; the rest follows in days."""
    for row in tales(Path(__file__).parent / "stories", "audit"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    lead, unit = stage.who(row["by"]), row["unit"]
    start, dice = stage.day(row["t"]), stage.dice("audit", row["key"])
    held = stage.at(start + timedelta(days=row["held_after"]), unit).date()
    yield stage.at(start, unit, dice.uniform(9, 11))
    days = {"held_from": held, "held_until": held + timedelta(days=row.get("days", 1) - 1)}
    audit = stage.records[row["planned"]] if "planned" in row else _announced(stage, row)
    move(audit, "notify", actor=lead, values={**days, "scope": row["scope"], "plan": row.get("plan", "")})
    asked = [create("audit_check", {"owner": lead.person, **_question(told)}, actor=lead, parent=audit) for told in row["check"]]
    yield stage.at(held, unit, 8.5)
    move(audit, "begin", actor=lead)
    yield from _answered(stage, row, asked, held)
    for by, text in row.get("said", ()):
        yield stage.at(held, unit, 15.5)
        comment(audit, text, actor=stage.who(by))
    if "conclusion" not in row:
        return
    yield stage.at(held + timedelta(days=1), unit, 16)
    move(audit, "finish", actor=lead)
    yield stage.at(held + timedelta(days=row.get("reported_after", 7)), unit, 14)
    for title in row.get("found", ()):
        link(audit, Record.objects.get(type="nonconformity", title__startswith=title), "found", actor=lead)
    move(audit, "report", actor=lead, values={"conclusion": row["conclusion"]})
    if "closed_after" in row and not row["closed_after"]:
        return
    yield stage.at(held + timedelta(days=row.get("closed_after", 20)), unit, 14)
    move(audit, "close", actor=lead)


def _answered(stage: Stage, row: dict[str, Any], asked: list[Any], held: date) -> Play:
    """What was answered that day; `waited` is for how many hours an answer lay on the tablet before it arrived."""
    for told, check in zip(row["check"], asked, strict=True):
        if "answer" in told:
            arrived = stage.at(held, row["unit"], 9 + told.get("hour", 1))
            yield arrived
            with done_on_device(arrived - timedelta(hours=told.get("waited", 0))):
                values = {name: told[name] for name in ("sample", "evidence", "statement") if name in told}
                move(check, told["answer"], actor=stage.who(row["by"]), values=values)


def _announced(stage: Stage, row: dict[str, Any]) -> Any:
    """An audit that stands in no story of a program, planned when it is announced."""
    lead, second = stage.who(row["by"]), stage.who(row["second"])
    values: dict[str, Any] = {name: row[name] for name in ("title", "objectives", "scope") if name in row}
    values |= {"owner": lead.person, "auditor": second.person, "unit": stage.units[row["unit"]], "edition": row.get("edition", "2015")}
    return create("audit", values, actor=lead, parent=stage.records[row["program"]])


def _question(told: dict[str, Any]) -> dict[str, Any]:
    return {"title": told["ask"], **{name: told[name] for name in ("clause", "look_for") if name in told}}
