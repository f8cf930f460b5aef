"""What happened to people and duties in the two years, beside the records."""

from __future__ import annotations

from datetime import timedelta

from linchpin.demonstration.company.gathering import named_in
from linchpin.demonstration.company.old_dates import old_dates
from linchpin.kernel.commands import create, edit, move
from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.commands.house_rules import decide_rule
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.reminding_units import let_remind
from linchpin.kernel.commands.standing_in import delegate
from linchpin.kernel.notices.telling import mark_read
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.stage import Play, Stage
from linchpin.kernel.people.standing_in import standing_in

BENDING = ("correction_owner_is_not_confirmer", "action_owner_is_not_verifier", "document_author_is_not_approver")
"""The duties that review 1 allowed to bend with a reason, because Lipnica works Sundays with one person."""
FIONNS = (
    ("Ask both bar suppliers for their melt certificates by heat", "Until now they send one per delivery."),
    ("Second source for the T-slot cutters", "Three quotations, one from the island."),
)
"""What stands open since he left."""


def happenings(stage: Stage) -> list[Play]:
    """The stories that are no record type's own."""
    leaving = [_leaves(stage, row["key"], row["leaves"]) for row in named_in() if "leaves" in row]
    away = [_marek_is_on_holiday(stage), *_reminders_begin(stage), *_fionn_leaves_two_things_open(stage)]
    ruled = [_maeve_lets_duties_bend(stage), *_maeve_sets_how_long_approvals_wait(stage)]
    return [*leaving, *away, old_dates(stage), *ruled, *_people_read_what_they_were_told(stage)]


def _leaves(stage: Stage, key: str, months: float) -> Play:
    person, last_day = stage.who(key).person, stage.day(months)
    yield stage.at(last_day, "head-office", 16)
    edit_subject(person, {"state": Person.State.LEFT, "end": last_day}, actor=stage.who("norbert"), reason="Left for another company.", leave_open=True)


def _maeve_lets_duties_bend(stage: Stage) -> Play:
    yield stage.at(stage.day(-13), "head-office", 15.5)
    for duty in BENDING:
        decide(duty, "with_reason", actor=stage.who("maeve"))


def _maeve_sets_how_long_approvals_wait(stage: Stage) -> list[Play]:
    return [_waits(stage, -13, 3, "Reviews stood for weeks."), _waits(stage, -5.5, 5, "Three days were over before people were back from the other sites.")]


def _waits(stage: Stage, months: float, days: int, why: str) -> Play:
    yield stage.at(stage.day(months), "head-office", 15.7)
    decide_rule("take_over_after", days, actor=stage.who("maeve"), reason=why)


def _marek_is_on_holiday(stage: Stage) -> Play:
    """Hanna stands in for him; before today she has written something down and made a move in his name."""
    marek, hanna = stage.who("marek"), stage.who("hanna")
    yield stage.at(stage.day(-0.5), "machining", 9.5)
    known = {"title": "Agree the tool offsets of cell 2 with the night shift", "kind": "other", "what": "Write them on one sheet, one at each machine.",
             "owner": marek.person, "unit": stage.units["machining"], "due": stage.today + timedelta(days=5)}  # fmt: skip
    action = create("action", known, actor=stage.who("daniel"))
    yield stage.at(stage.day(-0.2), "machining", 16)
    delegate(hanna.person, starts=clock.today(), ends=stage.today + timedelta(days=9), actor=marek, note="Two weeks by the sea")
    yield stage.at(stage.day(-0.1), "machining", 11)
    (in_his_name,) = standing_in(access_of(hanna.person))
    edit(action, {"what": "One sheet, one at each machine, with the offsets of both shifts and the day they were last checked."}, actor=in_his_name)
    move(action, "complete", actor=in_his_name, values={"evidence": "The sheet hangs at all four machines; Thủy has seen it."})


def _reminders_begin(stage: Stage) -> list[Play]:
    """Dunmallow and Lipnica are reminded; Vale Sereno has not begun: Inês sees what would be sent, and to whom."""
    return [_begins(stage, unit, head) for unit, head in (("dunmallow", "tomas"), ("lipnica", "bostjan"))]


def _begins(stage: Stage, unit: str, head: str) -> Play:
    yield stage.at(stage.day(-6), unit, 9)
    let_remind(stage.units[unit], True, actor=stage.who(head))


def _fionn_leaves_two_things_open(stage: Stage) -> list[Play]:
    return [_given_to_fionn(stage, title, what) for title, what in FIONNS]


def _given_to_fionn(stage: Stage, title: str, what: str) -> Play:
    yield stage.at(stage.day(-1.5), "purchasing", 10.5)
    known = {"title": title, "kind": "other", "what": what, "owner": stage.who("fionn").person, "unit": stage.units["purchasing"],
             "due": stage.today + timedelta(days=11)}  # fmt: skip
    create("action", known, actor=stage.who("yusuf"))


def _people_read_what_they_were_told(stage: Stage) -> list[Play]:
    return [_reads(stage, key) for key in (row["key"] for row in named_in())]


def _reads(stage: Stage, key: str) -> Play:
    """Those told of by name read what they were told; of the last days most is still unread."""
    yield stage.at(stage.day(-0.2), "dunmallow", 17)
    mark_read(stage.who(key).person)
