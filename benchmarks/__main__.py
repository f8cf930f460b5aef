"""`make bench`: makes a large installation in a temporary home, measures, prints a table. Never part of the tests.

    python -m benchmarks [--database sqlite|postgresql|none|both] [--records 100000] [--events 1000000]
                         [--documents 10000 --confirmations 1000000] [--plans]

`none` measures what needs no database, the statistics; `both` measures everything. With documents (50 kB of text each) and people who
confirmed them, the same budgets are measured beside them, and those of their own pages; `plans` shows how the database finds them.
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
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--confirmations", type=int, default=0)
    parser.add_argument("--plans", action="store_true")
    asked = parser.parse_args()
    if asked.database == "both":  # settings are read once in a process
        shared = [sys.executable, "-m", "benchmarks", *sys.argv[1:]]
        sys.exit(max(subprocess.run([*shared, "--database", name]).returncode for name in ("none", "sqlite", "postgresql")))
    if asked.database == "none":
        from benchmarks.statistics import statistics

        _print("statistics", statistics())
        return
    home = tempfile.mkdtemp(prefix="linchpin-bench-")
    try:
        _bench(home, asked)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _bench(home: str, asked: argparse.Namespace) -> None:
    environment = {"LINCHPIN_HOME": home, "DJANGO_SETTINGS_MODULE": "linchpin.config.settings", "LINCHPIN_API_RATE": "1000000/min"}
    if asked.database == "postgresql":
        from tests.postgres import start

        environment["LINCHPIN_DATABASE_URL"] = start(home, durable=True)
    os.environ |= environment
    from linchpin.surfaces.cli.booting import boot

    boot()
    from benchmarks import documents

    made = _fill(asked)
    if asked.plans:
        documents.plans(made)
    _print(asked.database, _figures(made, environment, asked.database == "postgresql", asked.documents > 0))


def _fill(asked: argparse.Namespace) -> Made:
    from benchmarks.documents import fill
    from benchmarks.generating import generate

    print(f"\n{asked.database}: making {asked.records:,} nonconformities and {asked.events:,} events …", flush=True)
    made = generate(asked.records, asked.events)
    rate, edits = made.records / made.create_seconds, (made.events - made.records) / made.edit_seconds
    print(f"bulk create {rate:,.0f} records/s, bulk edit {edits:,.0f} events/s", flush=True)
    if asked.documents:
        many = fill(made, asked.documents, asked.confirmations)
        print(f"{many.documents:,} documents, {many.confirmations:,} confirmations in {many.seconds:.0f} s", flush=True)
    return made


def _figures(made: Made, environment: dict[str, str], postgresql: bool, with_documents: bool) -> Iterator[Figure]:
    from benchmarks import documents, measuring, writing

    yield from measuring.pages(made, environment, postgresql)
    if with_documents:
        yield from documents.pages(made, environment, postgresql)
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
