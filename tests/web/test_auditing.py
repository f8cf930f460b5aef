"""The checklist of an audit in the browser: questions put on it, answered where they stand, with a photo as evidence."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel import commands
from linchpin.kernel.records.models import Record
from tests.cast import Cast

PHOTO = b"\x89PNG\r\n\x1a\n" + b"gauge" * 40


@pytest.fixture
def audit(cast: Cast) -> Any:
    values = {"title": "Machining: is deburring done as agreed?", "unit": cast.machining, "owner": cast.aoife.person}
    return commands.create("audit", values, actor=cast.aoife)


def begin(cast: Cast, audit: Any) -> None:
    commands.move(audit, "notify", actor=cast.aoife, values={"held_from": "2026-01-12", "scope": "Deburr benches"})
    commands.move(audit, "begin", actor=cast.aoife)


def ask(client: Any, audit: Any, title: str, **more: str) -> str:
    answer = client.post(f"/audit/{audit.number}/question/", {"title": title, "clause": "7.1.5", **more})
    assert answer.status_code == 302
    return str(answer.url.rsplit("#")[1])


def test_aoife_puts_questions_on_it_and_answers_them_with_a_photo(cast: Cast, browser_of: Any, audit: Any) -> None:
    aoife = browser_of("aoife")
    number = ask(aoife, audit, "Are gauges in use inside their date?", once="q-1")
    assert ask(aoife, audit, "Are gauges in use inside their date?", once="q-1") == number
    begin(cast, audit)
    here = f"/audit/{audit.number}/"
    sent = {"answer": "conforms", "sample": "12 of 80, by lot", "photo": SimpleUploadedFile("gauge.png", PHOTO)}
    assert aoife.post(f"{here}checks/{number}/answer/", sent).status_code == 302
    assert Record.objects.get(number=number).files.get().purpose == "evidence"
    page = aoife.get(here).content.decode()
    assert "12 of 80, by lot" in page
    assert "As it should be" in page


def test_a_refused_answer_keeps_what_was_typed(cast: Cast, browser_of: Any, audit: Any) -> None:
    aoife = browser_of("aoife")
    number = ask(aoife, audit, "Are gauges in use inside their date?")
    begin(cast, audit)
    answer = aoife.post(f"/audit/{audit.number}/checks/{number}/answer/", {"answer": "fails", "evidence": "TG-092 nine days over", "grade": "minor"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "TG-092 nine days over" in page
    assert "fill it in" in page or "is empty" in page


def test_a_finding_leads_to_its_problem(cast: Cast, browser_of: Any, audit: Any) -> None:
    aoife = browser_of("aoife")
    number = ask(aoife, audit, "Are gauges in use inside their date?")
    begin(cast, audit)
    values = {"answer": "fails", "requirement": "CP-03", "evidence": "TG-092", "statement": "Nine days over its date", "grade": "minor"}
    aoife.post(f"/audit/{audit.number}/checks/{number}/answer/", values)
    problem = Record.objects.get(type="nonconformity", title="Are gauges in use inside their date?")
    assert f'href="/nonconformity/{problem.number}/"' in aoife.get(f"/audit/{audit.number}/").content.decode()


def test_unknown_questions_and_answers_are_not_there(cast: Cast, browser_of: Any, audit: Any) -> None:
    aoife, marek = browser_of("aoife"), browser_of("marek")
    number = ask(aoife, audit, "Are gauges in use inside their date?")
    begin(cast, audit)
    assert aoife.post(f"/audit/{audit.number}/checks/CHK-2000-0001/answer/", {"answer": "conforms"}).status_code == 404
    assert aoife.post(f"/audit/{audit.number}/checks/{number}/answer/", {"answer": "void"}).status_code == 404
    assert marek.post(f"/audit/{audit.number}/checks/{number}/answer/", {"answer": "conforms", "evidence": "Fine."}).status_code == 403
    assert "Answer</summary>" not in marek.get(f"/audit/{audit.number}/").content.decode()


def test_a_page_of_forty_questions_asks_the_database_little(cast: Cast, browser_of: Any, audit: Any, django_assert_max_num_queries: Any) -> None:
    aoife = browser_of("aoife")
    for n in range(40):
        ask(aoife, audit, f"Question number {n}", clause=f"8.{1 + n % 7}")
    begin(cast, audit)
    aoife.get(f"/audit/{audit.number}/")
    with django_assert_max_num_queries(30):
        aoife.get(f"/audit/{audit.number}/")
