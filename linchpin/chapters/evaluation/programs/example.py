"""An audit program as somebody might plan it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import commands

VALUES = {"title": "Audits of 2026", "starts": "2026-01-01", "until": "2026-12-31", "objectives": "Does what the bath crisis changed hold?"}
ANSWERS = {
    "gaps": "Dispatch is looked at in January, with the carrier.",
    "evaluation": "Seven of eight were held. The eighth slipped by a month for want of a second auditor: Priya is trained.",
}


def _planned(record: Any, cast: Any) -> None:
    commands.create("audited_area", {"title": "Machine", "unit": cast.machining, "importance": "3"}, actor=cast.aoife, parent=record)
    commands.create("audit", {"title": "Machining, both shifts", "unit": cast.machining, "owner": cast.aoife.person}, actor=cast.aoife, parent=record)


def _held(record: Any, cast: Any) -> None:
    for audit in record.children.filter(type="audit", status="planned"):
        commands.move(audit.audit, "cancel", actor=cast.aoife, reason="Held by the customer instead.")


BEFORE = {"approve": _planned, "evaluate": _held}
