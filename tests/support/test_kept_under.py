"""Records kept under a document, and what bent when its revision was approved: on its page and in the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.kernel import commands, trail
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast
from tests.support.documents import STRONG, approve, drafted, in_force, planned


def test_daniel_keeps_problems_under_a_procedure_and_its_page_says_for_how_long(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast, reference="PR-102", records_years=10)
    browser, path = browser_of("daniel"), f"/document/{document.number}/"
    assert "None yet: link a record to this document" in browser.get(path).content.decode()
    problem = cast.problem(title="Burr in cross bores")
    browser.post(f"/nonconformity/{problem.number}/link/", {"kind": "kept_under", "target": document.number})
    page = browser.get(path).content.decode()
    kept, linked = page.split('id="kept-under"')[1].split("</section>")[0], page.split('id="links"')[1].split("</section>")[0]
    assert "Each is kept for 10 years." in kept and problem.number in kept and problem.title not in linked
    assert "is a record kept under" in browser.get(f"/nonconformity/{problem.number}/").content.decode().split('id="links"')[1]
    assert [event.verb for event in trail.history(problem.pk)][-1] == "link"


def test_what_priya_may_not_read_is_neither_listed_nor_counted_and_a_long_list_takes_no_more_queries(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    for n in range(3):
        commands.link(cast.problem(title=f"Burr {n}"), document, "kept_under", actor=cast.daniel)
    secret = cast.problem(title="Theft", confidentiality="restricted")
    commands.link(secret, document, "kept_under", actor=cast.daniel)
    browser, path, listed = browser_of("priya"), f"/document/{document.number}/", f"/document/{document.number}/records/"
    seen = json.loads(browser.get(f"/api/v1/documents/{document.number}/records/").content)
    assert seen["count"] == 3 and secret.number not in browser.get(path).content.decode() + browser.get(listed).content.decode()
    with CaptureQueriesContext(connection) as few:
        browser.get(path), browser.get(listed)
    for n in range(60):
        commands.link(cast.problem(title=f"Later burr {n}"), document, "kept_under", actor=cast.daniel)
    with CaptureQueriesContext(connection) as many:
        page, first = browser.get(path).content.decode(), browser.get(listed).content.decode()
    assert len(many) == len(few) and "All 63" in page and page.split('id="kept-under"')[1].split("</section>")[0].count("NC-") == 2 * 10
    assert first.count('<th scope="row">') == 50 and "50 of 63" in first
    further = browser.get(f"{listed}?after=" + first.split('href="?after=')[1].split('"')[0]).content.decode()
    assert further.count('<th scope="row">') == 13 and "From the beginning" in further


def test_only_a_document_keeps_records(cast: Cast) -> None:
    with pytest.raises(Refused, match="leads to a record of another type: Document"):
        commands.link(cast.problem(), cast.problem(), "kept_under", actor=cast.daniel)


def test_the_api_tells_what_is_due_for_disposal_and_where_two_people_decide(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast, keep_years=3)
    first = document.effective
    approve(cast, drafted(cast, document, content="Run tool 12."))
    commands.move(document, "withdraw", actor=cast.daniel, reason="The part runs out.")
    with clock.standing_at(clock.now() + timedelta(days=3 * 366)):
        told = json.loads(browser_of("daniel").get("/api/v1/documents/due-for-disposal/").content)
        assert (told["documents"], told["revisions"]) == (1, 2)
        numbers = [one["record"]["number"] for one in told["items"]]
        assert numbers[0] == document.number and first.number in numbers[1:]
        assert told["items"][0]["page"] == f"/document/{document.number}/move/dispose/"
        second = json.loads(browser_of("daniel").get("/api/v1/documents/due-for-disposal/?offset=1&size=1").content)
        assert [one["record"]["type"] for one in second["items"]] == ["revision"]
        moves = f"/api/v1/document/{document.number}/transitions/"
        refused = browser_of("daniel").post(moves, json.dumps({"name": "dispose", "reason": "Kept."}), content_type="application/json")
        assert refused.status_code == 422 and "sign it in the browser" in refused.content.decode()
        keep = {"name": "keep", "reason": "A claim.", "values": {"keep_longer": "The claim of Kestrel."}}
        assert browser_of("daniel").post(moves, json.dumps(keep), content_type="application/json").status_code == 200
        assert json.loads(browser_of("daniel").get("/api/v1/documents/due-for-disposal/").content)["items"] == []
    assert browser_of("hanna").get("/api/v1/documents/due-for-disposal/").status_code == 403


def test_a_declared_exception_of_the_revision_in_force_stands_on_its_documents_page_until_somebody_looked_at_it(cast: Cast, browser_of: Any) -> None:
    decide("document_author_is_not_approver", "with_reason", actor=cast.maeve)
    document = planned(cast)
    revision = commands.create("revision", {"title": document.title, "content": "Run tool 4.", "owner": cast.priya.person}, actor=cast.daniel, parent=document)
    name_audience(revision, "approve", [cast.priya.person], actor=cast.priya)
    commands.move(revision, "submit", actor=cast.priya)
    commands.move(revision, "approve", actor=cast.priya, signing=STRONG, exception="Nobody else was in on Sunday.")
    path = f"/document/{document.number}/"
    page = browser_of("daniel").get(path).content.decode()
    assert "Approved with a declared exception" in page and "Nobody else was in on Sunday." in page
    bent = revision.declared_exceptions.get()
    assert f'action="/revision/{revision.number}/exceptions/{bent.pk}/"' in page
    browser_of("daniel").post(f"/revision/{revision.number}/exceptions/{bent.pk}/", {"finding": "The text is right."})
    assert "The text is right." in browser_of("hanna").get(path).content.decode()
