"""`linchpin import` as Daniel runs it: exit codes, JSON, and what a kill, a full disk or a second one leaves behind. Real processes."""

from __future__ import annotations

import contextlib
import csv
import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.safekeeping.installation import ROOT, Installation

HEADERS = ["Number", "Problem", "Details", "Severity"]
DANIEL = ("--type", "nonconformity", "--accept-guesses", "--as", "daniel@dunmallow.example")
SMALL = "from linchpin.exchange import accepting, long_work\naccepting.BATCH = long_work.BATCH = 20\n"
"""In place of the half second that a batch takes: so that few rows make a long import."""
MAIN = "import sys\nfrom linchpin.surfaces.cli.main import main\nsys.argv = ['linchpin', 'import', *{asked!r}]\nmain()\n"
CHAINED = """
name = "ours"
type = "action"
key = ["Number"]

[[columns]]
name = "Number"
required = true

[[columns]]
name = "Title"

[[columns]]
name = "Under"

[[fields]]
field = "title"
column = "Title"

[[fields]]
field = "what"
column = "Title"

[constants]
kind = "corrective"

[parent]
type = "action"
column = "Under"
"""


def register(path: Path, rows: int, *wrong: list[str], tag: str = "CAR") -> Path:
    """A file of so many problems, and then those that are wrong."""
    with path.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows([HEADERS, *([f"{tag}-{n:05}", f"Burr in bore {n}", "Seen at deburring", "minor"] for n in range(rows)), *wrong])
    return path


def brought(there: Installation, file: Path, *asked: str, code: int = 0) -> Any:
    return json.loads(there.run("import", file, *DANIEL, "--json", *asked, code=code).stdout)


def standing(there: Installation, where: str = "r.provenance = 'imported'") -> int:
    """How many records of that kind stand and are seen."""
    with there.owned() as sql:
        ((count,),) = sql(f"SELECT COUNT(*) FROM records_record r WHERE {where} AND r.type = 'nonconformity' AND r.phase <> 'void'")
    return int(count)


def hidden(there: Installation) -> int:
    with there.owned() as sql:
        ((count,),) = sql("SELECT COUNT(*) FROM records_record WHERE type = '~nonconformity'")
    return int(count)


def states(there: Installation) -> list[str]:
    with there.owned() as sql:
        return [state for (state,) in sql("SELECT state FROM exchange_import ORDER BY id")]


def source_of(file: Path, *asked: str, before: str = "") -> str:
    """The same command as a piece of Python, with something arranged before."""
    return f"{SMALL}{before}\n{MAIN.format(asked=[str(file), *DANIEL, '--json', *asked])}"


@contextlib.contextmanager
def running(there: Installation, source: str, **options: Any) -> Iterator[subprocess.Popen[str]]:
    setup = "import django; django.setup()\n"
    process = subprocess.Popen([sys.executable, "-c", setup + source], env=there.environment, cwd=ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_every_row_taken_is_0_some_rejected_is_3_and_no_file_is_2(dunmallow: Installation, tmp_path: Path) -> None:
    whole, torn = register(tmp_path / "log.csv", 3), register(tmp_path / "torn.csv", 2, ["CAR-9", "Burr", "", "purple"], tag="X")
    first = brought(dunmallow, whole)
    assert (first["rows"], first["created"], first["rejected"], first["errors"]) == (3, 3, 0, [])
    second = brought(dunmallow, whole)
    assert (second["created"], second["updated"], second["unchanged"]) == (0, 0, 3)
    told = brought(dunmallow, torn, code=3)
    assert (told["created"], told["rejected"]) == (2, 1)
    (error,) = told["errors"]
    assert (error["row"], error["column"], error["header"]) == (4, "D", "Severity") and "purple" in error["message"]
    assert "does not exist" in dunmallow.refused("import", tmp_path / "none.csv", *DANIEL)
    (tmp_path / "letter.xlsx").write_bytes(b"PK\x03\x04 Dear auditor" * 9)
    assert dunmallow.refused("import", tmp_path / "letter.xlsx", *DANIEL)
    assert "Say what the rows become" in dunmallow.refused("import", whole)
    assert "Nobody here has the e-mail" in dunmallow.refused("import", whole, "--type", "nonconformity", "--as", "nobody@example.org", code=1)
    assert standing(dunmallow) == 5


def test_all_or_none_takes_nothing_while_a_row_cannot_be_taken(dunmallow: Installation, tmp_path: Path) -> None:
    torn = register(tmp_path / "torn.csv", 30, ["CAR-X", "Burr", "", "purple"])
    before = dunmallow.everything()
    told = brought(dunmallow, torn, "--all-or-none", code=3)
    assert told["created"] == 0 and told["rejected"] == 1 and "all or none" in told["refused"]
    said = dunmallow.run("import", torn, *DANIEL, "--all-or-none", code=3).stdout
    assert "nothing was taken" in said and "row 32, column D “Severity”" in said and "Nothing has been sent" not in said
    assert dunmallow.everything() == before


def test_a_dry_run_says_what_would_happen_and_changes_nothing(dunmallow: Installation, tmp_path: Path) -> None:
    file = register(tmp_path / "log.csv", 4)
    before = dunmallow.everything()
    assert brought(dunmallow, file, "--dry-run")["created"] == 4
    said = dunmallow.run("import", file, *DANIEL, "--dry-run").stdout
    assert "4 would be created" in said and "sent" not in said
    assert dunmallow.everything() == before and states(dunmallow) == []


def test_a_question_that_nobody_answered_is_asked_and_ends_with_2(dunmallow: Installation, tmp_path: Path) -> None:
    file = register(tmp_path / "log.csv", 2, ["CAR-X", "Burr", "", "showstopper"])
    asked = ("import", file, "--type", "nonconformity", "--as", "daniel@dunmallow.example")
    assert "In “Severity”, what does “showstopper” mean?" in dunmallow.refused(*asked)
    (question,) = json.loads(dunmallow.run(*asked, "--json", code=2).stdout)["questions"]
    assert (question["about"], question["column"]) == ("values", "D") and ["major", "Serious"] in question["options"]
    assert standing(dunmallow) == 0 and states(dunmallow) == []


def test_help_tells_the_exit_codes_and_every_option() -> None:
    said = Installation(Path("/nonexistent")).run("import", "--help").stdout
    for word in ("Exits 0", "3 when some were rejected", "2 when the file could not be used", "--all-or-none", "--dry-run", "--json", "--as", "--overwrite"):
        assert word in " ".join(said.split()), word


def test_who_may_not_bring_in_is_told_so(dunmallow: Installation, tmp_path: Path) -> None:
    said = dunmallow.refused("import", register(tmp_path / "log.csv", 2), "--type", "nonconformity", "--as", "marek@dunmallow.example")
    assert "is for" in said and standing(dunmallow) == 0


KILL_AFTER = """
import os, signal
taken = long_work._take_batch
done = []
def batch(*a):
    taken(*a)
    done.append(1)
    if len(done) == {batches}: os.kill(os.getpid(), signal.SIGKILL)
long_work._take_batch = batch
"""
DIE = "import os, signal\ndie = lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL)\n"
BEFORE_ITS_END = DIE + "from linchpin.kernel.commands import importing\nimporting.index_many = die\n"
BEFORE_ITS_SEAL = DIE + "from linchpin.kernel.trail import sealing\nsealing._seal = lambda events: die() if len(events) > 5 else None\n"


@pytest.mark.parametrize(("rows", "dying"), [(10, BEFORE_ITS_END), (90, BEFORE_ITS_SEAL)])
def test_a_kill_inside_a_transaction_leaves_nothing_of_it(dunmallow: Installation, tmp_path: Path, rows: int, dying: str) -> None:
    if dunmallow.url:  # there the worker seals
        dying = BEFORE_ITS_END
    before = dunmallow.verified()
    file = register(tmp_path / "log.csv", rows)
    dunmallow.play(source_of(file, before=dying), code=-signal.SIGKILL)
    assert dunmallow.verified() == before
    assert (standing(dunmallow), hidden(dunmallow)) == (0, 0)
    assert brought(dunmallow, file)["created"] == rows
    assert standing(dunmallow) == rows and dunmallow.verified()["ok"]


def test_a_kill_between_batches_shows_nobody_half_and_the_same_command_goes_on(dunmallow: Installation, tmp_path: Path) -> None:
    file = register(tmp_path / "log.csv", 90)
    dunmallow.play(source_of(file, before=KILL_AFTER.format(batches=2)), code=-signal.SIGKILL)
    assert (standing(dunmallow), hidden(dunmallow), states(dunmallow)) == (0, 40, ["accepting"])
    assert dunmallow.verified()["ok"]
    other = register(tmp_path / "other.csv", 2, tag="OTHER")
    assert "is being taken over just now" in dunmallow.refused("import", other, *DANIEL)
    told = json.loads(dunmallow.play(source_of(file)))
    assert (told["rows"], told["created"]) == (90, 90)
    assert (standing(dunmallow), hidden(dunmallow), states(dunmallow)) == (90, 0, ["accepted"])
    with dunmallow.owned() as sql:
        assert sql("SELECT COUNT(DISTINCT reference), COUNT(DISTINCT number) FROM records_record WHERE provenance = 'imported'") == [(90, 90)]
    answer = dunmallow.verified()
    assert answer["ok"], answer["first_fault"]
    assert brought(dunmallow, other)["created"] == 2


def test_those_under_others_come_after_them_though_the_batches_end_between(dunmallow: Installation, tmp_path: Path) -> None:
    file, profile = tmp_path / "actions.csv", tmp_path / "ours.toml"
    top = tmp_path / "top.csv"
    top.write_text("Number,Title,What to do\nTOP,Borescopes,Fit them\n")
    dunmallow.run("import", top, "--type", "action", "--accept-guesses", "--as", "daniel@dunmallow.example")
    rows = [[f"A-{n}", f"Fit borescope {n}", f"A-{n + 1}" if n % 7 else "TOP"] for n in range(71)]
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([["Number", "Title", "Under"], *rows])
    profile.write_text(CHAINED)
    asked = [str(file), "--profile", str(profile), "--as", "daniel@dunmallow.example", "--json"]
    told = json.loads(dunmallow.play(f"{SMALL}\n{MAIN.format(asked=asked)}"))
    assert (told["created"], told["rejected"], told["errors"]) == (71, 0, [])
    with dunmallow.owned() as sql:
        pairs = dict(sql("SELECT r.reference, p.reference FROM records_record r LEFT JOIN records_record p ON p.id = r.parent_id WHERE r.reference LIKE 'A-%'"))
    assert pairs == {number: above for number, _title, above in rows}


@pytest.mark.parametrize("rows", [10, 90])
def test_two_imports_of_one_file_at_once_make_each_record_once(dunmallow: Installation, tmp_path: Path, rows: int) -> None:
    file = register(tmp_path / "log.csv", rows)
    wait = f"import time\nfrom linchpin.exchange import bringing\nstage = bringing.stage\n" \
        f"bringing.stage = lambda *a: (stage(*a), time.sleep(max(0, {time.time() + 8} - time.time())))\n"  # fmt: skip
    with running(dunmallow, source_of(file, before=wait)) as one, running(dunmallow, source_of(file, before=wait)) as two:
        said = [process.communicate(timeout=120) for process in (one, two)]
    codes = sorted((one.returncode, two.returncode))
    assert codes in ([0, 0], [0, 2]), said
    assert "Traceback" not in said[0][1] + said[1][1]
    if codes == [0, 2]:
        assert any("is being taken over just now" in err or "dealt with meanwhile" in err for _out, err in said), said
    assert (standing(dunmallow), hidden(dunmallow)) == (rows, 0)
    answer = dunmallow.verified()
    assert answer["ok"], answer["first_fault"]


def _small_files() -> None:
    """No file of this process may grow beyond a little more than the database has: for it the disk is full."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_small_files.most, resource.RLIM_INFINITY))  # type: ignore[attr-defined]


def test_a_full_disk_ends_with_a_sentence_and_nothing_half_imported(dunmallow: Installation, tmp_path: Path) -> None:
    if dunmallow.url:
        pytest.skip("The disk of the server is not the one of this process.")
    file = register(tmp_path / "log.csv", 4_000)
    dunmallow.run("doctor", code=0)
    before = dunmallow.verified()
    _small_files.most = (dunmallow.home / "linchpin.sqlite3").stat().st_size + 3_000_000  # type: ignore[attr-defined]
    big = "accepting.BATCH = long_work.BATCH = 1_000\n"
    with running(dunmallow, source_of(file, before=big), preexec_fn=_small_files) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 2 and "Traceback" not in err, out + err
    assert "Nobody sees anything of it yet" in err or "Nothing was taken" in err, err
    assert standing(dunmallow) == 0 and dunmallow.verified()["ok"] and dunmallow.verified()["events"] >= before["events"]
    assert brought(dunmallow, file)["created"] == 4_000
    assert (standing(dunmallow), hidden(dunmallow)) == (4_000, 0) and dunmallow.verified()["ok"]
