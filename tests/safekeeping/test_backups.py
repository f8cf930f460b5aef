"""Norbert backs up while everybody works, and gets back exactly that, or a sentence and his home as it was."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.safekeeping.installation import ROOT, Installation, somebody_writing

NewHome = Callable[..., Installation]


def test_a_backup_comes_back_into_an_empty_home(founded: Installation, backup: Path, new_home: NewHome) -> None:
    there = new_home()
    assert "3 files, verified." in there.run("restore", backup).stdout  # a note, and the populations of two draws
    assert there.everything() == founded.everything()
    assert (there.home / "keys" / "seal.key").read_bytes() == (founded.home / "keys" / "seal.key").read_bytes()
    assert b"Lot 4410: 38 of 120 bodies\n" in {file.read_bytes() for file in (there.home / "files").glob("??/*")}
    assert there.raise_a_problem().startswith("NC-")
    assert there.verified()["ok"]
    assert backup.stat().st_mode & 0o777 == 0o600
    for path in (there.home / "keys").iterdir():
        assert path.stat().st_mode & 0o077 == 0, f"{path} can be read by others"


def test_a_backup_needs_no_name(dunmallow: Installation) -> None:
    dunmallow.run("backup")
    (made,) = (dunmallow.home / "backups").iterdir()
    assert made.name.startswith("linchpin-2") and made.suffix == ".zip"


def test_a_backup_made_while_daniel_writes_is_whole(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    with somebody_writing(dunmallow):
        dunmallow.run("backup", "-o", tmp_path / "b.zip")
    there = new_home()
    there.run("restore", tmp_path / "b.zip")
    assert there.verified()["ok"]


def flipped(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def cut_short(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])


def no_zip_at_all(path: Path) -> None:
    path.write_text("Dear Norbert, the backup is attached.")


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    """The archive with other members, as somebody with a zip program would make it."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)


def leading_out(path: Path) -> None:
    rewritten(path, lambda members: members.update({"../../outside.txt": b"I was here"}))


def with_a_stranger(path: Path) -> None:
    rewritten(path, lambda members: members.update({"keys/other.pub": b"Trust me"}))


def without_its_keys(path: Path) -> None:
    rewritten(path, lambda members: members.pop("keys/trail.key"))


def without_manifest(path: Path) -> None:
    rewritten(path, lambda members: members.pop("manifest.json"))


def with_another_key(path: Path) -> None:
    rewritten(path, lambda members: members.update({"keys/trail.key": b"00" * 32}))


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (flipped, ""),
        (cut_short, "is damaged or was cut short"),
        (no_zip_at_all, "is damaged or was cut short"),
        (leading_out, "leads out of the archive"),
        (with_a_stranger, "other files than its manifest says"),
        (without_its_keys, "other files than its manifest says"),
        (without_manifest, "no manifest of Linchpin"),
        (with_another_key, "is not what was written"),
    ],
)
def test_a_damaged_backup_is_refused_and_the_home_stays_as_it_was(
    founded: Installation, backup: Path, damage: Callable[[Path], None], says: str
) -> None:
    damage(backup)
    before = founded.tree()
    sentence = founded.refused("restore", backup, "--replace")
    assert sentence.startswith("linchpin.zip was not taken: ") and sentence.endswith("Nothing was changed.") and says in sentence
    assert founded.tree() == before
    with founded.owned() as sql:
        assert sql("SELECT COUNT(*) FROM people_organization") == [(1,)]
    assert not (backup.parent / "outside.txt").exists()


def test_a_backup_whose_trail_was_rewritten_with_its_manifest_is_refused(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    with dunmallow.owned() as sql:
        sql("UPDATE trail_event SET verb = 'approve' WHERE verb = 'comment'")
    done = dunmallow.run("backup", "-o", tmp_path / "b.zip", code=1)
    assert "the trail in it is not whole" in done.stderr and "was edited" in done.stderr
    there = new_home()
    assert "was edited" in there.run("restore", tmp_path / "b.zip", code=1).stderr, "What was backed up comes back, and says so."

    def whitewashed(members: dict[str, bytes]) -> None:
        told = json.loads(members["manifest.json"])
        members["manifest.json"] = json.dumps(told | {"trail": told["trail"] | {"ok": True, "first_fault": None}}).encode()

    rewritten(tmp_path / "b.zip", whitewashed)
    elsewhere = new_home()
    assert "was edited" in elsewhere.refused("restore", tmp_path / "b.zip")
    assert "nothing to verify" in elsewhere.refused("verify", code=1)


@pytest.mark.parametrize("name", ["linchpin.zip", "everything.zip"])
def test_a_home_that_holds_something_is_not_overwritten(founded: Installation, saved: Path, name: str) -> None:
    before = founded.tree()
    assert "say --replace" in founded.refused("restore", saved / name)
    assert founded.tree() == before


def test_what_stood_there_is_kept_beside(dunmallow: Installation, backup: Path) -> None:
    number = dunmallow.raise_a_problem()
    assert "is kept in" in dunmallow.run("restore", backup, "--replace").stdout
    assert dunmallow.raise_a_problem() == number, "The problem that was raised after the backup is gone with its number."
    (kept,) = dunmallow.home.glob("replaced-*")
    assert {p.name for p in kept.iterdir()} >= {"keys", "files"}
    if dunmallow.url:
        with dunmallow.owned() as sql:
            assert sql("SELECT COUNT(*) FROM pg_namespace WHERE nspname LIKE 'replaced%'") == [(1,)]
        return
    before = Installation(kept)
    assert before.verified()["ok"]
    assert before.raise_a_problem() > number


def test_a_home_in_use_is_not_replaced(dunmallow: Installation, backup: Path) -> None:
    using = "import django; django.setup()\nfrom linchpin.kernel.people.models import Person\nPerson.objects.count()\n" \
        "import time; print('here', flush=True); time.sleep(60)"  # fmt: skip
    server = subprocess.Popen([sys.executable, "-c", using], env=dunmallow.environment, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert server.stdout and server.stdout.readline()
        assert "stop it first" in dunmallow.refused("restore", backup, "--replace")
    finally:
        server.kill()
        server.wait()
    assert dunmallow.verified()["ok"]


ERASING = """
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.commands.settling import system_access
from linchpin.kernel.records.models import Record
record = Record.objects.get(reference="CAR-17")
with command() as at:
    print(trail.erase_texts(record, "record", actor=system_access().person, reason="Request of 3 November", at=at))
"""
TEXTS = "SELECT COUNT(*) FROM trail_eventtext WHERE text LIKE '%too shallow%'"


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_was_erased_after_the_backup_is_forgotten_again(dunmallow: Installation, backup: Path, new_home: NewHome, elsewhere: bool) -> None:
    erased = int(dunmallow.play(ERASING))
    dunmallow.run("backup", "-o", backup.parent / "later.zip")
    there = new_home() if elsewhere else dunmallow
    said = there.run("restore", backup, *(() if elsewhere else ("--replace",))).stdout
    assert f"{erased} texts that had been erased since were erased again." in said
    with there.owned() as sql:
        assert sql(TEXTS) == [(0,)]
    answer = there.verified()
    assert (answer["ok"], answer["erased"]) == (True, erased)


def test_a_full_disk_leaves_no_half_backup(dunmallow: Installation, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (34_000, 34_000))\n" \
        f"sys.argv = ['linchpin', 'backup', '-o', {str(tmp_path / 'b.zip')!r}]; runpy.run_module('linchpin', run_name='__main__')"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", limited], env=dunmallow.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(tmp_path.iterdir()) == before


def test_a_backup_from_before_an_upgrade_comes_back_at_the_newest_migration(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    dunmallow.play("from django.core.management import call_command\ncall_command('migrate', 'search', 'zero', verbosity=0)\n"
                   f"from pathlib import Path\nfrom linchpin.exchange.safekeeping import back_up\nback_up(Path({str(tmp_path / 'old.zip')!r}))")  # fmt: skip
    there = new_home()
    there.run("restore", tmp_path / "old.zip")
    assert there.play("from django.db import connection\nprint('search_text' in connection.introspection.table_names())") == "True"


def test_a_backup_of_a_newer_linchpin_is_refused(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    with dunmallow.owned() as sql:
        sql("INSERT INTO django_migrations (app, name, applied) VALUES ('records', '0999_of_tomorrow', '2030-01-01')")
    dunmallow.run("backup", "-o", tmp_path / "new.zip")
    there = new_home()
    assert "was made by a newer Linchpin" in there.refused("restore", tmp_path / "new.zip")
    assert not (there.home / "linchpin.sqlite3").exists()


def test_a_backup_goes_back_to_its_own_kind_of_database(dunmallow: Installation, backup: Path, new_home: NewHome) -> None:
    if not dunmallow.url:
        pytest.skip("Needs the session's PostgreSQL for the other kind.")
    assert "a full export" in new_home(on="sqlite").refused("restore", backup)


def test_without_pg_dump_it_says_what_to_install(dunmallow: Installation, tmp_path: Path) -> None:
    if not dunmallow.url:
        pytest.skip("SQLite needs no program.")
    sentence = dunmallow.refused("backup", "-o", tmp_path / "b.zip", PATH=str(Path(shutil.which("env") or "/usr/bin/env").parent / "nowhere"))
    assert "pg_dump is not installed here" in sentence
    assert not (tmp_path / "b.zip").exists()


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(dunmallow: Installation, tmp_path: Path) -> None:
    if dunmallow.url:
        pytest.skip("PostgreSQL's files are its own.")
    path = dunmallow.home / "linchpin.sqlite3"
    data: Any = bytearray(path.read_bytes())
    middle = len(data) // 2 // 4096 * 4096
    data[middle : middle + 8192] = bytes(8192)
    path.write_bytes(data)
    dunmallow.run("backup", "-o", tmp_path / "b.zip", code=2)
    assert not (tmp_path / "b.zip").exists()
