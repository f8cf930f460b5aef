"""Many documents with long texts, and many people who confirmed them: with them the other budgets are measured, and their own pages."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from benchmarks import loading
from benchmarks.figures import Figure
from benchmarks.generating import COMMON, RARE, WORDS, Made
from benchmarks.measuring import ALONE, CONCURRENT, TOGETHER, cycle, loads, p95, rate_of, session_of
from benchmarks.serving import serving

BATCH = 500
LETTERS = 50_000
"""Of each text, headings and lists included."""
STILL_OPEN = 0.002
"""Of all who were asked."""


@dataclass(frozen=True)
class Many:
    """What was made: how many of each, and how long it took."""

    documents: int
    confirmations: int
    seconds: float


def fill(made: Made, documents: int, confirmations: int) -> Many:
    """Documents in force, and for each as many people who were asked to read it; nearly all confirmed, with their events and signatures."""
    from django.db import connection

    from linchpin.kernel.people.grants import access_of
    from linchpin.kernel.people.models import Person, Unit

    dice, begun = random.Random(9002), time.perf_counter()
    manager = access_of(Person.objects.select_related("unit").get(email=made.manager))
    people, units = list(Person.objects.filter(name__startswith="Person ")), list(Unit.objects.filter(name__startswith="Unit "))
    rows = []
    for start in range(0, documents, BATCH):
        rows += _documents(range(start, min(start + BATCH, documents)), units, people, dice, manager)
    each = min(len(people), confirmations // max(1, documents))
    _confirm(rows, people, each, dice)
    with connection.cursor() as cursor:  # as the database does by itself within minutes
        cursor.execute("ANALYZE")
    return Many(documents, each * documents, time.perf_counter() - begun)


def _documents(numbers: Sequence[int], units: Sequence[Any], people: Sequence[Any], dice: random.Random, manager: Any) -> list[Any]:
    from linchpin.kernel.commands.importing import Changed, New, change_many, create_many

    rows = []
    for n in numbers:
        values = {"title": f"Work instruction {n}", "unit": dice.choice(units), "owner": dice.choice(people), "confidentiality": "public"}
        above = New("document", values | {"reference": f"WI-{n:05}", "kind": "instruction"}, status="in_force", own={"round": 1, "unconfirmed": 0})
        rows += [above, New("revision", values | {"content": _text(n, dice)}, status="effective", parent=above)]
    made = create_many(rows, actor=manager)
    change_many([Changed(made[n], {"effective": made[n + 1]}) for n in range(0, len(made), 2)], actor=manager)
    return made[::2]


def _text(number: int, dice: random.Random) -> str:
    """Markdown as an instruction has it: sections with a paragraph, a numbered list and a table."""
    parts, letters = [f"# Work instruction {number}"], 0
    while letters < LETTERS:
        said = " ".join(dice.choices(WORDS, k=60)).capitalize()
        steps = "\n".join(f"{n}. **{dice.choice(WORDS)}**: {' '.join(dice.choices(WORDS, k=14))}" for n in range(1, 9))
        table = "\n".join(["| what | limit |", "|---|---|", *(f"| {dice.choice(WORDS)} | {dice.randrange(90)} µm |" for _row in range(6))])
        parts.append(f"## {said[:30]}\n\n{said}.\n\n{steps}\n\n{table}")
        letters += len(parts[-1])
    return "\n\n".join(parts)


def _confirm(documents: Sequence[Any], people: Sequence[Any], each: int, dice: random.Random) -> None:
    """Person by person, as the move does it: the answer, its event, the signature and the signature's event."""
    from linchpin.kernel.commands.transaction import command
    from linchpin.kernel.records.models import Record
    from linchpin.kernel.trail.bulk import update_rows

    if not each:
        return
    for place, person in enumerate(people):
        mine = [document for n, document in enumerate(documents) if (place - n * 7) % len(people) < each]
        with command() as at:
            _sign(mine, person, at - timedelta(days=90), [dice.random() >= STILL_OPEN for _one in mine])
    with command():
        update_rows(Record, "id", ("head", "sequence"), [(one.head, one.sequence, one.pk) for one in documents])


def _sign(documents: Sequence[Any], person: Any, at: Any, confirmed: Sequence[bool]) -> None:
    from linchpin.chapters.support.documents.lifecycle import LIFECYCLE, READ
    from linchpin.kernel.asking.models import Asked
    from linchpin.kernel.signatures.content import content_hash
    from linchpin.kernel.signatures.models import Signature
    from linchpin.kernel.trail import Change, Entry, append_many

    move: Any = LIFECYCLE.transition("confirm")
    asked = [Asked(record_id=one.pk, duty="confirm", round=1, person=person, asked_at=at, answer="done" if yes else "", answered_at=at if yes else None)
             for one, yes in zip(documents, confirmed, strict=True)]  # fmt: skip
    Asked.objects.bulk_create(asked, BATCH)
    read = [one for one, yes in zip(documents, confirmed, strict=True) if yes]
    fields = sorted(READ)
    signatures = [Signature(record_id=one.pk, signer=person, meaning=str(move.signature), strength=move.strength, move="confirm", version=one.version,
                            content_hash=content_hash(one, fields), fields=fields, signed_at=at) for one in read]  # fmt: skip
    Signature.objects.bulk_create(signatures, BATCH)
    append_many([Entry(one, one.pk, [Change("unconfirmed", "1", "0")]) for one in read], "record", actor=person, verb="confirm", at=at)
    said = [[Change("meaning", None, s.meaning), Change("strength", None, s.strength), Change("content_hash", None, s.content_hash)] for s in signatures]
    append_many([Entry(one, one.pk, told) for one, told in zip(read, said, strict=True)], "record", actor=person, verb="sign", at=at)


def pages(made: Made, environment: dict[str, str], postgresql: bool) -> Iterator[Figure]:
    """Their register, their own pages with text, readers and history, a revision's page, and the search that reads all their words."""
    from linchpin.kernel.records.models import Record

    cookie, manager = session_of(made.reader), session_of(made.manager)
    numbers = {key: list(Record.objects.filter(type=key).order_by("-sequence", "id").values_list("number", flat=True)[:50]) for key in ("document", "revision")}
    documents, revisions = ([f"/{key}/{number}/" for number in found] for key, found in numbers.items())
    common = 40 if postgresql else 25
    with serving("linchpin.config.wsgi:application", environment) as (port, _pid, _started):
        loads(port, ["/document/", documents[0]], cookie, 60)
        yield p95("register of documents, alone", loads(port, ["/document/", "/document/?kind=instruction&sort=title"], cookie, ALONE), 25)
        yield p95("a document's page, alone", loads(port, documents, manager, ALONE), 25)
        together = loading.run(port, cycle(documents, manager), TOGETHER, CONCURRENT)
        yield Figure("a document's page, 8 at a time", rate_of(together), "≥ 120/s", together.per_second >= 120)
        yield p95("a revision's page, alone", loads(port, revisions, manager, ALONE), 25)
        yield p95("search among documents, rare word", loads(port, [f"/search/?q={RARE}&type=document"], cookie, ALONE), 25)
        yield p95("search among documents, common word", loads(port, [f"/search/?q={COMMON}&type=document"], cookie, ALONE), common)


def plans(made: Made) -> None:
    """One request of each page, warmed by another: its statements, and how the database finds what the slowest ask for."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from linchpin.chapters.support.documents.models import Document

    number = Document.objects.order_by("-sequence").values_list("number", flat=True)[0]
    browser = Client(headers={"host": "localhost"})
    name, _equals, value = session_of(made.manager).partition("=")
    browser.cookies[name] = value
    for path in ("/document/", f"/document/{number}/", f"/search/?q={RARE}", f"/search/?q={COMMON}", "/todo/", "/document/due-for-disposal/"):
        browser.get(path)
        begun = time.perf_counter()
        with CaptureQueriesContext(connection) as captured:
            status = browser.get(path, follow=True).status_code
        print(f"\n{path}  {status}  {(time.perf_counter() - begun) * 1000:.0f} ms  {len(captured)} statements", flush=True)
        for query in sorted(captured.captured_queries, key=lambda one: -float(one["time"]))[:4]:
            print(f"  {float(query['time']) * 1000:.0f} ms  {query['sql'][:400]}", flush=True)
            _explain(query["sql"])


def _explain(sql: str) -> None:
    from django.db import DatabaseError, connection

    if not sql.startswith("SELECT"):
        return
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"{how} {sql}")
        except DatabaseError as problem:  # SQLite's log of statements leaves parameters unquoted
            print(f"      {str(problem)[:80]}")
            return
        for row in cursor.fetchall():
            print(f"      {row[-1]}")
