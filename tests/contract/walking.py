"""How the contract suite raises a record of any type and takes it to any of its states."""

from __future__ import annotations

import itertools
from collections import deque
from importlib import import_module
from typing import Any

from django.db import models

from linchpin.kernel import commands
from linchpin.kernel.commands import Signing
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.access import may_create, may_move
from linchpin.kernel.records.lifecycle import Transition
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType
from tests.cast import Cast

STRONG = Signing(reauthenticated=True)
MAKERS = ("daniel", "marek", "hanna", "aoife", "maeve", "priya", "seun", "inês", "boštjan", "norbert", "kateřina")
"""Whom the suite asks, in this order, to do something: the quality manager first."""


def example_of(kind: RecordType) -> Any:
    """The module `example` beside the type's declaration: VALUES, and where needed ANSWERS, OTHERWISE and BEFORE."""
    return import_module(f"{type(kind).__module__.rsplit('.', 1)[0]}.example")


def everybody(cast: Cast) -> dict[str, Access]:
    return {name: getattr(cast, name) for name in MAKERS}


def values_of(kind: RecordType, cast: Cast, /, **over: Any) -> dict[str, Any]:
    """What is typed to raise one in Machining, owned by Marek."""
    return {"unit": cast.machining, "owner": cast.marek.person, **example_of(kind).VALUES, **over}


def creator_of(kind: RecordType, cast: Cast) -> Access:
    return next(a for a in everybody(cast).values() if may_create(a, kind, cast.machining.pk))


def raise_one(kind: RecordType, cast: Cast, /, **over: Any) -> Any:
    return commands.create(kind.key, values_of(kind, cast, **over), actor=creator_of(kind, cast))


def way_to(kind: RecordType, state: str) -> list[Transition]:
    """The shortest way from the first state to `state` along declared moves."""
    ways: dict[str, list[Transition]] = {str(kind.lifecycle.initial): []}
    waiting = deque(ways)
    while waiting:
        here = waiting.popleft()
        for move in kind.lifecycle.moves_from(here):
            there = str(move.target_from(here))
            if there not in ways:
                ways[there] = [*ways[here], move]
                waiting.append(there)
    return ways[state]


def walk_to(kind: RecordType, state: str, cast: Cast) -> Any:
    """A record of the type that stands in `state`, taken there by people who may. Fails where no one can."""
    over = getattr(example_of(kind), "OTHERWISE", {}).get(state, {})
    allowed = {name: value for name, value in over.items() if name in kind.create_fields}
    record = raise_one(kind, cast, **allowed)
    for move in way_to(kind, state):
        record = step(kind, record, move, cast, over)
    assert record.status == state, f"{kind.key} stands in {record.status} instead of {state}"
    return record


def step(kind: RecordType, record: Any, move: Transition, cast: Cast, over: dict[str, Any] | None = None) -> Any:
    """Make one move, as the first person of the cast who can; an automatic one follows from what is done before it."""
    before = getattr(example_of(kind), "BEFORE", {}).get(move.name)
    if before:
        before(record, cast)
    if move.automatic:
        return fresh(kind, record)
    said: dict[str, str] = {}
    for name, access in everybody(cast).items():
        if not may_move(access, move, fresh(kind, record)):
            continue
        try:
            return commands.move(record, move.name, actor=access, values=answers(kind, move, cast, over), reason="So it was agreed.",
                                 passed=True, signing=Signing(True, second_for(access, cast)))  # fmt: skip
        except Refused as refused:
            said[name] = str(refused)
    raise AssertionError(f"nobody can make the move {move.name} of {kind.key}: {said}")


def second_for(access: Access, cast: Cast) -> Person:
    return next(a.person for a in everybody(cast).values() if a.person.pk != access.person.pk)


def answers(kind: RecordType, move: Transition, cast: Cast, over: dict[str, Any] | None = None) -> dict[str, Any]:
    """What is answered to what the move asks for; people stand in where the example names none."""
    known = getattr(example_of(kind), "ANSWERS", {}) | (over or {})
    answered = {name: known[name] for name in move.asks if name in known}
    for name in move.asks:
        if name not in answered and refers_to_a_person(kind, name):
            answered[name] = cast.marek.person if name == "owner" else cast.hanna.person
    return answered


def refers_to_a_person(kind: RecordType, name: str) -> bool:
    field: Any = kind.fields[name]
    return isinstance(field, models.ForeignKey) and field.related_model is Person


def fresh(kind: RecordType, record: Any) -> Any:
    return kind.model._default_manager.get(pk=record.pk)


def a_text_field(kind: RecordType) -> str:
    """A field of free text that is not the title, to edit and to search for."""
    named = itertools.chain(kind.searched, kind.fields)
    return next(n for n in named if n != "title" and n in kind.fields and isinstance(kind.fields[n], models.CharField | models.TextField))
