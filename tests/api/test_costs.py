"""What an answer costs in queries: always the same, however much there is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.kernel import commands
from tests.cast import Cast


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        response = ask()
    assert response.status_code in (200, 201), response.content
    return len(found)


def problems(cast: Cast, count: int) -> list[Any]:
    """Problems of several owners and verifiers, each with an action and a comment."""
    made = []
    for n in range(count):
        owner = (cast.marek, cast.priya)[n % 2].person
        problem = cast.problem(title=f"Burr in bore {n}", owner=owner, verifier=cast.hanna.person)
        commands.create("action", {"title": f"Deburr bore {n}", "kind": "corrective", "owner": owner}, actor=cast.daniel, parent=problem)
        commands.comment(problem, "@Hanna please look.", actor=cast.daniel)
        made.append(problem)
    return made


@pytest.mark.parametrize(("name", "path", "cost"), [
    ("daniel", "/nonconformity/", 7), ("daniel", "/action/", 8), ("marek", "/nonconformity/", 7), ("marek", "/action/", 8),
])  # fmt: skip
def test_a_register_costs_the_same_for_one_row_and_for_many(cast: Cast, caller_of: Any, name: str, path: str, cost: int) -> None:
    caller = caller_of(name)
    problems(cast, 1)
    first = queries(lambda: caller.get(path))
    problems(cast, 12)
    assert queries(lambda: caller.get(path)) == first == cost


def test_a_record_and_all_that_hangs_on_it_cost_the_same_for_little_and_for_much(cast: Cast, caller_of: Any) -> None:
    (problem,), daniel = problems(cast, 1), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/"
    parts = ("", "comments/", "files/", "links/", "children/", "trail/", "signatures/", "exceptions/", "transitions/")
    before = {part: queries(lambda part=part: daniel.get(at + part)) for part in parts}
    for n in range(5):
        commands.comment(problem, f"@Hanna and @Marek, bore {n}.", actor=cast.daniel)
        commands.link(problem, cast.problem(title=f"Burr in bore {n}"), "related", actor=cast.daniel)
        commands.create("action", {"title": f"Deburr bore {n}", "kind": "corrective"}, actor=cast.daniel, parent=problem)
    after = {part: queries(lambda part=part: daniel.get(at + part)) for part in parts}
    assert after | {"links/": 0, "children/": 0} == before | {"links/": 0, "children/": 0}
    assert after["links/"] <= before["links/"] + 1
    assert before[""] == 5


def test_a_create_costs_so_much(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    values = {"title": "Two fittings of another alloy", "unit": str(cast.machining.uid), "owner": str(cast.marek.person.uid)}
    daniel.post("/nonconformity/", {"values": values})
    cost = queries(lambda: daniel.post("/nonconformity/", {"values": values}))
    assert cost == queries(lambda: daniel.post("/nonconformity/", {"values": values}))
    assert cost <= 34
