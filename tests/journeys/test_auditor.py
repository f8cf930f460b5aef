"""The auditor's day one, question by question, each in under a minute: let in, scope, what failed, ask, draw, check at home, present."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

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
for n in range(8):
    values = {"title": f"Burr {n} on a bracket for Northlight", "unit": Unit.objects.get(name="Machining"), "source": "external_audit", "severity": "minor"}
    commands.create("nonconformity", values, actor=daniel)
values = {"title": "Recertification by Beacon", "firm": "Beacon Registrars", "scope": "Machining of parts for airframes", "certificate": "BR-4471-Q",
          "hidden_names": "Northlight", "unit": Unit.objects.get(parent=None), "owner": daniel.person, "last_visit": today() - timedelta(days=300)}
visit = commands.create("visit", values, actor=daniel)
"""


def test_kateřinas_day_one(walk: Walk, served: Served, tmp_path: Path) -> None:
    served.does(PREPARED)
    walk.page.set_viewport_size({"width": 1440, "height": 900})
    walk.become("Daniel Petrov")
    walk.at("/visit/")
    walk.page.get_by_role("link", name="Recertification by Beacon").first.click()
    walk.page.get_by_role("link", name="Invite").first.click()
    for name, person in (("auditor", "Kateřina"), ("host", "Daniel")):
        walk.page.locator(f"[name={name}]").select_option(label=walk.page.locator(f"[name={name}] option", has_text=person).first.inner_text())
    day = walk.page.evaluate("() => new Date().toISOString().slice(0, 10)")
    walk.fill(starts=day, ends=day)
    walk.page.locator("form.move button[type=submit]").click()
    walk.sees("reads here until the last day")
    walk.looks_right()

    be(walk, "Kateřina Dvořáková")  # what is the scope, who is here, what did we find last time, what failed?
    for text in ("BR-4471-Q", "Machining of parts for airframes", "Daniel Petrov", "Fixes that did not hold", "Declared exceptions", "Burr 0 on a bracket"):
        walk.sees(text)
    walk.looks_right()
    walk.go("My requests")  # show me the calibration of the probe
    walk.fill(title="Calibration of the probe on 5AX-3")
    walk.press("Ask for it")
    walk.sees("0 of 120 min")
    walk.looks_right()
    walk.go("Draw a sample")  # five problems, and not those that you choose
    walk.page.locator("[name=population]").select_option("problems_open")
    walk.fill(n="5", seed="seat 14C, porridge")
    walk.press("Draw")
    walk.sees("5 of 8")
    walk.looks_right()
    walk.page.locator("#drawn .tasks a").first.click()  # is the trail of this one whole?
    with walk.page.expect_download() as download:
        walk.go("Check it yourself")
    download.value.save_as(tmp_path / "check.zip")
    said = subprocess.run([sys.executable, "-m", "linchpin", "verify", "--export", str(tmp_path / "check.zip")], capture_output=True, text=True, check=True)
    assert "the trail is whole" in said.stdout
    walk.at("/room/since/")  # what changed since we were here?
    walk.looks_right()
    walk.press("Customers hidden")
    walk.sees("bracket for Customer A")
    walk.looks_right()

    be(walk, "Daniel Petrov")
    walk.at("/visit/")
    walk.page.get_by_role("link", name="Recertification by Beacon").first.click()
    walk.go("Requests")
    walk.page.locator("summary", has_text="Answer it").click()
    walk.page.get_by_label("Answer", exact=True).fill("P-9811 of Plumbline, valid until June.")
    walk.press("Answer it")
    walk.sees("P-9811 of Plumbline")
    walk.looks_right()


def be(walk: Walk, name: str) -> None:
    walk.page.context.clear_cookies()
    walk.page.goto(f"{walk.url}/")
    walk.page.get_by_role("button", name=re.compile(name)).click()
    walk.page.wait_for_load_state()
