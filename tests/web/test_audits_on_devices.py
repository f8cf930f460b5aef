"""Answers to the checklist that waited on a tablet: taken once, never over somebody else's words, and by whoever wrote them alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.commands.placing import add_place
from linchpin.kernel.records.models import Record
from tests.cast import Cast

PHOTO = b"\x89PNG\r\n\x1a\n" + b"gauge" * 40
KEY = "5f0c2a7e9b1d4c6fa8e3b7d2c1a09f84"
OPEN = {"title": "Are gauges in use inside their date?", "sample": "", "evidence": "", "statement": "", "requirement": "", "grade": "", "status": "open"}


@pytest.fixture
def check(cast: Cast) -> Any:
    """A question of Aoife's audit of machining, which is under way; Hanna audits with her."""
    values = {"title": "Machining: is deburring done as agreed?", "unit": cast.machining, "owner": cast.aoife.person, "auditor": cast.hanna.person}
    audit = commands.create("audit", values, actor=cast.aoife)
    made = commands.create("audit_check", {"title": OPEN["title"], "clause": "7.1.5", "owner": cast.aoife.person}, actor=cast.aoife, parent=audit)
    commands.move(audit, "notify", actor=cast.aoife, values={"held_from": "2026-01-12", "scope": "Deburr benches"})
    commands.move(audit, "begin", actor=cast.aoife)
    return made


def sent(client: Client, check: Any, by: Any, **given: Any) -> Any:
    """As the tablet sends what waited on it: with a photo, and with what stood there when it was answered."""
    answer = {"answer": "conforms", "evidence": "11 of 12 inside their date", "once": KEY, "by": by.person.pk, "old": json.dumps(OPEN), "at": "", **given}
    photo = {"photo": SimpleUploadedFile("gauge.png", PHOTO)} if given.get("photo", True) is True else {}
    address = f"/audit/{check.parent.number}/checks/{check.number}/answer/"
    return client.post(address, {k: v for k, v in answer.items() if k != "photo"} | photo, headers={"Accept": "application/json"})


def verbs(check: Any) -> list[str]:
    return [event.verb for event in trail.history(check.pk)]


def test_what_aoife_answered_in_the_hall_is_taken_once_and_says_when(cast: Cast, browser_of: Any, check: Any) -> None:
    aoife, then = browser_of("aoife"), timezone.now() - timedelta(minutes=98)
    first = sent(aoife, check, cast.aoife, at=then.isoformat())
    assert first.status_code == 200, first.content
    again = sent(aoife, check, cast.aoife, at=then.isoformat())
    assert again.json() == first.json() and again["Idempotent-Replayed"] == "true"
    assert verbs(check) == ["create", "attach", "conforms"] and check.files.count() == 1
    claimed = [change.new for event in trail.history(check.pk) for change in event.changes if change.field == "on_device"]
    assert claimed == [then.isoformat(timespec="seconds")] * 2, "both the photo and the answer say so"
    assert "by the clock of the device, arrived at" in aoife.get(f"/audit_check/{check.number}/").content.decode()
    assert sent(aoife, check, cast.aoife, evidence="Another", at=then.isoformat()).status_code == 422, "a key is good for one answer"


def test_what_arrives_at_once_claims_nothing(cast: Cast, browser_of: Any, check: Any) -> None:
    sent(browser_of("aoife"), check, cast.aoife, at=timezone.now().isoformat())
    assert not any(change.field == "on_device" for event in trail.history(check.pk) for change in event.changes)


def test_hannas_answer_is_not_overwritten_and_aoife_chooses(cast: Cast, browser_of: Any, check: Any) -> None:
    aoife = browser_of("aoife")
    commands.move(check, "not_seen", actor=cast.hanna, values={"statement": "The cabinet was locked."})
    clash = sent(aoife, check, cast.aoife)
    told = clash.json()
    assert clash.status_code == 409 and told["by"] == "Hanna Wieczorek" and told["answered"] and told["movable"]
    assert ["What follows", "The cabinet was locked."] in told["theirs"] and ["Status", "Not looked at"] in told["theirs"]
    assert not check.files.exists() and verbs(check) == ["create", "not_seen"]
    chosen = sent(aoife, check, cast.aoife, old=json.dumps(told["stands"]), instead="The cabinet was opened at two.")
    assert chosen.status_code == 200, chosen.content
    assert verbs(check) == ["create", "not_seen", "look_again", "attach", "conforms"]


def test_beside_a_nonconformity_aoifes_answer_becomes_a_comment(cast: Cast, browser_of: Any, check: Any) -> None:
    fails = {"requirement": "CP-03", "evidence": "TG-092", "statement": "Nine days over its date", "grade": "minor"}
    commands.move(check, "fails", actor=cast.hanna, values=fails)
    aoife = browser_of("aoife")
    assert sent(aoife, check, cast.aoife).json()["movable"] is False
    assert sent(aoife, check, cast.aoife, beside="As it should be: 11 of 12 inside their date").status_code == 200
    assert verbs(check) == ["create", "fails", "link", "attach", "comment"] and Record.objects.get(pk=check.pk).status == "fails"


def test_words_that_hanna_corrected_meanwhile_are_shown_before_they_change(cast: Cast, browser_of: Any, check: Any) -> None:
    commands.edit(check, {"sample": "12 of 80, by lot"}, actor=cast.hanna)
    clash = sent(browser_of("aoife"), check, cast.aoife, sample="A dozen")
    assert clash.status_code == 409 and not clash.json()["answered"]
    assert ["What was sampled", "12 of 80, by lot"] in clash.json()["theirs"]


@pytest.mark.parametrize(
    ("who", "by", "status", "says"),
    [
        (None, "aoife", 401, "Sign in again: nothing is lost."),
        ("daniel", "aoife", 401, "Somebody else wrote this"),
        ("marek", "marek", 403, "“As it should be” is for"),
        ("boštjan", "boštjan", 404, "or it is not for you"),
    ],
)
def test_nobody_but_the_auditor_who_wrote_it_sends_it(cast: Cast, browser_of: Any, check: Any, who: str | None, by: str, status: int, says: str) -> None:
    answer = sent(browser_of(who) if who else Client(), check, getattr(cast, by))
    assert answer.status_code == status and says in answer.json()["says"][0], answer.content
    assert verbs(check) == ["create"] and not check.files.exists()


def test_what_is_refused_says_why_and_leaves_no_photo(cast: Cast, browser_of: Any, check: Any) -> None:
    aoife = browser_of("aoife")
    assert "an answer without evidence is an impression" in sent(aoife, check, cast.aoife, evidence="", photo=None).json()["says"][0]
    refused = sent(aoife, check, cast.aoife, answer="fails")
    assert refused.status_code == 422 and verbs(check) == ["create"]
    assert sent(aoife, check, cast.aoife, once="short").status_code == 422
    assert sent(aoife, check, cast.aoife, old="{}").status_code == 422
    assert sent(aoife, check, cast.aoife, at="yesterday").status_code == 422


def test_the_page_is_marked_for_the_auditors_device_and_for_no_other(cast: Cast, browser_of: Any, check: Any) -> None:
    here = f"/audit/{check.parent.number}/"
    aoife, marek = browser_of("aoife"), browser_of("marek")
    assert aoife.get(here)["Linchpin-Keeps"] == str(cast.aoife.person.pk) and 'data-island="checklist"' in aoife.get(here).content.decode()
    assert "Linchpin-Keeps" not in marek.get(here) and "Linchpin-Keeps" not in aoife.get(f"/audit_check/{check.number}/")
    commands.move(check, "not_seen", actor=cast.aoife, values={"statement": "Locked."})
    commands.move(check.parent, "finish", actor=cast.aoife)
    assert "Linchpin-Keeps" in aoife.get(here), "until it is reported it may be looked at again"
    commands.move(check.parent, "report", actor=cast.aoife, values={"conclusion": "Nothing was looked at."})
    assert "Linchpin-Keeps" not in aoife.get(here)


def test_a_machine_says_what_it_saw_and_when_its_device_did_it(cast: Cast, check: Any) -> None:
    token = issue_token(cast.aoife.person, "tablet", scopes=("read", "write"), days=3, actor=cast.system)[1]
    then = (timezone.now() - timedelta(hours=3)).isoformat(timespec="seconds")
    move = {"name": "conforms", "values": {"evidence": "11 of 12"}, "old": {"evidence": "", "status": "open"}, "on_device": then}
    address, headers = f"/api/v1/audit_check/{check.number}/transitions/", {"authorization": f"Bearer {token}"}
    stale = Client().post(address, move | {"old": {"evidence": "None yet"}}, content_type="application/json", headers=headers)
    assert stale.status_code == 409 and stale.json()["theirs"] == {"evidence": ""}
    assert Client().post(address, move | {"on_device": "14:02"}, content_type="application/json", headers=headers).status_code == 422
    done = Client().post(address, move, content_type="application/json", headers=headers)
    assert done.status_code == 200, done.content
    assert [c.new for c in trail.history(check.pk)[-1].changes if c.field == "on_device"] == [then]


def test_a_kiosk_keeps_no_checklist(cast: Cast, browser_of: Any, check: Any) -> None:
    place, tablet = add_place("5AX-3", cast.machining, actor=cast.marek), browser_of("norbert")
    tablet.post("/settings/kiosks/", {"name": "Tablet at 5AX-3", "where": f"place-{place.pk}"})
    tablet.force_login(cast.aoife.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = tablet.get(f"/audit/{check.parent.number}/")
    assert page.status_code == 200 and "Linchpin-Keeps" not in page and 'data-island="checklist"' not in page.content.decode()
