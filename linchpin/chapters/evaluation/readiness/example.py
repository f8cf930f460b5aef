"""A draw as somebody might begin it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.chapters.evaluation.readiness.drawing import draw_for
from linchpin.kernel.commands.looking import judge_drawn, start_clock
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import access_of

VALUES = {"title": "Five open problems", "population": "problems_open", "since": (clock.today() - timedelta(days=365)).isoformat(), "seed": "seat 14C"}


def _draws(record: Any, cast: Any) -> None:
    cast.problem()
    draw_for(record, actor=access_of(record.created_by))


def _looks_each_up(record: Any, cast: Any) -> None:
    maker = access_of(record.created_by)
    for one in type(record)._default_manager.get(pk=record.pk).looked:
        start_clock(record, one["uid"], actor=maker)
        judge_drawn(record, one["uid"], missing="Nobody is named.", actor=maker)


BEFORE = {"drawn": _draws, "finish": _looks_each_up}
