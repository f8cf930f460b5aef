"""A visit as somebody might prepare it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.people import clock

VALUES = {"title": "Surveillance by Beacon Registrars", "firm": "Beacon Registrars", "scope": "Machining for airframes.", "plan": "Day one: machining."}
ANSWERS = {
    "auditor": "katerina@dunmallow.example",
    "host": "daniel@dunmallow.example",
    "starts": clock.today().isoformat(),
    "ends": (clock.today() + timedelta(days=2)).isoformat(),
    "conclusion": "Two minor findings; the system works.",
}


def _nobody_else_is_expected(record: Any, cast: Any) -> None:
    """One invitation at a time: those before it are withdrawn."""
    for other in type(record)._default_manager.filter(status="invited").exclude(pk=record.pk):
        commands.move(other, "withdraw", actor=cast.daniel, reason="They come on other days.")


BEFORE = {"invite": _nobody_else_is_expected}
