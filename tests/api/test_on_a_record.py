"""What hangs on a record: comments, files, links, children, trail and proof."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel import commands, trail
from linchpin.kernel.notices.models import Notice
from tests.api.callers import API, sentences
from tests.cast import Cast

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
PDF = b"%PDF-1.7\n" + b"0" * 64


def upload(caller: Any, path: str, name: str, content: bytes, purpose: str = "") -> Any:
    return caller.client.post(API + path, {"file": SimpleUploadedFile(name, content), "purpose": purpose})


def test_daniel_comments_and_marek_who_is_called_is_told(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/comments/"
    made = daniel.post(at, {"text": "@Marek please look at bore 3 < 4."})
    assert made.status_code == 201
    assert [person["name"] for person in made.json()["mentions"]] == ["Marek Zieliński"]
    assert daniel.get(at).json() == [made.json()]
    assert Notice.objects.filter(person=cast.marek.person, kind="comment").count() == 1
    for text in ("", "   ", "a\u0007b"):
        assert daniel.post(at, {"text": text}).status_code == 422


def test_a_photo_is_attached_listed_and_given_out_with_safe_headers(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/files/"
    made = upload(daniel, at, "../../burr.png", PNG, "photo")
    assert made.status_code == 201, made.content
    assert (made.json()["name"], made.json()["content_type"], made.json()["purpose"]) == ("burr.png", "image/png", "photo")
    assert made.json()["sha256"] == hashlib.sha256(PNG).hexdigest()
    given = daniel.get(made.json()["url"])
    assert b"".join(given.streaming_content) == PNG
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]
    assert upload(daniel, at, "burr.png", PNG, "photo").json() == made.json()
    assert daniel.get(at).json() == [made.json()]


def test_a_file_is_not_reached_through_another_record(cast: Cast, caller_of: Any) -> None:
    one, other, daniel = cast.problem(), cast.problem(title="Another burr"), caller_of("daniel")
    uid = upload(daniel, f"/nonconformity/{one.number}/files/", "report.pdf", PDF).json()["uid"]
    assert daniel.get(f"/nonconformity/{other.number}/files/{uid}/").status_code == 404
    assert daniel.get(f"/concern/{one.number}/files/{uid}/").status_code == 404


def test_files_that_are_not_what_they_say_are_refused(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/files/"
    for name, content in (("burr.png", PDF), ("empty.png", b""), ("run.exe", b"MZ\x90"), ("page.html", b"<html>"), ("macro.xlsm", b"PK\x03\x04")):
        refused = upload(daniel, at, name, content)
        assert refused.status_code == 422, name
        assert refused.json()["errors"][0]["field"] == "file"
    assert daniel.client.post(API + at, {}).status_code == 422
    assert daniel.raw("POST", at, b"--x", content_type="multipart/form-data; boundary=x").status_code in (400, 422)
    assert daniel.raw("POST", at, b"junk", content_type="multipart/form-data").status_code in (400, 422)
    assert upload(daniel, at, "burr.png", PNG, "x" * 21).status_code == 422
    assert upload(daniel, at, "burr.png", PNG, "a\0b").status_code == 400


def test_seun_may_read_but_not_attach(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    refused = upload(caller_of("seun"), f"/nonconformity/{problem.number}/files/", "burr.png", PNG)
    assert refused.status_code == 403
    assert "for others to do" in sentences(refused)


def test_two_records_are_linked_and_parted_again(cast: Cast, caller_of: Any) -> None:
    one, other, daniel = cast.problem(), cast.problem(title="Another burr"), caller_of("daniel")
    at = f"/nonconformity/{one.number}/links/"
    made = daniel.post(at, {"target": other.number.lower(), "kind": "repeats"})
    assert made.status_code == 201, made.content
    assert (made.json()["words"], made.json()["outward"], made.json()["record"]["number"]) == ("came back from", True, other.number)
    [back] = daniel.get(f"/nonconformity/{other.number}/links/").json()
    assert (back["words"], back["outward"]) == ("came back as", False)
    assert daniel.post(at, {"target": other.number, "kind": "repeats"}).json() == made.json()
    for body in ({"target": other.number, "kind": "nonsense"}, {"target": "NC-1999-0001", "kind": "related"}, {"target": one.number, "kind": "related"}):
        assert daniel.post(at, body).status_code == 422, body
    assert daniel.delete(f"{at}{made.json()['id']}/").status_code == 204
    assert daniel.get(at).json() == []
    assert daniel.delete(f"{at}{made.json()['id']}/").status_code == 404


def test_a_link_to_a_record_one_may_not_know_of_is_not_shown_nor_taken_away(cast: Cast, caller_of: Any) -> None:
    one, secret = cast.problem(), cast.problem(title="A case of its own", confidentiality="restricted")
    made = commands.link(one, secret, "related", actor=cast.daniel)
    marek = caller_of("marek")
    assert marek.get(f"/nonconformity/{one.number}/links/").json() == []
    assert marek.delete(f"/nonconformity/{one.number}/links/{made.pk}/").status_code == 404
    refused = marek.post(f"/nonconformity/{one.number}/links/", {"target": secret.number, "kind": "related"})
    assert "There is no record" in sentences(refused)


def test_an_action_hangs_under_its_problem_but_not_under_a_report(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem()
    report = commands.create("concern", {"saw": "Swarf on the walkway"}, actor=cast.seun)
    daniel, values = caller_of("daniel"), {"title": "Fit a borescope station", "kind": "corrective"}
    made = daniel.post("/action/", {"values": values, "parent": problem.number}).json()
    assert made["parent"] == problem.number
    assert [child["number"] for child in daniel.get(f"/nonconformity/{problem.number}/children/").json()] == [made["number"]]
    refused = daniel.post("/action/", {"values": values, "parent": report.number})
    assert refused.json()["errors"][0]["field"] == "parent"
    assert daniel.post("/action/", {"values": values, "parent": "NC-1999-0001"}).status_code == 422


def test_a_parent_that_one_may_not_know_of_is_not_named(cast: Cast, caller_of: Any) -> None:
    secret = cast.problem(confidentiality="restricted")
    values = {"title": "Fit a borescope station", "kind": "corrective", "owner": cast.marek.person, "unit": cast.machining}
    action = commands.create("action", values, actor=cast.daniel, parent=secret)
    assert caller_of("daniel").get(f"/action/{action.number}/").json()["parent"] == secret.number
    assert caller_of("marek").get(f"/action/{action.number}/").json()["parent"] is None


def test_the_trail_tells_who_changed_what_and_the_proof_holds(cast: Cast, caller_of: Any) -> None:
    problem, daniel = cast.problem(), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/"
    daniel.patch(at, {"values": {"place": "Cell 4"}})
    created, edited = daniel.get(f"{at}trail/").json()
    assert (created["verb"], edited["verb"], edited["actor"]["name"]) == ("create", "edit", "Daniel Petrov")
    assert edited["changes"] == [{"field": "place", "old": "", "new": "Cell 4", "erased": False}]
    trail.seal_pending()
    proof = daniel.get(f"{at}proof/").json()
    assert proof["record"] == problem.number
    assert [event["hash"] for event in proof["events"]] == [created["hash"], edited["hash"]]
    assert all(event["seal"]["signature"] for event in proof["events"])


def test_the_slip_of_a_report_stays_with_its_finder(cast: Cast, caller_of: Any) -> None:
    report = commands.create("concern", {"saw": "Swarf on the walkway"}, actor=cast.seun)
    daniel = caller_of("daniel")
    for part in ("", "trail/", "proof/"):
        assert report.slip not in daniel.get(f"/concern/{report.number}/{part}").content.decode()
    assert report.slip not in daniel.get("/concern/").content.decode()
