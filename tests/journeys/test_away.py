"""Hanna answers a mail with one click, agrees old dates in one list, and goes away; Mateja edits and moves for her, and the trail says so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

HAND, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PREPARED = """
import re
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from tests.cast import *
from linchpin.kernel.commands.agreeing import propose_date
from linchpin.kernel.commands.importing import New, create_many
from linchpin.kernel.notices.mailing import mail_the_day
from linchpin.kernel.people import clock
from linchpin.kernel.people.calendar import add_working_days, is_working_day
system, daniel, hanna = (access_of(Person.objects.get(name__startswith=name)) for name in ("Linchpin", "Daniel", "Hanna"))
lipnica = Unit.objects.get(name="Lipnica")
known = {"name": "Mateja Kovačič", "position": "Treatment quality", "unit": lipnica, "email": "mateja@dunmallow.example"}
add_person(known, actor=system, password=PASSWORD)
long_ago = clock.now() - timedelta(days=200)
rows = [New("action", {"title": title, "kind": "other", "unit": hanna.person.unit, "owner": hanna.person, "due": (long_ago + timedelta(days=60)).date()},
            status="open", raised=long_ago) for title in ("Bath log on one sheet", "Racks marked by batch", "Second lamp")]
asked, *_others = create_many(rows, actor=daniel, reason="Open points.xlsx")
asked.refresh_from_db()
propose_date(asked, add_working_days(clock.today(), 8, "IE"), actor=daniel)
day = clock.today()
mail_the_day(day if is_working_day(day, "IE") else add_working_days(day, 1, "IE"))
(text,) = (path.read_text() for path in Path(settings.EMAIL_FILE_PATH).glob("*.log") if "hanna@" in path.read_text())
print(re.search(r"/mailed/[^/\\s]+/", text)[0])
"""


def test_hanna_goes_away_and_mateja_does_it_for_her(walk: Walk, served: Served) -> None:
    mailed = served.does(PREPARED)
    _one_click(walk, mailed)
    walk.page.set_viewport_size(DESK)
    walk.become("Hanna")
    _old_dates(walk)
    _away(walk)
    walk.become("Mateja")
    _in_her_name(walk)
    walk.become("Hanna")
    walk.at("/standing-in/")
    walk.sees("Mateja Kovačič: Changed")


def _one_click(walk: Walk, mailed: str) -> None:
    walk.page.set_viewport_size(HAND)
    walk.at(mailed)
    walk.sees("For Hanna Wieczorek")
    walk.looks_right()
    walk.page.locator("main").get_by_role("button").click()
    walk.sees("is agreed")
    walk.looks_right()
    walk.at(mailed)
    walk.sees("the proposed day was agreed with it. It works once.")
    expect(walk.page.locator("main")).not_to_contain_text("Hanna")
    walk.looks_right()


def _old_dates(walk: Walk) -> None:
    walk.at("/dates/")
    walk.sees("Racks marked by batch")
    walk.looks_right()
    walk.fill(all=(date.today() + timedelta(days=12)).isoformat())
    walk.press("Agree the ticked")
    walk.sees("No date waits to be agreed.")
    expect(walk.page.locator("section[aria-labelledby=d-since] li")).to_have_count(3)


def _away(walk: Walk) -> None:
    walk.at("/standing-in/")
    walk.page.get_by_label("Who", exact=True).select_option(label="Mateja Kovačič, Treatment quality")
    walk.fill(ends=(date.today() + timedelta(days=5)).isoformat(), note="Two weeks by the sea")
    walk.press("Let them stand in")
    walk.sees("Mateja Kovačič")
    walk.looks_right()


def _in_her_name(walk: Walk) -> None:
    page = walk.page
    walk.sees("For Hanna Wieczorek")
    expect(page.get_by_role("banner").get_by_role("link", name="To do")).to_contain_text("3")
    walk.go("Racks marked by batch")
    walk.sees("You stand in for Hanna Wieczorek until")
    walk.looks_right()
    page.get_by_role("link", name="Owner, unit, due…").click()
    walk.sees("Mateja Kovačič for Hanna Wieczorek")
    walk.looks_right()
    walk.fill(title="Racks marked by batch and bath")
    walk.press("Save")
    walk.sees("Racks marked by batch and bath")
    page.locator(".move.for a[href*='/move/complete/']").click()
    walk.fill(evidence="All 40 racks bear both numbers.")
    page.locator("main form").get_by_role("button").first.click()
    expect(page.locator(".stream")).to_contain_text("Mateja Kovačič for Hanna Wieczorek")
    assert page.locator(".stream b", has_text="Mateja Kovačič for Hanna Wieczorek").count() >= 2
    walk.looks_right()
