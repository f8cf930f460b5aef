"""`linchpin bring-in`: a folder rehearsed and told first, then taken over, with what it says about itself. Real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.exchange.test_arriving_together import ACTIONS, PEOPLE, csv, workbook
from tests.exchange.test_findings import LOG
from tests.safekeeping.installation import Installation

pytestmark = pytest.mark.slow


def test_daniel_rehearses_a_folder_and_nothing_is_left_then_takes_it_over(dunmallow: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "old system"
    (folder / "registers").mkdir(parents=True)
    (folder / "registers" / "actions.csv").write_bytes(csv([ACTIONS[0], [*ACTIONS[1][:-1], "1"]]))
    (folder / "registers" / "CAR-log.csv").write_bytes(csv([*LOG[:5], *LOG[6:7]]))
    (folder / "our people.xlsx").write_bytes(workbook(PEOPLE))
    daniel = (folder, "--as", "daniel@dunmallow.example")
    before = [dunmallow.verified()["events"], sorted(name for name in dunmallow.tree() if name.startswith("files/"))]
    told = dunmallow.run("bring-in", *daniel, "--dry-run", code=3).stdout
    assert "our people.xlsx → 3 people" in told and "registers/CAR-log.csv → 5 problems" in told and "1 rows belong to records of other files" in told
    assert "3 of 3 files can be taken over" in told and "JS (" in told
    assert "Say --yes" in dunmallow.run("bring-in", *daniel, code=2).stderr
    assert [dunmallow.verified()["events"], sorted(name for name in dunmallow.tree() if name.startswith("files/"))] == before
    assert dunmallow.play("from linchpin.exchange.models import Arrival, Import; print(Arrival.objects.count(), Import.objects.count())") == "0 0"
    said = json.loads(dunmallow.run("bring-in", *daniel, "--yes", "--json", code=3).stdout)
    assert {one["name"]: one["state"] for one in said["files"]} == dict.fromkeys(
        ("our people.xlsx", "registers/CAR-log.csv", "registers/actions.csv"), "taken")  # fmt: skip
    assert said["taken_over"] and [one["key"] for one in said["findings"]] and dunmallow.verified()["ok"]
    assert dunmallow.refused("bring-in", folder / "our people.xlsx", "--as", "hanna@dunmallow.example") == "Bringing in data is for the quality manager."
