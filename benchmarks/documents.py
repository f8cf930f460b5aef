"""Many documents and many who confirmed them: fills a temporary home, then asks for single pages and prints how the database finds them.

    python -m benchmarks.documents [--database sqlite|postgresql] [--documents 10000] [--confirmations 1000000] [--letters 50000]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.test import Client

BATCH = 500
ROWS = 20_000
SLOWEST = 3
"""Statements of a page that are explained."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.documents", description="Look at pages of documents with a large house's data.")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--confirmations", type=int, default=1_000_000)
    parser.add_argument("--letters", type=int, default=50_000)
    asked = parser.parse_args()
    home = tempfile.mkdtemp(prefix="linchpin-bench-")
    try:
        environment = {"LINCHPIN_HOME": home, "DJANGO_SETTINGS_MODULE": "linchpin.config.settings"}
        if asked.database == "postgresql":
            from tests.postgres import start

            environment["LINCHPIN_DATABASE_URL"] = start(home)
        os.environ |= environment
        from linchpin.surfaces.cli.booting import boot

        boot()
        _look(*fill(asked.documents, asked.confirmations, asked.letters))
    finally:
        shutil.rmtree(home, ignore_errors=True)


def fill(documents: int, confirmations: int, letters: int) -> tuple[Any, str]:
    """Documents in force with a text of so many letters each, and rows of people who were asked. Gives a reader and a document's number."""
    from benchmarks.generating import WORDS, _organization
    from linchpin.chapters.support.documents.models import Document
    from linchpin.kernel.commands.importing import Changed, New, change_many, create_many

    dice, begun = random.Random(9001), time.perf_counter()
    reader, manager, units, people = _organization(dice)
    found: list[Any] = []
    for start in range(0, documents, BATCH):
        rows = []
        for n in range(start, min(start + BATCH, documents)):
            text = " ".join(dice.choices(WORDS, k=letters // 7))
            values = {"title": f"Document {n}", "unit": dice.choice(units), "owner": dice.choice(people), "confidentiality": "public"}
            above = New("document", values | {"reference": f"WI-{n:05}", "kind": "instruction"}, status="in_force", own={"round": 1, "unconfirmed": 0})
            rows += [above, New("revision", values | {"content": text}, status="effective", parent=above)]
        made = create_many(rows, actor=manager)
        change_many([Changed(made[n], {"effective": made[n + 1]}) for n in range(0, len(made), 2)], actor=manager)
        found += [one.pk for one in made[::2]]
    _confirm(found, [person.pk for person in people], confirmations, dice)
    print(f"filled in {time.perf_counter() - begun:.0f} s: {documents:,} documents, {confirmations:,} confirmations", flush=True)
    return reader, str(Document.objects.get(pk=found[len(found) // 2]).number)


def _confirm(documents: Sequence[int], people: Sequence[int], confirmations: int, dice: random.Random) -> None:
    from django.db import connection

    from linchpin.kernel.asking.models import Asked
    from linchpin.kernel.commands.transaction import command
    from linchpin.kernel.people import clock
    from linchpin.kernel.records.tables import columns_of
    from linchpin.kernel.trail.bulk import insert_rows

    columns = [name for name in columns_of(Asked).names if name != "id"]
    day = connection.ops.adapt_datetimefield_value(clock.now() - timedelta(days=90))

    def rows() -> Iterator[list[Any]]:
        each = max(1, confirmations // len(documents))
        for number, document in enumerate(documents):
            for step in range(each):
                answer = "" if dice.random() < 0.002 else "done"
                known = {"record_id": document, "duty": "confirm", "round": 1 + step // len(people), "person_id": people[(number + step) % len(people)],
                         "asked_at": day, "answer": answer, "answered_at": day if answer else None, "witness_id": None}  # fmt: skip
                yield [known[name] for name in columns]

    waiting = rows()
    while chosen := list(islice(waiting, ROWS)):
        with command():
            insert_rows(Asked, columns, chosen)


def _look(reader: Any, number: str) -> None:
    """One request of each page, warmed by another, with its time, its statements and the plans of the slowest."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from benchmarks.measuring import session_of

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    browser = Client(headers={"host": "localhost"})
    name, _equals, value = session_of(str(reader.person.email)).partition("=")
    browser.cookies[name] = value
    for path in ("/document/", f"/document/{number}/", "/search/?q=xylophone", "/search/?q=burr", "/todo/", "/document/due-for-disposal/"):
        _page(browser, path)
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            status = _page(browser, path)
        taken = (time.perf_counter() - begun) * 1000
        print(f"\n{path}  {status}  {taken:.0f} ms  {len(captured)} statements", flush=True)
        for query in sorted(captured.captured_queries, key=lambda one: -float(one["time"]))[:SLOWEST]:
            print(f"  {float(query['time']) * 1000:.0f} ms  {query['sql'][:400]}", flush=True)
            _explain(query["sql"])


def _page(browser: Client, path: str) -> int:
    return browser.get(path, follow=True).status_code


def _explain(sql: str) -> None:
    from django.db import connection

    if not sql.startswith("SELECT"):
        return
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"{how} {sql}")
        except Exception as problem:
            print(f"      {str(problem)[:80]}")
            return
        for row in cursor.fetchall():
            print(f"      {row[-1]}")


if __name__ == "__main__":
    main()
