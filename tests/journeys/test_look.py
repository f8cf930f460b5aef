"""Every generic page in a real browser: no fault for axe, nothing sideways, no broken policy, by day and by night, on a desk and in a hand."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, Response, expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
WHOLE_LOAD, MOST_REQUESTS = 200_000, 10
LONG = "Fertigungsauftragsbegleitpapier ohne Oberflächenbehandlungsfreigabebescheinigung"
STORY = f"""
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
by = lambda name: access_of(Person.objects.select_related("unit").get(name=name))
daniel, priya = by("Daniel Petrov"), by("Priya Raman")
made = commands.create("nonconformity", {{"title": "{LONG}", "unit": priya.person.unit, "severity": "critical"}}, actor=daniel)
told = {{"requirement": "Edges broken", "evidence": "Borescope picture", "gap": "A burr of 0.8 mm", "occurred": "2026-01-05"}}
commands.move(made, "register", actor=daniel, values={{**told, "owner": priya.person, "severity": "critical", "lasting_fix": "yes"}})
commands.move(made, "contain", actor=priya, values={{"containment": "38 bodies on hold", "on_hold": True}})
commands.create("nonconformity", {{"title": "Label shows the old part revision", "unit": daniel.person.unit, "severity": "minor"}}, actor=daniel)
made.refresh_from_db()
print(made.number)
"""


@pytest.fixture(scope="module")
def number(served: Served) -> str:
    """A problem with a long German name that Priya has contained; beside it one that nobody took on yet."""
    return served.does(STORY).splitlines()[-1]


def until(page: Page, true: str) -> None:
    """Wait for it. Playwright's own waiting evaluates text inside the page, which our policy refuses."""
    end = time.monotonic() + 15
    while not page.evaluate(true):
        assert time.monotonic() < end, true
        page.wait_for_timeout(100)


def addresses(number: str) -> list[str]:
    record = f"/nonconformity/{number}/"
    return ["/todo/", "/mine/", "/nonconformity/", "/nonconformity/?view=board", "/action/", record, f"{record}move/correct/", f"{record}edit/",
            "/nonconformity/new/", "/search/?q=fertigung", "/trail/", "/clauses/",
            "/clauses/?edition=2026", "/clauses/10.2/", "/clauses/5.1.1/?edition=2026",
            "/settings/", "/settings/webhooks/", "/account/", "/import/", "/people/", "/rules/"]  # fmt: skip


@pytest.mark.parametrize(("light", "size"), [("light", DESK), ("dark", HAND), ("dark", DESK), ("light", HAND)])
def test_no_page_has_a_fault_or_stands_wider_than_its_window(light: Any, size: Any, number: str, walk: Walk) -> None:
    walk.page.set_viewport_size(size)
    walk.page.emulate_media(color_scheme=light)
    walk.become("Daniel Petrov")
    for address in addresses(number):
        walk.page.goto(walk.url + address, wait_until="networkidle")
        walk.looks_right()


def test_a_register_arrives_whole_in_few_and_small_answers(number: str, walk: Walk) -> None:
    walk.become("Daniel Petrov")
    cold = walk.page.context.new_page()
    answers: list[Response] = []
    cold.on("response", lambda answer: answers.append(answer))
    cold.route("**/*", lambda route: route.continue_())  # a page whose requests are routed uses no cache: this is a first visit
    cold.goto(f"{walk.url}/nonconformity/", wait_until="networkidle")
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    assert len(sizes) <= MOST_REQUESTS, sizes
    assert sum(sizes.values()) <= WHOLE_LOAD, sizes


def test_ctrl_k_finds_a_record_by_a_word_and_goes_there(number: str, walk: Walk) -> None:
    walk.become("Priya Raman")
    walk.page.wait_for_load_state("networkidle")
    walk.page.keyboard.press("Control+k")
    walk.page.get_by_role("combobox").fill("Fertigung")
    expect(walk.page.get_by_role("option", name=LONG)).to_be_visible()
    walk.looks_right()
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url(f"**/nonconformity/{number}/")


def test_what_was_typed_is_still_there_after_the_page_was_left(walk: Walk) -> None:
    page, address = walk.page, f"{walk.url}/nonconformity/new/"
    walk.become("Daniel Petrov")
    page.goto(address, wait_until="networkidle")
    page.get_by_label("Title").fill("Typed for ten minutes")
    until(page, "Object.keys(localStorage).length > 0")
    walk.at("/todo/")
    page.goto(address, wait_until="networkidle")
    walk.sees("What you typed here last time is back")
    assert page.get_by_label("Title").input_value() == "Typed for ten minutes"
    walk.press("Save")
    walk.sees("is on record")
    until(page, "Object.keys(localStorage).length === 0")


def test_an_owner_is_changed_in_the_register_and_a_moved_date_asks_why(number: str, walk: Walk) -> None:
    walk.become("Daniel Petrov")
    walk.page.goto(f"{walk.url}/nonconformity/", wait_until="networkidle")
    row = walk.page.get_by_role("row").filter(has_text=number)
    press_pencil(row.locator(".f-owner"), walk.page)
    row.get_by_role("combobox").select_option(label="Marek Zieliński, Head of machining")
    row.get_by_role("button", name="Save").click()
    expect(row.locator(".cell-form")).to_have_count(0)
    press_pencil(row.locator(".k-due"), walk.page)
    row.get_by_label("Due").fill("2031-03-01")
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("alert")).to_be_visible()
    row.get_by_label("Why the date moves").fill("The fixture comes in February.")
    row.get_by_role("button", name="Save").click()
    expect(row.locator("time")).to_have_text("1 Mar 2031")
    walk.looks_right()


def press_pencil(cell: Any, page: Page) -> None:
    cell.hover()
    cell.locator(".pencil").click()
    expect(page.locator(".cell-form")).to_be_visible()


def test_filters_change_the_register_in_place_and_the_way_back_holds(number: str, walk: Walk) -> None:
    walk.become("Daniel Petrov")
    walk.page.goto(f"{walk.url}/nonconformity/", wait_until="networkidle")
    walk.page.evaluate("document.body.dataset.same = 'yes'")
    walk.page.get_by_text("Filter", exact=True).first.click()
    walk.page.get_by_label("Severity").select_option("critical")
    walk.page.locator(".filter-form").get_by_role("button").click()
    walk.page.wait_for_url("**/nonconformity/?severity=critical")
    expect(walk.page.get_by_text("Label shows the old part revision")).to_have_count(0)
    assert walk.page.evaluate("document.body.dataset.same") == "yes"
    walk.page.get_by_label("Remove filter: Severity").click()
    expect(walk.page.get_by_text("Label shows the old part revision")).to_have_count(1)
    assert not walk.problems


def test_the_night_is_chosen_once_and_stays(walk: Walk) -> None:
    paper = "getComputedStyle(document.querySelector('.sheet')).backgroundColor"
    walk.page.emulate_media(color_scheme="light")
    walk.become("Priya Raman")
    walk.page.wait_for_load_state("networkidle")
    by_day = walk.page.evaluate(paper)
    walk.page.get_by_label("Account of Priya Raman").click()
    walk.press("Night")
    until(walk.page, f"{paper} !== '{by_day}'")
    walk.at("/nonconformity/")
    assert walk.page.evaluate(paper) != by_day


def test_a_german_phone_says_in_german_what_is_missing(number: str, browser: Any, served: Served) -> None:
    page = browser.new_context(locale="de-DE", viewport=HAND).new_page()
    walk = Walk(page, served.url)
    page.goto(f"{served.url}/report/?place=5AX-3", wait_until="networkidle")
    walk.looks_right()
    page.get_by_role("button", name="Senden").click()
    saw = page.locator("#f-saw")
    assert saw.evaluate("e => e.validationMessage") == "Sagen Sie, was Ihnen aufgefallen ist: Ein paar Worte genügen."
    saw.fill("Gemischte Teile in Kasten 6")
    page.get_by_role("button", name="Senden").click()
    page.wait_for_url("**/slip/**")
    walk.sees("Danke.")
    walk.looks_right()
    page.context.close()
