"""A wrong file or text goes for good: two people, a reason, a tombstone, and a trail that stays valid."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.customizing import add_field
from linchpin.kernel.commands.purging import confirm_purge, decline_purge, propose_purge
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.search.finding import find
from tests.cast import Cast
from tests.purging.looking import tables_with

SECRET = "Oriole Vantongeren was drunk at the machine"


def purge(cast: Cast, record: Any, kind: str, target: Any) -> Any:
    made = propose_purge(record, kind, str(target), actor=cast.priya, reason="It names a person and is not true.")
    return confirm_purge(made, actor=cast.daniel)


def test_a_text_goes_with_every_earlier_version_and_its_commitment_stays(cast: Cast) -> None:
    problem = cast.problem(description=SECRET)
    commands.edit(problem, {"description": f"{SECRET}, again."}, actor=cast.daniel)
    commands.edit(problem, {"description": "The machine stood still."}, actor=cast.daniel)
    tomb = purge(cast, problem, "field", "description")
    assert tables_with("Vantongeren") == [] and tables_with("stood still") == []
    assert find(cast.daniel, "Vantongeren") == []
    assert commands.record_by_uid(problem.uid, cast.daniel).description == ""
    answer = trail.verify()
    assert (answer.ok, answer.erased) == (True, 5)
    assert tomb.hash in trail.models.Event.objects.filter(record_id=problem.pk, verb="edit").latest("sequence").body


def test_a_comment_goes_from_notices_and_the_trail_too(cast: Cast) -> None:
    problem = cast.problem(owner=cast.marek.person)
    said = commands.comment(problem, f"@Marek Zieliński {SECRET}", actor=cast.daniel)
    assert "notices_notice" in tables_with("Vantongeren")
    purge(cast, problem, "comment", said.pk)
    assert tables_with("Vantongeren") == [] and trail.verify().ok


def test_a_title_and_an_added_text_go_too(cast: Cast) -> None:
    add_field("nonconformity", {"label": "Said by the customer", "kind": "line", "filtered": True}, actor=cast.daniel)
    problem = cast.problem(title=SECRET, x_said_by_the_customer="Vantongeren again")
    purge(cast, problem, "field", "title")
    purge(cast, problem, "field", "x_said_by_the_customer")
    assert tables_with("Vantongeren") == [] and trail.verify().ok
    assert commands.record_by_uid(problem.uid, cast.daniel).title == "[purged]"


def test_a_file_goes_from_the_disk_and_from_every_record_it_hangs_on(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    first, second = cast.problem(), cast.problem()
    files = [commands.attach(r, SimpleUploadedFile("vantongeren.txt", b"wrong person 77"), actor=cast.daniel) for r in (first, second)]
    path = path_of(files[0].sha256)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        tomb = purge(cast, first, "file", files[0].uid)
    assert not path.exists() and tables_with("vantongeren") == []
    assert (tomb.hash, tomb.what) == (files[0].sha256, "file, text/plain, 15\xa0bytes")
    assert [row.state for row in second.purges.all()] == ["purged"] and trail.verify().ok


def test_two_people_and_a_reason(cast: Cast) -> None:
    problem = cast.problem(description=SECRET)
    with pytest.raises(Refused, match="Say why"):
        propose_purge(problem, "field", "description", actor=cast.daniel, reason="")
    with pytest.raises(Refused, match="repeats what is to go"):
        propose_purge(problem, "field", "description", actor=cast.daniel, reason=f"He wrote “{SECRET}”.")
    with pytest.raises(Refused, match="Only free text"):
        propose_purge(problem, "field", "severity", actor=cast.daniel, reason="It is wrong.")
    with pytest.raises(Refused, match="nothing to purge"):
        propose_purge(problem, "field", "evidence", actor=cast.daniel, reason="It is wrong.")
    with pytest.raises(NotAllowed):
        propose_purge(problem, "field", "description", actor=cast.kateřina, reason="It is wrong.")
    made = propose_purge(problem, "field", "description", actor=cast.daniel, reason="It is not true.")
    with pytest.raises(Refused, match="proposed already"):
        propose_purge(problem, "field", "description", actor=cast.priya, reason="It is not true.")
    with pytest.raises(Refused, match="You proposed this"):
        confirm_purge(made, actor=cast.daniel)
    with pytest.raises(NotAllowed, match="quality manager or top manager"):
        confirm_purge(made, actor=cast.marek)
    decline_purge(made, actor=cast.maeve, reason="It is true, and nobody is named.")
    with pytest.raises(Refused, match="decided already"):
        confirm_purge(made, actor=cast.maeve)
    assert tables_with("Vantongeren") != []


def test_priya_proposes_and_daniel_confirms_in_the_browser(cast: Cast, browser_of: Any) -> None:
    problem = cast.problem(description=SECRET)
    file = commands.attach(problem, SimpleUploadedFile("wrong.txt", b"wrong"), actor=cast.daniel)
    at = f"/nonconformity/{problem.number}/"
    priya, daniel = browser_of("priya"), browser_of("daniel")
    assert "Purge something" in priya.get(at).content.decode()
    assert "wrong.txt" in priya.get(at + "purge/").content.decode()
    assert priya.post(at + "purge/", {"target": "field:description", "reason": ""}).status_code == 422
    assert priya.post(at + "purge/", {"target": "field:description", "reason": "Nobody was drunk."}).status_code == 302
    priya.post(at + "purge/", {"target": f"file:{file.uid}", "reason": "Of another house."})
    assert "proposes to purge" in daniel.get(at).content.decode()
    assert "Confirm" not in priya.get(at + "purge/").content.decode()
    assert priya.post(f"{at}purge/{problem.purges.first().uid}/confirm/").status_code == 422
    for row in problem.purges.all():
        assert daniel.post(f"{at}purge/{row.uid}/confirm/").status_code == 302
    page = daniel.get(at).content.decode()
    assert "Vantongeren" not in page and "wrong.txt" not in page
    assert page.count("Proposed by Priya Raman, confirmed by Daniel Petrov.") == 2 and "Nobody was drunk." in page
    assert daniel.get(f"{at}files/{file.uid}/").status_code == 404


def test_machines_purge_by_the_same_rules_and_read_the_tombstone(cast: Cast, caller_of: Any) -> None:
    problem = cast.problem(description=SECRET)
    said = commands.comment(problem, "Oriole Vantongeren it was.", actor=cast.daniel)
    priya, daniel = caller_of("priya"), caller_of("daniel")
    at = f"/nonconformity/{problem.number}/purges/"
    made = priya.post(at, {"kind": "comment", "target": str(said.pk), "reason": "It is not true."})
    assert (made.status_code, made.json()["state"]) == (201, "proposed"), made.content
    assert priya.post(f"{at}{made.json()['uid']}/", {"confirm": True}).status_code == 422
    gone = daniel.post(f"{at}{made.json()['uid']}/", {"confirm": True})
    assert (gone.json()["state"], gone.json()["decided_by"]["name"]) == ("purged", "Daniel Petrov")
    (comment,) = daniel.get(f"/nonconformity/{problem.number}/comments/").json()
    assert (comment["text"], comment["purged"]) == ("", True)
    events = daniel.get(f"/nonconformity/{problem.number}/trail/").json()
    assert [c["erased"] for e in events if e["verb"] == "comment" for c in e["changes"]] == [True]
