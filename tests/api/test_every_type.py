"""Every record type over the API: raised, read, listed, edited, and only by those who may."""

from __future__ import annotations

from typing import Any

import pytest

from linchpin.kernel.records.access import may, may_create
from linchpin.kernel.records.registry import RecordType
from tests.api.callers import as_json, sentences
from tests.cast import Cast
from tests.contract.walking import a_text_field, creator_of, raise_one, values_of

ASKING = ("maeve", "daniel", "aoife", "marek", "inês", "priya", "seun", "norbert", "kateřina")


def maker(kind: RecordType, cast: Cast) -> str:
    return next(name for name in ("daniel", *ASKING) if may_create(getattr(cast, name), kind, cast.machining.pk))


def test_one_is_raised_read_listed_and_edited(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    caller = caller_of(maker(kind, cast))
    sent = as_json(values_of(kind, cast))
    made = caller.post(f"/{kind.key}/", {"values": sent})
    assert made.status_code == 201, made.content
    record = made.json()
    for name, value in sent.items():
        held = record["values"][name]
        assert (held["uid"] if isinstance(held, dict) and "uid" in held else held) == value, name
    assert caller.get(record["url"]).json() == record
    assert record["number"] in [item["number"] for item in caller.get(f"/{kind.key}/").json()["items"]]
    text = a_text_field(kind)
    edited = caller_of("daniel").patch(record["url"], {"values": {text: "Said more plainly."}})
    assert edited.status_code == 200, edited.content
    assert edited.json()["values"][text] == "Said more plainly."
    assert edited.json()["version"] == 2


def test_every_field_is_refused_with_a_sentence_when_it_is_of_the_wrong_kind(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    found = raise_one(kind, cast)
    values = {n: {"not": "a value"} for n, f in kind.fields.items() if f.get_internal_type() != "JSONField"}
    refused = caller_of("daniel").patch(f"/{kind.key}/{found.number}/", {"values": values})
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json()["errors"]} == set(values)
    assert all(error["sentence"].startswith("“") for error in refused.json()["errors"])


def test_status_and_what_the_system_works_out_are_no_fields(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    found = raise_one(kind, cast)
    for name in ("status", "phase", "number", "version", "created_by", "provenance", "id", "nonsense"):
        refused = caller_of("daniel").patch(f"/{kind.key}/{found.number}/", {"values": {name: "closed"}})
        assert refused.status_code == 422, name
        assert f"There is no field “{name}”" in sentences(refused)


@pytest.mark.parametrize("level", ["public", "internal", "restricted"])
def test_each_of_the_cast_may_do_what_the_policy_says_and_nothing_else(kind: RecordType, level: str, cast: Cast, caller_of: Any) -> None:
    found = raise_one(kind, cast, confidentiality=level, unit=cast.machining)
    at, text, other = f"/{kind.key}/{found.number}/", a_text_field(kind), cast.problem(confidentiality="public")
    for name in ASKING:
        access, caller = getattr(cast, name), caller_of(name)
        readable = may(access, "read", found)
        assert caller.get(at).status_code == (200 if readable else 404), name
        assert (found.number in str(caller.get(f"/{kind.key}/?size=200").content)) == readable, name
        for part in ("comments", "files", "links", "children", "signatures", "exceptions", "trail", "proof", "transitions"):
            assert caller.get(f"{at}{part}/").status_code == (200 if readable else 404), (name, part)
        doing = {
            "edit": caller.patch(at, {"values": {text: f"{name} was here"}}),
            "comment": caller.post(f"{at}comments/", {"text": "I see."}),
            "link": caller.post(f"{at}links/", {"target": other.number, "kind": "related"}),
        }
        for verb, response in doing.items():
            expected = (404,) if not readable else (200, 201) if may(access, verb, found) else (403,)
            assert response.status_code in expected, (name, verb, response.content)


def test_each_of_the_cast_may_raise_one_where_the_policy_says(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    for name in ASKING:
        for unit in (cast.machining, cast.lipnica):
            response = caller_of(name).post(f"/{kind.key}/", {"values": as_json(values_of(kind, cast, unit=unit))})
            expected = 201 if may_create(getattr(cast, name), kind, unit.pk) else 403
            assert response.status_code == expected, (name, unit.name, response.content)


def test_a_token_for_reading_writes_nothing(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    found, reader = raise_one(kind, cast), caller_of("daniel", "read")
    at = f"/{kind.key}/{found.number}/"
    assert reader.get(at).status_code == 200
    for response in (reader.patch(at, {"values": {}}), reader.post(f"/{kind.key}/", {"values": {}}), reader.post(f"{at}transitions/", {"name": "void"})):
        assert response.status_code == 403
        assert "scope “write”" in sentences(response)


def test_the_moves_offered_are_those_of_the_lifecycle(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    found = raise_one(kind, cast)
    offered = {one["name"] for one in caller_of("daniel").get(f"/{kind.key}/{found.number}/transitions/").json()}
    assert offered == {t.name for t in kind.lifecycle.moves_from(found.status) if not t.automatic}
    told = caller_of("seun").get(f"/types/{kind.key}/").json()["lifecycle"]
    assert offered <= {t["name"] for t in told["transitions"]}
    assert told["initial"] == str(kind.lifecycle.initial)


def test_every_filter_choice_and_order_that_the_type_tells_works(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    raise_one(kind, cast)
    daniel = caller_of("daniel")
    told = daniel.get(f"/types/{kind.key}/").json()
    for one in told["filters"]:
        for choice in one["choices"]:
            assert daniel.get(f"/{kind.key}/", **{one["name"]: choice["value"]}).status_code == 200, (one["name"], choice)
    for sort in told["sorts"]:
        assert daniel.get(f"/{kind.key}/", sort=f"-{sort}").status_code == 200, sort


def test_whoever_raised_one_may_read_it_even_from_elsewhere(kind: RecordType, cast: Cast, caller_of: Any) -> None:
    access = creator_of(kind, cast)
    found = raise_one(kind, cast, confidentiality="restricted")
    name = next(n for n in ("daniel", *ASKING) if getattr(cast, n).person.pk == access.person.pk)
    assert caller_of(name).get(f"/{kind.key}/{found.number}/").status_code == 200
