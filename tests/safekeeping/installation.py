"""An installation of its own for a test: a home, on SQLite or in a database of the session's PostgreSQL, used by processes of its own."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = os.environ.get("LINCHPIN_DATABASE_URL", "")
"""The session's PostgreSQL; empty when the session runs on SQLite."""
_numbers = itertools.count(1)


EVERYTHING = """
import json
from linchpin.exchange.archive_tables import tables
rows = {table.member: [line.decode() for line in table.lines()] for table in tables()}
lines = [json.loads(line) for line in trail.export_lines()]
told = [line for line in lines if line["kind"] in ("head", "event", "text")]
answer = trail.verify()
print(json.dumps({"rows": rows, "trail": told, "ok": answer.ok, "events": answer.events, "erased": answer.erased}))
"""


class Installation:
    """What somebody has in LINCHPIN_HOME. `url` is empty on SQLite."""

    def __init__(self, home: Path, url: str = "") -> None:
        self.home, self.url = home, url
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINCHPIN_", "DJANGO_", "PYTHON"))}
        own = {"LINCHPIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "PYTHONPATH": str(ROOT)}
        self.environment = kept | own | ({"LINCHPIN_DATABASE_URL": url} if url else {})

    def run(self, *arguments: object, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run `linchpin …` as a process, and expect its exit code."""
        done = subprocess.run([sys.executable, "-m", "linchpin", *map(str, arguments)], env=self.environment | environment, cwd=ROOT,
                              capture_output=True, text=True, timeout=300)  # fmt: skip
        assert done.returncode == code, f"linchpin {arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def refused(self, *arguments: object, code: int = 2, **environment: str) -> str:
        """The sentence with which a command is refused."""
        return self.run(*arguments, code=code, **environment).stderr.strip()

    def play(self, source: str, *, code: int = 0) -> str:
        """Run a piece of Python in the installation, and expect its exit code. Gives what it prints."""
        setup = "import django; django.setup()\nfrom linchpin.kernel import commands, trail\n"
        done = subprocess.run([sys.executable, "-c", setup + source], env=self.environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert done.returncode == code, f"ended with {done.returncode}:\n{done.stderr}"
        return done.stdout.strip()

    def verified(self, *arguments: object, code: int = 0) -> Any:
        """What `linchpin verify --json` answers."""
        return json.loads(self.run("verify", "--json", *arguments, code=code).stdout)

    def everything(self) -> Any:
        """Every row of every table that travels in an export; heads, events and texts of the trail; and whether it is whole."""
        return json.loads(self.play(EVERYTHING))

    def raise_a_problem(self) -> str:
        """Daniel raises a problem. Gives its number."""
        return self.play(
            "from linchpin.kernel.people.grants import access_of\nfrom linchpin.kernel.people.models import Person\n"
            "daniel = access_of(Person.objects.get(email='daniel@dunmallow.example'))\n"
            "print(commands.create('nonconformity', {'title': 'Scratch on the seat', 'severity': 'minor'}, actor=daniel).number)\n"
            "trail.seal_pending()"
        )

    @contextlib.contextmanager
    def owned(self) -> Iterator[Any]:
        """Whoever owns the database: `sql(statement)` with the trail's triggers and the foreign keys out of the way."""
        if self.url:
            with psycopg.connect(self.url) as connection, connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                yield lambda statement: _fetched(cursor.execute(statement))
            return
        with contextlib.closing(sqlite3.connect(self.home / "linchpin.sqlite3")) as connection:
            names = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _sql in names:
                connection.execute(f"DROP TRIGGER {name}")
            yield lambda statement: _fetched(connection.execute(statement))
            for _name, sql in names:
                connection.execute(sql)
            connection.commit()

    def tree(self) -> dict[str, int]:
        """Every file of the home with its size."""
        return {str(p.relative_to(self.home)): p.stat().st_size for p in self.home.rglob("*") if p.is_file() and p.name != "writer.lock"}


def _fetched(cursor: Any) -> list[Any]:
    return cursor.fetchall() if cursor.description else []


def database(name: str, template: str = "") -> str:
    """A new database on the session's server. Gives its address."""
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}" + (f" TEMPLATE {template}" if template else ""))
    parts = urlsplit(SERVER)
    return urlunsplit(parts._replace(path=f"/{name}"))


def drop(installation: Installation) -> None:
    if installation.url:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {urlsplit(installation.url).path[1:]} WITH (FORCE)")
    shutil.rmtree(installation.home, ignore_errors=True)


def empty(folder: Path, *, on: str = "") -> Installation:
    """An installation in which nobody has founded anything; `on` chooses the database, else the session's kind."""
    number = next(_numbers)
    kind = on or ("postgresql" if SERVER else "sqlite")
    return Installation(folder / f"home-{number}", database(f"home_{os.getpid()}_{number}") if kind == "postgresql" else "")


def copy(template: Installation, folder: Path) -> Installation:
    """The same installation once more."""
    number = next(_numbers)
    shutil.copytree(template.home, folder / f"home-{number}")
    name = urlsplit(template.url).path[1:]
    return Installation(folder / f"home-{number}", database(f"home_{os.getpid()}_{number}", name) if template.url else "")


WRITING = """
import django; django.setup()
from linchpin.kernel import commands
from linchpin.kernel.commands.settling import system_access
print("writing", flush=True)
while True: commands.create("nonconformity", {"title": "Burr"}, actor=system_access())
"""


@contextlib.contextmanager
def somebody_writing(there: Installation) -> Iterator[None]:
    """A process that raises one problem after the other, from before the block until after it."""
    writer = subprocess.Popen([sys.executable, "-c", WRITING], env=there.environment, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert writer.stdout and writer.stdout.readline()
        yield
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
