"""Aoife prepares an audit by clause: from a number to what proves it, in both editions, on a desk and in a hand."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.mark.parametrize(("size", "light"), [(DESK, "light"), (HAND, "dark")])
def test_aoife_goes_from_a_number_to_its_proof(size: Any, light: Any, walk: Walk) -> None:
    walk.page.set_viewport_size(size)
    walk.page.emulate_media(color_scheme=light)
    walk.become("Aoife")
    walk.at("/search/?q=10.2.1")
    walk.looks_right()
    walk.go("10.2.1 Handling a nonconformity")
    walk.sees("When something goes wrong")
    walk.sees("What proves it")
    walk.looks_right()
    walk.go("10.2.1 in ISO 9001:2026")
    walk.sees("not in force here")
    walk.page.locator("a[rel=prev]").click()
    walk.page.wait_for_url("**/clauses/10.2/?edition=2026")
    walk.sees("What corrective action asks for is unchanged")
    walk.looks_right()


def test_the_palette_opens_a_clause(walk: Walk) -> None:
    walk.page.set_viewport_size(DESK)
    walk.become("Aoife")
    walk.page.keyboard.press("Control+k")
    walk.page.locator("dialog[open] input, [role=dialog] input").first.fill("10.2")
    option = walk.page.get_by_role("option", name="10.2 Nonconformity and corrective action")
    expect(option).to_be_visible()
    option.click()
    walk.page.wait_for_url("**/clauses/10.2/")


def test_daniel_chooses_the_edition_of_2026_and_back(walk: Walk) -> None:
    walk.become("Daniel Petrov")
    for edition, shown in (("2026", "6.1.3"), ("2015", "10.3")):
        walk.at("/clauses/")
        walk.fill(edition=edition)
        walk.press("Choose")
        walk.sees(f"ISO 9001:{edition}, the edition in force here")
        walk.sees(shown)
        walk.looks_right()


def test_a_clause_prints_without_what_is_not_read_on_paper(walk: Walk) -> None:
    walk.become("Aoife")
    walk.at("/clauses/10.2/")
    walk.page.emulate_media(media="print")
    expect(walk.page.locator("h1")).to_be_visible()
    expect(walk.page.locator("a[rel=next]")).to_be_hidden()
    expect(walk.page.get_by_role("navigation").first).to_be_hidden()
