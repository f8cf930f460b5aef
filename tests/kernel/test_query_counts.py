"""How many statements a command, a page and a search take: fixed, so that nothing grows with the records that stand beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.kernel import commands
from linchpin.kernel.commands.standing_in import delegate
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.records.listing import Asked, counted, matching, page
from linchpin.kernel.records.registry import get_type
from linchpin.kernel.search.finding import find
from linchpin.surfaces.web.counting import counted as badge
from tests.cast import Cast
from tests.kernel.refusing import answered

NC = get_type("nonconformity")


def taken(work: Callable[[], Any]) -> int:
    """The statements that read or write; savepoints and constraint settings of tests are left out."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return sum(not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SET CONSTRAINTS", "PRAGMA")) for q in captured.captured_queries)


SEALING = 6
"""What sealing adds to each command on SQLite; on PostgreSQL the worker seals."""


def grow(cast: Cast, many: int) -> None:
    for n in range(many):
        problem = cast.problem(title=f"Burr number {n}", owner=cast.marek.person)
        commands.comment(problem, "@Priya look", actor=cast.daniel)


WORK: dict[str, Callable[[Cast, Any], Any]] = {
    "create": lambda cast, problem: cast.problem(),
    "create for somebody": lambda cast, problem: cast.problem(owner=cast.marek.person),
    "edit": lambda cast, problem: commands.edit(problem, {"description": "Seen again."}, actor=cast.daniel),
    "edit nothing": lambda cast, problem: commands.edit(problem, {"title": problem.title}, actor=cast.daniel),
    "move": lambda cast, problem: commands.move(problem, "register", actor=cast.daniel, values=answered("register", cast)),
    "comment": lambda cast, problem: commands.comment(problem, "Seen.", actor=cast.daniel),
    "resolve an access": lambda cast, problem: access_of(cast.marek.person),
    "a page of the register": lambda cast, problem: page(NC, Asked(), cast.marek).rows,
    "a filtered page in another order": lambda cast, problem: page(NC, Asked({"severity": ["major"], "phase": ["open"]}, "due"), cast.marek).rows,
    "the badge of who stands in for Marek": lambda cast, problem: badge(cast.again("hanna")),
    "a count": lambda cast, problem: counted(matching(NC, {"phase": ["open"]}, cast.marek)),
    "a search": lambda cast, problem: find(cast.marek, "burr"),
}


@pytest.mark.parametrize("what", WORK)
def test_nothing_takes_more_statements_when_there_is_more(what: str, cast: Cast) -> None:
    problem = cast.problem(requirement="")
    delegate(cast.hanna.person, starts=clock.today(), ends=clock.today(), actor=cast.marek)
    WORK[what](cast, cast.problem())
    few = taken(lambda: WORK[what](cast, problem))
    grow(cast, 25)
    another = cast.problem(requirement="")
    many = taken(lambda: WORK[what](cast, another))
    assert many == few, f"{what}: {few} statements among few, {many} among many"
    assert few <= MOST[what] + (SEALING if connection.vendor == "sqlite" and what in WRITES else 0), f"{what} takes {few} statements"


WRITES = ("create", "create for somebody", "edit", "move", "comment")
MOST = {
    "create": 13,
    "create for somebody": 14,
    "edit": 11,
    "edit nothing": 3,
    "move": 16,
    "comment": 13,
    "resolve an access": 2,
    "a page of the register": 3,
    "a filtered page in another order": 4,
    "the badge of who stands in for Marek": 8,
    "a count": 1,
    "a search": 6,
}
"""The most statements that each may take, on either database; sealing on SQLite comes on top."""
