"""The file behind “check it yourself”: verified by another process, far from the installation; one byte changed is found."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from linchpin.kernel import commands
from linchpin.kernel.trail.core import verify_export
from tests.cast import Cast


def saved(cast: Cast, browser_of: Any, path: Path) -> Path:
    burr = cast.problem()
    commands.comment(burr, "Looked at it with Priya.", actor=cast.marek)
    commands.edit(burr, {"title": "Burr where the bores cross"}, actor=cast.daniel)
    cast.problem(title="Another one, which no file about the burr may hold")
    answer = browser_of("kateřina").get(f"/nonconformity/{burr.number}/check.zip")
    assert answer["Content-Disposition"] == f'attachment; filename="{burr.number}-check.zip"'
    file = path / "check.zip"
    file.write_bytes(answer.content)
    return file


def elsewhere(file: Path, nowhere: Path) -> subprocess.CompletedProcess[str]:
    """`linchpin verify --export` as the auditor runs it at home: no installation, no database."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("LINCHPIN", "DJANGO"))}
    command = [sys.executable, "-m", "linchpin", "verify", "--json", "--export", str(file)]
    return subprocess.run(command, env=outside | {"LINCHPIN_HOME": str(nowhere)}, capture_output=True, text=True, check=False)


def test_kateřina_checks_a_record_at_home_and_nothing_of_others_is_in_it(cast: Cast, browser_of: Any, tmp_path: Path) -> None:
    file = saved(cast, browser_of, tmp_path)
    said = elsewhere(file, tmp_path / "nowhere")
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert told["ok"] and told["events"] == 3 and told["seals"] >= 1 and len(told["held_by"]) == 1
    with zipfile.ZipFile(file) as archive:
        text, readme = archive.read("trail.jsonl").decode(), archive.read("README.txt").decode()
    assert "Another one" not in text and "Looked at it with Priya." in text
    assert told["held_by"][0] in readme and "linchpin verify --export" in readme


def test_one_byte_changed_anywhere_is_found(cast: Cast, browser_of: Any, tmp_path: Path) -> None:
    file = saved(cast, browser_of, tmp_path)
    with zipfile.ZipFile(file) as archive:
        text = archive.read("trail.jsonl").decode()
    changed = tmp_path / "trail.jsonl"
    for place in range(0, len(text), 7):
        other = "1" if text[place] != "1" else "2"
        changed.write_text(text[:place] + other + text[place + 1 :])
        assert not _is_whole(changed), (place, text[max(0, place - 30) : place + 30])
    edited = io.BytesIO()
    with zipfile.ZipFile(edited, "w") as archive:
        archive.writestr("trail.jsonl", text.replace("with Priya", "without her"))
    file.write_bytes(edited.getvalue())
    said = elsewhere(file, tmp_path / "nowhere")
    assert said.returncode == 1 and "private text no longer matches" in json.loads(said.stdout)["first_fault"]["sentence"]


def _is_whole(path: Path) -> bool:
    try:
        return verify_export(path).ok
    except (ValueError, KeyError, TypeError, AttributeError):  # no longer a file of this kind at all
        return False
