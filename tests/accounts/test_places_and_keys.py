"""Where one is signed in, and keys for machines: seen, ended, never shown twice."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linchpin.kernel import trail
from linchpin.kernel.commands.organizing import digest_of, issue_token
from linchpin.kernel.people.models import ApiToken
from linchpin.surfaces.web.account_pages import browser_of as browser_named
from tests.accounts.test_signing_in import sign_in
from tests.cast import PASSWORD, Cast

DANIEL = "daniel@dunmallow.example"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1"
DESK = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def on(agent: str, email: str = DANIEL) -> Client:
    client = Client(headers={"user-agent": agent})
    sign_in(client, email)
    return client


def test_daniel_sees_both_of_his_places_and_ends_the_phone(cast: Cast) -> None:
    desk, phone = on(DESK), on(PHONE)
    page = desk.get("/account/").content.decode()
    assert "Firefox, Linux <span" in page
    assert "Safari, iPhone" in page
    row = UserSession.objects.get(user_agent=PHONE)
    assert desk.post(f"/account/sessions/{row.pk}/end/", follow=True).status_code == 200
    assert phone.get("/todo/").status_code == 302
    assert desk.get("/todo/").status_code == 200


def test_he_ends_all_others_at_once(cast: Cast) -> None:
    phone, other, desk = on(PHONE), on(PHONE), on(DESK)
    desk.post("/account/sessions/end/")
    assert [c.get("/todo/").status_code for c in (phone, other, desk)] == [302, 302, 200]


def test_nobody_ends_the_session_of_somebody_else(cast: Cast) -> None:
    maeve = on(DESK, "maeve@dunmallow.example")
    row = UserSession.objects.get(user=cast.maeve.person)
    assert on(DESK).post(f"/account/sessions/{row.pk}/end/").status_code == 404
    assert maeve.get("/todo/").status_code == 200


def test_reading_does_not_write_but_for_one_note_in_five_minutes(cast: Cast) -> None:
    cast.problem()
    client = on(DESK)
    client.get("/todo/")
    with CaptureQueriesContext(connection) as asked:
        for address in ("/todo/", "/nonconformity/", "/account/", "/people/", "/search/?q=burr"):
            assert client.get(address).status_code == 200
    written = [q["sql"] for q in asked if not q["sql"].lstrip(" (\n").upper().startswith(("SELECT", "SAVEPOINT", "RELEASE", "PRAGMA"))]
    assert not written


def test_the_note_is_taken_up_when_it_is_old(cast: Cast) -> None:
    """By a web process that has not noted it yet."""
    signed_in, another = on(DESK), Client()
    another.cookies = signed_in.cookies
    old = timezone.now() - timedelta(hours=2)
    UserSession.objects.update(last_seen_at=old)
    assert another.get("/todo/").status_code == 200
    assert UserSession.objects.get().last_seen_at > old + timedelta(hours=1)


@pytest.mark.parametrize(("agent", "name"), [(DESK, "Firefox, Linux"), (PHONE, "Safari, iPhone"), ("curl/8.5", "a browser")])
def test_a_browser_is_called_by_its_name(agent: str, name: str) -> None:
    assert browser_named(agent) == name


def makes(client: Client, person: Any, **given: str) -> Any:
    return client.post(f"/account/tokens/{person.pk}/new/", {"name": "Time clock", "days": "30", **given})


def test_daniel_makes_a_key_that_is_shown_once(cast: Cast, browser_of: Any) -> None:
    daniel = browser_of("daniel")
    page = makes(daniel, cast.daniel.person)
    (secret,) = re.findall(r"lp_[\w-]{40,}", page.content.decode())
    assert "no-store" in page["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.digest, token.scopes, (token.expires_at - token.created_at).days) == (digest_of(secret), ["read"], 30)
    account = daniel.get("/account/").content.decode()
    assert "Time clock" in account
    assert secret not in account
    daniel.post(f"/account/tokens/{token.pk}/end/")
    assert "Time clock" not in daniel.get("/account/").content.decode().split("Make a key")[0].split("Keys for machines")[1]
    assert [e.verb for e in trail.history_of(cast.daniel.person.uid)][-2:] == ["issue_token", "revoke_token"]


def test_a_key_without_a_name_is_refused_beside_the_field(cast: Cast, browser_of: Any) -> None:
    answer = makes(browser_of("daniel"), cast.daniel.person, name=" ")
    assert answer.status_code == 422
    assert "A token needs a name" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_a_key_may_write_only_where_that_was_said(cast: Cast, browser_of: Any) -> None:
    makes(browser_of("daniel"), cast.daniel.person, may_write="yes")
    assert ApiToken.objects.get().scopes == ["read", "write"]


def test_norbert_makes_and_ends_keys_of_others_priya_does_not(cast: Cast, browser_of: Any) -> None:
    assert makes(browser_of("priya"), cast.daniel.person).status_code == 403
    assert not ApiToken.objects.exists()
    assert "may do what Priya Raman may" in makes(browser_of("norbert"), cast.priya.person).content.decode()
    token, _secret = issue_token(cast.daniel.person, "BI", scopes=["read"], days=30, actor=cast.daniel)
    assert browser_of("priya").post(f"/account/tokens/{token.pk}/end/").status_code == 404
    assert browser_of("norbert").post(f"/account/tokens/{token.pk}/end/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_your_account_asks_who_you_are(cast: Cast) -> None:
    assert Client().get("/account/")["Location"] == "/account/login/?next=/account/"
    for address in ("/account/sessions/end/", f"/account/tokens/{cast.daniel.person.pk}/new/"):
        assert Client().post(address)["Location"] == "/account/login/?next=%2F"
    assert PASSWORD not in on(DESK).get("/account/").content.decode()
