"""Who may ask at all, how often, and with what kind of request."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from linchpin.kernel.commands.organizing import edit_subject, revoke_token
from linchpin.kernel.people import clock
from linchpin.kernel.people.clock import standing_at
from linchpin.kernel.people.models import ApiToken
from linchpin.surfaces.api.guarding import LARGEST_BODY
from linchpin.surfaces.api.urls import api
from tests.api.callers import Caller, sentences
from tests.cast import Cast


def test_daniels_token_says_who_he_is_and_what_it_is_good_for(cast: Cast, caller_of: Any) -> None:
    me = caller_of("daniel", "read").get("/me/").json()
    assert me["person"]["name"] == "Daniel Petrov"
    assert me["scopes"] == ["read"]
    assert {"role": "quality_manager", "units": None} in me["roles"]
    marek = caller_of("marek").get("/me/").json()["roles"]
    assert [unit["name"] for role in marek if role["role"] == "process_owner" for unit in role["units"]] == ["Machining"]


def test_without_a_token_nobody_is_told_anything(cast: Cast) -> None:
    problem = cast.problem()
    for secret in ("", "lp_guess", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1"), "x" * 5_000):
        refused = Caller(secret).get(f"/nonconformity/{problem.number}/")
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"].startswith("Bearer")
    assert Client().get("/api/v1/me/", headers={"Authorization": "Basic bGVmdDpyaWdodA=="}).status_code == 401


def test_an_expired_token_opens_nothing(cast: Cast, caller_of: Any) -> None:
    caller = caller_of("daniel")
    with standing_at(clock.now() + timedelta(days=31)):
        assert caller.get("/me/").status_code == 401


def test_a_revoked_token_opens_nothing(cast: Cast, caller_of: Any) -> None:
    caller = caller_of("daniel")
    revoke_token(ApiToken.objects.get(person=cast.daniel.person), actor=cast.daniel)
    assert caller.get("/me/").status_code == 401


@pytest.mark.parametrize("values", [{"state": "left"}, {"account": "locked"}], ids=["left", "locked"])
def test_the_token_of_somebody_who_left_or_is_locked_opens_nothing(cast: Cast, caller_of: Any, values: dict[str, str]) -> None:
    caller = caller_of("priya")
    assert caller.get("/me/").status_code == 200
    edit_subject(cast.priya.person, values, actor=cast.system)
    assert caller.get("/me/").status_code == 401


def test_the_session_of_a_browser_reads_and_writes_only_with_the_csrf_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.daniel.person, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert browser.get("/api/v1/me/").json()["person"]["name"] == "Daniel Petrov"
    body = json.dumps({"values": {"title": "Mixed fittings", "unit": str(cast.machining.uid)}})
    refused = browser.post("/api/v1/nonconformity/", body, content_type="application/json")
    assert refused.status_code == 403
    assert "CSRF" in refused.json()["title"]
    browser.get("/api/v1/docs")
    token = browser.cookies["csrftoken"].value
    made = browser.post("/api/v1/nonconformity/", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert made.status_code == 201, made.content


def test_a_token_needs_no_csrf(caller_of: Any, cast: Cast) -> None:
    script = Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {caller_of('daniel').secret}"})
    body = json.dumps({"values": {"title": "Mixed fittings", "unit": str(cast.machining.uid)}})
    assert script.post("/api/v1/nonconformity/", body, content_type="application/json").status_code == 201


def test_a_token_that_asks_too_often_is_told_how_long_to_wait(caller_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    daniel, marek = caller_of("daniel"), caller_of("marek")
    (each,) = api.throttle
    monkeypatch.setattr(each, "num_requests", 3)
    assert [daniel.get("/me/").status_code for _n in range(4)] == [200, 200, 200, 429]
    refused = daniel.get("/me/")
    assert 0 < int(refused["Retry-After"]) <= 60
    assert "wait" in sentences(refused)
    assert marek.get("/me/").status_code == 200


BAD_BODIES = {
    "not json": (b"{", "line 1"),
    "empty": (b"", "missing"),
    "a list": (b"[1, 2]", "object"),
    "a word": (b'"problem"', "object"),
    "null": (b"null", "object"),
    "not utf-8": (b'{"values": {"title": "\xff\xfe"}}', "UTF-8"),
    "utf-16": ('{"values": {}}'.encode("utf-16"), "UTF-8"),
    "a NUL": (b'{"values": {"title": "Mixed\\u0000fittings"}}', "no text"),
    "half a character": (b'{"values": {"title": "Mixed \\ud800"}}', "no text"),
    "a NUL in a name": (b'{"values": {"ti\\u0000tle": "x"}}', "no text"),
    "NaN": (b'{"values": {"window_days": NaN}}', "not a number"),
    "infinity": (b'{"values": {"window_days": -Infinity}}', "not a number"),
    "a name twice": (b'{"values": {}, "values": {"title": "Mixed fittings"}}', "twice"),
    "too deep": (b'{"values": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "deeply"),
    "too many digits": (b'{"values": {"window_days": ' + b"9" * 5_000 + b"}}", "digits"),
    "something unknown": (b'{"values": {}, "status": "closed"}', "There is no “status”"),
    "values of the wrong kind": (b'{"values": "title"}', "object"),
    "a reason that is a number": (b'{"values": {}, "reason": 7}', "quotation marks"),
    "a reason without end": (b'{"values": {}, "reason": "' + b"x" * 2_001 + b'"}', "at most 2000"),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_body_that_makes_no_sense_is_refused_with_a_sentence(caller_of: Any, name: str) -> None:
    body, said = BAD_BODIES[name]
    refused = caller_of("daniel").raw("POST", "/nonconformity/", body)
    assert refused.status_code in (400, 422), refused.content
    assert said in sentences(refused)


def test_a_body_that_is_too_large_is_refused_unread(caller_of: Any) -> None:
    refused = caller_of("daniel").raw("POST", "/nonconformity/", b'{"values": {"description": "' + b"x" * LARGEST_BODY + b'"}}')
    assert refused.status_code == 413
    assert "at most 1000000" in sentences(refused)


def test_other_kinds_of_content_are_refused(caller_of: Any) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        refused = caller_of("daniel").raw("POST", "/nonconformity/", b"<title/>", content_type=kind)
        assert refused.status_code == 415, kind


BAD_VALUES: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({"title": ""}, "title"),
    "only blanks": ({"title": "   "}, "title"),
    "only punctuation": ({"title": "..."}, "title"),
    "two letters": ({"title": "ab"}, "title"),
    "too long": ({"title": "x" * 201}, "title"),
    "a number as title": ({"title": 12345}, "title"),
    "a list as title": ({"title": ["Mixed fittings"]}, "title"),
    "html": ({"title": "<script>alert(1)</script> fittings"}, "title"),
    "a control character": ({"title": "Mixed \u0007 fittings"}, "title"),
    "an impossible day": ({"occurred": "2025-02-30"}, "occurred"),
    "not a day": ({"occurred": "yesterday"}, "occurred"),
    "a day far away": ({"occurred": "0001-01-01"}, "occurred"),
    "the future": ({"occurred": "2199-01-01"}, "occurred"),
    "found before it occurred": ({"occurred": "2025-03-02", "detected": "2025-03-01"}, "detected"),
    "due in the past": ({"due": "2020-01-01"}, "due"),
    "a day as number": ({"due": 20260101}, "due"),
    "a negative count": ({"result_count": -1}, "result_count"),
    "a count too large": ({"result_count": 2**63}, "result_count"),
    "half a count": ({"result_count": 1.5}, "result_count"),
    "a count as text": ({"result_count": "3"}, "result_count"),
    "more failures than cases": ({"result_count": 4, "result_n": 3}, "result_count"),
    "an unknown choice": ({"severity": "terrible"}, "severity"),
    "a flag as text": ({"on_hold": "yes"}, "on_hold"),
    "nobody": ({"owner": "00000000-0000-4000-8000-000000000000"}, "owner"),
    "a person by number": ({"owner": 1}, "owner"),
    "a person by e-mail": ({"owner": "marek@dunmallow.example"}, "owner"),
    "no unit": ({"unit": None}, "unit"),
    "an unknown field": ({"colour": "red"}, "colour"),
    "the status": ({"status": "closed"}, "status"),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_a_bad_value_is_refused_beside_its_field(cast: Cast, caller_of: Any, name: str) -> None:
    values, field = BAD_VALUES[name]
    sent = {"title": "Two fittings of another alloy", "unit": str(cast.machining.uid), **values}
    refused = caller_of("daniel").post("/nonconformity/", {"values": sent})
    assert refused.status_code == 422, refused.content
    assert field in [error["field"] for error in refused.json()["errors"]]
    assert sentences(refused).endswith((".", "?"))


def test_people_who_left_and_units_that_closed_are_no_longer_named(cast: Cast, caller_of: Any) -> None:
    edit_subject(cast.priya.person, {"state": "left"}, actor=cast.system)
    edit_subject(cast.lipnica, {"state": "closed"}, actor=cast.system)
    values = {"title": "Two fittings of another alloy", "owner": str(cast.priya.person.uid), "unit": str(cast.lipnica.uid)}
    refused = caller_of("daniel").post("/nonconformity/", {"values": values})
    assert {error["field"] for error in refused.json()["errors"]} == {"owner", "unit"}


BAD_QUERIES = (
    "size=0", "size=201", "size=many", "size=-1", "size=²", "sort=colour", "sort=", "cursor=%FF", "cursor=damaged", "cursor=WzEsMiwzLDRd", "cursor=e30",
    "cursor=WzEsWyJhIl0sZmFsc2Vd", "cursor=WyJhIiwiYiIsZmFsc2Vd", "status=nonsense", "colour=red", "since=yesterday", "due=soon", "owner=somebody",
    "unit=nowhere", "severity=", "q=x", "title=x",
)  # fmt: skip


@pytest.mark.parametrize("query", BAD_QUERIES)
def test_a_query_that_makes_no_sense_is_refused_or_finds_nothing(cast: Cast, caller_of: Any, query: str) -> None:
    cast.problem()
    response = caller_of("daniel").get(f"/nonconformity/?{query}")
    assert response.status_code in (200, 422), response.content
    if response.status_code == 422:
        assert len(sentences(response)) > 15
    else:
        assert query in ("sort=", "owner=somebody", "unit=nowhere")


def test_a_cursor_of_one_order_is_refused_in_another_and_a_forged_one_never_fails(cast: Cast, caller_of: Any) -> None:
    for n in range(3):
        cast.problem(title=f"Burr in bore {n}", due=clock.today() + timedelta(days=n + 1))
    daniel = caller_of("daniel")
    for sort in ("number", "-title", "due", "changed", "-raised", "severity"):
        address = daniel.get(f"/nonconformity/?size=1&sort={sort}").json()["next"]
        for other in ("number", "-title", "due", "changed", "-raised", "severity"):
            cursor = address.split("cursor=")[1].split("&")[0]
            assert daniel.get(f"/nonconformity/?size=1&sort={other}&cursor={cursor}").status_code in (200, 422), (sort, other)


NOWHERE = ("/nothing/", "/nonconformity", "/nonconformity/NC-1/", "/nonconformity/NC-1/nothing/", "/", "/people/x/", "/jobs/1/", "/types/x/")


@pytest.mark.parametrize("path", NOWHERE)
def test_an_address_where_nothing_is_says_so(caller_of: Any, path: str) -> None:
    refused = caller_of("daniel").get(path)
    assert refused.status_code == 404
    assert refused.json()["title"] == "Not found."


def test_a_nul_in_an_address_is_refused(caller_of: Any) -> None:
    daniel = caller_of("daniel")
    for path in ("/nonconformity/NC%00/", "/search/?q=a%00b", "/nonconformity/?place=%00", "/people/?q=%00"):
        assert daniel.get(path).status_code == 400, path


def test_a_method_that_is_not_possible_names_those_that_are(caller_of: Any) -> None:
    refused = caller_of("daniel").delete("/nonconformity/NC-2026-0001/")
    assert refused.status_code == 405
    assert set(refused["Allow"].split(", ")) == {"GET", "PATCH"}
    assert "GET" in sentences(refused)


def test_a_fault_of_ours_is_a_problem_too_and_nothing_is_half_saved(cast: Cast, caller_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("linchpin.kernel.commands.creating.tell_asked", fail)
    daniel = caller_of("daniel")
    before = len(daniel.get("/nonconformity/").json()["items"])
    refused = daniel.post("/nonconformity/", {"values": {"title": "Mixed fittings", "unit": str(cast.machining.uid)}})
    assert refused.status_code == 500
    assert "Nothing was saved" in sentences(refused)
    assert len(daniel.get("/nonconformity/").json()["items"]) == before


def test_no_answer_is_kept_by_a_cache_or_run_by_a_browser(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    for path in ("/me/", f"/nonconformity/{problem.number}/", "/nowhere/"):
        response = caller_of("daniel").get(path)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response["Content-Security-Policy"]


def test_sentences_come_in_the_language_that_is_asked_for(caller_of: Any) -> None:
    refused = caller_of("daniel").client.get("/api/v1/nowhere/", headers={"Accept-Language": "de"})
    assert refused["Content-Language"] == "de"
