"""The product as it is run: `linchpin up` in a home of its own, with the cast in it, for a browser to visit."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

REPOSITORY = Path(__file__).resolve().parents[2]
BOOT = "from linchpin.surfaces.cli.booting import boot\nboot()\n"
CAST = "from tests.cast import gather\ngather()"


@dataclass
class Served:
    """A running installation: where it answers, and a way to do things in it as the system would."""

    url: str
    home: Path
    environment: dict[str, str]

    def does(self, script: str) -> str:
        """Run a few lines in a process of their own, with Django up. Gives what they print."""
        done = subprocess.run([sys.executable, "-c", BOOT + script], env=self.environment, cwd=REPOSITORY, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


@contextlib.contextmanager
def serving(home: Path, *, worker: bool = False, begin: str = CAST, **more: str) -> Iterator[Served]:
    """Start it on a free port, wait until it answers, and stop it again. `begin`: who founds it, the cast unless said otherwise."""
    port = free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {"LINCHPIN_HOME": str(home), "DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "LINCHPIN_URL": url, **more}
    if named := os.environ.get("LINCHPIN_DATABASE_URL"):
        environment["LINCHPIN_DATABASE_URL"] = another_database(named, f"served_{port}")
    served = Served(url, home, environment)
    served.does(begin)
    up = [sys.executable, "-m", "linchpin", "up", "--port", str(port), "--workers", "1", *([] if worker else ["--no-worker"])]
    process = subprocess.Popen(up, env=environment, cwd=REPOSITORY)
    try:
        wait_for(url)
        yield served
    finally:
        process.terminate()
        process.wait(20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def another_database(url: str, name: str) -> str:
    """A database of its own on the same PostgreSQL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def wait_for(url: str, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{url}/account/login/", timeout=5).close()
            return
        time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
