"""Who comes in, by e-mail and password, and who does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from linchpin.kernel.commands.accounts import lock
from tests.cast import PASSWORD, Cast

SIGN_IN = "/account/login/"




def sign_in(client: Client, email: str, password: str = PASSWORD, next: str = "", **extra: Any) -> Any:
    return client.post(SIGN_IN, {"login": email, "password": password, **({"next": next} if next else {})}, **extra)


def test_daniel_signs_in_and_lands_on_what_waits_for_him(cast: Cast) -> None:
    client = Client()
    answer = sign_in(client, "daniel@dunmallow.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/", follow=True).wsgi_request.user == cast.daniel.person
    assert not EmailAddress.objects.exists(), "a second list of e-mails would outlive a change by the administrator"


def test_capitals_in_the_e_mail_do_not_matter(cast: Cast) -> None:
    assert sign_in(Client(), "Daniel@Dunmallow.Example").status_code == 302


def test_he_comes_back_to_the_page_that_he_wanted(cast: Cast) -> None:
    client = Client()
    wanted = client.get("/nonconformity/?status=open")
    assert wanted["Location"] == "/account/login/?next=/nonconformity/%3Fstatus%3Dopen"
    page = client.get(wanted["Location"])
    assert 'name="next" value="/nonconformity/?status=open"' in page.content.decode()
    assert sign_in(client, "daniel@dunmallow.example", next="/nonconformity/?status=open")["Location"] == "/nonconformity/?status=open"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "javascript:alert(1)"])
def test_nobody_is_led_to_another_house(cast: Cast, elsewhere: str) -> None:
    assert sign_in(Client(), "daniel@dunmallow.example", next=elsewhere)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_e_mail_read_the_same(cast: Cast) -> None:
    wrong = sign_in(Client(), "daniel@dunmallow.example", "not-his-password").content.decode()
    unknown = sign_in(Client(), "nobody@dunmallow.example", "not-his-password").content.decode()
    sentence = "E-mail and password do not match: check both, then try again."
    assert wrong.count(sentence) == unknown.count(sentence) == 1
    assert 'value="daniel@dunmallow.example"' in wrong, "the e-mail is not to be typed again"
    assert "not-his-password" not in wrong


def test_after_eight_wrong_passwords_the_right_one_waits_too(cast: Cast) -> None:
    client = Client()
    answers = [sign_in(client, "daniel@dunmallow.example", f"guess number {n}") for n in range(8)]
    assert [a.status_code for a in answers] == [200] * 7 + [429]
    right = sign_in(client, "daniel@dunmallow.example")
    assert right.status_code == 429
    again = timezone.localtime(AccessAttempt.objects.get().attempt_time + timedelta(minutes=16))
    assert f"Try again at {again:%H:%M}" in right.content.decode()
    assert 0 < int(right["Retry-After"]) <= 900


def test_a_lock_out_is_for_one_e_mail_from_one_address_and_ends(cast: Cast) -> None:
    client = Client()
    for n in range(8):
        sign_in(client, "daniel@dunmallow.example", f"guess number {n}")
    assert sign_in(Client(), "maeve@dunmallow.example").status_code == 302
    assert sign_in(Client(), "daniel@dunmallow.example", REMOTE_ADDR="10.1.2.3").status_code == 302
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client, "daniel@dunmallow.example").status_code == 302


def test_a_forwarded_address_counts_only_behind_a_proxy(cast: Cast, settings: Any) -> None:
    client = Client()
    for n in range(8):
        sign_in(client, "daniel@dunmallow.example", f"guess number {n}", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}")
    assert AccessAttempt.objects.get().failures_since_start == 8
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert sign_in(client, "daniel@dunmallow.example", HTTP_X_FORWARDED_FOR="192.0.2.7, 10.9.9.9").status_code == 302


def test_she_signs_out(cast: Cast) -> None:
    client = Client()
    sign_in(client, "maeve@dunmallow.example")
    assert client.get("/account/logout/").status_code == 200
    assert client.get("/todo/").status_code == 200, "asking does not sign anybody out"
    client.post("/account/logout/")
    assert client.get("/todo/").status_code == 302
    assert not Session.objects.filter(session_data__contains="_auth_user_id").exists()


def test_a_locked_account_is_out_at_the_next_click_and_stays_out(cast: Cast) -> None:
    client = Client()
    sign_in(client, "priya@dunmallow.example")
    lock(cast.priya.person, actor=cast.norbert)
    assert client.get("/todo/").status_code == 302
    answer = sign_in(client, "priya@dunmallow.example")
    assert answer["Location"] == "/account/inactive/"
    assert "locked the account" in client.get("/account/inactive/").content.decode()
    guess = sign_in(client, "priya@dunmallow.example", "not-her-password").content.decode()
    assert "do not match" in guess, "whoever does not know the password is not told that the account exists"


def test_the_system_itself_cannot_sign_in(cast: Cast) -> None:
    assert not cast.system.person.is_active
    assert not cast.system.person.has_usable_password()


def test_a_session_that_ended_in_mid_form_brings_her_back_to_the_form(cast: Cast) -> None:
    problem = cast.problem()
    page = f"http://testserver/nonconformity/{problem.number}/"
    answer = Client().post(f"/nonconformity/{problem.number}/comment/", {"text": "Seen at bay 4"}, headers={"referer": page})
    assert answer["Location"] == f"/account/login/?next=%2Fnonconformity%2F{problem.number}%2F"
    fragment = Client().get("/search/?palette=1", headers={"hx-request": "true", "hx-current-url": page + "?tab=files"})
    assert (fragment.status_code, fragment.content) == (200, b"")
    assert fragment["HX-Redirect"] == f"/account/login/?next=%2Fnonconformity%2F{problem.number}%2F%3Ftab%3Dfiles"


def test_a_foreign_referer_leads_nowhere(cast: Cast) -> None:
    answer = Client().post("/todo/read/", headers={"referer": "https://elsewhere.example/trap/"})
    assert answer["Location"] == "/account/login/?next=%2F"


@pytest.mark.parametrize("address", ["/account/login/", "/account/password/reset/", "/account/", "/account/password/change/"])
def test_pages_about_accounts_are_kept_by_no_cache(cast: Cast, browser_of: Any, address: str) -> None:
    for client in (Client(), browser_of("daniel")):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", ["signup/", "email/", "confirm-email/", "confirm-email/abc:def/", "3rdparty/", "3rdparty/signup/", "social/signup/"])
def test_nobody_opens_an_account_or_changes_an_e_mail_alone(browser_of: Any, address: str) -> None:
    for client in (Client(), browser_of("daniel")):
        assert client.get(f"/account/{address}").status_code == 404
        assert client.post(f"/account/{address}", {"email": "new@dunmallow.example"}).status_code == 404


def test_a_stamp_that_grew_old_gives_back_what_was_typed(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.daniel.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = "Burr at the cross bore,\nseen on four parts"
    answer = client.post("/nonconformity/new/", {"title": "Burr", "description": text, "csrfmiddlewaretoken": "old"}, headers={"origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "was not sent yet" in page
    assert 'action="/nonconformity/new/"' in page
    assert f'name="description" value="{text}"' in page
    assert 'value="old"' not in page


def test_another_house_cannot_have_its_form_sent_again(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.daniel.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/nonconformity/new/", {"title": "Planted"}, headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "Planted" not in answer.content.decode()


def test_an_empty_field_is_named_in_our_own_words(cast: Cast) -> None:
    page = Client().post("/account/login/", {"login": "", "password": ""}).content.decode()
    assert "“E-mail” is empty: fill it in." in page and "“Password” is empty: fill it in." in page
    assert "required." not in page
