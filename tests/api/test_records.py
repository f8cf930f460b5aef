"""Records over the API: a register, a record, its life."""

from __future__ import annotations

from typing import Any

from linchpin.kernel import trail
from tests.cast import Cast

PROBLEM = {"title": "Two fittings of another alloy in tray 6", "severity": "major"}


def test_daniel_creates_a_problem_and_reads_it_again(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    made = daniel.post("/nonconformity/", {"values": {**PROBLEM, "unit": str(cast.machining.uid), "owner": str(cast.marek.person.uid)}})
    assert made.status_code == 201, made.content
    assert made["ETag"] == '"1"'
    record = daniel.get(made["Location"]).json()
    assert record == made.json()
    assert record["number"].startswith("NC-")
    assert record["values"]["owner"] == {"uid": str(cast.marek.person.uid), "name": "Marek Zieliński"}
    assert record["values"]["severity"] == "major"
    assert record["computed"]["repeat"] is False
    assert record["created_by"]["name"] == "Daniel Petrov"


def test_the_register_pages_on_until_everything_was_seen(cast: Cast, caller_of: Any) -> None:
    numbers = [cast.problem(title=f"Burr in bore {n}").number for n in range(7)]
    daniel, seen, address = caller_of("daniel"), [], "/nonconformity/?size=3&sort=number&severity=major"
    while address:
        page = daniel.get(address).json()
        seen += [item["number"] for item in page["items"]]
        address = page["next"]
    assert seen == numbers


def test_paging_by_a_column_that_is_often_empty_misses_nothing(cast: Cast, caller_of: Any) -> None:
    numbers = {cast.problem(title=f"Burr in bore {n}", severity=severity).number for n, severity in enumerate(["", "minor", "", "", "major"])}
    daniel = caller_of("daniel")
    for sort in ("severity", "-severity", "due", "-due"):
        seen, address = [], f"/nonconformity/?size=1&sort={sort}"
        while address:
            page = daniel.get(address).json()
            seen += [item["number"] for item in page["items"]]
            address = page["next"]
        assert (len(seen), set(seen)) == (5, numbers), sort
        back = daniel.get(daniel.get(f"/nonconformity/?size=2&sort={sort}").json()["next"]).json()["previous"]
        assert [item["number"] for item in daniel.get(back).json()["items"]] == seen[:2]


def test_moving_a_record_follows_its_lifecycle(cast: Cast, caller_of: Any) -> None:
    problem, marek = cast.problem(), caller_of("marek")
    at = f"/nonconformity/{problem.number}/transitions/"
    names = [offer["name"] for offer in marek.get(at).json()]
    assert names == ["register", "void"]
    refused = marek.post(at, {"name": "register"})
    assert refused.status_code == 422
    assert {e["field"] for e in refused.json()["errors"]} >= {"owner", "requirement", "evidence", "gap"}
    values = {
        "owner": str(cast.marek.person.uid), "severity": "major", "requirement": "Bore free of burr", "evidence": "38 of 40 bodies",
        "gap": "Burr of 0.4 mm", "occurred": "2026-01-15", "lasting_fix": "yes",
    }  # fmt: skip
    moved = marek.post(at, {"name": "register", "values": values | {"occurred": "2025-10-01"}})
    assert moved.status_code == 200, moved.content
    assert moved.json()["status"] == "registered"
    assert [event.verb for event in trail.history(problem.pk)] == ["create", "register"]
