"""Aoife looks at the year's audits: the program, its coverage and one report, at the desk and on a phone."""

from __future__ import annotations

import pytest

from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey


def test_aoife_plans_a_program_and_sees_its_gaps_on_a_phone(walk: Walk) -> None:
    walk.become("Aoife Ní Dhomhnaill")
    walk.at("/audit_program/new/")
    walk.fill(title="Audits of next year", starts="2027-01-01", until="2027-12-31")
    walk.page.locator("form.sheet-form button[type=submit]").click()
    walk.page.get_by_role("button", name="Take in every unit that is missing").click()
    walk.sees("Never audited, so due by")
    walk.looks_right()
    walk.page.get_by_role("link", name="Coverage by clause").click()
    walk.sees("Nobody has looked at")
    walk.looks_right()
    walk.page.set_viewport_size({"width": 390, "height": 844})
    walk.looks_right()
    walk.page.locator("#edition").select_option("2026")
    walk.page.get_by_role("button", name="Show").click()
    walk.sees("ISO 9001:2026")
