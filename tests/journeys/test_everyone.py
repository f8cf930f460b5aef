"""Everyone at the machine: a code on the wall without a signal, and a tablet that knows nobody for long."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey

HAND = {"width": 390, "height": 844}
PREPARED = """
from tests.cast import *
from linchpin.kernel.commands.pins import set_own_pin
from linchpin.kernel.commands.placing import add_place
seun, marek = (access_of(Person.objects.get(name__startswith=name)) for name in ("Seun", "Marek"))
set_own_pin(seun.person, "730418", actor=seun)
print(add_place("5AX-3", Unit.objects.get(name="Machining"), actor=marek).code)
"""


def test_seun_reports_without_a_signal_and_stands_at_the_tablet(walk: Walk, served: Served) -> None:
    code, page = served.does(PREPARED), walk.page
    page.set_viewport_size(HAND)
    walk.at(f"/at/{code}/")
    walk.sees("5AX-3")
    walk.looks_right()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    walk.at(f"/at/{code}/")
    expect(page.locator('[name="place"]')).to_have_value("5AX-3")
    walk.fill(saw="Coolant on the floor")
    walk.press("Send")
    walk.sees("1 report waits on this device")
    page.context.set_offline(False)
    walk.at("/report/")
    walk.sees("Sent, and here is what becomes of it: R-")
    _at_the_tablet(walk)


def _at_the_tablet(walk: Walk) -> Any:
    page = walk.page
    walk.become("Norbert")
    walk.at("/settings/places/")
    walk.looks_right()
    walk.at("/settings/kiosks/")
    walk.fill(name="Tablet at 5AX-3")
    walk.press("Make this device a kiosk")
    page.wait_for_url("**/kiosk/")
    walk.looks_right()
    page.locator(".kiosk-way", has_text="To do").click()
    walk.looks_right()
    walk.fill(number="4117", pin="730418")
    walk.press("Sign in")
    page.wait_for_url("**/todo/")
    expect(page.locator(".kiosk-bar")).to_contain_text("forgets you in")
    walk.looks_right()
    page.get_by_role("navigation", name="Thumb buttons").get_by_role("link", name="Report").click()
    walk.fill(saw="What Seun typed")
    walk.looks_right()
    page.clock.install()
    page.reload()
    page.clock.run_for(61_000)
    page.wait_for_url("**/kiosk/")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Seun")
