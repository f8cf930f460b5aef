"""What happened to people and duties in the two years, beside the records."""

from __future__ import annotations

from linchpin.demonstration.company.gathering import told
from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.notices.telling import mark_read
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.stage import Play, Stage

BENDING = ("correction_owner_is_not_confirmer", "action_owner_is_not_verifier")
"""The duties that review 1 allowed to bend with a reason, because Lipnica works Sundays with one person."""


def happenings(stage: Stage) -> list[Play]:
    """The stories that are no record type's own."""
    leaving = [_leaves(stage, row["key"], row["leaves"]) for row in told("cast")["person"] if "leaves" in row]
    return [*leaving, _maeve_lets_two_duties_bend(stage), *_people_read_what_they_were_told(stage)]


def _leaves(stage: Stage, key: str, months: float) -> Play:
    person, last_day = stage.who(key).person, stage.day(months)
    yield stage.at(last_day, "head-office", 16)
    edit_subject(person, {"state": Person.State.LEFT, "end": last_day}, actor=stage.who("norbert"), reason="Left for another company.")


def _maeve_lets_two_duties_bend(stage: Stage) -> Play:
    yield stage.at(stage.day(-13), "head-office", 15.5)
    for duty in BENDING:
        decide(duty, "with_reason", actor=stage.who("maeve"))


def _people_read_what_they_were_told(stage: Stage) -> list[Play]:
    return [_reads(stage, key) for key in (row["key"] for row in told("cast")["person"])]


def _reads(stage: Stage, key: str) -> Play:
    """Those told of by name read what they were told; of the last days most is still unread."""
    yield stage.at(stage.day(-0.2), "dunmallow", 17)
    mark_read(stage.who(key).person)
