"""The standard for machines: its clauses, what proves them, and the edition in force."""

from __future__ import annotations

import json
from typing import Any

from linchpin import standard
from linchpin.kernel.people.models import Organization
from tests.api.callers import sentences
from tests.cast import Cast


def test_the_clauses_of_an_edition_come_in_order_with_what_is_held_for_each(cast: Cast, caller_of: Any) -> None:
    cast.problem()
    told = caller_of("aoife").get("/clauses/").json()
    assert told["edition"] == {"id": "2015", "name": "ISO 9001:2015", "in_force": True}
    assert [one["number"] for one in told["clauses"]] == list(standard.catalogue("2015").clauses)
    held = {one["number"]: {each["type"]: each["count"] for each in one["held"]} for one in told["clauses"]}
    assert held["10.2"]["nonconformity"] == 1 and held["4"] == {}
    later = caller_of("aoife").get("/clauses/", edition="2026").json()
    assert not later["edition"]["in_force"] and {one["number"] for one in later["clauses"] if one["changed"]} >= {"6.1.3", "10.1"}


def test_a_clause_tells_what_changed_and_what_proves_it_as_far_as_the_caller_may_see(cast: Cast, caller_of: Any) -> None:
    open_one, secret = cast.problem(), cast.problem(title="Bribe offered at the gate", confidentiality="restricted", owner=cast.daniel.person)
    seen = caller_of("daniel").get("/clauses/10.2/").json()
    proof = {each["type"]: each for each in seen["evidence"]}["nonconformity"]
    assert proof["count"] == 2 and [one["number"] for one in proof["newest"]] == [secret.number, open_one.number]
    assert secret.number not in json.dumps(caller_of("priya").get("/clauses/10.2/").json())
    culture = caller_of("priya").get("/clauses/7.3/", edition="2026").json()
    assert culture["items"][-1]["new"] and culture["changes"][0]["confidence"] == "high" and culture["other"] == ["7.3"]


def test_a_clause_or_an_edition_that_is_not_there_is_missing(caller_of: Any) -> None:
    seun = caller_of("seun")
    for answer in (seun.get("/clauses/10.3/", edition="2026"), seun.get("/clauses/99/"), seun.get("/clauses/", edition="1987")):
        assert answer.status_code == 404 and sentences(answer)


def test_the_edition_is_chosen_by_whoever_administers(caller_of: Any) -> None:
    refused = caller_of("priya")._send("PUT", "/edition/", {"edition": "2026"}, {})
    assert refused.status_code == 403 and sentences(refused) and Organization.objects.get().edition == "2015"
    chosen = caller_of("daniel")._send("PUT", "/edition/", {"edition": "2026"}, {})
    assert chosen.status_code == 200 and chosen.json() == caller_of("seun").get("/edition/").json() == {"id": "2026", "name": "ISO 9001:2026", "in_force": True}
    assert caller_of("daniel")._send("PUT", "/edition/", {"edition": "1987"}, {}).status_code == 422
