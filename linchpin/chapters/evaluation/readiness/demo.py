"""Draws of Dunmallow's own: Aoife's two weeks apart, and Daniel's before the surveillance."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from linchpin.chapters.evaluation.readiness.drawing import draw_five
from linchpin.kernel.commands.looking import judge_drawn, start_clock
from linchpin.kernel.people import clock
from linchpin.kernel.people.stage import Play, Stage


def stories(stage: Stage) -> Iterator[Play]:
    told = tomllib.loads((Path(__file__).parent / "stories" / "draws.toml").read_text())
    for row in told["draw"]:
        yield _told(stage, row)


def _told(stage: Stage, row: dict[str, Any]) -> Play:
    yield stage.at(stage.day(row["t"]), row["unit"], row["hour"])
    actor = stage.who(row["by"])
    values = {"population": row["from"], "since": stage.day(row["t"] - 12), "seed": row["seed"], "unit": stage.units[row["unit"]]}
    check = draw_five(values, actor=actor)
    for one, (seconds, missing) in zip(check.looked, row["looks"], strict=False):
        start_clock(check, one["uid"], actor=actor)
        with clock.standing_at(clock.now() + timedelta(seconds=seconds)):
            judge_drawn(check, one["uid"], missing=missing, actor=actor)
        yield clock.now() + timedelta(minutes=8)
