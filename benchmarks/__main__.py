"""`make bench`: makes a large installation in a temporary home, measures, prints a table. Never part of the tests.

    python -m benchmarks [--database sqlite|postgresql|none|both] [--records 100000] [--events 1000000]

`none` measures what needs no database, the statistics; `both` measures everything.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from benchmarks.figures import Figure
    from benchmarks.generating import Made


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the budgets beside the limits of this machine.")
    parser.add_argument("--database", choices=("sqlite", "postgresql", "none", "both"), default="both")
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    asked = parser.parse_args()
    if asked.database == "both":  # settings are read once in a process
        shared = [sys.executable, "-m", "benchmarks", "--records", str(asked.records), "--events", str(asked.events)]
        sys.exit(max(subprocess.run([*shared, "--database", name]).returncode for name in ("none", "sqlite", "postgresql")))
    if asked.database == "none":
        from benchmarks.statistics import statistics

        _print("statistics", statistics())
        return
    home = tempfile.mkdtemp(prefix="linchpin-bench-")
    try:
        _bench(home, asked.database, asked.records, asked.events)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _bench(home: str, database: str, records: int, events: int) -> None:
    environment = {"LINCHPIN_HOME": home, "DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "LINCHPIN_API_RATE": "1000000/min"}
    if database == "postgresql":
        from tests.postgres import start

        environment["LINCHPIN_DATABASE_URL"] = start(home, durable=True)
    os.environ |= environment
    from linchpin.surfaces.cli.booting import boot

    boot()
    from benchmarks.generating import generate

    print(f"\n{database}: making {records:,} nonconformities and {events:,} events …", flush=True)
    made = generate(records, events)
    rate, edits = made.records / made.create_seconds, (made.events - made.records) / made.edit_seconds
    print(f"bulk create {rate:,.0f} records/s, bulk edit {edits:,.0f} events/s")
    _print(database, _figures(made, environment, database == "postgresql"))


def _figures(made: Made, environment: dict[str, str], postgresql: bool) -> Iterator[Figure]:
    from benchmarks import measuring, writing

    yield from measuring.pages(made, environment, postgresql)
    yield from writing.creates(made, environment, postgresql)
    yield from writing.importing(made, postgresql)
    yield measuring.trail(made)
    yield from measuring.first_load(made, environment)


def _print(subject: str, figures: Iterator[Figure]) -> None:
    print(f"{Path('/proc/cpuinfo').read_text().count('processor')} processors\n")
    print(f"| {subject} | measured | budget | | beside it |\n|---|---|---|---|---|")
    for figure in figures:
        print(f"| {figure.work} | {figure.measured} | {figure.budget} | {'met' if figure.met else 'MISSED'} | {figure.limit} |", flush=True)


if __name__ == "__main__":
    main()
