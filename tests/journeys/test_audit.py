"""An audit from its plan to its report, in the hall on a tablet: asked, answered where it stands, reported by somebody independent."""

from __future__ import annotations

import pytest

from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey


def put_on(walk: Walk, question: str, clause: str) -> None:
    asked = walk.page.locator(".checklist > details")
    if asked.get_attribute("open") is None:
        asked.locator("summary").click()
    asked.get_by_label("Question").fill(question)
    asked.get_by_label("Clause").fill(clause)
    asked.get_by_role("button", name="Put it on").click()
    walk.sees(question)


def sign(walk: Walk, here: str, move: str, **fields: str) -> None:
    walk.at(f"{here}move/{move}/")
    walk.fill(**fields)
    walk.page.locator("form.move button[type=submit]").click()


@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, {"width": 820, "height": 1180}, {"width": 390, "height": 844}])
def test_aoife_audits_machining_and_what_she_found_is_a_problem(walk: Walk, size: dict[str, int]) -> None:
    walk.page.set_viewport_size(size)  # type: ignore[arg-type]
    walk.become("Aoife Ní Dhomhnaill")
    walk.at("/audit/new/")
    walk.fill(title="Machining: is deburring done as agreed?", objectives="Does the new deburring hold?", scope="Benches, both shifts")
    for name, chosen in (("unit", "Machining"), ("owner", "Aoife")):
        walk.page.locator(f"[name={name}]").select_option(label=walk.page.locator(f"[name={name}] option", has_text=chosen).first.inner_text())
    walk.page.locator("form.sheet-form button[type=submit]").click()
    here = walk.page.url.split("#")[0].removeprefix(walk.url)
    put_on(walk, "Are gauges in use inside their date?", "7.1.5")
    put_on(walk, "Is every body looked into?", "8.6")
    walk.looks_right()
    sign(walk, here, "notify", held_from="2026-01-12")
    sign(walk, here, "begin")
    gauges, bodies = (walk.page.locator("li.check", has_text=text) for text in ("Are gauges", "Is every body"))
    bodies.locator("summary").click()
    bodies.get_by_role("button", name="As it should be").click()
    walk.sees("an answer without evidence is an impression")
    walk.looks_right()
    bodies.get_by_label("What was seen").fill("40 of 40 with the borescope.")
    bodies.get_by_role("button", name="As it should be").click()
    gauges.locator("summary").click()
    gauges.get_by_label("What was seen").fill("TG-092 nine days over.")
    gauges.get_by_label("What follows").fill("One gauge in use past its date.")
    gauges.get_by_label("What was required").fill("No gauge past its date (CP-03).")
    gauges.locator("select[name=grade]").select_option("minor")
    gauges.get_by_role("button", name="Nonconformity").click()
    walk.looks_right()
    sign(walk, here, "finish")
    sign(walk, here, "report", conclusion="Done as agreed; one gauge was over its date.")
    walk.sees("Done as agreed")
    gauges.get_by_role("link", name="NC-").click()
    walk.sees("No gauge past its date")
