"""Passkeys in a real browser with a device plugged in: made, used to sign in, used to sign, renamed, removed; under our strict policy."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings as product
from django.test import Client

from tests.accounts.serving import Served
from tests.cast import PASSWORD, Cast

journey = pytest.mark.journey


def email_of(who: str) -> str:
    return f"{who}@dunmallow.example"


def types_password(page: Any, who: str) -> None:
    page.get_by_label("E-mail").fill(email_of(who))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def signs_in(page: Any, house: Served, who: str) -> None:
    page.goto(f"{house.url}/account/login/")
    types_password(page, who)
    page.wait_for_url(f"{house.url}/todo/")


def makes_a_passkey(page: Any, house: Served, name: str = "My phone") -> None:
    page.goto(f"{house.url}/account/2fa/webauthn/add/")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill(name)
    page.get_by_role("button", name="Make the passkey").click()
    page.wait_for_url(f"{house.url}/account/2fa/recovery-codes/")


def signs_out(page: Any, house: Served) -> None:
    page.goto(f"{house.url}/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.wait_for_url(f"{house.url}/")


@journey
def test_aoife_makes_a_passkey_and_signs_in_with_it(served: Served, page: Any, key_ring: Any) -> None:
    signs_in(page, served, "aoife")
    makes_a_passkey(page, served)
    signs_out(page, served)
    page.goto(f"{served.url}/account/login/?next=/nonconformity/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{served.url}/nonconformity/")
    page.goto(f"{served.url}/account/")
    assert "last used" in page.get_by_text("My phone").first.inner_text()


@journey
def test_it_stands_in_for_the_code_after_the_password(served: Served, page: Any, key_ring: Any) -> None:
    signs_in(page, served, "hanna")
    makes_a_passkey(page, served)
    signs_out(page, served)
    page.goto(f"{served.url}/account/login/")
    types_password(page, "hanna")
    page.wait_for_url(f"{served.url}/account/2fa/authenticate/")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{served.url}/todo/")


PROBLEM = """
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.registry import get_type
from tests.contract.walking import walk_to
from types import SimpleNamespace

class Cast(SimpleNamespace):
    def __getattr__(self, first):
        return access_of(Person.objects.select_related("unit").get(name__istartswith=first))

from linchpin.kernel.people.models import Unit
cast = Cast(machining=Unit.objects.get(name="Machining"))
found = walk_to(get_type("nonconformity"), "cause_found", cast)
commands.create("action", {"title": "Flow deburr", "kind": "corrective", "owner": cast.priya.person}, actor=cast.daniel, parent=found)
print(found.number)
"""


@journey
def test_daniel_signs_with_it(served: Served, page: Any, key_ring: Any) -> None:
    number = served.does(PROBLEM)
    signs_in(page, served, "daniel")
    makes_a_passkey(page, served)
    move = f"{served.url}/nonconformity/{number}/move/approve_actions/"
    page.goto(move)
    page.get_by_role("link", name="Or use your passkey: you come back here.").click()
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url(move)
    page.get_by_text("no password is needed").wait_for()
    page.locator("[name=measure]").fill("Lots with burr")
    page.locator("[name=rule]").fill("0 in 150 lots")
    page.locator("[name=window_days]").fill("60")
    page.locator("[name=verifier]").select_option(label="Hanna Wieczorek, Planner and auditor")
    page.get_by_role("main").get_by_role("button", name="Agree the lasting fix").click()
    page.wait_for_url(f"{served.url}/nonconformity/{number}/")
    assert page.get_by_text("I approved the actions and how they will be judged").count() > 0


@journey
def test_marek_renames_and_removes_it(served: Served, page: Any, key_ring: Any) -> None:
    signs_in(page, served, "marek")
    makes_a_passkey(page, served)
    page.goto(f"{served.url}/account/")
    page.get_by_role("link", name="Rename My phone").click()
    page.get_by_label("What you call it").fill("The ring")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove The ring").click()
    page.get_by_role("button", name="Remove it").click()
    page.get_by_text("The passkey is removed.").wait_for()
    assert not page.get_by_text("The ring").count()


@journey
def test_a_device_that_gives_nothing_says_so(served: Served, page: Any, key_ring: Any) -> None:
    page.goto(f"{served.url}/account/login/")
    button = page.get_by_role("button", name="Sign in with a passkey")
    button.wait_for()
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')) }")
    button.click()
    page.get_by_text("The device gave no passkey").wait_for()


@journey
def test_norbert_helps_who_lost_the_phone_and_locks_who_lost_more(served: Served, page: Any, key_ring: Any, browser: Any) -> None:
    signs_in(page, served, "priya")
    makes_a_passkey(page, served)
    signs_out(page, served)
    norbert = browser.new_page()
    signs_in(norbert, served, "norbert")
    norbert.goto(f"{served.url}/people/?q=priya")
    norbert.get_by_role("link", name="Priya Raman").click()
    norbert.get_by_text("Lock the account").click()
    norbert.get_by_role("button", name="Lock it now").click()
    norbert.get_by_text("The account of Priya Raman is locked.").wait_for()
    page.goto(f"{served.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(f"{served.url}/account/inactive/")
    norbert.get_by_role("button", name="Open it again").click()
    norbert.get_by_text("They lost their phone or key").click()
    norbert.get_by_role("button", name="Forget the second step").click()
    norbert.get_by_text("signs in by password alone now").wait_for()
    page.goto(f"{served.url}/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("That code or passkey does not fit").wait_for()
    signs_in(page, served, "priya")
    norbert.close()


def test_a_forged_passkey_opens_nothing(cast: Cast) -> None:
    """And nobody has switched off the check of the address that a passkey was made for."""
    assert not getattr(product, "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False)
    client = Client()
    client.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    parts = {"clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA", "userHandle": "MQ"}
    forged = {"type": "public-key", "id": "AAAA", "rawId": "AAAA", "clientExtensionResults": {}, "response": parts}
    answer = client.post("/account/2fa/webauthn/login/", {"credential": json.dumps(forged)})
    assert answer["Location"] == "/account/login/"
    assert client.get("/todo/").status_code == 302
