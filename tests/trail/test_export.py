"""What leaves the installation is judged by the same code, without it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import connection

from linchpin.kernel import trail
from linchpin.kernel.people.writing import permitted
from linchpin.kernel.trail.core import verify_export, verify_lines
from linchpin.kernel.trail.keys import sealing_fingerprint

from .conftest import AT, Company


def test_an_export_is_as_whole_as_the_database(company: Company, tmp_path: Path) -> None:
    path = tmp_path / "trail.jsonl"
    path.write_text("".join(trail.export_lines()), encoding="utf-8")
    inside, outside = trail.verify(), verify_export(path, held_by=sealing_fingerprint())
    assert outside.ok, outside.first_fault
    assert (outside.events, outside.seals, outside.texts) == (inside.events, inside.seals, inside.texts)


def test_an_export_tells_of_erased_texts(company: Company) -> None:
    with permitted():
        trail.erase_texts(company.records[0], "record", actor=company.seun, reason="Request", at=AT)
    lines = [json.loads(line) for line in trail.export_lines()]
    assert sum(line["kind"] == "text" and line["text"] is None for line in lines) == 10
    assert verify_lines(lines).ok


def test_an_event_edited_in_the_file_is_named(company: Company) -> None:
    lines = [json.loads(line) for line in trail.export_lines()]
    event = next(line for line in lines if line["kind"] == "event" and line["verb"] == "sign")
    event["body"] = event["body"].replace("open", "done")
    fault = verify_lines(lines).first_fault
    assert fault is not None
    assert (fault["kind"], fault["event"], fault["sequence"]) == ("edited", event["id"], 4)


def test_events_that_wait_for_their_seal_stay_out(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("On SQLite every event is sealed with its command.")
    record = company.records[0]
    with permitted():
        trail.append(record, "record", record_id=record.pk, actor=company.seun, verb="edit", at=AT)
        record.save()
    monkeypatch.setattr("linchpin.kernel.trail.exporting.seal_pending", lambda: 0)  # another writer was quicker
    answer = verify_lines(json.loads(line) for line in trail.export_lines())
    assert answer.ok and answer.events == 15, answer.first_fault
