"""A German phone sees German where pages are translated whole, and English everywhere else; a person's own choice comes first."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import polib
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone, translation

from linchpin.chapters.improvement.concerns.models import Concern
from linchpin.kernel import commands, trail
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.people.models import Role
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.web.languages import TRANSLATED
from tests.cast import PASSWORD, Cast

LOCALE = Path(settings.LOCALE_PATHS[0])
TEXTS = LOCALE / "de" / "LC_MESSAGES" / "django.po"
OTHERS = [code for code, _name in settings.LANGUAGES if code != "en"]
TEMPLATES = Path(settings.PACKAGE) / "surfaces" / "web" / "templates"
PAGES = (
    "linchpin/report.html", "linchpin/report_closed.html", "linchpin/slip.html", "linchpin/todo.html", "linchpin/search.html", "linchpin/palette.html",
    "linchpin/mine.html", "linchpin/kiosk.html", "linchpin/kiosk_in.html", "linchpin/pin.html", "linchpin/refused.html", "linchpin/base.html",
    "linchpin/shell.html", "linchpin/bits/kiosk_bar.html", "linchpin/bits/beside_bar.html", "linchpin/bits/thumbs.html", "linchpin/bits/me.html",
    "linchpin/bits/places_found.html",
    "account/login.html", "account/logout.html", "account/locked_out.html",
    "account/account_inactive.html", "account/password_reset.html", "account/password_reset_done.html", "account/password_reset_from_key.html",
    "account/password_reset_from_key_done.html", "account/bits/kept_mail.html", "account/bits/password_rules.html", "mfa/authenticate.html",
    "account/email/password_reset_key_message.txt", "account/email/password_reset_key_subject.txt", "404.html", "403_csrf.html", "429.html",
)  # fmt: skip
CODE = (
    "surfaces/web/reporting.py", "kernel/files/checking.py", "kernel/commands/pins.py", "kernel/commands/pin_tries.py",
    "surfaces/web/kiosk.py", "surfaces/web/kiosk_pages.py",
    "surfaces/web/starting.py", "surfaces/web/searching.py", "surfaces/web/navigation.py", "surfaces/web/drawing.py", "surfaces/web/presenting.py",
    "kernel/records/waiting.py",
)  # fmt: skip
WORDLESS = {f"linchpin/surfaces/web/templates/{page}" for page in ("account/email/password_reset_key_subject.txt", "linchpin/bits/places_found.html")}
NOT_YET: frozenset[str] = frozenset()
"""Record types whose names and states are not translated yet; they show English on To do, Look up and Mine."""


@pytest.fixture
def phone() -> Client:
    return Client(headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.5"})


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_german_phone_reports_in_german_and_reads_the_slip(cast: Cast, phone: Client) -> None:
    page = phone.get("/report/")
    assert '<html lang="de"' in page.content.decode() and page["Content-Language"] == "de" and "Accept-Language" in page["Vary"]
    for said in ("Was ist Ihnen aufgefallen?", "Foto aufnehmen", "Linie anhalten?", "Ja, anhalten", "Senden"):
        assert said in text_of(page), said
    assert "Sagen Sie, was Ihnen aufgefallen ist" in text_of(phone.post("/report/", {"saw": " "}))
    assert "Der Text enthält Steuerzeichen" in text_of(phone.post("/report/", {"saw": "Gemischte \x07 Teile"}))
    with standing_at(timezone.make_aware(datetime(2026, 3, 2, 9, 30))):
        slip = phone.post("/report/", {"saw": "Gemischte Teile in Kasten 6", "place": "5AX-3"}, follow=True)
    concern = Concern.objects.get()
    assert f"Ihre Meldung {concern.number}" in text_of(slip)
    assert "Danke. Daniel Petrov antwortet bis Montag, 9. März" in text_of(slip)
    assert "Gesendet Montag, 2. März, 09:30" in text_of(slip) and "Was Sie geschrieben haben" in text_of(slip)
    commands.move(concern, "answer", actor=cast.daniel, values={"answer": "Die Teile sind sortiert."})
    assert "Hier ist die Antwort. Danke" in text_of(phone.get(f"/slip/{concern.slip}/"))


def test_the_sign_in_is_german_and_the_pages_behind_it_are_english_whole(cast: Cast, phone: Client) -> None:
    assert "Passwort vergessen" in text_of(phone.get("/account/login/"))
    wrong = text_of(phone.post("/account/login/", {"login": "priya@dunmallow.example", "password": "no"}))
    assert "E-Mail und Passwort passen nicht zusammen" in wrong
    assert "„Passwort“ ist leer: Bitte ausfüllen." in text_of(phone.post("/account/login/", {"login": "priya@dunmallow.example"}))
    phone.post("/account/password/reset/", {"email": "priya@dunmallow.example"})
    assert "Guten Tag, Priya Raman" in mail.outbox[0].body and mail.outbox[0].subject.endswith("Passwort für Dunmallow Aero Components setzen")
    phone.post("/account/login/", {"login": "priya@dunmallow.example", "password": PASSWORD})
    assert "Diese Woche braucht Sie nichts" in text_of(phone.get("/todo/")) and phone.get("/todo/")["Content-Language"] == "de"
    register = phone.get("/document/")
    assert '<html lang="en"' in register.content.decode() and register["Content-Language"] == "en"
    assert "There is nothing at this address" in text_of(phone.get("/nonconformity/NC-2020-9999/"))


@pytest.mark.parametrize(
    ("code", "words"),
    [("es", ("¿Qué has visto?", "Enviar")), ("pt", ("O que viu?", "Enviar")), ("sl", ("Kaj ste videli?", "Pošlji")), ("de", ("Was ist Ihnen", "Senden"))],
)
def test_each_phone_reads_the_four_screens_in_its_language(code: str, words: tuple[str, ...], cast: Cast) -> None:
    phone = Client(headers={"Accept-Language": code})
    assert all(word in text_of(phone.get("/report/")) for word in words)
    phone.force_login(cast.seun.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path, english in (("/todo/", "Nothing needs you"), ("/search/?q=burr", "Nothing that you may see"), ("/mine/", "Nothing of yours")):
        page = phone.get(path)
        assert page["Content-Language"] == code and english not in text_of(page), path


def test_what_a_person_chose_comes_before_the_browser(cast: Cast, browser_of: Any, phone: Client) -> None:
    priya = browser_of("priya")
    assert "What did you see?" in text_of(priya.get("/report/"))
    priya.post("/account/language/", {"language": "de"})
    assert "Was ist Ihnen aufgefallen?" in text_of(priya.get("/report/"))
    assert trail.history_of(cast.priya.person.uid)[-1].changes[0].new == "de"
    phone.force_login(get_user_model().objects.get(pk=cast.priya.person.pk), backend="allauth.account.auth_backends.AuthenticationBackend")
    priya.post("/account/language/", {"language": "en"})
    assert "What did you see?" in text_of(phone.get("/report/")), "on a German phone too"
    priya.post("/account/language/", {"language": "tlh"})
    assert get_user_model().objects.get(pk=cast.priya.person.pk).language == "en"


@pytest.mark.parametrize("name", sorted(TRANSLATED))
def test_every_address_that_speaks_german_is_there(name: str) -> None:
    assert name in get_resolver().reverse_dict


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_on_these_pages_is_left_in_english(code: str) -> None:
    """By the list that makemessages writes: each text of the translated pages, and of what they can refuse, stands in every language."""
    known = {entry.msgid: entry for entry in polib.pofile(str(TEXTS))}
    places = {f"linchpin/surfaces/web/templates/{page}" for page in PAGES} | {f"linchpin/{path}" for path in CODE}
    there = {place for entry in known.values() for place, _line in entry.occurrences}
    assert places <= there | WORDLESS, places - there
    spoken = {e.msgid for e in polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po")) if e.translated()}
    left = [e.msgid for e in known.values() if e.msgid not in spoken and places & {place for place, _line in e.occurrences}]
    assert not left, left


@pytest.mark.parametrize("code", OTHERS)
def test_every_kind_of_record_and_state_has_its_name_in_every_language(code: str) -> None:
    translation.activate("en")  # whatever another test of this process left
    words = {str(role.label) for role in Role}
    for one in (t for t in all_types() if t.key not in NOT_YET):
        words |= {one.label(labels) for labels in ("plain", "standard")} | {one.plural(labels) for labels in ("plain", "standard")}
        words |= {str(label) for _value, label in one.lifecycle.states.choices} | {str(t.task) for t in one.lifecycle.transitions if t.task}
    spoken = {e.msgid for e in polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po")) if e.translated()}
    assert not words - spoken, sorted(words - spoken)


@pytest.mark.parametrize("code", OTHERS)
def test_no_translation_loses_a_name_or_a_number(code: str) -> None:
    for entry in polib.pofile(str(LOCALE / code / "LC_MESSAGES" / "django.po")).translated_entries():
        said = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
        wanted = sorted(re.findall(r"%\(\w+\)s|%%?s", entry.msgid))
        assert all(sorted(re.findall(r"%\(\w+\)s|%%?s", text)) == wanted for text in said), entry.msgid


def test_the_list_of_texts_is_up_to_date_for_these_pages() -> None:
    """What a template of theirs says stands in the list; `makemessages` (see CONTRIBUTING) brings it there."""
    known = {entry.msgid for entry in polib.pofile(str(TEXTS))}
    for page in PAGES:
        said = re.findall(r"""\{%\s*trans\s+"([^"]+)"|_\("([^"]+)"\)""", (TEMPLATES / page).read_text())
        missing = {text for pair in said for text in pair if text} - known
        assert not missing, (page, missing)
