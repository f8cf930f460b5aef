"""A document from its first word until it is superseded: four people, at a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.cast import PASSWORD
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
FROM_WORD = """<html><head><style>p{margin:0}</style></head><body><p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span
style='mso-list:Ignore'>·</span>Wear <b>gloves</b></p><table style='border:1px'><tr><td><p class=MsoNormal>Tool</p></td><td>Speed</td></tr>
<tr><td><p style='color:red'>4</p></td><td><p>slow</p><p>then fast</p></td></tr></table><script>alert(1)</script></body></html>"""
PASTE = """(text, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  text.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
TYPED = """# How

1. Run tool 4.
2. Look into **both** bores.

- Wear **gloves**

| Tool | Speed |
| --- | --- |
| 4 | slow then fast |"""
SOURCE = """How
===

1) Run tool 4.
2) Look into both bores.

Into __both__, mind.

| Tool | Speed          |
|-----:|----------------|
|    4 | slow then fast |
"""
WORD = "Oberflächenbehandlungsvorschriftenänderungsverfahren"


def here(walk: Walk) -> str:
    """The path of the page that is open."""
    return urlsplit(walk.page.url).path


def name(walk: Walk, duty: str, who: str) -> None:
    """Choose somebody of the list and name them."""
    walk.page.locator(f"a#add-{duty}").click()
    chosen = walk.page.locator(f"select#add-{duty}")
    value = chosen.locator("option", has_text=who).first.get_attribute("value")
    chosen.select_option(value=value or "")
    chosen.locator("xpath=following-sibling::button").click()
    walk.page.wait_for_load_state()


def type_the_first(walk: Walk) -> None:
    """In the page, by keyboard and tools, with a table that was copied from Word."""
    text = walk.page.get_by_role("textbox", name="Text")
    text.click()
    walk.page.keyboard.type("# How\n1. Run tool 4.\nLook into ")
    walk.page.keyboard.press("Control+b")
    expect(walk.page.get_by_role("button", name="Bold (Ctrl+B)")).to_have_attribute("aria-pressed", "true")
    walk.page.keyboard.type("both")
    walk.page.keyboard.press("Control+b")
    walk.page.keyboard.type(" bores.\n\n")
    text.evaluate(PASTE, FROM_WORD)
    walk.page.get_by_role("button", name="Heading", exact=True).focus()
    walk.page.keyboard.press("ArrowRight")
    expect(walk.page.get_by_role("button", name="Heading, one smaller")).to_be_focused()
    expect(walk.page.locator('[name="content"]')).to_have_value(TYPED)


def change_the_second(walk: Walk) -> None:
    """One word in the page: the rest of the source stays as it was; what is typed is kept on the device."""
    walk.writes(SOURCE)
    walk.page.get_by_role("button", name="Text", exact=True).click()
    walk.page.get_by_role("textbox", name="Text").get_by_text("Run tool 4.").click()
    for key, left in (("End", "Run tool 4."), ("Backspace", "Run tool 4"), ("Backspace", "Run tool")):
        walk.page.keyboard.press(key)
        walk.page.wait_for_timeout(300)  # nobody types faster than a browser tells the editor where the caret stands
        expect(walk.page.get_by_role("textbox", name="Text").locator("li").first).to_have_text(left)
    walk.page.keyboard.type("12.")
    changed = SOURCE.replace("tool 4", "tool 12")
    expect(walk.page.locator('[name="content"]')).to_have_value(changed)
    walk.page.wait_for_function("text => Object.values(localStorage).some((kept) => kept.includes(text))", arg="tool 12")
    walk.page.reload()
    walk.sees("What you typed here last time is back")
    expect(walk.page.get_by_role("textbox", name="Text").get_by_text("Run tool 12.")).to_be_visible()
    expect(walk.page.locator('[name="content"]')).to_have_value(changed)


def write(walk: Walk, how: Callable[[Walk], None], note: str) -> str:
    """Write the revision whose form is open; gives its address."""
    walk.fill(change_note=note)
    how(walk)
    walk.looks_right()
    walk.page.get_by_role("button", name="Markdown source").click()
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
    first = write(walk, type_the_first, "")
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
    second = write(walk, change_the_second, "Tool 4 is replaced.")
    priya_reviews(walk, second)
    hanna_approves(walk, second)
    walk.at(document)
    walk.page.get_by_role("link", name="See every word").click()
    expect(walk.page.locator("ins").filter(has_text="12")).to_be_visible()
    walk.looks_right()
    walk.at(first)
    walk.sees("Superseded since")
    walk.looks_right()
