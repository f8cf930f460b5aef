"""New dates for what came with an import, the mail that is answered in one click, and sentences in the reader's language."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _lazy

from linchpin.config.discreet import Discreet
from linchpin.kernel import commands
from linchpin.kernel.commands.agreeing import agree_date, propose_date
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.commands.reminding_units import let_remind
from linchpin.kernel.notices.mailing import mail_the_day
from linchpin.kernel.notices.models import MailedLink, Notice
from linchpin.kernel.notices.reminding import remind
from linchpin.kernel.notices.sentences import A_PROPOSAL, Said
from linchpin.kernel.notices.telling import tell
from linchpin.kernel.people.calendar import add_working_days, next_working_day
from linchpin.kernel.people.writing import WRITE, permitted
from linchpin.kernel.records.cleaning import today
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refused, Stale
from linchpin.kernel.trail import history_of
from tests.cast import Cast

OLD = date(2024, 3, 1)
TOKEN = re.compile(r"/mailed/([^/\s]+)/")


def imported(cast: Cast, title: str = "Fit the borescope", **values: Any) -> Any:
    """An action of Priya's that came with Daniel's spreadsheet, due years ago."""
    known = {"title": title, "kind": "other", "owner": cast.priya.person, "unit": cast.machining, "due": today(), **values}
    action = commands.create("action", known, actor=cast.daniel)
    with permitted():
        Record.objects.filter(pk=action.pk).update(provenance="imported", due=OLD, original_due=OLD)
    Notice.objects.all().delete()
    action.refresh_from_db()
    return action


@pytest.fixture
def soon() -> date:
    return add_working_days(today(), 5, "IE")


@pytest.fixture
def old(cast: Cast) -> Any:
    return imported(cast)


@pytest.fixture
def mailed(cast: Cast, old: Any, soon: date) -> str:
    """Daniel proposed a day to Priya: the token of the link in her mail of the day."""
    propose_date(old, soon, actor=cast.daniel)
    mail_the_day(next_working_day(today(), "IE"))
    (found,) = TOKEN.findall(str(mail.outbox[-1].body))
    return found


def test_the_first_agreement_is_no_extension_and_keeps_the_old_date(cast: Cast, old: Any, soon: date) -> None:
    let_remind(cast.dunmallow, True, actor=cast.daniel)
    remind(next_working_day(today(), "IE"))
    assert not Notice.objects.exists(), "until it is agreed nobody hears of it"
    agree_date(old, soon, actor=cast.priya, version=old.version)
    old.refresh_from_db()
    assert (old.due, old.original_due, old.due_moves) == (soon, OLD, 0)
    assert history_of(old.uid)[-1].verb == "agree_date"
    remind(soon)
    assert Notice.objects.filter(person=cast.priya.person, kind="reminder").count() == 1
    with pytest.raises(Refused, match="Say why"):
        commands.edit(old, {"due": soon + timedelta(days=7)}, actor=cast.priya)


def test_an_edit_of_an_imported_date_is_an_agreement_too(cast: Cast, old: Any, soon: date) -> None:
    with pytest.raises(Refused, match="agree on today"):
        commands.edit(old, {"due": today() - timedelta(days=1)}, actor=cast.priya)
    commands.edit(old, {"due": soon}, actor=cast.priya)
    old.refresh_from_db()
    assert (old.due, old.original_due, old.due_moves) == (soon, OLD, 0)


def test_what_is_refused(cast: Cast, old: Any, soon: date) -> None:
    with pytest.raises(Refused, match="is past"):
        agree_date(old, today() - timedelta(days=1), actor=cast.priya)
    with pytest.raises(NotAllowed):
        agree_date(old, soon, actor=cast.seun)
    with pytest.raises(NotAllowed, match="proposed by the head"):
        propose_date(old, soon, actor=cast.priya)
    commands.edit(old, {"title": "Fit the new borescope"}, actor=cast.daniel)
    with pytest.raises(Stale):
        agree_date(old, soon, actor=cast.priya, version=old.version)
    agree_date(old, soon, actor=cast.marek)
    with pytest.raises(Refused, match="was agreed already"):
        agree_date(old, soon, actor=cast.priya)


def test_priya_agrees_several_dates_in_one_go_and_marek_sees_them(cast: Cast, browser_of: Any, soon: date) -> None:
    one, two, three = (imported(cast, title) for title in ("Borescope", "Torque wrench", "Coolant"))
    priya = browser_of("priya")
    assert "Agree new dates" in priya.get("/todo/").content.decode()
    page = priya.get("/dates/").content.decode()
    assert all(title in page for title in ("Borescope", "Torque wrench", "Coolant"))
    form = {"number": [one.number, two.number], f"day-{one.number}": soon.isoformat(), f"day-{two.number}": "2020-01-01"}
    answer = priya.post("/dates/", form)
    assert answer.status_code == 422
    assert "is past" in answer.content.decode()
    assert priya.post("/dates/", {"number": [two.number, three.number], "all": soon.isoformat()}).status_code == 302
    marek = browser_of("marek").get("/dates/").content.decode()
    assert all(f">{row.title}</a>" in marek for row in (one, two, three)), "he sees what was agreed"
    assert "1 Mar 2024" in marek
    assert set(Record.objects.values_list("due", "due_moves")) == {(soon, 0)}
    hanna = browser_of("hanna").get("/dates/").content.decode()
    assert "No date waits" in hanna
    assert browser_of("hanna").post("/dates/", {"number": [one.number], "all": soon.isoformat()}).status_code == 422
    assert priya.post("/dates/", {}).status_code == 422


def test_the_page_of_dates_asks_as_much_for_many_as_for_few(cast: Cast, browser_of: Any) -> None:
    marek, asked = browser_of("marek"), []
    marek.get("/dates/")
    for count in (2, 8):
        for n in range(count):
            imported(cast, f"Action {count} {n}")
        with CaptureQueriesContext(connection) as queries:
            marek.get("/dates/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_a_proposed_date_is_agreed_from_the_mail_by_its_button_alone(cast: Cast, old: Any, soon: date, mailed: str) -> None:
    client, address = Client(), f"/mailed/{mailed}/"
    assert not MailedLink.objects.filter(digest__contains=mailed[:20]).exists(), "only its digest is kept"
    for _scan in range(3):
        with CaptureQueriesContext(connection) as queries:
            page, head = client.get(address), client.head(address)
        assert (page.status_code, head.status_code) == (200, 200)
        assert not [q["sql"] for q in queries if WRITE.match(q["sql"])], "a look at it writes nothing"
    assert "Agree" in page.content.decode()
    assert Client(enforce_csrf_checks=True).post(address).status_code == 403
    assert client.post(address).status_code == 200
    old.refresh_from_db()
    assert (old.due, old.due_moves) == (soon, 0)
    event = history_of(old.uid)[-1]
    assert (event.verb, event.actor.name, "mail" in (event.reason or "")) == ("agree_date", "Priya Raman", True)
    again = client.post(address)
    assert again.status_code == 422
    said = again.content.decode()
    assert "the proposed day was agreed with it. It works once." in said
    assert not [text for text in ("Priya", old.number, old.title) if text in said], "a used link tells no more of whose it was"


def test_a_link_says_when_it_is_stale_expired_foreign_or_broken(cast: Cast, browser_of: Any, old: Any, soon: date, mailed: str) -> None:
    address = f"/mailed/{mailed}/"
    foreign = browser_of("marek").post(address)
    assert (foreign.status_code, "sent to somebody else" in foreign.content.decode()) == (403, True)
    assert Client().get(f"/mailed/{mailed[:-1]}/").status_code == 404
    commands.edit(old, {"title": "Fit the new borescope"}, actor=cast.daniel)
    stale = Client().post(address)
    assert (stale.status_code, "was changed meanwhile" in stale.content.decode()) == (409, True)
    assert MailedLink.objects.get().used_at is None
    MailedLink.objects.update(expires_at=timezone.now() - timedelta(hours=1))
    expired = Client().post(address)
    assert (expired.status_code, "expired on" in expired.content.decode()) == (422, True)
    edit_subject(cast.priya.person, {"state": "left"}, actor=cast.daniel, leave_open=True)
    assert Client().post(address).status_code == 403
    old.refresh_from_db()
    assert old.due == OLD


def test_what_is_signed_has_no_such_link(cast: Cast, old: Any) -> None:
    Notice.objects.create(person=cast.priya.person, record=old, kind="asked", text="Approve: D-1", at=timezone.now())
    Notice.objects.create(person=cast.priya.person, record=old, kind="comment", text="Daniel wrote", at=timezone.now())
    mail_the_day(next_working_day(today(), "IE"))
    (found,) = TOKEN.findall(str(mail.outbox[-1].body))
    assert Client().post(f"/mailed/{found}/").status_code == 200
    assert set(Notice.objects.exclude(read_at=None).values_list("kind", flat=True)) == {"comment"}
    assert Client().get(f"/action/{old.number}/").url.startswith(settings.LOGIN_URL)


def test_a_notice_is_worded_in_the_readers_language(cast: Cast, old: Any, soon: date) -> None:
    """Whoever writes it speaks German: days and labels of ours are kept unworded, and said anew to each reader."""
    with translation.override("de"):
        agree_date(old, soon, actor=cast.daniel)
        words = {"who": _lazy("Look up"), "day": OLD, "number": 1, "title": ""}
        tell([cast.priya.person], record=old, kind="asked", at=timezone.now(), text=Said(A_PROPOSAL, words))
    agreed, labelled = Notice.objects.filter(person=cast.priya.person).order_by("id")
    assert agreed.sentence == f"Daniel Petrov agreed {soon.strftime('%-d %b %Y')} for {old.number}: Fit the borescope"
    assert labelled.sentence == "Look up proposes 1 Mar 2024 for 1: "
    with translation.override("de"):
        assert "Look up" not in labelled.sentence
        assert "Mär" in labelled.sentence
    agreed.template, agreed.text = "", "Als Text bewahrt"
    assert agreed.sentence == "Als Text bewahrt", "what was told before keeps its text"


def test_addresses_that_are_secrets_are_not_logged() -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "%s: %s", ("Conflict", "/mailed/abc:def/"), None)
    assert Discreet().filter(record)
    assert record.getMessage() == "Conflict: /mailed/…/"
