"""A large installation: 300 units, 400 people, 100,000 nonconformities and 1,000,000 events, made through the bulk commands."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Any

from linchpin.kernel.commands.importing import Changed, New, change_many, create_many
from linchpin.kernel.commands.organizing import add_person, add_unit, found_organization, grant
from linchpin.kernel.commands.transaction import command
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access, access_of
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.trail import seal_pending

UNITS, PEOPLE, SUBTREES = 300, 400, 12
BATCH = 10_000
_TEXT = (
    "burr bore gauge seal bath coating thread torque fixture crack lot batch certificate drawing revision operator night shift torn label "
    "missing wrong dimension surface rejected returned customer supplier audit finding calibration overdue document training packaging"
)
WORDS = _TEXT.split()
COMMON, RARE = "burr", "xylophone"
"""A word that most problems hold, and one that a single problem holds."""


@dataclass(frozen=True)
class Made:
    """What was made: who reads in the benchmark, and how long the bulk commands took."""

    reader: str
    manager: str
    records: int
    events: int
    create_seconds: float
    edit_seconds: float


def generate(records: int, events: int) -> Made:
    """Fill an empty installation. `events` counts the events of nonconformities, at least one each."""
    dice = random.Random(9001)
    reader, manager, units, people = _organization(dice)
    begun = time.perf_counter()
    made: list[Any] = []
    for start in range(0, records, BATCH):
        rows = [_problem(n, units, people, dice, records) for n in range(start, min(start + BATCH, records))]
        made += create_many(rows, actor=manager)
    created = time.perf_counter() - begun
    ids = [record.pk for record in made]
    made.clear()
    begun = time.perf_counter()
    _edit(ids, events - records, manager, dice)
    seal_pending()
    return Made(str(reader.person.email), str(manager.person.email), records, max(events, records), created, time.perf_counter() - begun)


def _organization(dice: random.Random) -> tuple[Access, Access, list[Unit], list[Person]]:
    with command():
        system = found_organization("Benchmark Works", country="IE")
        units = [system.person.unit]
        for n in range(UNITS):
            parent = units[0] if n < 20 else units[1 + dice.randrange(min(n, 60))]
            units.append(add_unit({"name": f"Unit {n:03}", "kind": "department", "parent": parent}, actor=system))
        people = [
            add_person({"name": f"Person {n:03}", "email": f"p{n:03}@bench.example", "unit": dice.choice(units[1:])}, actor=system) for n in range(PEOPLE)
        ]
        reader, manager = people[0], people[1]
        for unit in dice.sample(units[21:], SUBTREES):
            grant(reader, Role.PROCESS_OWNER, unit, actor=system)
        grant(manager, Role.QUALITY_MANAGER, units[0], actor=system)
        for person in (reader, manager):
            Person.objects.filter(pk=person.pk).update(account="active")
    fresh = Person.objects.select_related("unit").in_bulk([reader.pk, manager.pk])
    return access_of(fresh[reader.pk]), access_of(fresh[manager.pk]), units[1:], people


def _problem(n: int, units: list[Unit], people: list[Person], dice: random.Random, total: int) -> New:
    words = dice.choices(WORDS, k=12)
    text = " ".join([COMMON if dice.random() < 0.7 else "", *words, RARE if n == total // 2 else ""])
    values = {
        "title": f"{words[0].capitalize()} {words[1]} at station {n % 97}", "description": text, "unit": dice.choice(units), "owner": dice.choice(people),
        "due": clock.today() + timedelta(days=dice.randrange(-200, 200)) if dice.random() < 0.8 else None,
        "severity": dice.choices(("critical", "major", "minor"), (1, 4, 10))[0], "source": dice.choice(("process", "complaint", "supplier")),
    }  # fmt: skip
    status = dice.choice(("registered", "contained", "corrected", "cause_found", "closed", "closed_no_fix", "closed"))
    return New("nonconformity", values, status=status, raised=clock.now() - timedelta(days=dice.randrange(1, 1500)))


def _edit(ids: list[int], wanted: int, actor: Access, dice: random.Random) -> None:
    """Events after the first: one change of a record each, in rounds over all of them."""
    from linchpin.chapters.improvement.nonconformities.models import Nonconformity

    numbers = iter(range(wanted))
    while chosen := list(islice(numbers, BATCH)):
        start = chosen[0] % len(ids)
        found = Nonconformity.objects.in_bulk(ids[start : start + len(chosen)])
        change_many([Changed(record, {"place": f"station {dice.randrange(10**9)}"}) for record in found.values()], actor=actor, verb="edit")
