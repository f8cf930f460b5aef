"""An audit as somebody might plan it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands

VALUES = {"title": "Machining: is deburring done as agreed?", "objectives": "Does the new deburring hold?", "scope": "Deburr benches, both shifts."}
ANSWERS = {
    "owner": "aoife@dunmallow.example",
    "held_from": "2026-01-12",
    "scope": "Deburr benches, both shifts.",
    "conclusion": "Done as agreed; the night shift has no limit samples.",
}


def _one_question(record: Any, cast: Any) -> None:
    commands.create("audit_check", {"title": "Are gauges in use inside their date?", "clause": "7.1.5"}, actor=cast.aoife, parent=record)


def _answered(record: Any, cast: Any) -> None:
    for check in record.children.filter(type="audit_check", status="open"):
        commands.move(check.auditcheck, "conforms", actor=cast.aoife, values={"evidence": "12 of 12 inside their date."})


BEFORE = {"begin": _one_question, "finish": _answered}
