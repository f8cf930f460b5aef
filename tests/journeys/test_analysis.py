"""Why did it happen? Asked on the drawing by the owner, read by somebody else, and found again in the problem and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
STORY = """
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
by = lambda name: access_of(Person.objects.select_related("unit").get(name=name))
daniel, marek = by("Daniel Petrov"), by("Marek Zieliński")
values = {"title": "Burr left where the two bores cross", "unit": marek.person.unit, "severity": "minor", "owner": marek.person}
print(commands.create("nonconformity", values, actor=daniel).number)
"""


def answer(walk: Walk, question: str, text: str) -> None:
    asked = walk.page.locator("details", has=walk.page.get_by_text(question, exact=True)).last
    asked.locator("summary").click()
    asked.get_by_label("Because…").fill(text)
    asked.get_by_role("button", name="Note it").click()
    walk.sees(text)


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 390, "height": 844}])
def test_marek_asks_twice_and_daniel_accepts_what_was_shown(walk: Walk, served: Served, size: dict[str, int]) -> None:
    number = served.does(STORY).splitlines()[-1]
    walk.page.set_viewport_size(size)  # type: ignore[arg-type]
    walk.become("Marek Zieliński")
    walk.at(f"/nonconformity/{number}/")
    walk.page.locator("section", has=walk.page.get_by_role("heading", name="Below it")).get_by_role("link", name="Cause analysis").click()
    walk.fill(title="Why is there a burr at the crossing?", seen_what="Burr up to 0.4 mm")
    walk.page.locator("form.sheet-form button[type=submit]").click()
    walk.page.get_by_role("link", name="Why is there a burr at the crossing?").click()
    answer(walk, "Why does that happen?", "The brush does not reach the crossing")
    answer(walk, "And why is that?", "No plan is held against the drawing")
    chosen = walk.page.locator("li.why li.why")
    chosen.locator("summary", has_text="Show it").click()
    chosen.get_by_role("button", name="It is shown").click()
    walk.sees("a cause without evidence is an opinion")
    walk.looks_right()
    chosen.get_by_label("What shows it").fill("The routing was copied from bodies with straight bores.")
    chosen.get_by_role("button", name="It is shown").click()
    chosen.get_by_role("button", name="It is a root cause").click()
    expect(chosen).to_contain_text("Root cause")
    walk.looks_right()
    here = walk.page.url.split("#")[0].removeprefix(walk.url)
    walk.at(f"{here}move/propose/")
    walk.fill(conclusion="The plan was made for straight bores.")
    walk.page.locator("form.move button[type=submit]").click()
    for box in walk.page.locator("input[name=passed]").all():
        box.check()
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("To be read")
    walk.become("Daniel Petrov")
    walk.at(f"{here}move/accept/")
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("Accepted")
    walk.at(f"/nonconformity/{number}/")
    walk.sees("No plan is held against the drawing")
    for paper, said in (("8D report", "Root causes"), ("A3", "Countermeasures")):
        walk.at(f"/nonconformity/{number}/")
        walk.go(paper)
        walk.sees(said)
        walk.looks_right()


def add_below(walk: Walk, *texts: str) -> None:
    """Type events below the chosen one, by keyboard alone: after each the field waits for the next."""
    for text in texts:
        expect(walk.page.locator(".event-panel:visible [data-first]")).to_be_focused()
        walk.page.keyboard.type(text)
        walk.page.keyboard.press("Enter")
        expect(walk.page.locator("a.event", has_text=text.split()[-1])).to_be_visible()


def test_marek_draws_a_fault_tree_by_keyboard_and_prints_it_with_its_ways(walk: Walk, served: Served) -> None:
    number = served.does(STORY).splitlines()[-1]
    walk.become("Marek Zieliński")
    walk.at(f"/root_cause_analysis/new/?parent={number}")
    walk.fill(title="In which ways can a burr fly?", seen_what="A burr flies", method="fault_tree")
    walk.page.locator("form.sheet-form button[type=submit]").click()
    walk.go("In which ways can a burr fly?")
    walk.page.locator("a.event").press("Enter")
    add_below(walk, "Tool misses", "Wall fails")
    walk.page.locator("a.event").first.focus()
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        walk.page.keyboard.press(key)
    add_below(walk, "Nobody looks", "Borescope blind")
    walk.page.locator("a.event").first.press("Enter")
    walk.page.locator(".event-panel:visible").get_by_label("only if all of them happen together (AND)").press("Space")
    walk.page.get_by_role("button", name="Join them so").press("Enter")
    walk.sees("2 ways take 2 events together:")
    walk.looks_right()
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.page.locator("a.event", has_text="Nobody").click()
    shown = walk.page.locator(".event-panel:visible")
    shown.get_by_label("Probability, if you know it").fill("0.1")
    shown.get_by_role("button", name="Keep it").click()
    walk.sees("Say where the probability comes from")
    walk.looks_right()
    walk.page.set_viewport_size({"width": 1440, "height": 900})
    walk.go("On a sheet")
    walk.sees("Tool misses and Borescope blind")
    walk.looks_right()
    assert b"/MediaBox [0 0 841.9" in walk.page.pdf(prefer_css_page_size=True)
    walk.at(f"{walk.page.url.removeprefix(walk.url).removesuffix('tree/')}alike/")
    walk.sees("there is nothing to put in order")
    walk.looks_right()
