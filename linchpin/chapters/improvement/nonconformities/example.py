"""A problem as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands

VALUES = {"title": "Burr left where the two bores cross", "description": "38 bodies of lot 4410.", "severity": "major", "source": "process"}
ANSWERS = {
    "requirement": "Drawing 4711: edges free of burr.",
    "evidence": "Burr of 0.3 mm in 38 of 120 bodies.",
    "gap": "The cross bore is not deburred.",
    "occurred": "2026-02-02",
    "severity": "major",
    "lasting_fix": "yes",
    "containment": "The lot is on hold and marked.",
    "correction": "All 38 deburred by hand.",
    "consequences": "None had been delivered.",
    "cause": "The tool cannot reach above 30 degrees.",
    "cause_evidence": "Trial of 12 February, three angles.",
    "extent": "no",
    "extent_checked": "Bodies of the last three lots.",
    "measure": "Bodies with a burr after deburring.",
    "rule": "None in 30.",
    "occurrences": 30,
    "result": "None of 30 shows a burr.",
    "result_count": 0,
    "result_n": 30,
    "risks_updated": "Not needed: the risk stands in the register.",
    "change_needed": "Not needed: one tool of one cell.",
}
OTHERWISE = {"closed_no_fix": {"lasting_fix": "no", "lasting_fix_reason": "A single lot of a part that runs out."}}


def agree_a_fix(problem: Any, cast: Any) -> None:
    values = {"title": "Deburr with abrasive flow", "kind": "corrective", "owner": cast.priya.person}
    commands.create("action", values, actor=cast.daniel, parent=problem)


def finish_the_fix(problem: Any, cast: Any) -> None:
    commands.move(problem.children.get(), "complete", actor=cast.priya, values={"evidence": "Runs since Monday."})


def verify_the_fix(problem: Any, cast: Any) -> None:
    commands.move(problem.children.get(), "verify", actor=cast.hanna, values={"verification": "Seen at the machine."})


BEFORE = {"approve_actions": agree_a_fix, "watch": finish_the_fix, "close": verify_the_fix}
