"""Somebody adds a record type with nothing but `docs/add-a-record-type.md` before them, and the contract suite accepts it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "add-a-record-type.md"
FILE = re.compile(r"^\*\*`(?P<path>[^`]+)`\*\*\n\n```python\n(?P<text>.*?)^```", re.M | re.S)
STEP = re.compile(r"^```bash\n(?P<bash>.*?)^```|^```diff\n\+(?P<line>[^\n]*)\n```", re.M | re.S)


def follow(guide: str, clone: Path) -> subprocess.CompletedProcess[str]:
    """Write every file, add the line, and run the commands in the order of the page. Gives the last command's end."""
    for found in FILE.finditer(guide):
        path = clone / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"])
    ended = None
    for step in STEP.finditer(guide):
        if step["line"]:
            installed = clone / "linchpin" / "chapters" / "installed.py"
            installed.write_text(installed.read_text().replace("\n]", f"\n{step['line']}\n]"))
        else:
            ended = run(step["bash"], clone)
            assert ended.returncode == 0, ended.stdout[-6000:] + ended.stderr[-2000:]
    assert ended is not None
    return ended


def run(commands: str, clone: Path) -> subprocess.CompletedProcess[str]:
    """As in a shell of the clone: its own code, its own home, the settings that the page names."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("LINCHPIN_", "PYTEST_", "DJANGO_"))}
    env = known | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(clone),
        "LINCHPIN_HOME": str(clone / "home"),
        "LINCHPIN_TEST_DATABASE": os.environ.get("LINCHPIN_TEST_DATABASE", ""),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return subprocess.run(["bash", "-ec", commands], cwd=clone, env=env, capture_output=True, text=True)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """What git would give a newcomer: the package, its tests, the project file."""
    for folder in ("linchpin", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.slow
def test_the_guide_leads_to_a_type_that_the_contract_suite_accepts(clone: Path) -> None:
    guide = GUIDE.read_text()
    assert [Path(found["path"]).name for found in FILE.finditer(guide)] == ["apps.py", "models.py", "lifecycle.py", "record_type.py", "example.py"]
    ended = follow(guide, clone)
    assert (clone / "linchpin/chapters/support/lessons/migrations/0001_initial.py").exists()
    passed = re.search(r"(\d+) passed", ended.stdout)
    ran = int(passed[1]) if passed else ended.stdout.count(".")
    assert ran >= 50 and "failed" not in ended.stdout, ended.stdout


@pytest.mark.slow
def test_a_slip_on_the_way_is_said_by_check(clone: Path) -> None:
    guide = GUIDE.read_text().replace('list_columns = ("number", "title", "area"', 'list_columns = ("number", "title", "aera"')
    with pytest.raises(AssertionError, match="LessonType: list_columns names “aera”, but Lesson has no such field"):
        follow(guide, clone)
