"""Analyses of the demonstration: asked, tested, chosen and read by the people that `stories/*.toml` names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from linchpin.chapters.improvement.analyses.alike import alike, asked_of
from linchpin.chapters.improvement.analyses.bars import KIND
from linchpin.chapters.improvement.analyses.saying_alike import figures_of
from linchpin.kernel.commands import comment, create, keep_figures, link, move
from linchpin.kernel.people.stage import Play, Stage, tales

STATEMENT = (
    "title", "method", "seen_what", "seen_where", "seen_when", "seen_extent", "not_what", "not_where", "not_when", "not_extent", "differences", "team", "gate",
)  # fmt: skip
OF_A_CAUSE = ("kind", "bone", "gate", "undeveloped", "probability", "probability_source")


def stories(stage: Stage) -> Iterator[Play]:
    """Each row of `stories/*.toml`. `t` is months before the day of loading; `after` and all that follows, days from then."""
    for row in tales(Path(__file__).parent / "stories", "analysis"):
        yield _tell(stage, row)


def _tell(stage: Stage, row: dict[str, Any]) -> Play:
    author, unit, start = stage.who(row["by"]), row["unit"], stage.day(row["t"]) + timedelta(days=row["after"])
    dice = stage.dice("analysis", row["key"])
    yield stage.at(start, unit, dice.uniform(8.5, 12))
    values = {name: row[name] for name in STATEMENT if name in row}
    values |= {"owner": author.person, "unit": stage.units[unit]} | ({"partner": stage.who(row["partner"]).person} if "partner" in row else {})
    giver = stage.who(row.get("giver", row["by"]))
    analysis = create("root_cause_analysis", values, actor=giver, parent=stage.records[row["about"]])
    for told in row.get("cause", ()):
        yield from _ask(stage, row, told, analysis, row["by"], start)
    for after, by, text in row.get("said", ()):
        yield stage.at(start + timedelta(days=after), unit, dice.uniform(13, 16))
        comment(analysis, text, actor=stage.who(by))
    for told in row.get("counted", ()):
        yield stage.at(start + timedelta(days=told["after"]), unit, dice.uniform(13, 15))
        by = stage.who(told["by"])
        question = asked_of(analysis, by, {"like": told["like"]})
        keep_figures(analysis, KIND, figures_of(alike(analysis, question, by)), actor=by)
    if "proposed" in row:
        yield stage.at(start + timedelta(days=row["proposed"]), unit, dice.uniform(13, 14))
        move(analysis, "propose", actor=author, values={"conclusion": row["conclusion"]}, passed=True)
    if "accepted" in row:
        yield stage.at(start + timedelta(days=row["accepted"]), unit, dice.uniform(14.5, 16))
        move(analysis, "accept", actor=stage.who(row["read_by"]))


def _ask(stage: Stage, row: dict[str, Any], told: dict[str, Any], above: Any, asker: str, start: date) -> Play:
    """One cause, noted by whoever owns what it explains, what became of it, and what was asked below it."""
    key = told.get("by", asker)
    by = stage.who(key)
    yield stage.at(start + timedelta(days=told.get("day", 1)), row["unit"], stage.dice("cause", told["why"]).uniform(9, 12))
    values: dict[str, Any] = {"title": told["why"], "owner": by.person, **{name: told[name] for name in OF_A_CAUSE if name in told}}
    cause = create("possible_cause", values, actor=stage.who(asker), parent=above)
    first = row.setdefault("events", {}).setdefault(told["why"], cause)
    if first is not cause:  # the same event in two places of a fault tree
        link(cause, first, "duplicates", actor=by)
    if "evidence" in told:
        move(cause, "verify", actor=by, values={name: told[name] for name in ("evidence", "test") if name in told})
    if "not_it" in told:
        move(cause, "reject", actor=by, values={"test": told["not_it"]})
    for below in told.get("below", ()):
        yield from _ask(stage, row, below, cause, key, start)
    if told.get("root"):
        move(cause, "choose", actor=by)
