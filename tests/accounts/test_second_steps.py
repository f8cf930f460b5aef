"""A second step: codes from an app, recovery codes, and what they are worth when somebody signs."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from linchpin.kernel import commands
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.signatures.models import Signature
from tests.accounts.test_signing_in import sign_in
from tests.cast import PASSWORD, Cast

DANIEL = "daniel@dunmallow.example"


def code_of(secret: str, later: int = 0) -> str:
    """What the app on the phone shows now, or `later` half minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + later))


def sets_up(client: Client) -> str:
    """Daniel sets up his app: asked for his password first, then shown a picture and a key. Gives the key."""
    asked = client.get("/account/2fa/totp/activate/")
    assert asked["Location"] == "/account/reauthenticate/?next=%2Faccount%2F2fa%2Ftotp%2Factivate%2F"
    passed = client.post("/account/reauthenticate/", {"password": PASSWORD, "next": "/account/2fa/totp/activate/"})
    assert passed["Location"] == "/account/2fa/totp/activate/"
    page = client.get("/account/2fa/totp/activate/").content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    found = re.search(r'class="key">([A-Z2-7]{32})<', page)
    assert found
    answer = client.post("/account/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer["Location"] == "/account/2fa/recovery-codes/", answer.content.decode()
    return found[1]


@pytest.fixture
def daniel(cast: Cast) -> Client:
    client = Client()
    sign_in(client, DANIEL)
    return client


@pytest.fixture
def secret(daniel: Client) -> str:
    return sets_up(daniel)


def test_from_then_on_the_password_alone_does_not_open(daniel: Client, secret: str) -> None:
    client = Client()
    assert sign_in(client, DANIEL, next="/nonconformity/")["Location"] == "/account/2fa/authenticate/"
    assert client.get("/todo/").status_code == 302, "he is not in yet"
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "That code or passkey does not fit" in wrong
    right = client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert right["Location"] == "/nonconformity/", "the page that he wanted was not forgotten"
    assert client.get("/todo/").status_code == 200


def test_a_code_works_once_for_as_long_as_it_would_fit(secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    code, now = code_of(secret, 1), time.time
    for later, status in ((0, 302), (0, 200), (31, 200)):
        monkeypatch.setattr(time, "time", lambda later=later: now() + later)
        client = Client()
        sign_in(client, DANIEL)
        assert client.post("/account/2fa/authenticate/", {"code": code}).status_code == status


def test_guessing_codes_ends_after_twenty_tries(secret: str) -> None:
    client = Client()
    sign_in(client, DANIEL)
    for _n in range(20):
        client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "Too many tries" in client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)}).content.decode()


def test_a_wrong_code_sets_up_nothing(daniel: Client) -> None:
    daniel.get("/account/2fa/totp/activate/")
    daniel.post("/account/reauthenticate/", {"password": PASSWORD})
    daniel.get("/account/2fa/totp/activate/")
    assert daniel.post("/account/2fa/totp/activate/", {"code": "12345"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_the_secret_does_not_lie_open_in_the_database(secret: str) -> None:
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert Authenticator.objects.get(type="totp").wrap().validate_code(code_of(secret, 1))


def test_under_another_key_no_code_fits(secret: str, settings: Any) -> None:
    settings.SECRET_KEY = "another"
    client = Client()
    sign_in(client, DANIEL)
    assert client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)}).status_code == 200


def test_each_recovery_code_opens_once(daniel: Client, secret: str) -> None:
    codes = re.findall(r"<li>(\d{8})</li>", daniel.get("/account/2fa/recovery-codes/").content.decode())
    assert len(codes) == len(set(codes)) == 10
    assert daniel.get("/account/2fa/recovery-codes/download/").content.decode().split() == codes
    for status in (302, 200):
        client = Client()
        sign_in(client, DANIEL)
        assert client.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code == status
        cache.clear()
    assert "9 are left." in daniel.get("/account/").content.decode()
    daniel.post("/account/2fa/recovery-codes/generate/")
    new = daniel.get("/account/2fa/recovery-codes/download/").content.decode().split()
    assert len(new) == 10
    assert not set(new) & set(codes)


def test_codes_are_shown_only_to_who_just_proved_it(daniel: Client, secret: str) -> None:
    client = Client()
    sign_in(client, DANIEL)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)})
    page = client.get("/account/2fa/recovery-codes/", follow=True)
    assert not re.findall(r"<li>\d{8}</li>", page.content.decode())


def test_he_does_without_it_again(daniel: Client, secret: str) -> None:
    assert daniel.post("/account/2fa/totp/deactivate/")["Location"] == "/account/2fa/"
    assert not Authenticator.objects.exists(), "recovery codes of nothing are gone too"
    assert sign_in(Client(), DANIEL)["Location"] == "/"


def a_problem_to_agree(cast: Cast) -> Any:
    """A problem whose lasting fix waits for Daniel's signature."""
    from tests.contract.walking import walk_to

    return walk_to(get_type("nonconformity"), "cause_found", cast)


def agrees(client: Client, problem: Any, **more: str) -> Any:
    page = f"/nonconformity/{problem.number}/move/approve_actions/"
    given = {"measure": "Lots with burr", "rule": "0 in 150 lots", "window_days": "60", "verifier": str(problem.hanna)}
    return client.post(page, {**given, **more})


@pytest.fixture
def problem(cast: Cast) -> Any:
    found = a_problem_to_agree(cast)
    commands.create("action", {"title": "Flow deburr", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=found)
    found.hanna = cast.hanna.person.pk
    return found


def test_a_signature_wants_the_password(daniel: Client, problem: Any) -> None:
    assert "Sign with your password or passkey" in agrees(daniel, problem).content.decode()
    assert "That is not your password" in agrees(daniel, problem, password="guess").content.decode()
    before = Signature.objects.count()
    assert agrees(daniel, problem, password=PASSWORD).status_code == 302
    assert Signature.objects.count() == before + 1


def test_a_code_from_the_app_counts_for_five_minutes(daniel: Client, secret: str, problem: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    move = f"/nonconformity/{problem.number}/move/approve_actions/"
    assert f"/account/2fa/reauthenticate/?next={move}" in daniel.get(move).content.decode()
    proved = daniel.post("/account/2fa/reauthenticate/", {"code": code_of(secret, 1), "next": move})
    assert proved["Location"] == move
    assert "no password is needed" in daniel.get(move).content.decode()
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 301)
    assert agrees(daniel, problem).status_code == 422
    monkeypatch.setattr(time, "time", now)
    assert agrees(daniel, problem).status_code == 302


def test_signing_in_is_not_signing(cast: Cast, secret: str, problem: Any) -> None:
    client = Client()
    sign_in(client, DANIEL)
    client.post("/account/2fa/authenticate/", {"code": code_of(secret, 1)})
    assert agrees(client, problem).status_code == 422


def test_guessing_the_password_of_a_signature_is_counted_too(daniel: Client, problem: Any) -> None:
    answers = [agrees(daniel, problem, password=f"guess {n}") for n in range(8)]
    assert [a.status_code for a in answers] == [422] * 7 + [429]
    assert agrees(daniel, problem, password=PASSWORD).status_code == 429
