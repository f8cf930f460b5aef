"""`linchpin up` and `linchpin worker`."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from types import FrameType

import click

from linchpin.surfaces.cli.beside import Demonstration, end, web_server
from linchpin.surfaces.cli.booting import boot, booted

RESTART_AFTER = 2.0


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web server processes.")
@click.option("--no-worker", is_flag=True, help="Without the worker process (it runs elsewhere).")
@click.option("--demonstration-port", default=0, help="Where a demonstration beside listens (default: the first free port above --port).")
def up(host: str, port: int, workers: int, no_worker: bool, demonstration_port: int) -> None:
    """Run the web server and exactly one worker process, and keep both alive.

    Whoever sets the house up can open a demonstration beside it in the browser: it stands in a home of its own inside LINCHPIN_HOME, always
    on SQLite, is served on a port of its own, and lets in only whom the house sends. LINCHPIN_DEMONSTRATION=no keeps it from being offered.

    \b
    Examples:
      linchpin up
      linchpin up --host 0.0.0.0 --port 8080
    """
    os.environ.setdefault("LINCHPIN_URL", f"http://localhost:{port}")
    boot()
    from django.conf import settings

    os.environ["LINCHPIN_SUPERVISED"] = "yes"
    web = web_server(host, port, workers)
    commands = [web] if no_worker else [web, [sys.executable, "-m", "linchpin", "worker"]]
    click.echo(f"Linchpin is at {os.environ['LINCHPIN_URL']}   (stop it with Ctrl-C)")
    sys.exit(_supervise(commands, Demonstration(settings.HOME, host, demonstration_port or port + 1, settings.BASE_URL)))


def _supervise(commands: list[list[str]], demonstration: Demonstration) -> int:
    """Start each command, start it again when it ends, see to the demonstration beside, and stop everything when we are told to stop."""
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    running = {n: _start(command) for n, command in enumerate(commands)}
    while not stopping:
        time.sleep(0.2)
        with contextlib.suppress(OSError):  # a full disk beside never ends the house
            demonstration.tick()
        for n, process in running.items():
            if process.poll() is not None and not stopping:
                click.echo(f"{' '.join(commands[n][2:4])} ended with {process.returncode}: starting it again.", err=True)
                time.sleep(RESTART_AFTER)
                running[n] = _start(commands[n])
    for process in running.values():
        process.terminate()
    demonstration.stop()
    for process in running.values():
        end(process)
    return 0


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """In a group of its own, so that what it started can be ended with it."""
    return subprocess.Popen(command, start_new_session=True)



@click.command()
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@booted
def worker(once: bool) -> None:
    """Run waiting jobs, reminders, the daily mail and the seals.

    \b
    Examples:
      linchpin worker
      linchpin worker --once
    """
    from linchpin.surfaces.worker.clock import Clock

    os.nice(5)
    clock = Clock()
    if once:
        clock.tick()
        return
    signal.signal(signal.SIGTERM, lambda _number, _frame: clock.stop())
    signal.signal(signal.SIGINT, lambda _number, _frame: clock.stop())
    clock.run()
