"""Webhooks and calendars as pages: Norbert decides what leaves the house, everybody takes their own due dates along."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.subscribing import change_subscription, ping, subscribe
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.models import ApiToken
from linchpin.kernel.records.refusals import Missing, NotAllowed
from linchpin.kernel.webhooks.models import Subscription
from tests.api.test_webhooks import Listener
from tests.cast import Cast

PAGE = "/settings/webhooks/"


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    settings.WEBHOOKS_PRIVATE = True
    hearing = Listener()
    yield hearing
    hearing.server.shutdown()
    hearing.server.server_close()


@pytest.fixture
def daniel(browser_of: Any) -> Client:
    client: Client = browser_of("daniel")
    return client


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def made(client: Client, listener: Listener, **given: Any) -> tuple[Subscription, str]:
    """A webhook made on the page, and the secret that the next page shows."""
    page = client.post(PAGE, {"url": listener.url, **given}).content.decode()
    return Subscription.objects.latest("pk"), re.findall(r"whsec_[\w+/=]+", page)[0]


def test_daniel_makes_a_webhook_tries_it_and_reads_the_answer(cast: Cast, daniel: Client, listener: Listener) -> None:
    hook, secret = made(daniel, listener, types=["nonconformity"], verbs=["create", "confirm"])
    assert secret == hook.secret and (hook.types, hook.verbs) == (["nonconformity"], ["create", "confirm"])
    home = f"{PAGE}{hook.uid}/"
    for page in (daniel.get(home), daniel.get(PAGE)):
        assert secret not in page.content.decode(), "a secret is shown once"
        assert "Problems: Raised, Confirm: it worked" in text_of(page)
    assert "A test message is on its way" in text_of(daniel.post(f"{home}try/", follow=True))
    problem = cast.problem()
    while run_next():
        pass
    listener.answer = 503
    ping(hook, actor=cast.daniel)
    run_next()
    said = text_of(daniel.get(home))
    assert listener.types() == ["ping", "nonconformity.create", "ping"]
    assert f"create {problem.number} Delivered. Answer: 204. Done" in said
    assert "Test message Delivered. Answer: 204. Done" in said
    assert "127.0.0.1 answered 503." in said and "It is tried again at" in said


def test_a_webhook_is_changed_switched_off_and_on_and_ended(cast: Cast, daniel: Client, listener: Listener) -> None:
    hook, _secret = made(daniel, listener)
    home = f"{PAGE}{hook.uid}/"
    assert "All records: everything that happens" in text_of(daniel.get(home))
    daniel.post(home, {"types": ["action"], "verbs": ["complete"]})
    hook.refresh_from_db()
    assert (hook.types, hook.verbs) == (["action"], ["complete"])
    assert "nothing is sent there" in text_of(daniel.post(f"{home}off/", follow=True))
    assert "Send a test message" not in text_of(daniel.get(home))
    assert "switched on again" in text_of(daniel.post(f"{home}on/", follow=True))
    assert "is ended" in text_of(daniel.post(f"{home}end/", follow=True))
    assert not Subscription.objects.exists()
    verbs = [event.verb for event in trail.history_of(cast.daniel.person.uid)]
    assert verbs[-5:] == ["subscribe", "change_webhook", "change_webhook", "change_webhook", "unsubscribe"]


def test_an_address_that_makes_no_sense_is_refused_beside_it(daniel: Client) -> None:
    page = daniel.post(PAGE, {"url": "ftp://example.org", "verbs": ["edit"]})
    assert page.status_code == 422 and not Subscription.objects.exists()
    text = page.content.decode()
    assert 'value="ftp://example.org"' in text and 'aria-invalid="true"' in text
    assert 'value="edit" checked' in text, "what was ticked stays"


def test_norbert_sees_what_others_let_out_and_may_only_stop_it(cast: Cast, browser_of: Any, listener: Listener) -> None:
    hook = subscribe(listener.url, actor=cast.marek)
    norbert = browser_of("norbert")
    home = f"{PAGE}{hook.uid}/"
    assert "Marek Zieliński" in text_of(norbert.get(PAGE))
    assert "Send a test message" not in text_of(norbert.get(home)) and "What it is told" not in text_of(norbert.get(home))
    assert norbert.post(f"{home}whatever/").status_code == 404
    for what in ("", "try/", "on/"):
        assert norbert.post(f"{home}{what}", {"types": ["concern"]}).status_code == 403, what
    norbert.post(f"{home}off/")
    hook.refresh_from_db()
    assert not hook.active
    assert trail.history_of(cast.marek.person.uid)[-1].actor == cast.norbert.person, "Marek's trail says who stopped it"
    with pytest.raises(NotAllowed, match="is for Marek Zieliński to change"):
        change_subscription(hook, actor=cast.norbert, active=True)
    for somebody in (cast.priya, cast.hanna):
        with pytest.raises(Missing):
            change_subscription(hook, actor=somebody, active=False)


@pytest.mark.parametrize("name", ["marek", "priya", "kateřina", "maeve"])
def test_webhooks_are_for_whoever_administers_the_house(cast: Cast, browser_of: Any, name: str) -> None:
    assert browser_of(name).get(PAGE).status_code == 403
    assert browser_of(name).post(PAGE, {"url": "https://example.org/"}).status_code == 403


@pytest.mark.parametrize(("name", "there"), [("norbert", True), ("daniel", True), ("maeve", True), ("marek", False), ("priya", False)])
def test_settings_are_in_the_menu_of_whoever_decides_something(cast: Cast, browser_of: Any, name: str, there: bool) -> None:
    browser = browser_of(name)
    assert ('href="/settings/"' in browser.get("/todo/").content.decode()) is there
    page = browser.get("/settings/")
    assert page.status_code == (200 if there else 403)
    if there:
        assert ("Webhooks" in text_of(page)) is (name != "maeve")
        for address in re.findall(r'<p><a href="(/[^"]+)"', page.content.decode()):
            assert browser.get(address).status_code == 200, address


def test_priya_takes_her_due_dates_along_and_ends_it_again(cast: Cast, browser_of: Any) -> None:
    given = {"title": "Fit a borescope station", "kind": "other", "owner": cast.priya.person, "due": today() + timedelta(days=9), "unit": cast.machining}
    mine = commands.create("action", given, actor=cast.daniel)
    priya = browser_of("priya")
    page = priya.post("/account/calendars/new/", {"name": "My phone", "days": "365"}).content.decode()
    (address,) = re.findall(r"/feeds/\S+?\.ics", page)
    assert mine.number in Client().get(address).content.decode()
    account = text_of(priya.get("/account/"))
    assert "My phone until" in account and "My phone reads only" not in account, "a calendar is no key for machines"
    priya.post(f"/account/tokens/{ApiToken.objects.get(name='My phone').pk}/end/")
    assert Client().get(address).status_code == 404


def test_a_units_calendar_is_named_after_it(cast: Cast, browser_of: Any) -> None:
    given = {"title": "Fit a borescope station", "kind": "other", "due": today() + timedelta(days=9), "unit": cast.machining}
    theirs = commands.create("action", given, actor=cast.daniel)
    page = browser_of("priya").post("/account/calendars/new/", {"unit": cast.machining.pk, "days": "90"}).content.decode()
    (address,) = re.findall(r"/feeds/[^\s<]+", page)
    assert theirs.number in Client().get(address).content.decode()
    assert ApiToken.objects.get().name == "Machining"


@pytest.mark.parametrize("given", [{"unit": "99999", "days": "30"}, {"days": "0"}, {"days": "x"}])
def test_a_calendar_that_makes_no_sense_is_refused_on_the_page(cast: Cast, browser_of: Any, given: dict[str, str]) -> None:
    page = browser_of("priya").post("/account/calendars/new/", given)
    assert page.status_code == 422 and 'role="alert"' in page.content.decode()
    assert not ApiToken.objects.exists()


def test_the_api_lets_norbert_see_and_stop_what_others_let_out(cast: Cast, browser_of: Any, listener: Listener) -> None:
    hook = subscribe(listener.url, actor=cast.marek)
    norbert, priya = browser_of("norbert"), browser_of("priya")
    assert norbert.get("/api/v1/webhooks/").json() == []
    (shown,) = norbert.get("/api/v1/webhooks/?everybody=true").json()
    assert (shown["uid"], shown["person"]["name"]) == (str(hook.uid), "Marek Zieliński")
    assert priya.get("/api/v1/webhooks/?everybody=true").status_code == 403
    assert priya.get(f"/api/v1/webhooks/{hook.uid}/").status_code == 404
    for body, status in (({"active": True}, 403), ({"verbs": ["edit"]}, 403), ({"active": False}, 200)):
        assert norbert.patch(f"/api/v1/webhooks/{hook.uid}/", body, content_type="application/json").status_code == status, body
    hook.refresh_from_db()
    assert not hook.active
