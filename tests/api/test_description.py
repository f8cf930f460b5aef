"""The description of the API, held against the API itself by machine-made requests through the real WSGI application."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from ninja.responses import NinjaJSONEncoder
from schemathesis import checks
from schemathesis.specs.openapi import checks as openapi

from linchpin.config.wsgi import application
from linchpin.kernel import commands
from linchpin.kernel.records.registry import all_types
from linchpin.surfaces.api.urls import api
from tests.cast import Cast
from tests.contract.walking import raise_one

REFRESH = (
    "DJANGO_SETTINGS_MODULE=linchpin.config.settings python -m django export_openapi_schema "
    "--api linchpin.surfaces.api.urls.api --indent 1 --output docs/openapi.json"
)
HELD = [
    checks.not_a_server_error, openapi.status_code_conformance, openapi.content_type_conformance, openapi.response_headers_conformance,
    openapi.response_schema_conformance,
]  # fmt: skip
OF = {"analyses": "root_cause_analysis", "audits": "audit", "documents": "document", "programs": "audit_program", "people": "revision"}
"""The types of records whose numbers stand under an address of their own."""
FEW = settings(max_examples=6, deadline=None, database=None, derandomize=True, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))


@pytest.fixture
def numbers(cast: Cast) -> dict[str, str]:
    """A record of each type; on the problem hangs something."""
    made = {kind.key: raise_one(kind, cast) for kind in all_types()}
    commands.comment(made["nonconformity"], "@Marek please look.", actor=cast.daniel)
    commands.link(made["nonconformity"], made["concern"], "related", actor=cast.daniel)
    return {key: record.number for key, record in made.items()}


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
    who = {"Authorization": f"Bearer {caller_of('daniel').secret}", "Accept-Encoding": "identity"}  # this client unpacks nothing
    count = 0
    operations = [found.ok() for found in described.get_all_operations()]
    for operation in sorted(operations, key=lambda one: "/fields/" in one.path):  # a field that is added changes the description
        @FEW
        @given(case=operation.as_strategy(), there=st.booleans())
        def ask(case: Any, there: bool) -> None:
            if there and "number" in case.path_parameters:
                kind = case.path_parameters.get("type") or case.path.partition("/{")[0].rsplit("/", 1)[1]
                case.path_parameters["number"] = numbers[OF.get(kind, kind)]
            case.call_and_validate(headers=who, checks=HELD)

        ask()
        count += 1
    assert count > 40


def test_the_description_kept_in_the_repository_is_the_one_the_api_gives() -> None:
    kept = Path("docs/openapi.json")
    now = json.dumps(api.get_openapi_schema(), cls=NinjaJSONEncoder, indent=1, ensure_ascii=False)
    assert kept.exists() and json.loads(kept.read_text()) == json.loads(now), f"The API has changed. Look at the difference, then keep it: {REFRESH}"


def test_the_description_is_one_for_all_and_sound(caller_of: Any) -> None:
    document = caller_of("seun").get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    names = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(names) == len(set(names))
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(document)))
    assert references <= set(document["components"]["schemas"])
    for record_type in all_types():
        assert {f"{record_type.key}_{verb}" for verb in ("list", "read", "create", "edit", "offers", "move")} <= set(names)


def test_the_page_of_the_description_runs_under_our_policy_with_nothing_from_elsewhere(cast: Cast) -> None:
    page = Client().get("/api/v1/docs")
    assert page.status_code == 200
    text = page.content.decode()
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert re.findall(r'(?:src|href)="(https?:)?//', text) == []
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert "onclick" not in text
    for address in re.findall(r'(?:src|href)="([^"]+)"', text):
        assert Client().get(address).status_code == 200, address
