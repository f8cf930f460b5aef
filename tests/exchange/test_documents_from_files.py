"""A folder of documents becomes the master list; the same folder again changes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.models import Revision
from linchpin.exchange.documents.bringing import bring_in_documents, files_of
from linchpin.exchange.documents.front_matter import about, split
from linchpin.kernel import commands, trail
from linchpin.kernel.notices.models import Notice
from linchpin.kernel.records.models import Record
from linchpin.kernel.search.finding import find
from tests.cast import Cast

COLLECTED = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents"
SOP = """---
id: SOP-004
title: 'Corrective action'
version: "2.1"
status: approved
author: Priya Raman
reviewers:
  - Quality
  - Engineering
approvers: [Executive, Quality]
effective_date: '2026-01-15'
---

# Corrective action

Ask why before you ask who.
"""


def outcomes(rows: list[Any]) -> dict[str, int]:
    return dict(Counter(row.outcome for row in rows))


def test_number_title_author_reviewers_and_date_come_from_the_top_of_the_file(cast: Cast) -> None:
    (row,) = bring_in_documents([("sops/SOP-004-capa.md", SOP.encode())], actor=cast.daniel)
    document = Document.objects.select_related("effective").get()
    assert (row.outcome, row.number) == ("created", document.number)
    assert (document.reference, document.title, document.kind, document.revision_label) == ("SOP-004", "Corrective action", "procedure", "2.1")
    assert (document.status, document.owner, document.place, str(document.in_force_on)) == ("in_force", cast.priya.person, "sops", "2026-01-15")
    assert (str(document.due), document.provenance, str(document.created_at.date())) == ("2028-01-15", "imported", "2026-01-15")
    revision = document.effective
    assert revision.status == "effective" and revision.fingerprint == document.fingerprint and "Ask why" in revision.content
    assert revision.change_note == "reviewers: Quality, Engineering; approvers: Executive, Quality"
    assert not Notice.objects.exists()
    assert document.pk in {hit.record.pk for hit in find(cast.daniel, "ask why")}
    trail.seal_pending()
    assert trail.verify().ok


def test_the_same_again_changes_nothing_and_a_new_text_waits_as_a_draft(cast: Cast) -> None:
    path, changed = "sops/SOP-004-capa.md", SOP.replace("2.1", "2.2").replace("who.", "who. Then look.")
    bring_in_documents([(path, SOP.encode())], actor=cast.daniel)
    events = trail.verify().events
    assert outcomes(bring_in_documents([(path, SOP.encode())], actor=cast.daniel)) == {"unchanged": 1}
    assert trail.verify().events == events
    assert outcomes(bring_in_documents([(path, changed.encode())], actor=cast.daniel)) == {"revised": 1}
    draft = Revision.objects.get(status="draft")
    assert (draft.label, draft.provenance, Document.objects.get().revision_label) == ("2.2", "imported", "2.1")
    assert outcomes(bring_in_documents([(path, changed.encode())], actor=cast.daniel)) == {"unchanged": 1}
    (row,) = bring_in_documents([(path, changed.replace("look", "wait").encode())], actor=cast.daniel)
    assert (row.outcome, row.said) == ("left_out", "Revision 2.2 is at work already: finish it, or void it first.")


def test_what_is_brought_in_can_be_revised_like_any_other(cast: Cast) -> None:
    bring_in_documents([("SOP-004.md", SOP.encode())], actor=cast.daniel)
    document = Document.objects.get()
    commands.move(document, "withdraw", actor=cast.daniel, reason="Replaced by the house's own.")
    assert Revision.objects.get().status == "withdrawn"


@pytest.mark.parametrize(("status", "stands", "revision"), [
    ("draft", "planned", "draft"), ("In Review", "planned", "draft"), ("obsolete", "withdrawn", "withdrawn"), ("", "in_force", "effective"),
])  # fmt: skip
def test_a_draft_stays_a_draft_and_what_is_obsolete_stays_so(cast: Cast, status: str, stands: str, revision: str) -> None:
    bring_in_documents([("a.md", SOP.replace("approved", status).encode())], actor=cast.daniel)
    assert (Document.objects.get().status, Revision.objects.get().status) == (stands, revision)


def test_without_lines_about_it_the_heading_and_the_name_speak() -> None:
    known = about("2-qms/WI-031-deburring.md", "<!-- remark -->\n# Deburring cross bores\n\nText.")
    assert (known.number, known.title, known.kind, known.label, known.place) == ("WI-031", "Deburring cross bores", "instruction", "1", "2-qms")
    assert about("2-qms/capa/0-sop.md", "# CAPA").number == "2-qms/capa/0-sop"
    assert about("plans/Audit plan 2026.pdf", "").title == "Audit plan 2026"


@pytest.mark.parametrize("text", [
    "---\nid: [" + "a," * 5_000 + "]\n---\n# T", "---\n" + "x: y\n" * 9_000 + "---\n# T", "---\nno end of it",
    "---\n&a: *a\n- !!python/object:os.system\n---\n# T",
    "---\nid: '\n---\n", "---\n---", "---\n---\n",
])  # fmt: skip
def test_odd_lines_at_the_top_break_nothing(text: str, cast: Cast) -> None:
    said, _body = split(text)
    assert all(isinstance(value, str | list) for value in said.values())
    assert outcomes(bring_in_documents([("odd.md", text.encode())], actor=cast.daniel)) in ({"created": 1}, {"left_out": 1})


@pytest.mark.parametrize(("path", "content", "sentence"), [
    ("run.exe", b"MZ", "Not a document that is taken here"),
    ("quiz.json", b"{}", "Not a document that is taken here"),
    ("empty.md", b"  \n", "It is empty"),
    ("latin.md", "Prüfung".encode("latin-1"), "It is not UTF-8 text"),
    ("macro.docx", b"PK\x03\x04nothing", "is damaged"),
    ("picture.pdf", b"\x89PNG\r\n\x1a\n", "is really image/png"),
])  # fmt: skip
def test_what_cannot_be_taken_is_left_out_with_its_reason_and_keeps_nothing_else_back(cast: Cast, path: str, content: bytes, sentence: str) -> None:
    rows = bring_in_documents([(path, content), ("SOP-004.md", SOP.encode())], actor=cast.daniel)
    assert outcomes(rows) == {"left_out": 1, "created": 1} and sentence in rows[0].said
    assert Record.objects.count() == 2


def test_no_path_leads_out_of_the_folder(cast: Cast) -> None:
    bring_in_documents([("../../etc/passwd.md", b"# Users")], actor=cast.daniel)
    assert Document.objects.get().reference == "etc/passwd"


def test_a_dry_run_writes_nothing(cast: Cast) -> None:
    rows = bring_in_documents([("SOP-004.md", SOP.encode())], actor=cast.daniel, dry_run=True)
    assert outcomes(rows) == {"created": 1} and not Record.objects.exists()


def test_hanna_may_not_bring_documents_in(cast: Cast, browser_of: Any) -> None:
    (row,) = bring_in_documents([("SOP-004.md", SOP.encode())], actor=cast.hanna)
    assert row.outcome == "left_out" and "is for: quality manager, document controller" in row.said
    assert browser_of("hanna").get("/import/documents/").status_code == 403


def test_daniel_drops_files_in_the_browser(cast: Cast, browser_of: Any) -> None:
    browser = browser_of("daniel")
    files = [SimpleUploadedFile("0-sop.md", b"# CAPA"), SimpleUploadedFile("0-sop.md", b"# Vigilance"), SimpleUploadedFile("x.exe", b"MZ")]
    answer = browser.post("/import/documents/", {"file": files, "path": ["qms/capa/0-sop.md", "qms/vigilance/0-sop.md", "x.exe"], "unit": cast.machining.pk})
    page = answer.content.decode()
    assert answer.status_code == 200 and "Not a document that is taken here" in page
    assert set(Document.objects.values_list("title", "unit")) == {("CAPA", cast.machining.pk), ("Vigilance", cast.machining.pk)}
    assert browser.post("/import/documents/", {}).status_code == 422


@pytest.mark.skipif(not COLLECTED.exists(), reason="the collected documents are not here")
@pytest.mark.parametrize(
    ("folder", "count", "quizzes"), [("pactosigna-sample-qms", 36, 23), ("radiotherapy-ai-qms", 75, 0), ("docx-converted", 6, 0)]
)
def test_real_folders_are_taken_whole_and_only_once(cast: Cast, folder: str, count: int, quizzes: int) -> None:
    rows = bring_in_documents(files_of(COLLECTED / folder), actor=cast.daniel)
    assert outcomes(rows)["created"] == count == Document.objects.count()
    assert all(row.said.startswith("Not a document that is taken here") for row in rows if row.outcome == "left_out")
    again = bring_in_documents(files_of(COLLECTED / folder), actor=cast.daniel)
    assert outcomes(again)["unchanged"] == count + quizzes and Document.objects.count() == count
    trail.seal_pending()
    assert trail.verify().ok
