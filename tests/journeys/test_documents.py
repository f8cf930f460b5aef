"""A document from its first word until it is superseded: four people, at a desk and on a phone."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.cast import PASSWORD
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WORD = "Oberflächenbehandlungsvorschriftenänderungsverfahren"


def here(walk: Walk) -> str:
    """The path of the page that is open."""
    return urlsplit(walk.page.url).path


def name(walk: Walk, duty: str, who: str) -> None:
    """Choose somebody of the list and name them."""
    chosen = walk.page.locator(f"#add-{duty}")
    value = chosen.locator("option", has_text=who).first.get_attribute("value")
    chosen.select_option(value=value or "")
    chosen.locator("xpath=following-sibling::button").click()
    walk.page.wait_for_load_state()


def write(walk: Walk, text: str, note: str) -> str:
    """Write the revision whose form is open; gives its address."""
    walk.fill(content=text, change_note=note)
    expect(walk.page.locator(".preview .prose h2")).to_contain_text("How")
    walk.looks_right()
    walk.press("Save")
    walk.page.get_by_role("link", name=re.compile("^Revision [AB]$")).first.click()
    walk.page.wait_for_url("**/REV-*/")
    name(walk, "review", "Priya Raman")
    name(walk, "approve", "Hanna Wieczorek")
    walk.looks_right()
    address = here(walk)
    walk.at(f"{address}move/submit/")
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("Not in force: do not work by this text yet")
    return address


def priya_reviews(walk: Walk, address: str) -> None:
    walk.become("Priya Raman")
    walk.at("/todo/")
    walk.sees("Review")
    walk.at(address)
    walk.looks_right()
    walk.at(f"{address}move/agree/")
    walk.page.locator("form.move button[type=submit]").click()


def hanna_approves(walk: Walk, address: str) -> None:
    walk.become("Hanna Wieczorek")
    walk.at(f"{address}move/approve/")
    walk.fill(password=PASSWORD)
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("Hanna Wieczorek")
    walk.sees("In force")


@pytest.mark.parametrize(("light", "size"), [("light", DESK), ("dark", HAND)])
def test_a_document_from_draft_to_read_and_confirmed_and_superseded(light: Any, size: Any, walk: Walk, served: Served) -> None:
    walk.page.set_viewport_size(size)
    walk.page.emulate_media(color_scheme=light)
    walk.become("Marek Zieliński")
    walk.at("/document/new/")
    walk.fill(title=f"{WORD} der Bohrungen", reference=f"WI-{light}", kind="instruction")
    walk.press("Save")
    walk.page.wait_for_url("**/DOC-*/")
    document = here(walk)
    walk.looks_right()
    name(walk, "confirm", "Machining")
    walk.page.get_by_role("link", name="Write it").click()
    first = write(walk, "# How\n\n1. Run tool 4.\n2. Look into both bores.", "")
    priya_reviews(walk, first)
    hanna_approves(walk, first)
    walk.become("Priya Raman")
    walk.at(document)
    walk.sees("You are asked to read this")
    walk.looks_right()
    walk.press("I have read and understood this")
    walk.sees("You confirmed it on")
    walk.become("Marek Zieliński")
    walk.at(document)
    walk.page.get_by_text("I told a group of my people").click()
    walk.page.get_by_label("Seun Adeyemi").check()
    walk.looks_right()
    walk.press("They were there")
    walk.sees("1 person is down as witnessed")
    walk.page.get_by_role("link", name="Write a new one").click()
    second = write(walk, "# How\n\n1. Run tool 12.\n2. Look into both bores.", "Tool 4 is replaced.")
    priya_reviews(walk, second)
    hanna_approves(walk, second)
    walk.at(document)
    walk.page.get_by_role("link", name="See every word").click()
    expect(walk.page.locator("ins").filter(has_text="12")).to_be_visible()
    walk.looks_right()
    walk.at(first)
    walk.sees("Superseded since")
    walk.looks_right()
