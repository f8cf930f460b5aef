"""Who is reminded of what and when (model, section 0.4), and the one mail of the day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from linchpin.kernel import commands
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.reminding_units import let_remind
from linchpin.kernel.notices.mailing import mail_the_day
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.notices.reminding import first_day, remind
from linchpin.kernel.notices.telling import mark_read, unread
from linchpin.kernel.people.calendar import add_working_days, is_working_day, next_working_day, working_days_between
from linchpin.kernel.people.models import Unit
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed
from linchpin.kernel.trail import history_of
from tests.cast import Cast

DUE = date(2027, 6, 16)
"""A Wednesday, with no public holiday near."""


def given(cast: Cast, **values: Any) -> Any:
    """An action of Priya's in machining, due on that Wednesday; her manager is Marek, who heads machining too."""
    for unit in (cast.dunmallow, cast.lipnica):
        Unit.objects.filter(pk=unit.pk, reminds_since=None).exists() and let_remind(unit, True, actor=cast.daniel)
    known = {"title": "Fit the borescope", "kind": "other", "owner": cast.priya.person, "unit": cast.machining, "due": DUE, **values}
    action = commands.create("action", known, actor=cast.daniel, parent=values.pop("parent", None)) if "parent" not in values else None
    Notice.objects.all().delete()
    return action


def told(day: date) -> dict[str, int]:
    """Who was told how often by what `remind` does on that day alone."""
    before = set(Notice.objects.values_list("pk", flat=True))
    remind(day)
    names: dict[str, int] = {}
    for name in Notice.objects.exclude(pk__in=before).values_list("person__name", flat=True):
        names[name] = names.get(name, 0) + 1
    return names


def test_the_table_of_the_model_day_by_day(cast: Cast) -> None:
    """−14, −7, −1, on the day, +1 the manager, +7 process owner and quality manager, +14 and the head, +30 top management."""
    given(cast)
    seen: dict[int, set[str]] = {}
    for late in range(-20, 45):
        if names := told(DUE + timedelta(days=late)):
            seen[late] = set(names)
    assert seen == {
        -14: {"Priya Raman"},
        -7: {"Priya Raman"},
        -1: {"Priya Raman"},
        0: {"Priya Raman"},
        1: {"Priya Raman", "Marek Zieliński"},
        7: {"Daniel Petrov", "Marek Zieliński"},
        14: {"Daniel Petrov", "Marek Zieliński"},
        30: {"Maeve Brannigan"},
    }


def test_what_belongs_to_a_serious_problem_takes_half_the_days(cast: Cast) -> None:
    given(cast, due=DUE + timedelta(days=400))
    problem = cast.problem(severity="critical")
    values = {"title": "Fit the borescope", "kind": "other", "owner": cast.priya.person, "due": DUE}
    commands.create("action", values, actor=cast.daniel, parent=problem)
    Notice.objects.all().delete()
    seen = {late: set(names) for late in range(-20, 20) if (names := told(DUE + timedelta(days=late)))}
    assert set(seen) == {-7, -2, -1, 0, 1, 5, 7, 15}, "−3, +3 fall on a Sunday or Saturday and wait for the next working day"
    assert seen[15] == {"Maeve Brannigan"}


def test_a_unit_is_silent_until_its_head_lets_it_begin(cast: Cast) -> None:
    """What the first day would bring is shown before; below a unit everything begins with it; paused it is silent again."""
    values = {"title": "Fit the borescope", "kind": "other", "owner": cast.priya.person, "unit": cast.machining, "due": DUE}
    commands.create("action", values, actor=cast.daniel)
    late = DUE + timedelta(days=1)
    assert told(late) == {}
    assert {person.name: len(texts) for person, texts in first_day(cast.machining, late)} == {"Marek Zieliński": 1, "Priya Raman": 1}
    with pytest.raises(NotAllowed):
        let_remind(cast.machining, True, actor=cast.priya)
    let_remind(cast.machining, True, actor=cast.marek)
    assert told(late) == {"Priya Raman": 1, "Marek Zieliński": 1}
    assert history_of(cast.machining.uid)[-1].verb == "start_reminding"
    let_remind(cast.machining, False, actor=cast.marek, reason="The move to hall 2.")
    assert told(DUE + timedelta(days=14)) == {}


def test_a_reminder_is_given_once_however_often_the_clock_asks(cast: Cast) -> None:
    given(cast)
    assert told(DUE) == {"Priya Raman": 1}
    assert told(DUE) == {}


def test_whoever_would_hear_of_it_in_several_roles_hears_once(cast: Cast) -> None:
    """First looked at a month late: Marek is her manager, process owner and head of the unit, Daniel quality manager twice over."""
    given(cast)
    late = DUE + timedelta(days=33)
    assert told(late) == {"Priya Raman": 1, "Marek Zieliński": 1, "Daniel Petrov": 1, "Maeve Brannigan": 1}
    assert told(late) == told(late + timedelta(days=1)) == {}


def test_a_date_is_told_as_pages_show_it(cast: Cast) -> None:
    action = given(cast)
    remind(DUE + timedelta(days=1))
    assert f"{action.number} was due on 16 Jun 2027: Fit the borescope" in Notice.objects.values_list("text", flat=True)


def test_nobody_is_reminded_on_a_public_holiday_of_their_site(cast: Cast) -> None:
    """25 June 2027 is Slovenia's Statehood Day; Dunmallow works."""
    for unit in (cast.machining, cast.lipnica):
        given(cast, unit=unit, due=date(2027, 6, 25))
    assert told(date(2027, 6, 25)) == {"Priya Raman": 1}
    assert Notice.objects.get().record.unit == cast.machining  # type: ignore[union-attr]
    assert sum(told(date(2027, 6, 28)).values()) == 4, "on Monday both are late, and her manager hears of both"


def test_a_moved_date_starts_anew_and_a_closed_record_is_quiet(cast: Cast) -> None:
    action = given(cast)
    assert told(DUE) == {"Priya Raman": 1}
    commands.edit(action, {"due": DUE + timedelta(days=60)}, actor=cast.daniel, reason="The lamp is late.")
    assert told(DUE + timedelta(days=1)) == {}
    commands.move(action, "cancel", actor=cast.daniel, reason="Not needed.")
    assert told(DUE + timedelta(days=90)) == {}


def test_imported_records_are_quiet_until_a_date_is_agreed(cast: Cast) -> None:
    action = given(cast)
    with permitted():
        old = today() - timedelta(days=400)
        Record.objects.filter(pk=action.pk).update(provenance="imported", due=old, original_due=old)
    assert told(next_working_day(today(), "IE")) == {}
    action.refresh_from_db()
    commands.edit(action, {"due": DUE}, actor=cast.daniel, reason="Agreed with Priya.")
    Notice.objects.all().delete()
    assert told(DUE) == {"Priya Raman": 1}


def test_whoever_does_it_is_not_told_and_who_left_is_not_either(cast: Cast) -> None:
    cast.problem(owner=cast.daniel.person)
    assert not Notice.objects.filter(person=cast.daniel.person).exists()
    cast.problem(owner=cast.priya.person)
    assert Notice.objects.get(person=cast.priya.person).text.startswith("Daniel Petrov gave you NC-")
    edit_subject(cast.priya.person, {"state": "left"}, actor=cast.system)
    given(cast, owner=cast.marek.person)
    assert "Priya Raman" not in told(DUE)


def test_what_was_read_is_not_unread(cast: Cast) -> None:
    for n in range(3):
        cast.problem(owner=cast.priya.person, title=f"Burr {n}")
    first = unread(cast.priya.person).first()
    assert first is not None and "Burr 2" in first.text
    assert mark_read(cast.priya.person, [first.pk]) == 1
    assert mark_read(cast.marek.person) == 0
    assert mark_read(cast.priya.person) == 2 and not unread(cast.priya.person).exists()


# -- mail -----------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def workday() -> date:
    return next_working_day(timezone.localdate(), "IE")


def test_one_grouped_mail_a_day(cast: Cast, workday: date) -> None:
    for n in range(3):
        cast.problem(owner=cast.priya.person, title=f"Burr {n}")
    sent = mail_the_day(workday)
    assert (sent.mails, sent.notices) == (1, 3)
    (message,) = mail.outbox
    assert message.to == ["priya@dunmallow.example"] and message.subject == "Dunmallow Aero Components: 3 things for you"
    assert all(f"Burr {n}" in str(message.body) for n in range(3)) and "/nonconformity/NC-" in str(message.body)
    cast.problem(owner=cast.priya.person)
    today_again = timezone.localdate()
    assert mail_the_day(today_again).mails == 0, "they had their mail today"


def test_a_read_notice_a_badge_and_a_weekend_mail_nobody(cast: Cast, workday: date) -> None:
    cast.problem(owner=cast.priya.person)
    mark_read(cast.priya.person)
    cast.problem(owner=cast.seun.person)
    assert mail_the_day(workday).mails == 0
    cast.problem(owner=cast.priya.person)
    saturday = workday + timedelta(days=5 - workday.weekday())
    assert mail_the_day(saturday).mails == 0 and not mail.outbox


def test_top_management_has_one_mail_a_week(cast: Cast) -> None:
    cast.problem(owner=cast.maeve.person)
    monday = timezone.localdate() + timedelta(days=7 - timezone.localdate().weekday())
    monday = next_working_day(monday, "IE")
    assert mail_the_day(monday).mails == 1
    Notice.objects.filter(person=cast.maeve.person).update(mailed_at=timezone.make_aware(datetime.combine(monday, datetime.min.time())))
    for owner in (cast.maeve.person, cast.priya.person):
        cast.problem(owner=owner)
    names = []
    for late in range(1, 9):
        mail.outbox.clear()
        mail_the_day(monday + timedelta(days=late))
        names += [(late, m.to[0]) for m in mail.outbox]
    week = (next_working_day(monday + timedelta(days=7), "IE") - monday).days
    day_after = (next_working_day(monday + timedelta(days=1), "IE") - monday).days
    assert names == [(day_after, "priya@dunmallow.example"), (week, "maeve@dunmallow.example")]


def test_one_refused_mail_stops_no_other_and_waits(cast: Cast, workday: date, monkeypatch: pytest.MonkeyPatch) -> None:
    from smtplib import SMTPRecipientsRefused

    from django.core.mail import EmailMessage

    really = EmailMessage.send

    def send(self: Any, *args: Any, **kwargs: Any) -> Any:
        if "priya" in self.to[0]:
            raise SMTPRecipientsRefused({})
        return really(self, *args, **kwargs)

    cast.problem(owner=cast.priya.person)
    cast.problem(owner=cast.marek.person)
    monkeypatch.setattr(EmailMessage, "send", send)
    assert mail_the_day(workday).mails == 1
    monkeypatch.undo()
    assert mail_the_day(workday).mails == 1 and mail.outbox[-1].to == ["priya@dunmallow.example"]


def test_a_mail_speaks_the_language_of_the_unit(cast: Cast, workday: date) -> None:
    cast.problem(owner=cast.inês.person, unit=cast.vale_sereno)
    assert mail_the_day(next_working_day(workday, "PT")).mails == 1


# -- working days ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "country", "works"), [
    (date(2026, 3, 17), "IE", False), (date(2026, 3, 17), "PT", True), (date(2026, 4, 25), "PT", False), (date(2026, 6, 25), "SI", False),
    (date(2026, 6, 25), "IE", True), (date(2026, 11, 21), "IE", False), (date(2026, 12, 25), "", True),
])  # fmt: skip
def test_each_site_has_its_own_working_days(day: date, country: str, works: bool) -> None:
    assert is_working_day(day, country) is works


def test_working_days_are_counted_both_ways() -> None:
    assert add_working_days(date(2026, 3, 16), 1, "IE") == date(2026, 3, 18), "over Saint Patrick's Day"
    assert add_working_days(date(2026, 3, 18), -1, "IE") == date(2026, 3, 16)
    assert working_days_between(date(2026, 3, 13), date(2026, 3, 18), "IE") == 2
    assert working_days_between(date(2026, 3, 18), date(2026, 3, 13), "IE") == -2
    assert add_working_days(date(2026, 3, 14), 0, "IE") == date(2026, 3, 14)
