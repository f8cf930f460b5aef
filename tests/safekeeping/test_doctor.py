"""`linchpin doctor` says what is wrong, and what to do; nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.safekeeping.installation import Installation


def told(installation: Installation, code: int) -> dict[str, str]:
    """Each check with its mark and sentence."""
    lines = installation.run("doctor", code=code).stdout.splitlines()
    return {line[5:].partition(":")[0]: line[:3].strip() + line[5:].partition(":")[2] for line in lines}


def test_a_healthy_home(dunmallow: Installation) -> None:
    said = told(dunmallow, 0)
    assert list(said) == ["home", "disk", "database", "organization", "administrators", "files", "jobs", "seals", "backups", "mail"]
    assert all(sentence.startswith("ok") for sentence in said.values())
    assert said["organization"] == "ok Dunmallow Aero Components (demonstration), edition 2015."
    assert said["administrators"] == "ok 1 can sign in."


def test_a_home_without_anything_is_not_made_by_looking(new_home: Callable[..., Installation]) -> None:
    there = new_home()
    said = told(there, 1)
    assert "linchpin init" in said["database"] or "migrations wait" in said["database"]
    assert not (there.home / "linchpin.sqlite3").exists()


def test_everything_that_is_wrong_is_said_at_once(dunmallow: Installation) -> None:
    (note,) = (file for file in (dunmallow.home / "files").glob("??/*") if file.read_bytes().startswith(b"Lot 4410"))
    note.unlink()
    (dunmallow.home / "last-backup.json").unlink(missing_ok=True)  # its home was saved before, where another test asked for that
    dunmallow.home.chmod(0o755)
    with dunmallow.owned() as sql:
        sql("DELETE FROM people_grant WHERE role = 'administrator'")
        sql("UPDATE people_organization SET is_demo = false" if dunmallow.url else "UPDATE people_organization SET is_demo = 0")
        sql("UPDATE trail_event SET at = '2020-01-01 00:00:00+00:00'" if dunmallow.url else "UPDATE trail_event SET at = '2020-01-01 00:00:00'")
        sql("INSERT INTO trail_pending SELECT MIN(id) FROM trail_event")
    said = told(dunmallow, 1)
    bad = {name for name, sentence in said.items() if sentence.startswith("BAD")}
    assert bad == {"home", "administrators", "files", "seals", "backups"}
    assert "run chmod 700" in said["home"]
    assert "1 missing" in said["files"] and "“count.txt”" in said["files"]
    assert "linchpin backup" in said["backups"]
    assert "no worker runs" in said["seals"]


@pytest.mark.parametrize("change", ["ends = '2020-01-01'", "starts = '2999-01-01'"])
def test_an_administrator_whose_time_is_over_does_not_count(dunmallow: Installation, change: str) -> None:
    with dunmallow.owned() as sql:
        sql(f"UPDATE people_grant SET {change} WHERE role = 'administrator'")
    assert "nobody holds the role today" in told(dunmallow, 1)["administrators"]


def test_an_administrator_without_a_password_is_told_how_to_get_one(dunmallow: Installation) -> None:
    with dunmallow.owned() as sql:
        sql("UPDATE people_person SET password = '!' WHERE email = 'norbert@dunmallow.example'")
    assert "linchpin password --for norbert@dunmallow.example" in told(dunmallow, 1)["administrators"]


def test_waiting_migrations_and_nothing_beyond(dunmallow: Installation) -> None:
    dunmallow.play("from django.core.management import call_command\ncall_command('migrate', 'search', 'zero', verbosity=0)")
    said = told(dunmallow, 1)
    assert "1 migrations wait" in said["database"] and "organization" not in said


def test_a_damaged_database_is_a_sentence(dunmallow: Installation) -> None:
    if dunmallow.url:
        pytest.skip("PostgreSQL's files are its own.")
    path = dunmallow.home / "linchpin.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + bytes(8192))
    assert told(dunmallow, 1)["database"].startswith("BAD")


def test_a_backup_is_remembered(dunmallow: Installation, tmp_path: Path) -> None:
    dunmallow.run("backup", "-o", tmp_path / "b.zip")
    assert "the last one was made on 2" in told(dunmallow, 0)["backups"]
