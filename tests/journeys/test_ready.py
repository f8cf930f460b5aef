"""Audit-ready on any day: Daniel sees what proves each clause, draws five, looks each up against the clock; the auditor reads it by clause."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

PREPARED = """
from datetime import timedelta
from linchpin.kernel import commands
from linchpin.kernel.people.clock import today
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person, Unit
daniel = access_of(Person.objects.get(name="Daniel Petrov"))
machining = Unit.objects.get(name="Machining")
for n in range(6):
    commands.create("nonconformity", {"title": f"Burr {n} where the two bores cross", "unit": machining, "severity": "minor"}, actor=daniel)
values = {"title": "Surveillance", "unit": machining, "owner": daniel.person, "auditor": Person.objects.get(name__startswith="Kate"),
          "host": daniel.person}
commands.move(commands.create("visit", values, actor=daniel), "invite", actor=daniel, values={"starts": today(), "ends": today() + timedelta(days=1)})
"""


def test_daniel_draws_what_an_auditor_would_and_the_auditor_reads_by_clause(walk: Walk, served: Served) -> None:
    served.does(PREPARED)
    walk.become("Daniel Petrov")
    walk.page.set_viewport_size({"width": 1440, "height": 900})
    walk.go("Audit-ready")
    walk.sees("Nonconformity and corrective action")
    walk.looks_right()
    walk.go("What would an auditor draw?")
    walk.fill(population="problems_open", seed="41 pages, tea")
    walk.looks_right()
    walk.press("Draw five")
    walk.sees("5 of 6")
    walk.page.set_viewport_size({"width": 390, "height": 844})  # the rest beside the machine, on a phone
    for place in range(2):
        with walk.page.context.expect_page() as opened:
            walk.press("Open it, and start the clock")
        opened.value.close()
        found = walk.page.get_by_role("button", name="Found the proof")
        expect(found).to_be_visible()  # the page looked again by itself, and its clock runs
        expect(walk.page.locator(".five .clock.signal")).to_have_text(re.compile(r"^\d+ s$"))
        if place == 1:
            walk.looks_right()
            walk.page.get_by_label("What is missing").fill("Nobody answers for it")
            walk.press("Missing")
        else:
            found.click()
    walk.sees("proof found: 1")
    walk.go("All draws, and another one")
    walk.sees("1 of 5")
    walk.sees("Nobody answers for it")
    walk.looks_right()

    walk.page.context.clear_cookies()
    walk.at("/")
    walk.page.get_by_role("button", name=re.compile("Kateřina")).click()
    walk.page.set_viewport_size({"width": 1440, "height": 900})
    walk.go("By clause")
    walk.sees("from the records within your visit")
    expect(walk.page.get_by_role("link", name="What would an auditor draw?")).to_have_count(0)
    walk.looks_right()
    walk.page.locator("a.held", has_text="Nonconformities").first.click()
    walk.sees("Burr 0 where the two bores cross")
