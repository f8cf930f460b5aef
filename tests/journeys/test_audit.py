"""An audit from its plan to its report, in the hall on a tablet, with and without a connection: asked, answered where it stands, reported."""

from __future__ import annotations

import struct
import zlib

import pytest
from playwright.sync_api import Locator, expect

from tests.accounts.serving import Served
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
TABLET = {"width": 820, "height": 1180}
PREPARED = """
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person, Unit
aoife, hanna = (access_of(Person.objects.get(name__startswith=name)) for name in ("Aoife", "Hanna"))
values = {"title": "Machining: is deburring done as agreed?", "unit": Unit.objects.get(name="Machining"), "owner": aoife.person, "auditor": hanna.person}
audit = commands.create("audit", values, actor=aoife)
for clause, title in (("7.1.5", "Are gauges in use inside their date?"), ("8.5.1", "Is every body looked into?"), ("8.6", "Who releases?")):
    commands.create("audit_check", {"title": title, "clause": clause, "owner": aoife.person}, actor=aoife, parent=audit)
commands.move(audit, "notify", actor=aoife, values={"held_from": "2026-01-12", "scope": "Deburr benches"})
commands.move(audit, "begin", actor=aoife)
print(audit.number)
"""
MEANWHILE = """
from linchpin.kernel import commands
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.registry import get_type
hanna = access_of(Person.objects.get(name__startswith="Hanna"))
check = get_type("audit_check").model.objects.get(title="Is every body looked into?", parent__number="{number}")
commands.move(check, "not_seen", actor=hanna, values={"statement": "The cabinet was locked."})
"""
TOLD = """
from linchpin.kernel import trail
from linchpin.kernel.records.registry import get_type
for check in get_type("audit_check").model.objects.filter(parent__number="{number}").order_by("id"):
    print(check.status, [event.verb for event in trail.history(check.pk)], check.files.count())
"""


def looks_right(walk: Walk) -> None:
    """Seen from its top: halfway down, axe takes what is under the bar on top for too small."""
    walk.page.evaluate("() => scrollTo({top: 0, behavior: 'instant'})")
    walk.looks_right()


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
    looks_right(walk)
    sign(walk, here, "notify", held_from="2026-01-12")
    sign(walk, here, "begin")
    gauges, bodies = (walk.page.locator("li.check", has_text=text) for text in ("Are gauges", "Is every body"))
    bodies.locator("summary").click()
    bodies.get_by_role("button", name="As it should be").click()
    walk.sees("an answer without evidence is an impression")
    looks_right(walk)
    bodies.get_by_label("What was seen").fill("40 of 40 with the borescope.")
    bodies.get_by_role("button", name="As it should be").click()
    expect(bodies).to_contain_text("Sent at")
    gauges.locator("summary").click()
    assert gauges.get_by_label("What was seen").input_value() == "", "what is typed into one form stays out of the others"
    gauges.get_by_label("What was seen").fill("TG-092 nine days over.")
    gauges.get_by_label("What follows").fill("One gauge in use past its date.")
    gauges.get_by_label("What was required").fill("No gauge past its date (CP-03).")
    gauges.locator("select[name=grade]").select_option("minor")
    gauges.get_by_role("button", name="Nonconformity").click()
    expect(gauges.get_by_role("link", name="NC-")).to_be_visible()
    looks_right(walk)
    sign(walk, here, "finish")
    sign(walk, here, "report", conclusion="Done as agreed; one gauge was over its date.")
    walk.sees("Done as agreed")
    gauges.get_by_role("link", name="NC-").click()
    walk.sees("No gauge past its date")


def picture() -> bytes:
    """A red square of 8 × 8."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\x00" + b"\xc0\x20\x20" * 8) * 8
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def kept(walk: Walk, here: str, wanted: bool) -> None:
    """Waits until this browser keeps the page, or keeps it no longer."""
    script = "here => caches.has('linchpin-kept').then(has => has ? caches.match(here, {cacheName: 'linchpin-kept'}) : undefined).then(found => !!found)"
    for _ in range(100):
        if walk.page.evaluate(script, here) is wanted:
            return
        walk.page.wait_for_timeout(50)
    raise AssertionError(f"{here} is {'not ' if wanted else ''}kept")


def answered(line: Locator, button: str, seen: str) -> None:
    line.locator("summary").click()
    line.get_by_label("What was seen").fill(seen)
    line.get_by_role("button", name=button).click()
    expect(line.locator(".waits")).to_contain_text("waits on this device")


def test_aoife_audits_a_hall_without_a_connection(walk: Walk, served: Served) -> None:
    number, page = served.does(PREPARED), walk.page
    here = f"/audit/{number}/"
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    walk.become("Aoife")
    walk.at(here)
    kept(walk, here, True)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.reload()
    gauges, bodies, releases = (page.locator("li.check", has_text=text) for text in ("Are gauges", "Is every body", "Who releases"))
    gauges.locator("summary").click()
    gauges.locator("input[type=file]").set_input_files({"name": "gauge.png", "mimeType": "image/png", "buffer": picture()})
    expect(gauges.locator("[data-previews] img")).to_be_visible()
    gauges.locator("summary").click()
    answered(gauges, "As it should be", "11 of 12 inside their date")
    answered(bodies, "As it should be", "40 of 40 with the borescope")
    answered(releases, "Nonconformity", "The shift lead, for her own work")
    walk.sees("3 answers wait on this device")
    page.reload()
    expect(page.locator(".waits")).to_have_count(3)
    looks_right(walk)
    served.does(MEANWHILE.replace("{number}", number))
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.context.set_offline(False)
    walk.sees("Sign in again, then they are sent: nothing is lost.")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.reload()
    expect(gauges).to_contain_text("As it should be")
    expect(gauges.locator(".shots img")).to_have_count(1)
    expect(releases).to_contain_text("“What was required” is empty")
    expect(bodies.locator(".waits")).to_contain_text("Changed meanwhile by Hanna Wieczorek: nothing was overwritten")
    expect(bodies.locator(".waits")).to_contain_text("The cabinet was locked.")
    looks_right(walk)
    releases.get_by_label("What was required").fill("Somebody else releases (8.6).")
    releases.get_by_label("What follows").fill("Released by whoever made it.")
    releases.locator("select").select_option("minor")
    releases.get_by_role("button", name="Nonconformity").click()
    expect(releases.get_by_role("link", name="NC-")).to_be_visible()
    bodies.get_by_role("button", name="Put mine in its place").click()
    walk.sees("Say why: the answer that stands is taken back with your words.")
    bodies.get_by_label("Why yours instead").fill("The cabinet was opened at two.")
    bodies.get_by_role("button", name="Put mine in its place").click()
    expect(bodies).to_contain_text("Sent at")
    told = served.does(TOLD.replace("{number}", number)).splitlines()
    assert told == [
        "conforms ['create', 'attach', 'conforms'] 1",
        "conforms ['create', 'not_seen', 'look_again', 'conforms'] 0",
        "fails ['create', 'fails', 'link'] 0",
    ]
    page.locator(".me > summary").click()
    page.get_by_role("button", name="Sign out").click()
    kept(walk, here, False)
    page.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_"):
        walk.at(here)
