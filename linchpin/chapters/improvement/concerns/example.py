"""A report as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.records.models import Record

VALUES = {"saw": "Two of the fittings in tray 6 are a different color. I think they are mixed.", "place": "5AX-3", "stop_line": True}
ANSWERS = {"answer": "They are both the right alloy; the supplier changed the dye.", "thanks": "You stopped before it left the house."}


def close_the_problem(concern: Any, cast: Any) -> None:
    """The problem that the report became needs no lasting fix, and closes."""
    problem = Record.objects.get(links_in__source=concern, links_in__kind="became")
    answers = {
        "owner": cast.marek.person, "severity": "minor", "requirement": "One alloy per tray.", "evidence": "Two in tray 6.",
        "gap": "The tray is mixed.", "occurred": "2026-02-02", "lasting_fix": "no", "lasting_fix_reason": "A single tray.",
    }  # fmt: skip
    for move, values in (
        ("register", answers),
        ("contain", {"containment": "The tray is locked away."}),
        ("close_without_fix", {"correction": "Sorted and marked."}),
    ):
        commands.move(problem, move, actor=cast.daniel, values=values)


BEFORE = {"finish": close_the_problem}
