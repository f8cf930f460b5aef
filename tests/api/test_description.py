"""The description of the API, held against the API itself by machine-made requests through the real WSGI application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from linchpin.config.wsgi import application
from linchpin.kernel import commands
from linchpin.surfaces.api.urls import api
from tests.cast import Cast

HELD = [
    checks.not_a_server_error, openapi.status_code_conformance, openapi.content_type_conformance, openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]  # fmt: skip
FEW = settings(max_examples=6, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture
def numbers(cast: Cast) -> dict[str, str]:
    """A record of each type, with something hanging on it."""
    problem = cast.problem()
    action = commands.create("action", {"title": "Fit a borescope station", "kind": "corrective"}, actor=cast.daniel, parent=problem)
    concern = commands.create("concern", {"saw": "Two of the fittings in tray 6 are a different colour"}, actor=cast.seun)
    commands.comment(problem, "@Marek please look.", actor=cast.daniel)
    commands.link(problem, concern, "related", actor=cast.daniel)
    return {record.type: record.number for record in (problem, action, concern)}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """A web server closes what a request left in a transaction; the transaction of a test goes on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.slow
@pytest.mark.usefixtures("one_connection")
def test_every_address_answers_as_it_is_described(cast: Cast, numbers: dict[str, str], caller_of: Any) -> None:
    """Half of the requests name a record that is there; whatever the rest of them says, the answer is as described and never a 5xx."""
    described = schemathesis.openapi.from_dict(api.get_openapi_schema())
    described.app = application
    who = {"Authorization": f"Bearer {caller_of('daniel').secret}"}
    count = 0
    for found in described.get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(), there=st.booleans())
        def ask(case: Any, there: bool) -> None:
            if there and "number" in case.path_parameters:
                kind = case.path_parameters.get("type") or case.path.split("/")[3]
                case.path_parameters["number"] = numbers[kind]
            case.call_and_validate(headers=who, checks=HELD)

        ask()
        count += 1
    assert count > 40
