"""Files brought in together through the API: the same guesses, questions, order and findings as in the browser."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel.jobs.running import run_next
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.models import Record
from tests.api.callers import API, sentences
from tests.cast import Cast
from tests.exchange.test_arriving_together import ACTIONS, FILES
from tests.exchange.test_findings import LOG, csv

HEAP = [("actions.csv", csv([ACTIONS[0], [*ACTIONS[1][:-1], "1"]])), ("CAR-log.csv", csv([*LOG[:5], *LOG[6:7]])), FILES[2], ("notes.zzz", b"\x00\x01")]


def drop(caller: Any, files: list[tuple[str, bytes]]) -> Any:
    return caller.client.post(f"{API}/arrivals/", {"file": [SimpleUploadedFile(name, data) for name, data in files]})


def test_daniel_drops_a_heap_says_who_is_meant_takes_it_over_and_undoes_the_people(cast: Cast, caller_of: Any) -> None:
    daniel = caller_of("daniel")
    answer = drop(daniel, HEAP)
    assert answer.status_code == 201, answer.content
    heap = answer.json()
    by_name = {one["name"]: one for one in heap["files"]}
    assert by_name["our people.xlsx"]["becomes"] == "people" and by_name["CAR-log.csv"]["becomes"] == "nonconformity"
    assert by_name["actions.csv"]["rows_for_others"] == 1 and by_name["notes.zzz"]["becomes"] == "kept"
    assert heap["ready"] == 3 and heap["findings"] == [] and not Record.objects.exists(), "nothing is written yet"
    who = next(one for one in heap["who"] if one["text"] == "JS")
    meant = {"kind": "person", "text": "JS", "means": next(s["key"] for s in who["likely"] if s["name"] == "Jana Svobodová")}
    at = f"/arrivals/{heap['uid']}/"
    assert "JS" not in [one["text"] for one in daniel.post(f"{at}names/", {"names": [meant]}).json()["who"]]
    job = daniel.post(f"{at}take-over/")
    assert job.status_code == 202 and job.json()["kind"] == "arrival_take_over"
    run_next()
    after = daniel.get(at).json()
    assert {one["name"]: one["state"] for one in after["files"]} == {name: "open" if name == "notes.zzz" else "taken" for name, _data in HEAP}
    assert after["findings"] and 0 < after["findings"][0]["counted"][0]["n"] <= after["findings"][0]["counted"][0]["among"]
    assert Record.objects.get(type="action").owner == Person.objects.get(name="Jana Svobodová")
    assert [one["uid"] for one in daniel.get("/arrivals/").json()] == [heap["uid"]]
    actions, people = by_name["actions.csv"]["uid"], by_name["our people.xlsx"]["uid"]
    assert "Jana Svobodová" in sentences(daniel.post(f"{at}files/{people}/undo/", {"reason": "Wrong list"})), "she owns an action"
    undone = daniel.post(f"{at}files/{actions}/undo/", {"reason": "Old list"}).json()
    assert next(one for one in undone["files"] if one["uid"] == actions)["state"] == "undone"


def test_a_file_is_what_daniel_says_it_is_and_hanna_may_not_look(cast: Cast, caller_of: Any) -> None:
    daniel, hanna = caller_of("daniel"), caller_of("hanna")
    heap = drop(daniel, [("list.csv", csv([["Colour", "Weight"], ["red", "4"]]))]).json()
    at = f"/arrivals/{heap['uid']}/"
    file = f"{at}files/{heap['files'][0]['uid']}/becomes/"
    assert heap["files"][0]["becomes"] == "" and heap["ready"] == 0
    assert daniel.post(f"{at}take-over/").status_code == 422
    assert daniel.post(file, {"becomes": "person"}).status_code == 422
    assert daniel.post(file, {"becomes": "concern"}).json()["files"][0]["becomes"] == "concern"
    assert daniel.post(file, {"becomes": "aside"}).json()["files"] == []
    assert drop(hanna, FILES).status_code == 403 and hanna.get(at).status_code == 403
