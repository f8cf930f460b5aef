"""The first hour: an empty installation, three files dropped at once, taken over, and what they say opened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.accounts.serving import Served, serving
from tests.cast import PASSWORD
from tests.exchange.test_arriving_together import ACTIONS, PEOPLE, csv, workbook
from tests.exchange.test_findings import LOG
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
BEGIN = f"""
from linchpin.kernel.commands.organizing import add_person, found_organization, grant
from linchpin.kernel.commands.transaction import command
with command():
    system = found_organization("Acme Castings", country="DE")
    anna = add_person({{"name": "Anna Berg", "email": "anna@acme.example", "unit": system.person.unit}}, actor=system, password="{PASSWORD}")
    for role in ("administrator", "quality_manager"):
        grant(anna, role, system.person.unit, actor=system)
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(tmp_path_factory.mktemp("home"), worker=True, begin=BEGIN) as running:
        yield running


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    contents = {"actions.csv": csv(ACTIONS), "CAR-log.csv": csv([*LOG[:5], *LOG[6:7]]), "our people.xlsx": workbook(PEOPLE)}
    for name, data in contents.items():
        (tmp_path / name).write_bytes(data)
    return [tmp_path / name for name in contents]


def test_anna_drops_three_files_and_they_tell_her_something(page: Page, empty: Served, files: list[Path]) -> None:
    walk = Walk(page, empty.url)
    walk.at("/account/login/")
    walk.fill(login="anna@acme.example", password=PASSWORD)
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url("**/first/")
    walk.looks_right()
    walk.press("Look around Hollin Instruments")
    page.get_by_role("button", name=re.compile("^Be ")).first.click(timeout=60_000)
    expect(page.get_by_text("A demonstration: everything here is made up.")).to_be_visible()
    assert not page.url.startswith(empty.url)
    walk.looks_right()
    page.get_by_role("link", name="Back to Acme Castings").click()
    page.wait_for_url(f"{empty.url}/first/")
    page.get_by_role("link", name="It is open").click()
    walk.looks_right()
    walk.press("Throw it away")
    expect(page.get_by_role("button", name="Look around Dunmallow Aero Components")).to_be_visible(timeout=20_000)
    assert not (empty.home / "demonstration").exists()
    walk.at("/first/")
    page.get_by_role("link", name="Start with my own files").click()
    walk.looks_right()
    page.locator("#f-files").set_input_files(files)
    walk.press("Look at them")
    walk.sees("Nothing has been sent to anyone yet")
    expect(page.locator(".card-file")).to_have_count(3)
    walk.looks_right()
    page.get_by_label(re.compile("^JS")).select_option(label="Jana Svobodová")
    walk.press("Remember these")
    walk.press("Take over 3 files")
    expect(page.get_by_role("heading", name="What your own files told you")).to_be_visible(timeout=30_000)
    page.set_viewport_size({"width": 390, "height": 844})
    walk.looks_right()
    door = page.get_by_role("link", name=re.compile(r"^2 of 3 problems"))
    expect(door).to_be_visible()
    door.click()
    walk.sees("Mixed fittings in tray 6")
    expect(page.locator("table.reg tbody tr")).to_have_count(2)
