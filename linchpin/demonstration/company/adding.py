"""What the house added to its problems, what stands in it, the one file that had to go again, and what is kept as a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

from linchpin.demonstration.company.gathering import told
from linchpin.kernel.commands import attach, edit, link
from linchpin.kernel.commands.customizing import add_field
from linchpin.kernel.commands.purging import confirm_purge, propose_purge
from linchpin.kernel.people.stage import Play, Stage
from linchpin.kernel.records.registry import get_type

TYPE = "nonconformity"
KEPT = (("audit", "PR-092"), (TYPE, "PR-102"))
"""Which procedure each kind of record is kept under, as the audit of documents in spring asked for; of problems the last two dozen that were closed."""
OTHERS = 10
"""Open problems, besides those told of by name, of which the batch is known; of every second one also the cost."""
OVERTIME = "name;week;hours\nnight shift, flow line;44;6.5\nnight shift, flow line;45;8\n"


def additions(stage: Stage) -> Iterator[Play]:
    yield _daniel_adds_fields(stage)
    yield _values(stage)
    yield _a_wrong_file(stage)
    yield _daniel_keeps_records(stage)


def _daniel_adds_fields(stage: Stage) -> Play:
    yield stage.at(stage.day(-8), "quality", 11)
    for row in told("fields")["field"]:
        add_field(TYPE, row, actor=stage.who("daniel"))


def _values(stage: Stage) -> Play:
    """Daniel goes through what is open, with the routers and controlling's list beside him."""
    yield stage.at(stage.day(-0.2), "quality", 15.2)
    daniel, known = stage.who("daniel"), set()
    for row in told("fields")["value"]:
        record = stage.records[row["slug"]]
        known.add(record.pk)
        edit(record, {name: value for name, value in row.items() if name != "slug"}, actor=daniel)
    rows = get_type(TYPE).model._default_manager.filter(type=TYPE, phase="open").exclude(pk__in=known).order_by("-pk")
    for n, record in enumerate(rows[:OTHERS]):
        dice = stage.dice("batch", n)
        values: dict[str, Any] = {"x_batch": f"L-{dice.randrange(2000, 2400)}"}
        values |= {"x_cost_so_far": f"{dice.randrange(120, 1900)}.{dice.randrange(10, 99)}"} if n % 2 else {}
        edit(record, values, actor=daniel)


def _a_wrong_file(stage: Stage) -> Play:
    """Daniel hung a list of hours on a complaint; Inês saw it there, and he confirmed that it goes."""
    yield stage.at(stage.day(-0.15), "dispatch", 9.4)
    record = stage.records["meltemi-dents"]
    wrong = attach(record, ContentFile(OVERTIME.encode(), "overtime-weeks-44-45.csv"), actor=stage.who("daniel"))
    reason = "A list of hours of people was attached by mistake, in place of the photos of the corners."
    proposed = propose_purge(record, "file", str(wrong.uid), actor=stage.who("ines"), reason=reason)
    confirm_purge(proposed, actor=stage.who("daniel"))


def _daniel_keeps_records(stage: Stage) -> Play:
    yield stage.at(stage.day(-0.12), "quality", 16.4)
    for key, number in KEPT:
        ended = get_type(key).model._default_manager.filter(type=key, phase="done", provenance="entered").order_by("-pk")
        for record in reversed(ended[:24]):
            link(record, stage.records[number], "kept_under", actor=stage.who("daniel"))
