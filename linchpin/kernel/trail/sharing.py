"""A long verification shared with a second process. Both see the database as it stood at one moment."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection

from linchpin.kernel.people.writing import queued
from linchpin.kernel.trail.beside import half
from linchpin.kernel.trail.fetching import fetch, inside_a_view, snapshot
from linchpin.kernel.trail.keys import public_keys

log = logging.getLogger("linchpin.trail")
MANY = 20_000
"""Events from which on a second process is worth its start."""
PATIENCE = 10.0
"""Seconds that the second process may take to be ready; without it the first does all."""
Half = Callable[[], dict[str, Any]]


@contextlib.contextmanager
def shared_snapshot() -> Iterator[Half]:
    """One view of the database, and the half of the work that another process does meanwhile: asked for, it is waited for."""
    connection.ensure_connection()
    with contextlib.ExitStack() as stack:
        other = None if inside_a_view() or _cores() < 2 or not _many() else stack.enter_context(_started())
        if other is None or connection.vendor == "postgresql":
            stack.enter_context(snapshot())
            viewing = other is not None and other.takes(_exported())
        else:
            with queued():
                stack.enter_context(snapshot())
                next(fetch("SELECT COUNT(*) FROM sqlite_schema"))  # a view is that of its first statement
                viewing = other.takes("")
        yield lambda: (other.answer() if other and viewing else None) or half(connection.vendor, fetch, public_keys())


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _many() -> bool:
    return next(fetch("SELECT COALESCE(MAX(id), 0) FROM trail_event"))[0] >= MANY


def _exported() -> str:
    return str(next(fetch("SELECT pg_export_snapshot()"))[0])


class _Other:
    """The second process, spoken to in lines of JSON. Whatever goes wrong with it is logged, and it gives no answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def takes(self, view: str) -> bool:
        """Whether it sees the view."""
        return self._said(PATIENCE) is not None and self._tell({"view": view}) and self._said(PATIENCE) is not None

    def answer(self) -> dict[str, Any] | None:
        return self._said(None)

    def _tell(self, told: dict[str, Any]) -> bool:
        assert self.process.stdin
        try:
            self.process.stdin.write(json.dumps(told) + "\n")
            self.process.stdin.flush()
        except OSError:
            return False
        return True

    def _said(self, patience: float | None) -> dict[str, Any] | None:
        assert self.process.stdout
        heard, _w, _x = select.select([self.process.stdout], [], [], patience)
        line = self.process.stdout.readline() if heard else ""
        if not line:
            log.warning("The second process of a verification gave no answer: the first does all.")
            return None
        told: dict[str, Any] = json.loads(line)
        return told


@contextlib.contextmanager
def _started() -> Iterator[_Other]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "linchpin.kernel.trail.beside"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        other = _Other(process)
        keys = {name: raw.hex() for name, raw in public_keys().items()}
        other._tell({"vendor": connection.vendor, "database": _address(), "keys": keys})
        yield other
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):  # what it did not read any more is lost with it
                pipe.close()  # type: ignore[union-attr]
        process.wait()


def _address() -> Any:
    if connection.vendor == "sqlite":
        return str(connection.settings_dict["NAME"])
    return {name: value for name, value in connection.get_connection_params().items() if isinstance(value, str | int | None)}
