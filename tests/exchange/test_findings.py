"""What somebody's own files say about themselves: each figure is exact, opens exactly its rows, and is silent where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from linchpin.exchange.arrivals.receiving_many import open_arrival, receive_files
from linchpin.exchange.arrivals.taking_over import take_all_over
from linchpin.exchange.findings import Finding, findings, names_only_a_person
from linchpin.exchange.models import Import
from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.people.clock import today
from tests.cast import Cast

LONG_AGO = str(today() - timedelta(days=400))
SOON = str(today() + timedelta(days=30))
LOG = [
    ["CAR No", "Problem", "Raised", "Root cause", "Owner", "Due date", "Status"],
    ["1", "Burr left where two bores cross", "2024-03-14", "Human error", "Marek Zieliński", LONG_AGO, "Open"],
    ["2", "Mixed fittings in tray 6", "2024-04-15", "Operator's mistake, lack of attention", "Somebody Gone", SOON, "Open"],
    ["3", "Coolant leak at 5AX-3", "2024-05-16", "The seal is rated for 80 °C and the coolant reaches 95 °C", "Priya Raman", SOON, "Open"],
    ["4", "Label on the wrong side", "2024-05-16", "", "Priya Raman", "2023-01-31", "Closed"],
    ["5", "Thread damaged in transport", "29/02/2023", "", "Priya Raman", SOON, "Open"],
    ["6", "Drawing not the latest", "2024-06-20", "", "Priya Raman", SOON, "Open"],
    ["6", "Gauge out of its date", "2024-06-21", "", "Priya Raman", SOON, "Open"],
]


def csv(rows: list[list[str]]) -> bytes:
    return "\n".join(";".join(row) for row in rows).encode()


def brought(cast: Cast, *files: tuple[str, bytes]) -> list[Import]:
    """The imports of the files, taken over as they are."""
    arrival = open_arrival(cast.daniel)
    receive_files(arrival, files, actor=cast.daniel)
    for file in arrival.files.all():
        file.notes["asked"] = 0  # as if somebody had said that the second row of one number is a mistake
        file.save()
    take_all_over(arrival, actor=cast.daniel)
    job = run_next()
    assert job is not None and job.state == "done", job
    return list(Import.objects.filter(arrived__arrival=arrival).order_by("id"))


def figures(found: list[Finding]) -> dict[str, list[tuple[int, int]]]:
    return {one.key: [(counted.n, counted.among) for counted in one.counted] for one in found}


def test_each_finding_counts_its_rows_and_opens_exactly_those(cast: Cast, browser_of: Callable[[str], Client]) -> None:
    (source,) = brought(cast, ("CAR-log.csv", csv(LOG)))
    assert (source.counts["new"], source.counts["rejected"]) == (4, 3), source.counts
    found = findings([source], actor=cast.daniel)
    assert figures(found) == {
        "blamed": [(2, 3)], "nobodys": [(1, 3)], "overdue": [(1, 3)], "dates": [(1, 4), (1, 7)], "twice": [(2, 7)],
    }  # fmt: skip
    assert "400 days or more, the longest for 400 (n 1)" in next(one.says for one in found if one.key == "overdue")
    daniel = browser_of("daniel")
    for one in found:
        for counted in one.counted:
            assert opened(daniel, one.key, counted).count('role="rowheader" scope="row"') == counted.n, (one.key, counted)


def opened(browser: Client, key: str, counted: Any) -> str:
    if counted.source:
        return browser.get(f"/import/{counted.source.uid}/?show={key}").content.decode()
    return browser.get(f"/{counted.type}/?finding={key}&import={Import.objects.get().uid}").content.decode()


def test_a_clean_log_has_no_finding(cast: Cast) -> None:
    (source,) = brought(cast, ("CAR-log.csv", csv([LOG[0], LOG[3]])))
    assert source.counts["new"] == 1 and findings([source], actor=cast.daniel) == []


CAUSES = [
    ("Human error", True), ("Operator error.", True), ("operator", True), ("Human error - lack of attention", True), ("Menschliches Versagen", True),
    ("Operator did not see the mark because the lamp is broken", False), ("Error in the drawing", False), ("", False), ("Training", False),
]  # fmt: skip


@pytest.mark.parametrize(("cause", "only_a_person"), CAUSES)
def test_a_cause_that_says_more_than_who_is_none_of_them(cause: str, only_a_person: bool) -> None:
    assert names_only_a_person(cause) is only_a_person


def test_the_federal_audit_names_six_findings_that_came_back(cast: Cast, register: Callable[[str], Path]) -> None:
    names = [f"fac_171944_22_{part}.xlsx" for part in ("corrective_action_plan", "findings_text", "findings")]
    paths = [register(name) for name in names]
    sources = brought(cast, *((path.name, path.read_bytes()) for path in paths))
    assert [source.state for source in sources] == ["accepted"] * 3
    lines = register("fac_171944_22_findings.csv").read_text("utf-8").splitlines()
    repeats = {cells[1] for cells in (line.split(",") for line in lines[1:]) if cells[9] == "Y"}
    all_of_them = {line.split(",")[1] for line in lines[1:]}
    assert figures(findings(sources, actor=cast.daniel))["came_back"] == [(len(repeats), len(all_of_them))] == [(6, 30)]
