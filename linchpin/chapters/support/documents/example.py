"""A document as somebody might write it: what the contract suite types, answers and does on the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from linchpin.chapters.support.revisions.example import let_years_pass, through_to_effect
from linchpin.kernel import commands
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.commands.clockwork import settle_by_time
from linchpin.kernel.people import clock

VALUES = {"title": "Deburring cross bores", "kind": "instruction", "purpose": "How the two bores of a body are freed of burrs."}
TEMPORARY = {"kind": "temporary", "lapses_on": (clock.today() + timedelta(days=7)).isoformat()}
OTHERWISE = {"lapsed": TEMPORARY, "disposed": TEMPORARY}


def write_its_revision(document: Any, cast: Any) -> None:
    values = {"title": document.title, "label": "A", "content": "Tool 4, 30 degrees.", "owner": cast.marek.person}
    name_audience(document, "confirm", [cast.hanna.person, cast.daniel.person], actor=cast.daniel)
    through_to_effect(commands.create("revision", values, actor=cast.daniel, parent=document), cast)


def let_time_pass(document: Any, cast: Any) -> None:
    with clock.standing_at(clock.now() + timedelta(days=9)):
        settle_by_time()


BEFORE = {"adopt": write_its_revision, "lapse": let_time_pass, "dispose": let_years_pass}
