"""The audit programs of the demonstration: planned by Aoife, approved by Maeve, with the areas and audits that `stories/*.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import create, move
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import next_working_day
from linchpin.kernel.people.stage import Play, Stage, tales
from linchpin.kernel.records.models import Record


def stories(stage: Stage) -> Iterator[Play]:
    """Each row is a program. `t` is months before the day of loading, `from` and `until` likewise; what follows an audit is told with audits."""
    for row in tales(Path(__file__).parent / "stories", "program"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    planner, chief = stage.who(row["by"]), stage.who(row["approved_by"])
    start = stage.day(row["t"])
    yield stage.at(start, "quality", 10)
    values: dict[str, Any] = {name: row[name] for name in ("title", "objectives", "risks", "resources") if name in row}
    values |= {"starts": stage.day(row["from"]), "until": stage.day(row["until"]), "owner": planner.person, "unit": stage.units["company"]}
    values["reference"] = row["slug"]
    program = create("audit_program", values, actor=planner)
    stage.records[row["slug"]] = program
    for area in row["area"]:
        known = {name: area[name] for name in ("title", "importance", "importance_reason", "change", "change_reason") if name in area}
        create("audited_area", {**known, "unit": stage.units[area["unit"]], "owner": planner.person}, actor=planner, parent=program)
    for planned in row["audit"]:
        _plan(stage, planned, program)
    yield stage.at(start + timedelta(days=9), "head-office", 15)
    move(program, "approve", actor=chief, values={"gaps": row["gaps"]})
    if "evaluation" not in row:
        return
    yield stage.at(stage.day(row["until"]) + timedelta(days=4), "quality", 11)
    for waiting in program.children.filter(type="audit", status__in=("planned", "notified")):
        move(waiting.audit, "cancel", actor=planner, reason=row["cancelled_because"])
    move(program, "evaluate", actor=planner, values={"evaluation": row["evaluation"]})
    yield stage.at(stage.day(row["until"]) + timedelta(days=18), "head-office", 16)
    if not program.children.filter(type="audit", status__in=("in_progress", "reporting")).exists():
        move(program, "close", actor=chief)


def _plan(stage: Stage, planned: dict[str, Any], program: Record) -> None:
    lead, second = stage.who(planned["by"]), stage.who(planned["second"]) if "second" in planned else None
    day = _working_day(stage, stage.day(planned["held"]), planned["unit"])
    values: dict[str, Any] = {name: planned[name] for name in ("title", "objectives", "scope", "clauses", "edition", "method") if name in planned}
    values |= {"unit": stage.units[planned["unit"]], "owner": lead.person, "held_from": day}
    values |= {"held_until": day + timedelta(days=planned["days"] - 1)} if "days" in planned else {}
    values |= {"auditor": second.person} if second else {}
    values |= {"reference": planned["slug"]} if "slug" in planned else {}
    audit = create("audit", values, actor=stage.who("aoife"), parent=program)
    if "slug" in planned:
        stage.records[planned["slug"]] = audit


def _working_day(stage: Stage, day: date, unit: str) -> date:
    """That day, or the next on which the site works; unlike the moments of a play it may lie ahead."""
    return next_working_day(day, stage.sites[stage.units[unit].pk].country) if day > clock.today() else day
