"""Questions about a document: right answers stay with those who write it, wrong ones say where to read again, every try is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linchpin.chapters.support.documents.models import Document
from linchpin.kernel import commands, trail
from linchpin.kernel.asking.models import Attempt
from linchpin.kernel.asking.questions import Option, Question
from linchpin.kernel.commands.asking import name_audience, witness
from linchpin.kernel.commands.questioning import answer_questions, put_questions
from linchpin.kernel.records.refusals import NotAllowed, Refused
from tests.cast import Cast
from tests.support.documents import approve, drafted, planned

QUESTIONS = [
    Question("Which tool?", (Option("Tool 3", why="It was replaced in March."), Option("Tool 4", True)), where="Step 1"),
    Question("What is looked into?", (Option("One bore"), Option("The left bore", True), Option("The right bore", True)), multiple=True, where="Step 2"),
]
RIGHT, WRONG = [[1], [1, 2]], [[0], [1]]


@pytest.fixture
def document(cast: Cast) -> Any:
    """In force, with two questions for Priya, Hanna and Seun."""
    made = planned(cast)
    name_audience(made, "confirm", [cast.priya.person, cast.hanna.person, cast.seun.person], actor=cast.daniel)
    revision = drafted(cast, made)
    put_questions(revision, QUESTIONS, actor=cast.daniel, pass_mark=100)
    approve(cast, revision)
    return Document.objects.select_related("effective").get(pk=made.pk)


def test_priya_answers_reads_again_answers_and_confirms(cast: Cast, document: Any, browser_of: Any) -> None:
    browser, page = browser_of("priya"), f"/document/{document.number}/"
    shown = browser.get(page).content.decode()
    assert "2 questions about it" in shown and "replaced in March" not in shown and "I have read and understood this" not in shown
    with pytest.raises(Refused, match="Answer the questions about it first"):
        commands.move(document, "confirm", actor=cast.priya)
    given = {"count": "2", "q-1": "0", "q-2": ["1"]}
    again = browser.post(f"{page}asked/confirm/answers/", given, follow=True).content.decode()
    assert "0 of 2 right" in again and "It was replaced in March." in again and "It stands in: Step 2" in again and "Tool 4”" not in again
    refused = browser.post(f"{page}asked/confirm/answers/", {"count": "2", "q-1": "1"})
    assert refused.status_code == 422 and "Answer every question; still open: 2." in refused.content.decode()
    passed = browser.post(f"{page}asked/confirm/answers/", {"count": "2", "q-1": "1", "q-2": ["1", "2"]}, follow=True).content.decode()
    assert "I have read and understood this" in passed
    browser.post(f"{page}move/confirm/")
    assert [(one.right, one.passed) for one in Attempt.objects.order_by("id")] == [(0, False), (2, True)]
    assert Document.objects.get().unconfirmed == 2
    trail.seal_pending()
    assert trail.verify().ok


def test_nobody_reads_the_right_answers_before_answering(cast: Cast, document: Any, browser_of: Any) -> None:
    revision = document.effective
    api = browser_of("hanna").get(f"/api/v1/revision/{revision.number}/questions/").json()
    assert [option["right"] for question in api["questions"] for option in question["options"]] == [None] * 5 and api["questions"][0]["where"] is None
    everywhere = [f"/document/{document.number}/", f"/revision/{revision.number}/", f"/api/v1/revision/{revision.number}/", "/todo/",
                  f"/api/v1/revision/{revision.number}/trail/", f"/api/v1/document/{document.number}/trail/"]  # fmt: skip
    for path in everywhere:
        answer = browser_of("hanna").get(path)
        assert answer.status_code == 200 and "replaced in March" not in answer.content.decode(), path
    assert browser_of("hanna").get(f"/revision/{revision.number}/questions/").status_code == 403
    assert "replaced in March" in browser_of("daniel").get(f"/revision/{revision.number}/questions/").content.decode()


def test_the_api_asks_answers_and_tells_what_was_wrong(cast: Cast, document: Any, browser_of: Any) -> None:
    browser, at = browser_of("priya"), f"/api/v1/document/{document.number}/asked/confirm/answers/"
    told = browser.post(at, {"answers": WRONG}, content_type="application/json")
    wrong = told.json()["wrong"]
    assert told.status_code == 201 and not told.json()["passed"] and [one["right"] for one in wrong] == [[], []]
    assert wrong[0]["chosen"] == [{"text": "Tool 3", "why": "It was replaced in March."}] and wrong[0]["where"] == "Step 1"
    assert browser.post(at, {"answers": [[1], [9]]}, content_type="application/json").status_code == 422
    assert browser.post(at, {"answers": RIGHT}, content_type="application/json").json()["passed"]
    assert browser.get(at).json()["tries"] == 2
    assert browser.post(at, {"answers": RIGHT}, content_type="application/json").status_code == 422, "passed is passed"
    with pytest.raises(NotAllowed, match="You are not asked"):
        answer_questions(document, "confirm", RIGHT, actor=cast.marek)


def test_a_group_is_still_witnessed_without_questions(cast: Cast, document: Any) -> None:
    witness(document, "confirm", [cast.seun.person], actor=cast.marek)
    assert document.asked.get(person=cast.seun.person).answer == "witnessed"


def test_questions_are_reviewed_with_the_text_and_taken_over_by_the_next(cast: Cast, document: Any, browser_of: Any) -> None:
    with pytest.raises(Refused, match="write a new revision to ask others"):
        put_questions(document.effective, [], actor=cast.daniel)
    assert "questions_sha256" in document.effective.signatures.first().fields
    following = drafted(cast, document, content="1. Run tool 12.")
    with pytest.raises(Refused, match="this one asks none: take them over"):
        commands.move(following, "submit", actor=cast.priya)
    browser, page = browser_of("daniel"), f"/revision/{following.number}/questions/"
    assert "Take over its 2 questions" in browser.get(page).content.decode()
    browser.post(page, {"do": "take_over"})
    browser.post(page, {"do": "change", "place": "1", "text": "Which tool now?", "option-1": "Tool 4", "option-2": "Tool 12", "right": ["2"]})
    browser.post(page, {"do": "up", "place": "2"})
    browser.post(page, {"do": "add", "text": "Left over", "option-1": "Yes", "option-2": "No", "right": ["1"]})
    browser.post(page, {"do": "drop", "place": "3"})
    browser.post(page, {"do": "mark", "pass_mark": "50"})
    told = browser.get(f"/api/v1/revision/{following.number}/questions/").json()
    assert [one["text"] for one in told["questions"]] == ["What is looked into?", "Which tool now?"] and told["pass_mark"] == 50
    nothing = browser.post(page, {"do": "add", "text": "None is right", "option-1": "Yes", "option-2": "No"})
    assert nothing.status_code == 422 and "Mark the right answer of question 3." in nothing.content.decode() and 'value="Yes"' in nothing.content.decode()
    approve(cast, following)
    answer_questions(document, "confirm", [[1, 2], [0]], actor=cast.priya)
    commands.move(document, "confirm", actor=cast.priya)


def test_a_page_takes_no_more_statements_when_many_have_tried(cast: Cast, document: Any, browser_of: Any) -> None:
    def taken(path: str, who: str) -> int:
        browser_of(who).get(path)
        with CaptureQueriesContext(connection) as captured:
            browser_of(who).get(path)
        return len(captured)

    pages = [(f"/document/{document.number}/", "priya"), (f"/revision/{document.effective.number}/questions/", "daniel")]
    few = [taken(*page) for page in pages]
    for _n in range(12):
        answer_questions(document, "confirm", WRONG, actor=cast.hanna)
    assert [taken(*page) for page in pages] == few
    assert "12 tries, 0 passed" in browser_of("daniel").get(pages[1][0]).content.decode()
