"""An analysis as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands

VALUES = {
    "title": "Why is there a burr where the two bores cross?",
    "method": "five_why",
    "seen_what": "Burr up to 0.4 mm on valve bodies 4711",
    "seen_where": "Where the two bores cross, never at their mouths",
}
ANSWERS = {"conclusion": "The brush cannot reach the crossing, and no deburring plan is held against the drawing."}


def _ask_twice(record: Any, cast: Any) -> None:
    """A cause, and what lies below it: shown and chosen."""
    shown = {"evidence": "20 bodies under the borescope, 6 with a burr.", "test": "With a longer brush: 20 bodies, none."}
    first = commands.create("possible_cause", {"title": "The brush does not reach the crossing"}, actor=cast.daniel, parent=record)
    below = commands.create("possible_cause", {"title": "No deburring plan is held against the drawing"}, actor=cast.daniel, parent=first)
    commands.move(below, "verify", actor=cast.daniel, values=shown)
    commands.move(below, "choose", actor=cast.daniel)


BEFORE = {"propose": _ask_twice}
