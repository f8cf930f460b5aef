"""Who may audit at Dunmallow: Aoife, Hanna, and somebody who is still learning it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from linchpin.kernel.commands import create, move
from linchpin.kernel.people.stage import Play, Stage


def stories(stage: Stage) -> Iterator[Play]:
    told = tomllib.loads((Path(__file__).parent / "stories" / "pool.toml").read_text())
    for row in told["auditor"]:
        yield _told(stage, row)


def _told(stage: Stage, row: dict[str, Any]) -> Play:
    yield stage.at(stage.day(row["t"]), "quality", row["hour"])
    who, may = stage.who(row["who"]).person, "leads audits" if row["level"] == "leads" else "audits beside a lead"
    values = {"title": f"{who.name} {may}", "auditor": who, **{name: row[name] for name in ("level", "proof")}, "valid_until": stage.day(row["until"])}
    values |= {"unit": stage.units["company"], "owner": stage.who("daniel").person}
    competence = create("audit_competence", values, actor=stage.who(row["by"]))
    if "judged" in row:
        yield stage.at(stage.day(row["t"]), "quality", row["hour"] + 1)
        move(competence, "judge", actor=stage.who(row["judged"]))
