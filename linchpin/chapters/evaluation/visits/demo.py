"""Kateřina's two visits: the last one with its two findings, and this one with what she asked for and drew."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile

from linchpin.chapters.evaluation.visits.sampling import population_of
from linchpin.kernel.commands import attach, create, link, move
from linchpin.kernel.commands.sampling import draw
from linchpin.kernel.people.calendar import add_working_days
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.stage import Play, Stage

SITE = "head-office"


def stories(stage: Stage) -> Iterator[Play]:
    told = tomllib.loads((Path(__file__).parent / "stories" / "beacon.toml").read_text())
    yield _last_one(stage, told)
    yield _this_one(stage, told)


def _first_day(stage: Stage) -> date:
    """The last working day before the day of loading: her first morning is over, the door is still open."""
    return stage.at(stage.today, SITE).date()


def _invite(stage: Stage, told: dict[str, Any], starts: date, last: date | None) -> Any:
    daniel = stage.who("daniel")
    values = {name: told[name] for name in ("title", "kind", "plan")} | told["common"] | {"last_visit": last}
    values |= {"unit": stage.units["company"], "owner": daniel.person, "host": daniel.person, "auditor": stage.who("katerina").person}
    values["edition"] = "2015"
    visit = create("visit", values, actor=daniel)
    ends = add_working_days(starts, 2, "IE")
    return move(visit, "invite", actor=daniel, values={"starts": starts, "ends": ends})


def _last_one(stage: Stage, told: dict[str, Any]) -> Play:
    starts = _last_start(stage)
    yield stage.at(starts - timedelta(days=20), SITE, 11)
    visit = _invite(stage, told | told["last"], starts, None)
    yield stage.at(add_working_days(starts, 2, "IE"), SITE, 16)
    move(visit, "end", actor=stage.who("daniel"), values={"conclusion": told["last"]["conclusion"]})


def _last_start(stage: Stage) -> date:
    return stage.at(stage.day(-11.2), SITE).date()


def _this_one(stage: Stage, told: dict[str, Any]) -> Play:
    starts = _first_day(stage)
    yield stage.at(starts - timedelta(days=16), SITE, 10)
    visit = _invite(stage, told | told["this"], starts, add_working_days(_last_start(stage), 2, "IE"))
    yield stage.at(starts, SITE, 9.25)
    kateřina = access_of(stage.who("katerina").person)
    asked = []
    for row in told["request"]:
        yield stage.at(starts, SITE, row["asked"])
        asked.append(create("audit_request", {"title": row["title"], "detail": row.get("detail", "")}, actor=kateřina, parent=visit))
        if "drawn_after" in row:
            yield stage.at(starts, SITE, row["drawn_after"])
            seed, n = told["draw"]["seed"], told["draw"]["n"]
            draw(visit, population_of(visit, told["draw"]["population"], kateřina), seed=seed, n=n, actor=kateřina)
        if "answered" in row:
            yield stage.at(starts, SITE, row["answered"])
            _answer(stage, asked[-1], row, kateřina)


def _answer(stage: Stage, asked: Any, row: dict[str, Any], kateřina: Access) -> None:
    daniel = stage.who("daniel")
    if "file" in row:
        attach(asked, ContentFile(row["file"]["text"].encode(), name=row["file"]["name"]), actor=daniel, purpose="evidence")
    if row.get("shows"):
        link(asked, stage.records[row["shows"]], "evidence", actor=daniel)
    move(asked, "answer", actor=daniel, values={"answer": row["answer"]})
    if row.get("enough"):
        move(asked, "accept", actor=kateřina)
