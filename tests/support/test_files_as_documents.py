"""A Word file is shown in the page, a PDF is stamped for paper, and neither does harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from linchpin.chapters.support.documents.models import Document
from linchpin.chapters.support.revisions.word_files import shown
from linchpin.kernel import commands
from linchpin.kernel.files.storing import path_of
from linchpin.kernel.search.finding import find
from tests.cast import Cast
from tests.support.documents import approve, drafted, planned

COLLECTED = Path(__file__).resolve().parents[3] / "shared" / "data" / "documents" / "docx-converted"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
A = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture" '
     'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"')  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + bytes.fromhex(
    "0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cfc0f01f0005000201a5f645400000000049454e44ae426082"
)
RELATIONS = {
    "rId1": ("image", "media/image1.png", ""),
    "rId2": ("image", "http://elsewhere.example/pixel.png", ' TargetMode="External"'),
    "rId3": ("hyperlink", "javascript:alert(1)", ' TargetMode="External"'),
    "rId4": ("image", "/etc/passwd", ' TargetMode="External"'),
}


def drawing(relation: str, how: str = "embed") -> str:
    blip = f'<a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:{how}="{relation}"/></pic:blipFill></pic:pic></a:graphicData></a:graphic>'
    return f'<w:p><w:r><w:drawing><wp:inline><wp:docPr id="1" name="x" descr="The cross bore"/>{blip}</wp:inline></w:drawing></w:r></w:p>'


BODY = (
    '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Deburring &lt;script&gt;</w:t></w:r></w:p>'
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Tool 4</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    '<w:p><w:hyperlink r:id="rId3"><w:r><w:t>press me</w:t></w:r></w:hyperlink></w:p>' + drawing("rId1") + drawing("rId2", "link") + drawing("rId4", "link")
)


def docx(body: str = BODY, **more: bytes) -> bytes:
    made = io.BytesIO()
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relations = "".join(f'<Relationship Id="{name}" Type="{office}/{kind}" Target="{target}"{mode}/>' for name, (kind, target, mode) in RELATIONS.items())
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006'
    styles = '<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style>'
    members = {
        "[Content_Types].xml": f'<Types {package}/content-types"><Default Extension="png" ContentType="image/png"/></Types>',
        "_rels/.rels": f'<Relationships {package}/relationships"><Relationship Id="r" Type="{office}/officeDocument" Target="word/document.xml"/>'
                       "</Relationships>",
        "word/_rels/document.xml.rels": f'<Relationships {package}/relationships">{relations}</Relationships>',
        "word/styles.xml": f"<w:styles {W}>{styles}</w:styles>",
        "word/document.xml": f"<w:document {W} {A}><w:body>{body}</w:body></w:document>",
        "word/media/image1.png": PNG,
    }
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in (members | more).items():
            packed.writestr(name, content)
    return made.getvalue()


def as_document(cast: Cast, name: str, content: bytes) -> Any:
    """In force, with the file as its content."""
    document = planned(cast)
    revision = drafted(cast, document, content="")
    commands.attach(revision, SimpleUploadedFile(name, content), actor=cast.priya, purpose="content")
    approve(cast, revision)
    return Document.objects.select_related("effective").get(pk=document.pk)


def test_a_word_file_is_read_in_the_page_with_its_pictures(cast: Cast, browser_of: Any) -> None:
    document = as_document(cast, "wi.docx", docx())
    at = f"/revision/{document.effective.number}/"
    page = browser_of("hanna").get(f"/document/{document.number}/").content.decode()
    assert "<h2>Deburring &lt;script&gt;</h2>" in page and "Tool 4" in page and "which is the controlled copy" in page
    assert f'<img alt="The cross bore" src="{at}pictures/1.png">' in page and page.count("<em>[The cross bore]</em>") == 2
    assert "javascript:" not in page and "elsewhere.example" not in page and "passwd" not in page
    answer = browser_of("hanna").get(f"{at}pictures/1.png")
    assert b"".join(answer.streaming_content) == PNG and answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
    assert browser_of("hanna").get(f"{at}pictures/2.png").status_code == 404
    assert document.pk in {hit.record.pk for hit in find(cast.hanna, "tool")}


@pytest.mark.parametrize("content", [
    docx('<!DOCTYPE x [<!ENTITY a "b">]>' + BODY), docx("<w:p/>" * 1_200_000), docx("<w:p>" * 50_000), docx("<unclosed"), b"PK\x03\x04nothing", b"",
    docx(**{"word/styles.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}),
], ids=["entities", "too large", "too deep", "broken", "no zip", "empty", "entities beside"])  # fmt: skip
def test_a_word_file_that_is_a_trap_is_given_out_as_a_file(content: bytes, cast: Cast) -> None:
    path = path_of("0" * 64)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    assert shown("0" * 64, "/x/") is None
    path.unlink()


@pytest.mark.skipif(not COLLECTED.exists(), reason="the collected documents are not here")
def test_real_word_files_keep_headings_lists_and_tables(cast: Cast) -> None:
    for n, file in enumerate(sorted(COLLECTED.glob("*.docx"))):
        path = path_of(f"{n:064x}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.read_bytes())
        html = shown(f"{n:064x}", "/x/")
        assert html and "<h2>" in html and "<table>" in html and "<h1" not in html, file.name
        path.unlink()


def pdf(*turned: int) -> bytes:
    writer, made = PdfWriter(), io.BytesIO()
    for degrees in turned:
        writer.add_blank_page(595, 842).rotate(degrees)
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.write(made)
    return made.getvalue()


def test_a_pdf_goes_on_paper_with_its_number_and_the_original_stays(cast: Cast, browser_of: Any) -> None:
    original = pdf(0, 90, 180, 270)
    document = as_document(cast, "wi.pdf", original)
    file = document.effective.content_file()
    for at in (f"/revision/{document.effective.number}/files/{file.uid}/", f"/api/v1/revision/{document.effective.number}/files/{file.uid}/"):
        copy = browser_of("hanna").get(f"{at}copy/")
        assert copy.status_code == 200 and "attachment" in copy["Content-Disposition"]
        pages = PdfReader(io.BytesIO(copy.content)).pages
        for page in pages:
            text = page.extract_text()
            assert f"WI-MC-031 · Revision {document.revision_label} · in force since" in text and "Uncontrolled when printed" in text
            assert f"SHA-256 {file.sha256}" in text
        assert len(pages) == 4 and b"app.alert" not in copy.content
        assert b"".join(browser_of("hanna").get(at).streaming_content) == original


@pytest.mark.parametrize(("how", "sentence"), [("locked", "locked by a password"), ("damaged", "is damaged")])
def test_a_pdf_that_cannot_be_stamped_says_so_and_is_still_there(how: str, sentence: str, cast: Cast, browser_of: Any) -> None:
    content = b"%PDF-1.4\n%%EOF\n"
    if how == "locked":
        writer, made = PdfWriter(clone_from=io.BytesIO(pdf(0))), io.BytesIO()
        writer.encrypt("secret")
        writer.write(made)
        content = made.getvalue()
    document = as_document(cast, "wi.pdf", content)
    file = document.effective.content_file()
    at = f"/revision/{document.effective.number}/files/{file.uid}/"
    page = browser_of("hanna").get(f"{at}copy/", follow=True).content.decode()
    assert sentence in page and at in page
    assert browser_of("hanna").get(f"/api/v1{at}copy/").status_code == 422
