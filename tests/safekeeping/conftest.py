"""Dunmallow Aero, founded once in a home of its own and copied for each test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.safekeeping import installation
from tests.safekeeping.installation import ROOT, Installation


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The one that is copied: nobody writes into it."""
    made = installation.empty(tmp_path_factory.mktemp("founded"))
    done = subprocess.run([sys.executable, "-m", "tests.safekeeping.founding"], env=made.environment, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    yield made
    installation.drop(made)


@pytest.fixture
def dunmallow(founded: Installation, tmp_path: Path) -> Iterator[Installation]:
    """Dunmallow Aero with its records, to be done with what a test likes."""
    made = installation.copy(founded, tmp_path)
    yield made
    installation.drop(made)


@pytest.fixture(scope="session")
def saved(founded: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a backup and a full export of it."""
    folder = tmp_path_factory.mktemp("saved")
    founded.run("backup", "-o", folder / "linchpin.zip")
    said = founded.run("export", "-o", folder / "everything.zip").stdout
    assert said.strip().endswith("verified.")
    return folder


@pytest.fixture
def backup(saved: Path, tmp_path: Path) -> Path:
    """A backup of Dunmallow Aero as it was founded."""
    return Path(shutil.copy(saved / "linchpin.zip", tmp_path))


@pytest.fixture
def archive(saved: Path, tmp_path: Path) -> Path:
    """A full export of the same."""
    return Path(shutil.copy(saved / "everything.zip", tmp_path))


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """`new_home()`: an empty home; `on="postgresql"` or `"sqlite"` where the kind of database matters."""
    made: list[Installation] = []

    def make(on: str = "") -> Installation:
        made.append(installation.empty(tmp_path, on=on))
        return made[-1]

    yield make
    for one in made:
        installation.drop(one)
