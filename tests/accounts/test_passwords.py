"""Passwords: changed by their owner, reset by a link, kept well, and never against the rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core import mail
from django.test import Client

from linchpin.kernel import trail
from linchpin.kernel.commands.accounts import lock
from linchpin.kernel.commands.organizing import edit_subject
from linchpin.kernel.people.models import Person
from tests.accounts.test_signing_in import sign_in
from tests.cast import PASSWORD, Cast

NEW = "the night shift starts at ten"




def link_of(message: Any) -> str:
    found = re.search(r"http://testserver(/account/password/reset/key/\S+)", message.body)
    assert found, message.body
    return found[1]


def asks(email: str) -> Any:
    return Client().post("/account/password/reset/", {"email": email}, follow=True)


def sets(link: str, password: str = NEW) -> Any:
    client = Client()
    form = client.get(link, follow=True)
    return client.post(form.request["PATH_INFO"], {"password1": password, "password2": password}, follow=True)


def test_daniel_changes_his_password_and_is_out_elsewhere(cast: Cast) -> None:
    here, elsewhere = Client(), Client()
    sign_in(here, "daniel@dunmallow.example")
    sign_in(elsewhere, "daniel@dunmallow.example")
    answer = here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True)
    assert "Your password is changed." in answer.content.decode()
    assert here.get("/todo/").status_code == 200
    assert elsewhere.get("/todo/").status_code == 302
    assert sign_in(Client(), "daniel@dunmallow.example", NEW).status_code == 302
    event = trail.history_of(cast.daniel.person.uid)[-1]
    assert (event.verb, event.actor, [(c.field, c.new) for c in event.changes]) == ("edit", cast.daniel.person, [("password", "changed")])


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "at least 12 characters"),
        ("password12345", "too common"),
        ("daniel petrov 1", "too similar"),
        ("daniel@dunmallow.example", "too similar"),
    ],
)
def test_a_weak_password_is_refused_in_a_sentence(browser_of: Any, password: str, sentence: str) -> None:
    page = browser_of("daniel").post("/account/password/change/", {"oldpassword": PASSWORD, "password1": password, "password2": password})
    assert sentence in page.content.decode()
    assert sign_in(Client(), "daniel@dunmallow.example", password).status_code == 200


def test_two_different_new_passwords_change_nothing(cast: Cast, browser_of: Any) -> None:
    page = browser_of("daniel").post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW + "!"})
    assert "the same password each time" in page.content.decode()
    assert Person.objects.get(pk=cast.daniel.person.pk).check_password(PASSWORD)


def test_the_old_password_must_be_known(browser_of: Any) -> None:
    page = browser_of("daniel").post("/account/password/change/", {"oldpassword": "guess", "password1": NEW, "password2": NEW})
    assert "That is not your password now" in page.content.decode()


def test_a_forgotten_password_is_reset_by_a_link_that_works_once(cast: Cast) -> None:
    page = asks("daniel@dunmallow.example").content.decode()
    assert "on its way" in page
    assert "has no mail server: the message lies in its “mail” folder" in page
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["daniel@dunmallow.example"], "Set your password for Dunmallow Aero Components")
    link = link_of(message)
    assert "Your password is set" in sets(link).content.decode()
    assert sign_in(Client(), "daniel@dunmallow.example", NEW).status_code == 302
    assert "no longer good" in Client().get(link, follow=True).content.decode()
    assert trail.history_of(cast.daniel.person.uid)[-1].changes[0].field == "password"


def test_with_a_mail_server_the_page_does_not_speak_of_a_folder(cast: Cast, settings: Any) -> None:
    settings.EMAIL_HOST = "smtp.dunmallow.example"
    assert "folder" not in asks("daniel@dunmallow.example").content.decode()


def test_an_unknown_e_mail_reads_the_same_and_gets_no_mail(cast: Cast) -> None:
    known, unknown = asks("daniel@dunmallow.example"), asks("nobody@dunmallow.example")
    assert known.content == unknown.content
    assert len(mail.outbox) == 1


def test_a_mail_server_that_is_down_reads_the_same_too(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 9, 1
    assert asks("daniel@dunmallow.example").content == asks("nobody@dunmallow.example").content


def test_a_reset_obeys_the_rules(cast: Cast) -> None:
    asks("daniel@dunmallow.example")
    assert "at least 12 characters" in sets(link_of(mail.outbox[0]), "short").content.decode()
    assert Person.objects.get(pk=cast.daniel.person.pk).check_password(PASSWORD)


def test_a_link_dies_with_the_e_mail_it_was_sent_to(cast: Cast) -> None:
    asks("daniel@dunmallow.example")
    edit_subject(cast.daniel.person, {"email": "d.petrov@dunmallow.example"}, actor=cast.norbert)
    assert "no longer good" in Client().get(link_of(mail.outbox[0]), follow=True).content.decode()


def test_a_link_does_not_open_an_account_that_was_locked(cast: Cast) -> None:
    asks("priya@dunmallow.example")
    lock(cast.priya.person, actor=cast.norbert)
    assert "no longer good" in Client().get(link_of(mail.outbox[0]), follow=True).content.decode()
    mail.outbox.clear()
    asks("priya@dunmallow.example")
    assert not mail.outbox


def test_an_invited_person_sets_a_first_password(cast: Cast, browser_of: Any) -> None:
    seun = edit_subject(cast.seun.person, {"email": "seun@dunmallow.example"}, actor=cast.norbert)
    browser_of("norbert").post(f"/account/of/{seun.pk}/invite/")
    sets(link_of(mail.outbox[-1]))
    assert Person.objects.get(pk=seun.pk).account == "active"
    assert sign_in(Client(), "seun@dunmallow.example", NEW).status_code == 302


def test_django_s_own_links_are_not_ours(cast: Cast) -> None:
    asks("daniel@dunmallow.example")
    stem = link_of(mail.outbox[0]).split("-")[0]
    assert "no longer good" in Client().get(f"{stem}-{default_token_generator.make_token(cast.daniel.person)}/", follow=True).content.decode()


def test_the_product_keeps_passwords_with_argon2(tmp_path: Any) -> None:
    script = "import django; django.setup(); from django.contrib.auth.hashers import make_password; print(make_password('x'))"
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "LINCHPIN_HOME": str(tmp_path)}
    env.pop("LINCHPIN_DATABASE_URL", None)
    out = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True).stdout
    assert out.startswith("argon2$argon2id$")
