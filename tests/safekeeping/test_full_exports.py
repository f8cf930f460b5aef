"""Everything leaves in one file that anybody can verify, goes into another Linchpin, and goes on there."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.safekeeping.installation import ROOT, Installation, somebody_writing
from tests.safekeeping.test_backups import ERASING, TEXTS, rewritten

NewHome = Callable[..., Installation]


def goes_into(archive: Path, here: Installation, there: Installation) -> None:
    """All of it is there, with the same hashes and heads, under another key, and goes on."""
    there.run("restore", archive)
    before, now = here.everything(), there.everything()
    assert now == before and now["ok"]
    last = max(json.loads(row)["number"] for row in now["rows"]["tables/nonconformity.nonconformity.jsonl"])
    assert there.raise_a_problem() == f"{last[:-4]}{int(last[-4:]) + 1:04}", "Numbers go on where they were."
    after = there.verified()
    assert after["ok"] and after["events"] == before["events"] + 1
    assert len(after["held_by"]) == 2, "The old key's seals stand; the new ones are signed by the new installation."
    assert (there.home / "keys" / "seal.key").read_bytes() != (here.home / "keys" / "seal.key").read_bytes()


def test_an_export_goes_into_an_empty_home_and_goes_on_there(founded: Installation, archive: Path, new_home: NewHome) -> None:
    there = new_home()
    goes_into(archive, founded, there)
    found = there.play("from linchpin.kernel.search.finding import find\nfrom linchpin.kernel.commands.settling import system_access\n"
                       "print([hit.record.reference for hit in find(system_access(), 'too shallow')])")  # fmt: skip
    assert found == "['CAR-17']", "The search index was made anew."
    again = archive.parent / "again.zip"
    there.run("export", "-o", again)
    assert there.run("verify", "--export", again).stdout.strip().endswith("the trail is whole.")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_export_goes_from_either_database_to_the_other(founded: Installation, tmp_path: Path, new_home: NewHome, kind: str) -> None:
    if not founded.url:
        pytest.skip("Needs the session's PostgreSQL.")
    here, there = new_home(on=kind), new_home(on="postgresql" if kind == "sqlite" else "sqlite")
    founded.run("export", "-o", tmp_path / "first.zip")
    here.run("restore", tmp_path / "first.zip")
    here.run("export", "-o", tmp_path / "second.zip")
    goes_into(tmp_path / "second.zip", here, there)


def test_it_is_verified_without_any_installation(archive: Path, tmp_path: Path) -> None:
    nowhere = Installation(tmp_path / "nowhere")
    answer = nowhere.verified("--export", archive)
    assert answer["ok"] and answer["events"] > 100
    assert not nowhere.home.exists()


def test_it_tells_in_words_what_it_is(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        said = opened.read("README.txt").decode()
        told = json.loads(opened.read("manifest.json"))
        rows = opened.read("tables/nonconformity.nonconformity.jsonl").decode().splitlines()
    assert "Everything that Dunmallow Aero Components had in Linchpin" in said
    assert told["rows"]["tables/nonconformity.nonconformity.jsonl"] == len(rows)
    first = json.loads(rows[0])
    assert {"id", "number", "title", "status", "severity", "cause", "owner_id", "head"} <= first.keys(), "A record's own fields and those of all."


def test_no_secret_leaves(founded: Installation, archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        everything = {name: opened.read(name) for name in opened.namelist()}
    secrets = founded.play("from linchpin.kernel.people.models import ApiToken, Person\n"
                             "print('\\n'.join([*Person.objects.values_list('password', flat=True), ApiToken.objects.get().digest]))")  # fmt: skip
    secrets = [*secrets.splitlines(), "argon2"]
    secrets += [(founded.home / "keys" / name).read_text().strip().splitlines()[-1] for name in ("trail.key", "secret.key")]
    secrets.append((founded.home / "keys" / "seal.key").read_text().splitlines()[1])
    for name, content in everything.items():
        for secret in secrets:
            assert secret.encode() not in content, f"{name} tells {secret}"
        assert b"time clock" not in content or name == "trail.jsonl"
    assert not {"password", "digest", "token", "pin"} & set(json.loads(everything["tables/people.person.jsonl"].splitlines()[0]))


def test_nobody_signs_in_with_an_old_password_until_norbert_sets_a_new_one(archive: Path, new_home: NewHome) -> None:
    there = new_home()
    assert "linchpin password --for" in there.run("restore", archive).stdout
    signing = "from linchpin.kernel.people.models import Person\nprint(Person.objects.get(email='norbert@dunmallow.example').check_password('{}'))"
    assert there.play(signing.format("a-long-enough-password")) == "False"
    there.run("password", "--for", "norbert@dunmallow.example", LINCHPIN_PASSWORD="another-long-password")
    assert there.play(signing.format("another-long-password")) == "True"
    assert there.verified()["ok"]


def test_erased_texts_stay_erased(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    erased = int(dunmallow.play(ERASING))
    dunmallow.run("export", "-o", tmp_path / "e.zip")
    there = new_home()
    there.run("restore", tmp_path / "e.zip")
    with there.owned() as sql:
        assert sql(TEXTS) == [(0,)]
    assert there.verified()["erased"] == erased


def test_it_replaces_what_is_then_kept_beside(dunmallow: Installation, archive: Path) -> None:
    dunmallow.raise_a_problem()
    assert "is kept in" in dunmallow.run("restore", archive, "--replace").stdout
    assert dunmallow.verified()["ok"]


def _edited_event(members: dict[str, bytes]) -> None:
    members["trail.jsonl"] = members["trail.jsonl"].replace(b'"verb":"comment"', b'"verb":"praised"', 1)


def _edited_head(members: dict[str, bytes]) -> None:
    rows = members["tables/nonconformity.nonconformity.jsonl"].splitlines()
    first = json.loads(rows[0])
    members["tables/nonconformity.nonconformity.jsonl"] = b"\n".join([json.dumps(first | {"head": "00" * 32}).encode(), *rows[1:]])


def _without_people(members: dict[str, bytes]) -> None:
    members["tables/people.person.jsonl"] = b"\n".join(members["tables/people.person.jsonl"].splitlines()[:-2])


def _from_tomorrow(members: dict[str, bytes]) -> None:
    members["tables/people.unit.jsonl"] = members["tables/people.unit.jsonl"].replace(b'"name"', b'"moon":7,"name"', 1)


def _with_a_table_of_tomorrow(members: dict[str, bytes]) -> None:
    members["tables/moon.phase.jsonl"] = b'{"id":1}\n'


def _with_no_json(members: dict[str, bytes]) -> None:
    members["tables/people.unit.jsonl"] = b"Dunmallow, Lipnica\n"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_edited_event, "was edited"),
        (_edited_head, "another newest event"),
        (_without_people, ""),
        (_from_tomorrow, "a field “moon”"),
        (_with_a_table_of_tomorrow, "tables/moon.phase.jsonl"),
        (_with_no_json, "do not fit together"),
    ],
)
def test_an_export_that_somebody_rewrote_is_refused(archive: Path, new_home: NewHome, change: Callable[[dict[str, bytes]], None], says: str) -> None:
    rewritten(archive, lambda members: _with_its_manifest(members, change))
    there = new_home()
    assert says in there.refused("restore", archive)
    assert not (there.home / "linchpin.sqlite3").exists()
    assert not list(there.home.glob(".restoring*")) and not list(there.home.glob("replaced*"))


def _with_its_manifest(members: dict[str, bytes], change: Callable[[dict[str, bytes]], None]) -> None:
    import hashlib

    change(members)
    told: dict[str, Any] = json.loads(members.pop("manifest.json"))
    told["members"] = {name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for name, data in members.items()}
    members["manifest.json"] = json.dumps(told).encode()


def test_an_export_made_while_others_write_is_whole(dunmallow: Installation, tmp_path: Path, new_home: NewHome) -> None:
    with somebody_writing(dunmallow):
        dunmallow.run("export", "-o", tmp_path / "e.zip")
    there = new_home()
    there.run("restore", tmp_path / "e.zip")
    assert there.verified()["ok"]


def test_a_full_disk_leaves_no_half_export(dunmallow: Installation, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    limited = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (34_000, 34_000))\n" \
        f"sys.argv = ['linchpin', 'export', '-o', {str(tmp_path / 'e.zip')!r}]; runpy.run_module('linchpin', run_name='__main__')"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", limited], env=dunmallow.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "Nothing was left behind." in done.stderr
    assert sorted(tmp_path.iterdir()) == before
