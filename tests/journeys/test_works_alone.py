"""A Sunday alone: Boštjan writes an emergency instruction on his phone, declares why nobody else approves it, and Daniel looks at it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from linchpin.kernel.people.clock import today
from tests.accounts.serving import Served
from tests.cast import PASSWORD
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
WHY = "It is Sunday, I am alone on the line and eleven racks are in work."


def _maeve_allows_it(walk: Walk) -> None:
    """Until top management says so, there is somebody else whom one could ask."""
    walk.become("Maeve Brannigan")
    walk.at("/rules/")
    line = walk.page.locator(".rules .line").filter(has_text="Whoever wrote a document does not approve it.")
    line.locator("select").select_option("with_reason")
    line.get_by_role("button", name="Decide").click()
    walk.sees("Decided: With a reason.")


def _boštjan_writes_it(walk: Walk) -> str:
    """Gives the address of the revision that waits for its approval."""
    walk.at("/document/new/")
    last = (today() + timedelta(days=1)).isoformat()
    walk.fill(title="Sealing below 96 °C while the heater is out", reference="EI-3", kind="temporary", lapses_on=last)
    walk.press("Save")
    walk.page.wait_for_url("**/DOC-*/")
    walk.page.get_by_role("link", name="Write it").click()
    walk.writes("1. Sealing time doubled.\n2. Dye-spot test on every rack.")
    walk.press("Save")
    walk.page.get_by_role("link", name=re.compile("^Revision A$")).first.click()
    walk.page.wait_for_url("**/REV-*/")
    walk.page.locator("a#add-approve").click()
    chosen = walk.page.locator("select#add-approve")
    chosen.select_option(value=chosen.locator("option", has_text="Boštjan Hribar").first.get_attribute("value") or "")
    chosen.locator("xpath=following-sibling::button").click()
    walk.page.wait_for_load_state()
    address = urlsplit(walk.page.url).path
    walk.at(f"{address}move/submit/")
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("Not in force: do not work by this text yet")
    return address


def test_an_emergency_instruction_by_one_person_is_a_declared_exception_that_another_looks_at(walk: Walk, served: Served) -> None:
    walk.page.set_viewport_size({"width": 390, "height": 844})
    _maeve_allows_it(walk)
    walk.become("Boštjan Hribar")
    address = _boštjan_writes_it(walk)
    walk.at(f"{address}move/approve/")
    walk.sees("You wrote this revision: somebody else approves it.")
    walk.fill(password=PASSWORD)
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("You wrote this revision: somebody else approves it.")
    walk.page.get_by_text("Go on and declare why").click()
    walk.looks_right()
    walk.fill(exception=WHY, password=PASSWORD)
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("In force")
    walk.sees(WHY)
    walk.sees("To be looked at by somebody else until")
    expect(walk.page.get_by_role("button", name="I looked at it")).to_have_count(0)
    walk.become("Daniel Petrov")
    walk.sees("declared an exception")
    walk.at(address)
    walk.looks_right()
    walk.fill(finding="Read it on Tuesday with Mateja: stricter than the rule it replaces, and it has an end.")
    walk.press("I looked at it")
    walk.sees("stricter than the rule it replaces")
    walk.at("/rules/")
    walk.sees("Looked at by Daniel Petrov")
    walk.looks_right()
