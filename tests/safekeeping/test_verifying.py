"""`linchpin verify` as Norbert runs it: whole or not, which event, and what a kill leaves behind."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.safekeeping.installation import ROOT, Installation, somebody_writing

ONE = "SELECT id FROM trail_event WHERE verb = 'comment'"
COLUMNS = "chain, kind, record_id, actor_id, at, verb, body, previous, hash, mac"


def fault(installation: Installation) -> Any:
    answer = installation.verified(code=1)
    assert not answer["ok"]
    return answer["first_fault"]


def test_a_whole_trail_is_counted(dunmallow: Installation) -> None:
    answer = dunmallow.verified()
    assert answer["ok"] and answer["first_fault"] is None
    assert answer["events"] > 100 and 0 < answer["seals"] <= answer["events"] and answer["unsealed"] == 0
    assert dunmallow.run("verify").stdout.strip() == f"{answer['events']} events, {answer['seals']} seals: the trail is whole."


def test_an_edited_event_is_named_although_the_triggers_were_dropped(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        ((event,),) = sql(ONE)
        sql(f"UPDATE trail_event SET body = replace(body, 'comment', 'praised') WHERE id = {event}")
    found = fault(dunmallow)
    assert (found["kind"], found["event"]) == ("edited", event)
    assert found["sentence"].startswith(found["record"]) and "was edited" in dunmallow.run("verify", code=1).stdout


def test_a_deleted_event_is_named(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        ((record, sequence),) = sql("SELECT record_id, sequence FROM trail_event WHERE verb = 'comment'")
        sql(f"DELETE FROM trail_event WHERE record_id = {record} AND sequence = {sequence}")
        ((number,),) = sql(f"SELECT number FROM records_record WHERE id = {record}")
    found = fault(dunmallow)
    assert (found["kind"], found["record"], found["sequence"]) == ("deleted", number, sequence)


def test_an_inserted_event_is_named(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        ((record, last),) = sql("SELECT record_id, MAX(sequence) FROM trail_event WHERE record_id = "
                                "(SELECT record_id FROM trail_event WHERE verb = 'comment') GROUP BY record_id")  # fmt: skip
        sql(f"INSERT INTO trail_event (id, sequence, {COLUMNS}) SELECT 999999, {last + 1}, {COLUMNS} FROM trail_event "
            f"WHERE record_id = {record} AND sequence = {last}")  # fmt: skip
        sql(f"UPDATE records_record SET sequence = {last + 1} WHERE id = {record}")
    found = fault(dunmallow)
    assert (found["kind"], found["event"], found["sequence"]) == ("inserted", 999999, last + 1)


def test_reordered_events_are_named(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        ((record, sequence),) = sql("SELECT record_id, sequence FROM trail_event WHERE verb = 'comment'")
        for old, new in ((sequence, 9999), (sequence + 1, sequence), (9999, sequence + 1)):
            sql(f"UPDATE trail_event SET sequence = {new} WHERE record_id = {record} AND sequence = {old}")
    found = fault(dunmallow)
    assert (found["kind"], found["sequence"]) == ("reordered", sequence)


def test_a_seal_kept_outside_shows_a_database_that_was_put_back(dunmallow: Installation, tmp_path: Path) -> None:
    dunmallow.run("backup", "-o", tmp_path / "yesterday.zip")
    dunmallow.raise_a_problem()
    dunmallow.run("worker", "--once")
    dunmallow.run("verify", "--keep", tmp_path / "seal.json")
    assert (tmp_path / "seal.json").stat().st_mode & 0o777 == 0o600
    assert dunmallow.run("verify", "--held", tmp_path / "seal.json").returncode == 0
    dunmallow.run("restore", tmp_path / "yesterday.zip", "--replace")
    assert dunmallow.verified()["ok"], "By itself an older database is whole."
    said = dunmallow.run("verify", "--held", tmp_path / "seal.json", code=1).stdout
    assert "is not the one that was kept outside" in said


def test_a_seal_kept_outside_is_held_against_an_export(dunmallow: Installation, tmp_path: Path) -> None:
    dunmallow.run("export", "-o", tmp_path / "e.zip")
    seal = json.loads(dunmallow.run("verify", "--keep", "-").stdout)
    (tmp_path / "seal.json").write_text(json.dumps(seal))
    assert dunmallow.verified("--export", tmp_path / "e.zip", "--held", tmp_path / "seal.json")["ok"]
    for change, kind in (({"number": seal["number"] + 1}, "seal_exchanged"), ({"key": "00" * 32}, "seal_forged")):
        (tmp_path / "seal.json").write_text(json.dumps(seal | change))
        answer = dunmallow.verified("--export", tmp_path / "e.zip", "--held", tmp_path / "seal.json", code=1)
        assert answer["first_fault"]["kind"] == kind
    (tmp_path / "seal.json").write_text("my seal")
    assert "is not a seal" in dunmallow.refused("verify", "--held", tmp_path / "seal.json", code=1)


def test_no_seal_of_a_broken_trail_is_kept(dunmallow: Installation, tmp_path: Path) -> None:
    with dunmallow.owned() as sql:
        sql("UPDATE trail_event SET verb = 'praised' WHERE verb = 'comment'")
    assert "was not written" in dunmallow.run("verify", "--keep", tmp_path / "seal.json", code=1).stderr
    assert not (tmp_path / "seal.json").exists()


def test_an_export_that_was_edited_is_named(dunmallow: Installation, tmp_path: Path) -> None:
    dunmallow.run("export", "-o", tmp_path / "e.zip")
    with zipfile.ZipFile(tmp_path / "e.zip") as archive:
        lines = [json.loads(line) for line in archive.read("trail.jsonl").splitlines()]
    event = next(line for line in lines if line["kind"] == "event" and line["verb"] == "comment")
    event["body"] = event["body"].replace("comment", "praised")
    (tmp_path / "trail.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    answer = Installation(tmp_path / "nowhere").verified("--export", tmp_path / "trail.jsonl", code=1)
    assert (answer["first_fault"]["kind"], answer["first_fault"]["event"]) == ("edited", event["id"])
    (tmp_path / "letter.zip").write_text("Dear auditor")
    Installation(tmp_path / "nowhere").refused("verify", "--export", tmp_path / "letter.zip", code=1)


def test_a_wrong_home_is_not_called_whole(tmp_path: Path) -> None:
    said = Installation(tmp_path / "typo").refused("verify", code=1)
    assert "There is nothing to verify" in said and "LINCHPIN_HOME" in said


KILLED = """
import os, signal
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.commands.transaction import command
{setting}
with command():
    commands.create("nonconformity", {{"title": "Cut off in the middle"}}, actor=system_access())
    {inside}
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_kill_inside_a_command_leaves_nothing(dunmallow: Installation) -> None:
    before = dunmallow.verified()
    dunmallow.play(KILLED.format(setting="", inside="os.kill(os.getpid(), signal.SIGKILL)"), code=-9)
    assert dunmallow.verified() == before
    with dunmallow.owned() as sql:
        assert sql("SELECT COUNT(*) FROM records_record WHERE title = 'Cut off in the middle'") == [(0,)]
    dunmallow.raise_a_problem()
    assert dunmallow.verified()["events"] == before["events"] + 1


def test_a_kill_between_event_and_seal_loses_neither(dunmallow: Installation) -> None:
    """On SQLite the seal is part of the command; on PostgreSQL the next worker seals what the killed one left."""
    before = dunmallow.verified()
    dunmallow.play(KILLED.format(setting="", inside="pass"), code=-9)
    answer = dunmallow.verified()
    assert answer["ok"] and answer["events"] == before["events"] + 1
    assert answer["unsealed"] == (1 if dunmallow.url else 0)
    if dunmallow.url:
        sealing = "from linchpin.kernel.trail import sealing\nimport os, signal\n" \
            "sealing.insert_rows = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\ntrail.seal_pending()"  # fmt: skip
        dunmallow.play(sealing, code=-9)
        assert dunmallow.verified()["unsealed"] == 1, "A worker killed in the middle of sealing has sealed nothing."
    dunmallow.run("worker", "--once")
    after = dunmallow.verified()
    assert after["ok"] and after["unsealed"] == 0
    assert after["seals"] == before["seals"] + 1


SHARED = """
from linchpin.kernel.trail import sharing
sharing.MANY, sharing._cores, asked = 1, lambda: 2, sharing._Other.answer
answers = []
sharing._Other.answer = lambda self: answers.append(asked(self)) or answers[-1]
import json
found = [trail.verify() for _again in range({times})]
assert None not in answers, "The second process did not answer."
print(json.dumps([[one.ok, one.first_fault, one.events, one.seals, one.texts, one.erased, len(answers)] for one in found]))
"""


def test_a_second_process_sees_what_the_first_sees_while_others_write(dunmallow: Installation) -> None:
    alone = dunmallow.verified()
    ((*answer, helped),) = json.loads(dunmallow.play(SHARED.format(times=1)))
    assert (answer, helped) == ([True, None, alone["events"], alone["seals"], alone["texts"], alone["erased"]], 1)
    with somebody_writing(dunmallow):
        found = json.loads(dunmallow.play(SHARED.format(times=5)))
    assert all(ok for ok, *_rest in found) and found[-1][2] > alone["events"]
    if not dunmallow.url:  # there each of these commands is one event under one seal
        assert {events - seals for _ok, _fault, events, seals, *_rest in found} == {alone["events"] - alone["seals"]}


def test_a_second_process_names_what_the_first_would(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        sql("UPDATE trail_eventtext SET text = 'Praised' WHERE event_id = (SELECT MIN(event_id) FROM trail_eventtext)")
        sql("UPDATE trail_seal SET root = 'ab' WHERE number = 2")
    alone = fault(dunmallow)
    assert json.loads(dunmallow.play(SHARED.format(times=1)))[0][:2] == [False, alone]
    assert alone["kind"] == "text_edited"


def test_without_a_second_process_the_first_does_all(dunmallow: Installation) -> None:
    broken = "import sys; sys.executable = '/bin/false'\n" + SHARED.format(times=1).replace('assert None not in answers', 'assert not answers')
    assert json.loads(dunmallow.play(broken))[0][0] is True


def test_the_worker_seals_within_moments(dunmallow: Installation) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "linchpin", "worker"], env=dunmallow.environment, cwd=ROOT)
    try:
        seals = dunmallow.verified()["seals"]
        dunmallow.raise_a_problem()
        answer = _until_sealed(dunmallow)
        assert answer["ok"] and answer["seals"] > seals
    finally:
        worker.terminate()
        worker.wait(30)


def _until_sealed(installation: Installation) -> Any:
    for _attempt in range(20):
        answer = installation.verified()
        if not answer["unsealed"]:
            return answer
    return pytest.fail("Nobody sealed it.")
