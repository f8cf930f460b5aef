"""Registers that nobody foresaw, brought in by mappings that are made in the browser: drop, map, keep, rehearse, accept, and once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from tests.accounts.serving import REPOSITORY
from tests.journeys.walking import Walk

pytestmark = pytest.mark.journey
REGISTERS = REPOSITORY.parent / "shared" / "data" / "registers"
DESK, HAND = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Register(NamedTuple):
    """A file, how many rows it has, which of its columns become what by hand, and what a record of it then says."""

    file: str
    rows: int
    columns: dict[str, str]
    profile: str
    title: str
    word: str
    says: tuple[str, ...]


BY_HAND = [
    Register(
        "cfpb_complaints_46.csv", 46, {"A": "-", "C": "process", "I": "detected", "K": "place"}, "bank-complaints", "Complaints about banks",
        "1286755", ("Account opening, closing, or management", "JPMorgan Chase", "Bank account or service", "18 Mar 2016", "Timely response?: Yes"),
    ),
    Register(
        "fda_published_483s.csv", 1723, {"A": "detected", "C": "title", "D": "-"}, "observations", "Published observations",
        "269275", ("Eugia Steriles Private Limited", "5 Apr 2024", "FEI Number: 3027357163"),
    ),
]  # fmt: skip


@pytest.mark.parametrize("known", BY_HAND, ids=[one.profile for one in BY_HAND])
def test_a_register_is_mapped_by_hand_once_and_changes_nothing_the_second_time(known: Register, walk: Walk) -> None:
    file = REGISTERS / known.file
    if not file.exists():
        pytest.skip("the folder of real registers is not beside the repository")
    walk.become("Daniel Petrov")
    drop(walk, file)
    map_by_hand(walk, known)
    assert rehearsed(walk) == f"{known.rows:,} rows = {known.rows:,} new"
    look_around(walk)
    accept(walk, known)
    walk.go("Look at them in the register")
    walk.sees(f"From the file {known.file}")
    number = a_record_of_it(walk, known)
    drop(walk, file)
    walk.sees(f"This looks like “{known.title}”.")
    walk.sees("rows that say the same will change nothing")
    walk.press("Read it as that")
    assert rehearsed(walk) == f"{known.rows:,} rows = {known.rows:,} change nothing"
    walk.press("Accept: nothing changes")
    expect(walk.page.get_by_role("status")).to_contain_text(f"Nothing changed{known.rows:,} were here already and say the same", timeout=60_000)
    assert a_record_of_it(walk, known) == number


def drop(walk: Walk, file: Path) -> None:
    """The file is dropped on the page, as with a mouse."""
    walk.page.goto(f"{walk.url}/import/", wait_until="networkidle")
    walk.looks_right()
    handle = walk.page.evaluate_handle(
        "([name, text]) => { const d = new DataTransfer(); d.items.add(new File([text], name, {type: 'text/csv'})); return d; }",
        [file.name, file.read_text()],
    )
    walk.page.dispatch_event("form.drop", "dragover", {"dataTransfer": handle})
    walk.page.dispatch_event("form.drop", "drop", {"dataTransfer": handle})
    walk.press("Look at it")
    walk.page.wait_for_url("**/columns/")


def map_by_hand(walk: Walk, known: Register) -> None:
    walk.looks_right()
    for letter, field in known.columns.items():
        walk.page.locator(f'[name="field-{letter}"]').select_option(field)
    walk.fill(name=known.profile, title=known.title)
    walk.press("Keep it")
    walk.sees(f"The mapping is kept as “{known.profile}”")
    for letter, field in known.columns.items():
        expect(walk.page.locator(f'[name="field-{letter}"]')).to_have_value(field)
    walk.press("Rehearse")


def rehearsed(walk: Walk) -> str:
    """Wait for the rehearsal (a long file is read by the worker) and give its sum."""
    expect(walk.page.get_by_role("button", name=re.compile("^Accept"))).to_be_visible(timeout=90_000)
    walk.sees("nothing has been sent to anyone yet")
    return " ".join(walk.page.locator(".sum").inner_text().split())


def sizes(walk: Walk) -> Iterator[None]:
    for light, size in (("light", HAND), ("dark", HAND), ("dark", DESK), ("light", DESK)):
        walk.page.set_viewport_size(size)  # type: ignore[arg-type]
        walk.page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        yield


def look_around(walk: Walk) -> None:
    """The rehearsal and its columns, in a hand and on a desk, by day and by night."""
    here = walk.page.url
    for address in (f"{here}columns/", here):
        walk.page.goto(address, wait_until="networkidle")
        for _size in sizes(walk):
            walk.looks_right()


def accept(walk: Walk, known: Register) -> None:
    walk.press(f"Accept {known.rows:,} records")
    expect(walk.page.get_by_role("status")).to_contain_text(f"{known.rows:,} records are here now", timeout=90_000)
    for _size in sizes(walk):
        walk.looks_right()


def a_record_of_it(walk: Walk, known: Register) -> str:
    """By the row's own number to its one record. Gives the record's number."""
    walk.page.goto(f"{walk.url}/search/?q={known.word}", wait_until="networkidle")
    found = walk.page.locator("main a[href^='/nonconformity/NC-']")
    expect(found).to_have_count(1)
    found.click()
    walk.page.wait_for_url("**/nonconformity/NC-*/")
    for said in known.says:
        walk.sees(said)
    walk.looks_right()
    return walk.page.url.rstrip("/").rsplit("/", 1)[1]
