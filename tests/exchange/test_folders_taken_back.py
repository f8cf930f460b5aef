"""A quiz beside a document becomes questions for its readers, and a folder can be taken back while nobody touched what it made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.models import Revision
from linchpin.exchange.documents.bringing import bring_in_documents, bring_in_folder, files_of
from linchpin.exchange.models import Import
from linchpin.exchange.undoing import undo
from linchpin.kernel import commands, trail
from linchpin.kernel.asking.answering import asked_in, questions_of
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast

COLLECTED = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents" / "pactosigna-sample-qms"
SOP = b"---\nid: SOP-004\ntitle: Corrective action\nversion: '2.1'\n---\n\n# Corrective action\n\nAsk why before you ask who."
QUIZ = {
    "passingScore": 50,
    "questions": [
        {"type": "single-choice", "text": "What first?", "options": [{"text": "Who"}, {"text": "Why", "correct": True, "explanation": "See section 1.2."}]},
        {"type": "true-false", "text": "Blame helps.", "correct": False, "explanation": "Per Section 3, it does not."},
    ],
}
FILES = [("sops/SOP-004-capa.md", SOP), ("sops/SOP-004-quiz.json", json.dumps(QUIZ).encode())]


def test_a_quiz_beside_a_document_becomes_its_questions(cast: Cast) -> None:
    rows = bring_in_documents(FILES, actor=cast.daniel)
    assert [(row.outcome, row.said) for row in rows] == [("created", ""), ("questions", "2 questions for its readers.")]
    standing = questions_of(Document.objects.get().effective_id)
    first, second = asked_in(standing)
    assert standing is not None and standing.pass_mark == 50 and Revision.objects.get().questions_sha256
    assert (first.where, [one.text for one in first.options if one.right]) == ("Section 1.2", ["Why"])
    assert [(one.text, one.right) for one in second.options] == [("True", False), ("False", True)]
    assert [row.outcome for row in bring_in_documents(FILES, actor=cast.daniel)] == ["unchanged", "unchanged"]
    changed = [FILES[0], ("sops/SOP-004-quiz.json", json.dumps(QUIZ | {"questions": QUIZ["questions"][:1]}).encode())]  # type: ignore[index]
    assert "come with a new revision" in bring_in_documents(changed, actor=cast.daniel)[1].said
    assert Import.objects.count() == 1, "what makes nothing is no import"


@pytest.mark.parametrize(("quiz", "sentence"), [
    (b"[1", "It is no quiz that is understood here"),
    (b'{"questions": [{"text": "a", "options": 3}]}', "It is no quiz that is understood here"),
    (b"[" * 100_000, "It is no quiz that is understood here"),
    (b'{"questions": [{"text": "a", "options": [{"text": "b"}, {"text": "c"}]}]}', "Mark the right answer of question 1."),
])  # fmt: skip
def test_a_quiz_that_is_none_keeps_its_document_from_nothing(cast: Cast, quiz: bytes, sentence: str) -> None:
    rows = bring_in_documents([FILES[0], ("sops/SOP-004-quiz.json", quiz), ("SOP-9-quiz.json", b"{}")], actor=cast.daniel)
    assert [row.outcome for row in rows] == ["created", "left_out", "left_out"]
    assert sentence in rows[1].said and "No document lies beside it" in rows[2].said


def test_daniel_takes_a_folder_back_and_brings_it_in_again(cast: Cast, browser_of: Any) -> None:
    browser = browser_of("daniel")
    files = [SimpleUploadedFile(path.rpartition("/")[2], content) for path, content in FILES]
    page = browser.post("/import/documents/", {"file": files, "path": [path for path, _content in FILES]}).content.decode()
    source = Import.objects.get()
    assert "Take it back" in page and source.name == "sops" and browser.get("/import/").status_code == 200
    answer = browser.post(f"/import/{source.uid}/undo/", {"reason": "The wrong folder."}, follow=True)
    assert "This import was undone" in answer.content.decode() and "The wrong folder." in answer.content.decode()
    assert set(Document.objects.values_list("status", flat=True)) | set(Revision.objects.values_list("status", flat=True)) == {"void"}
    assert [row.outcome for row in bring_in_documents(FILES, actor=cast.daniel)] == ["created", "questions"]
    trail.seal_pending()
    assert trail.verify().ok


def test_what_somebody_worked_on_keeps_the_folder(cast: Cast, browser_of: Any) -> None:
    source = bring_in_folder(FILES, actor=cast.daniel).source
    assert source is not None
    commands.edit(Document.objects.get(), {"purpose": "So that it does not come back."}, actor=cast.daniel)
    with pytest.raises(Refused, match="Somebody worked on 1 of its records since"):
        undo(source, "The wrong folder.", actor=cast.daniel)
    page = browser_of("daniel").get(f"/import/documents/{source.uid}/").content.decode()
    assert "so it stays" in page and "Undo the import" not in page and Document.objects.get().status == "in_force"
    assert browser_of("hanna").get(f"/import/documents/{source.uid}/").status_code == 403


@pytest.mark.skipif(not COLLECTED.exists(), reason="the collected documents are not here")
def test_the_quizzes_of_a_real_quality_system_all_become_questions(cast: Cast) -> None:
    quizzes = [path for path, _content in files_of(COLLECTED) if path.endswith("-quiz.json")]
    folder = bring_in_folder(files_of(COLLECTED), actor=cast.daniel)
    assert sum(row.outcome == "questions" for row in folder.rows) == len(quizzes) == Revision.objects.exclude(questions_sha256="").count() == 23
    assert folder.source is not None and folder.source.taken.count() == 2 * Document.objects.count() == 72
