"""What writing costs: creates over HTTP, and an import of 10,000 rows while others write."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl import Workbook

from benchmarks import loading
from benchmarks.figures import Figure
from benchmarks.generating import WORDS, Made
from benchmarks.limits import inserts_per_second, rows_per_second
from benchmarks.serving import serving

CREATES, CONCURRENT, ROWS = 400, 8, 10_000


def creates(made: Made, environment: dict[str, str], postgresql: bool) -> Iterator[Figure]:
    """Create with trail, search and notices: one after the other, then eight at a time."""
    limit = inserts_per_second(writers=1 if not postgresql else CONCURRENT)
    make = _creating(_token(made.manager))
    with serving("linchpin.config.wsgi:application", environment) as (port, _pid, _started):
        loading.run(port, make, 20, 1, (201,))
        alone = loading.run(port, make, CREATES, 1, (201,))
        together = loading.run(port, make, CREATES * 2, CONCURRENT, (201,))
    assert not alone.failed + together.failed, f"{alone.failed + together.failed} creates were refused."
    rate = 180 if postgresql else 250
    yield Figure("create, alone", f"p95 {alone.p95:.1f} ms", "p95 ≤ 25 ms", alone.p95 <= 25)
    took = f"{together.per_second:.0f}/s, p95 {together.p95:.0f} ms"
    yield Figure("create, 8 at a time", took, f"≥ {rate}/s", together.per_second >= rate, f"raw single-row commits {limit:,.0f}/s")


def _token(email: str) -> str:
    from linchpin.kernel.commands.organizing import issue_token
    from linchpin.kernel.people.grants import access_of
    from linchpin.kernel.people.models import Person

    person = Person.objects.select_related("unit").get(email=email)
    _made, secret = issue_token(person, "benchmark", scopes=["read", "write"], days=1, actor=access_of(person))
    return secret


def _creating(secret: str) -> Callable[[int], bytes]:
    head = f"POST /api/v1/nonconformity/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\n"

    def make(n: int) -> bytes:
        title = f"{WORDS[n % len(WORDS)]} at station {n}"
        values = {"title": title, "description": " ".join(WORDS), "severity": "minor", "source": "process"}
        body = json.dumps({"values": values}).encode()
        return head.encode() + f"Content-Length: {len(body)}\r\n\r\n".encode() + body

    return make


def importing(made: Made, postgresql: bool) -> Iterator[Figure]:
    """An xlsx of 10,000 rows, from the file to accepted records by the command line, while somebody else keeps writing."""
    from click.testing import CliRunner

    from linchpin.kernel import commands
    from linchpin.kernel.people.grants import access_of
    from linchpin.kernel.people.models import Person
    from linchpin.surfaces.cli.importing import import_

    actor = access_of(Person.objects.select_related("unit").get(email=made.manager))
    path = workbook(ROWS)
    asked = [str(path), "--type", "nonconformity", "--accept-guesses", "--json", "--as", made.manager]
    with Waiting(lambda: commands.create("nonconformity", {"title": "Meanwhile, on the shop floor"}, actor=actor)) as other:
        begun, worked = time.perf_counter(), time.thread_time()
        answer = CliRunner().invoke(import_, asked)
        took, worked = time.perf_counter() - begun, time.thread_time() - worked
    told = json.loads(answer.output)
    assert told["created"] == ROWS, answer.output
    budget, limit = 4_000 if postgresql else 5_000, rows_per_second(ROWS)
    rate, beside = ROWS / took, f"bare inserts {limit:,.0f} rows/s; {ROWS / worked:,.0f} rows per second of processor time"
    yield Figure("import of 10,000 rows from an xlsx", f"{rate:,.0f} rows/s", f"≥ {budget:,} rows/s", rate >= budget, beside)
    longest = max(other.times)
    yield Figure("others wait during the import", f"at most {longest:.2f} s", "≤ 2 s", longest <= 2)


def workbook(rows: int) -> Path:
    """A workbook as a quality manager has it: eight columns, one row a problem."""
    book = Workbook(write_only=True)
    page = book.create_sheet("Problems")
    page.append(["Number", "Problem", "Details", "Severity", "Source", "Place", "Found", "Root cause"])
    for n in range(rows):
        words = " ".join(WORDS[(n + k) % len(WORDS)] for k in range(12))
        page.append([f"B-{n:06}", f"{WORDS[n % len(WORDS)]} at station {n % 97}", words, ("Minor", "Serious", "Critical")[n % 3], "Supplier",
                     f"station {n % 97}", f"2025-{1 + n % 12:02}-{1 + n % 28:02}", words[:60]])  # fmt: skip
    path = Path(tempfile.mkdtemp()) / "problems.xlsx"
    book.save(path)
    return path


class Waiting:
    """Somebody who creates a record every 50 ms, and notes how long each took."""

    def __init__(self, write: Callable[[], object]) -> None:
        self.times: list[float] = []
        self._write, self._stop = write, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> Waiting:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.05):
            begun = time.perf_counter()
            self._write()
            self.times.append(time.perf_counter() - begun)
