"""The processes of a demonstration beside the house, as `linchpin up` keeps them: loaded when a page asks, served on a port of its own, ended with it."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from linchpin.demonstration.beside import ASKED, FAILED, LOADED, OPEN, PERCENT, UNWANTED, Beside, beside

KEPT = ("LINCHPIN_HOSTS", "LINCHPIN_TIME_ZONE", "LINCHPIN_BEHIND_PROXY", "LINCHPIN_LOG_LEVEL")
"""What the demonstration has in common with the house. Its database, mail server, sign-in and secrets it must never have."""
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where to ask what listens on every address
PORTS = 50
STOPS_WITHIN, RESTART_AFTER = 10.0, 2.0
ANSWERS_WITHIN = 90.0
Process = subprocess.Popen[bytes]


def web_server(host: str, port: int, workers: int) -> list[str]:
    """The command line of a web server."""
    return [
        sys.executable, "-m", "linchpin.config.server", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers),
        "--blocking-threads", "1", "--no-ws", "--log-level", "warning", "linchpin.config.wsgi:application",
    ]  # fmt: skip


class Demonstration:
    """Looked at several times a second. What was loaded stays over a restart of the house, but sleeps until somebody wants in again."""

    def __init__(self, house: Path, host: str, port: int, url: str) -> None:
        self.beside: Beside = beside(house)
        self.host, self.port, self.url = host, port, url
        self.loading: Process | None = None
        self.serving: dict[str, Process] = {}
        self.commands: dict[str, list[str]] = {}
        self.answers_on, self.answers_by = 0, 0.0
        self.began: dict[str, float] = {}
        self.beside.forget(ASKED, OPEN, FAILED)

    def tick(self) -> None:
        """Do the next thing that is to be done, if any."""
        if self.beside.has(UNWANTED):
            self.stop()
            self.beside.remove()
        elif self.loading is not None:
            self._when_loaded()
        elif self.serving:
            self._keep_alive()
        elif self.beside.has(ASKED) and not self.beside.has(FAILED):
            self._serve() if self.beside.has(LOADED) else self._load()

    def stop(self) -> None:
        """End all of it."""
        running = [*self.serving.values(), *([self.loading] if self.loading else [])]
        self.loading, self.serving = None, {}
        for process in running:
            process.terminate()
        for process in running:
            end(process)
        if self.beside.folder.exists():
            self.beside.forget(OPEN, ASKED)

    def _load(self) -> None:
        told = str(self.beside.folder / PERCENT)
        self.loading = self._start([sys.executable, "-m", "linchpin", "demo", "--pack", self.beside.said(ASKED), "--percent", told])

    def _when_loaded(self) -> None:
        assert self.loading is not None
        if self.loading.poll() is None:
            return
        done, self.loading = self.loading.returncode == 0, None
        self.beside.note(LOADED) if done else self._give_up()
        if done:
            self._serve()

    def _give_up(self) -> None:
        """What is half there goes; why it failed stands in the house's log. The page says that it failed."""
        self.stop()
        self.beside.remove()
        self.beside.folder.mkdir(mode=0o700, parents=True)
        self.beside.note(FAILED)

    def _serve(self) -> None:
        self.answers_on, self.answers_by = _free_port(self.host, self.port), time.monotonic() + ANSWERS_WITHIN
        self.commands = {"web": web_server(self.host, self.answers_on, 1), "worker": [sys.executable, "-m", "linchpin", "worker"]}
        self.serving = {name: self._start(command) for name, command in self.commands.items()}

    def _keep_alive(self) -> None:
        for name, process in self.serving.items():
            if process.poll() is not None and time.monotonic() - self.began.get(name, 0.0) > RESTART_AFTER:
                self.began[name], self.serving[name] = time.monotonic(), self._start(self.commands[name])
        if self.beside.has(OPEN):
            return
        if _answers(self.host, self.answers_on):
            self.beside.note(OPEN, str(self.answers_on))
        elif time.monotonic() > self.answers_by:
            self.stop()
            self.beside.note(FAILED)

    def _start(self, command: list[str]) -> Process:
        apart = {name: value for name, value in os.environ.items() if not name.startswith("LINCHPIN_") or name in KEPT}
        url = os.environ.get("LINCHPIN_DEMONSTRATION_URL", "") or f"http://{urlsplit(self.url).hostname}:{self.answers_on}"
        own = {"LINCHPIN_HOME": str(self.beside.home), "LINCHPIN_HOUSE": self.url, "LINCHPIN_URL": url}
        return subprocess.Popen(command, env=apart | own, start_new_session=True, stdout=subprocess.DEVNULL)


def end(process: Process) -> None:
    """Let it finish what it does; whoever of its group is left then is killed (a server told to stop while it starts leaves some)."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOPS_WITHIN)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _free_port(host: str, first: int) -> int:
    """The first port from this one on on which nobody listens."""
    for port in range(first, first + PORTS):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            return port
    return first


def _answers(host: str, port: int) -> bool:
    """Whether a web server says anything there."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=2)
    try:
        connection.request("HEAD", "/come-in/", headers={"Host": "localhost"})
        connection.getresponse()
    except OSError:
        return False
    finally:
        connection.close()
    return True
