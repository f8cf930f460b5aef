"""`linchpin demo` and `linchpin demo --remove`, in a home of their own, on either database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from linchpin.demonstration.loading import Loaded
from linchpin.kernel.people.clock import today
from linchpin.kernel.records.models import Record

pytestmark = pytest.mark.slow
FACTS = """
import json
from linchpin.surfaces.cli.booting import boot
boot()
from linchpin.kernel.records.models import Record
rows = Record.objects.order_by("type", "serial").values_list("number", "title", "status", "due", "owner__name", "created_at")
print(json.dumps([[str(value) for value in row] for row in rows]))
"""


class Home:
    """An installation apart, worked from the command line."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINCHPIN_", "DJANGO_"))}
        self.environment = {**kept, "LINCHPIN_HOME": str(folder), "PYTHONPATH": str(Path(__file__).parents[3])}
        if database:
            self.environment["LINCHPIN_DATABASE_URL"] = database

    def run(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *arguments]
        return subprocess.run(command, env=self.environment, input=typed, capture_output=True, text=True, timeout=900, check=False)

    def linchpin(self, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return self.run("-m", "linchpin", *arguments, typed=typed)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("demo") / "home"
    given = settings.DATABASES["default"]
    if "postgresql" not in str(given["ENGINE"]):
        yield Home(folder, "")
        return
    where = given["OPTIONS"].get("host") or given["HOST"]
    with psycopg.connect(host=where, user=given["USER"], dbname="postgres", autocommit=True) as server:
        server.execute("CREATE DATABASE shown")
        yield Home(folder, f"postgresql://{given['USER']}@/shown?host={str(where).replace('/', '%2F')}")
        server.execute("DROP DATABASE shown WITH (FORCE)")


def test_demo_from_its_first_to_its_last_word(home: Home, demo: Loaded) -> None:
    day = today()
    loaded = home.linchpin("demo")
    assert loaded.returncode == 0, loaded.stderr
    assert "240 people" in loaded.stdout
    assert "182 problems (23 open)" in loaded.stdout
    assert "http://localhost:8000" in loaded.stdout

    facts = home.run("-c", FACTS)
    assert facts.returncode == 0, facts.stderr
    if today() == day:  # loaded twice on one day it is the same demonstration
        rows = Record.objects.order_by("type", "serial").values_list("number", "title", "status", "due", "owner__name", "created_at")
        assert json.loads(facts.stdout) == [[str(value) for value in row] for row in rows]

    if home.linchpin("verify").returncode != 0:
        home.linchpin("worker", "--once")  # on PostgreSQL the worker seals
    verified = home.linchpin("verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr

    again = home.linchpin("demo")
    assert again.returncode == 2
    assert "has its organization already" in again.stderr

    kept = home.linchpin("demo", "--remove", typed="n\n")
    assert kept.returncode == 1
    assert (home.folder / "keys" / "seal.key").exists()

    gone = home.linchpin("demo", "--remove", "--yes")
    assert gone.returncode == 0, gone.stderr
    assert not [path for path in home.folder.rglob("*") if path.is_file()]

    unknown = home.linchpin("demo", "--pack", "nowhere")
    assert unknown.returncode == 2
    assert "choose one of dunmallow, hollin" in unknown.stderr

    made = home.linchpin("init", "--organization", "Acme Castings", "--admin", "anna@acme.example")
    assert made.returncode == 0, made.stderr
    assert home.linchpin("verify").returncode == 0

    refused = home.linchpin("demo", "--remove", "--yes")
    assert refused.returncode == 2
    assert "Acme Castings is no demonstration" in refused.stderr
