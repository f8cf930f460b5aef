"""What an attached file really is, whatever its name says, and how it is given out again."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.kernel import commands, trail
from linchpin.kernel.files import checking
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.people import clock
from linchpin.kernel.records.refusals import Refused
from tests.cast import Cast

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 64
PDF = b"%PDF-1.7\n1 0 obj\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
Browser = Callable[[str], Any]


def office(*names: str, content: bytes = b"x") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, content)
    return packed.getvalue()


WORD = ("[Content_Types].xml", "word/document.xml")
TAKEN: dict[str, tuple[bytes, str]] = {
    "photo.png": (PNG, "image/png"),
    "photo.JPG": (JPEG, "image/jpeg"),
    "photo.gif": (b"GIF89a" + b"\0" * 20, "image/gif"),
    "photo.webp": (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    "drawing.pdf": (PDF, "application/pdf"),
    "8D.docx": (office(*WORD), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "log.xlsx": (office("[Content_Types].xml", "xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "gauge.csv": ("Gauge;µm\nA;3".encode(), "text/csv"),
    "note.txt": (b"<script>as text</script>", "text/plain"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_it_is_kept_as_what_it_is(name: str, cast: Cast) -> None:
    content, content_type = TAKEN[name]
    stored = commands.attach(cast.problem(), SimpleUploadedFile(name, content, "text/html"), actor=cast.daniel)
    assert (stored.name, stored.content_type, stored.size) == (name, content_type, len(content))
    assert path_of(stored.sha256).read_bytes() == content


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a drawing that can run": ("logo.svg", SVG, "is not a kind of file that is kept here"),
    "a drawing that can run, named a photo": ("logo.png", SVG, "is not a kind of file that is kept here"),
    "a page": ("page.html", b"<!doctype html><script>alert(1)</script>", "is not a kind of file"),
    "a program": ("setup.exe", b"MZ\x90\0", "is not a kind of file"),
    "a program named a note": ("note.txt", b"MZ\x90\0\x03\0", "is not a kind of file"),
    "a photo named a document": ("photo.pdf", PNG, "is really image/png: give it the ending .png"),
    "a document named a photo": ("drawing.png", PDF, "is really application/pdf: give it the ending .pdf"),
    "a photo with no ending": ("photo", PNG, "is really image/png"),
    "two endings": ("drawing.pdf.exe", PDF, "is really application/pdf"),
    "a document with macros": ("8D.docm", office(*WORD, "word/vbaProject.bin"), "contains macros: save it without them"),
    "a document with macros, renamed": ("8D.docx", office(*WORD, "word/vbaProject.bin"), "contains macros"),
    "an archive": ("all.zip", office("a.txt", "b.txt"), "is not a kind of file"),
    "an archive named a document": ("8D.docx", office("a.txt"), "is not a kind of file"),
    "a cut-off document": ("8D.docx", office(*WORD)[:40], "is damaged: it cannot be opened"),
    "the old Word": ("8D.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "is not a kind of file"),
    "nothing": ("empty.txt", b"", "is empty"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_it_is_refused(what: str, cast: Cast) -> None:
    name, content, sentence = REFUSED[what]
    problem = cast.problem()
    with pytest.raises(Refused) as said:
        commands.attach(problem, SimpleUploadedFile(name, content), actor=cast.daniel)
    assert sentence in said.value.by_field()["file"][0] and str(said.value).endswith(".")
    assert not problem.files.exists() and len(trail.history(problem.pk)) == 1


def test_too_large_is_refused_before_it_is_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "LARGEST", 1000)
    with pytest.raises(Refused, match="is larger than 50 MB"):
        commands.attach(cast.problem(), SimpleUploadedFile("photo.png", PNG + b"\0" * 1000), actor=cast.daniel)
    monkeypatch.setattr(checking, "LARGEST_UNPACKED", 1000)
    monkeypatch.setattr(checking, "LARGEST", 10_000)
    with pytest.raises(Refused, match="unpacks to more than 500 MB"):
        commands.attach(cast.problem(), SimpleUploadedFile("bomb.docx", office(*WORD, content=b"0" * 600)), actor=cast.daniel)


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd.txt", "passwd.txt"), ("C:\\Users\\seun\\photo.txt", "photo.txt"), ("a\u202etxt.exe.txt", "atxt.exe.txt"),
    ("what?<is>*this|.txt", "what__is__this_.txt"), ("  .txt", "txt"), ("x" * 300 + ".txt", "x" * 146 + ".txt"), ("ne\u0301e\0.txt", "née.txt"),
])  # fmt: skip
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert checking.clean_name(given) == kept


def test_the_same_file_again_hangs_there_once_and_the_bytes_are_kept_once(cast: Cast) -> None:
    problem, other = cast.problem(), cast.problem()
    first = commands.attach(problem, SimpleUploadedFile("photo.png", PNG), actor=cast.daniel)
    again = commands.attach(problem, SimpleUploadedFile("copy.png", PNG), actor=cast.daniel)
    assert again.pk == first.pk and again.stood_already and not first.stood_already
    assert [e.verb for e in trail.history(problem.pk)] == ["create", "attach"]
    elsewhere = commands.attach(other, SimpleUploadedFile("photo.png", PNG), actor=cast.daniel)
    assert elsewhere.pk != first.pk and path_of(elsewhere.sha256) == path_of(first.sha256)
    assert not elsewhere.stood_already


def test_a_page_says_that_a_file_hangs_there_already_and_where_else_as_far_as_one_may_see(cast: Cast, browser_of: Browser) -> None:
    problem, other = cast.problem(), cast.problem()
    secret = cast.problem(confidentiality="restricted")
    for one in (problem, other, secret):
        commands.attach(one, SimpleUploadedFile("photo.png", PNG), actor=cast.daniel)
    home = f"/nonconformity/{problem.number}/"
    again = browser_of("daniel").post(f"{home}attach/", {"file": SimpleUploadedFile("copy.png", PNG)}, follow=True).content.decode()
    assert f"“photo.png” hangs here already, since {clock.in_words(clock.today())}: nothing was added." in again and "Attached." not in again
    assert all(f'href="/nonconformity/{one.number}/#files"' in again for one in (other, secret))
    marek = browser_of("marek").get(home).content.decode()
    assert "the same file hangs on" in marek and other.number in marek and secret.number not in marek


@pytest.mark.parametrize(("name", "shown"), [("photo.png", True), ("drawing.pdf", True), ("note.txt", False), ("8D.docx", False), ("gauge.csv", False)])
def test_it_is_given_out_with_headers_that_keep_it_from_running(name: str, shown: bool, cast: Cast, browser_of: Browser) -> None:
    problem = cast.problem()
    stored = commands.attach(problem, SimpleUploadedFile(name, TAKEN[name][0]), actor=cast.daniel)
    answer = browser_of("marek").get(f"/nonconformity/{problem.number}/files/{stored.uid}/")
    assert answer.status_code == 200 and b"".join(answer.streaming_content) == TAKEN[name][0]
    guard = "frame-ancestors 'self'; form-action 'none'" if name.endswith(".pdf") else "sandbox"  # a browser's viewer of PDF does not work in a sandbox
    assert answer["X-Content-Type-Options"] == "nosniff" and guard in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in answer["Content-Security-Policy"] and answer["Content-Type"] == TAKEN[name][1]
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")


def test_a_file_of_a_restricted_record_is_not_given_to_whoever_may_not_read_it(cast: Cast, browser_of: Browser) -> None:
    problem, open_one = cast.problem(confidentiality="restricted"), cast.problem()
    stored = commands.attach(problem, SimpleUploadedFile("photo.png", PNG), actor=cast.daniel)
    for number in (problem.number, open_one.number):
        assert browser_of("priya").get(f"/nonconformity/{number}/files/{stored.uid}/").status_code == 404
    assert browser_of("maeve").get(f"/nonconformity/{problem.number}/files/{stored.uid}/").status_code == 200


PACKED = zlib.compress(b"1 0 <</S/JavaScript/JS(app.alert(1))>>")
ACTIVE = {
    "a script": b"1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "a script by another spelling": b"1 0 obj<</OpenAction<</S/J#61vaScript/JS(app.alert(1))>>>>endobj",
    "a program": b"1 0 obj<</A<</S/Launch/F(calc.exe)>>>>endobj",
    "a form that is sent": b"1 0 obj<</A<</S/SubmitForm/F(https://elsewhere.example)>>>>endobj",
    "a script among packed objects": b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj" % (len(PACKED), PACKED),
    "packed so that nobody sees what": b"1 0 obj<</Type/ObjStm/Filter[/ASCIIHexDecode/FlateDecode]>>stream\n00>\nendstream endobj",
    "a password": b"trailer<</Encrypt 5 0 R>>",
}


@pytest.mark.parametrize("what", ACTIVE)
def test_a_pdf_that_acts_by_itself_is_given_out_to_be_kept_and_shown_nowhere(what: str, cast: Cast, browser_of: Browser) -> None:
    problem = cast.problem()
    stored = commands.attach(problem, SimpleUploadedFile("wi.pdf", b"%PDF-1.7\n" + ACTIVE[what] + b"\n%%EOF\n"), actor=cast.daniel)
    answer = browser_of("marek").get(f"/nonconformity/{problem.number}/files/{stored.uid}/")
    assert answer["Content-Disposition"].startswith("attachment") and "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
