"""Servers and homes for a benchmark: everything in a temporary folder, everything stopped at the end."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

START_TIMEOUT = 30.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str], workers: int = 2) -> Iterator[tuple[int, int, float]]:
    """Run a WSGI application as `linchpin up` does. Gives its port, its process id, and the seconds until it answered."""
    port = free_port()
    command = [
        sys.executable, "-m", "linchpin.config.server", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "1", "--no-ws", "--log-level", "warning", application,
    ]  # fmt: skip
    begun = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | environment | {"LINCHPIN_URL": f"http://localhost:{port}"})
    try:
        yield port, process.pid, _answers(port, begun)
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int, begun: float) -> float:
    """Seconds from `begun` until the server gives a first page."""
    while time.perf_counter() - begun < START_TIMEOUT:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(b"GET /account/login/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            if connection.recv(15)[9:10] in b"2345":
                return time.perf_counter() - begun
        time.sleep(0.02)
    raise TimeoutError("The server did not answer.")


def memory_of(pid: int) -> float:
    """Proportional memory of a process and its children, in MiB: shared pages are counted once."""
    return sum(_proportional(child) for child in _family(pid)) / 1024


def _family(pid: int) -> Sequence[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(found for child in children for found in _family(int(child)))]


def _proportional(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
