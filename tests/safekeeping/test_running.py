"""`linchpin up` ends with all that it started, whenever it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.accounts.serving import free_port
from tests.safekeeping.installation import ROOT, Installation

pytestmark = pytest.mark.slow


def living(home: Path) -> list[str]:
    """The command lines of the processes that work in this home."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"LINCHPIN_HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="Processes are found through /proc.")
@pytest.mark.parametrize("after", [0.0, 0.3, 1.0, 4.0])
def test_nothing_is_left_running_when_it_is_stopped_while_it_starts_or_later(dunmallow: Installation, after: float) -> None:
    up = [sys.executable, "-m", "linchpin", "up", "--port", str(free_port())]
    process = subprocess.Popen(up, env=dunmallow.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline().startswith("Linchpin is at")
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) in (0, -signal.SIGTERM)
    assert living(dunmallow.home) == []
