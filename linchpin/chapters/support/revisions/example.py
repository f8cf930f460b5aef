"""A revision as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.commands.importing import Changed, change_many
from linchpin.kernel.people import clock

VALUES = {"title": "Deburring cross bores", "label": "D", "content": "Tool 4 is set to 30 degrees.", "change_note": "Tool 4 replaced."}
OTHERWISE = {"approved": {"effective_from": (clock.today() + timedelta(days=30)).isoformat()}}
STRONG = Signing(reauthenticated=True)


def name_them(revision: Any, cast: Any) -> None:
    name_audience(revision, "review", [cast.priya.person, cast.daniel.person], actor=cast.daniel)
    name_audience(revision, "approve", [cast.hanna.person, cast.daniel.person], actor=cast.daniel)


def let_them_agree_and_approve(revision: Any, cast: Any) -> None:
    for who in (cast.priya, cast.daniel):
        commands.move(revision, "agree", actor=who)
    for who in (cast.hanna, cast.daniel):
        commands.move(revision, "approve", actor=who, signing=STRONG)


def through_to_effect(revision: Any, cast: Any) -> None:
    name_them(revision, cast)
    commands.move(revision, "submit", actor=cast.daniel, values={"change_note": "As agreed at the machine."})
    let_them_agree_and_approve(revision, cast)


def write_the_next(revision: Any, cast: Any) -> None:
    revision.refresh_from_db()
    values = {"title": revision.title, "content": "Tool 5 is set to 45 degrees.", "owner": cast.marek.person}
    through_to_effect(commands.create("revision", values, actor=cast.daniel, parent=revision.parent), cast)


def withdraw_its_document(revision: Any, cast: Any) -> None:
    revision.refresh_from_db()
    commands.move(revision.parent, "withdraw", actor=cast.daniel, reason="The part runs out.")


def let_years_pass(record: Any, cast: Any) -> None:
    """It ended long ago, and is kept for a year."""
    record.refresh_from_db()
    document = record if record.type == "document" else record.parent.document
    change_many([Changed(document, {"keep_years": 1})], actor=cast.daniel)
    record.refresh_from_db()
    change_many([Changed(record, {"ended_on": clock.today() - timedelta(days=400)})], actor=cast.daniel)


BEFORE = {
    "submit": name_them,
    "all_approved": let_them_agree_and_approve,
    "supersede": write_the_next,
    "retire": withdraw_its_document,
    "dispose": let_years_pass,
}
