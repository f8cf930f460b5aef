"""What people see of a document in the browser, and that nothing hostile in it ever runs."""

from __future__ import annotations

import io
import json
import zipfile
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linchpin.chapters.support.revisions.comparing import compare, docx_text
from linchpin.chapters.support.revisions.labels import following
from linchpin.kernel import commands
from linchpin.kernel.commands.asking import name_audience
from linchpin.kernel.records.markdown import TAGS, rendered
from linchpin.kernel.records.refusals import Refused
from tests.cast import PASSWORD, Cast
from tests.support.documents import STRONG, approve, drafted, in_force, planned

HOSTILE = {
    "a script": "<script>alert(1)</script>",
    "a picture that runs": "<img src=x onerror=alert(1)>",
    "an SVG with a script": "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "a frame": '<iframe src="https://elsewhere.example"></iframe>',
    "a script address": "[press me](javascript:alert(1))",
    "a script address in disguise": "[press me](jAvAsCrIpT&#58;alert(1))",
    "a data address": "[press me](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "a picture from elsewhere": "![seen](https://elsewhere.example/pixel.png)",
    "an automatic script link": "<javascript:alert(1)>",
    "a style": '<p style="position:fixed;inset:0">over everything</p>',
    "a form": '<form action="https://elsewhere.example"><input name=password></form>',
    "a handler in a title": '[x](https://example.com "\\" onmouseover=\\"alert(1)")',
}


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_that_could_run_comes_out_of_markdown(what: str) -> None:
    found = Tags()
    found.feed(rendered(HOSTILE[what]))
    assert found.names <= TAGS | {"div"} and found.attributes <= {"href", "title", "rel"}, found.names
    assert all(address.startswith(("https://", "http://", "mailto:")) for address in found.addresses), found.addresses


class Tags(HTMLParser):
    """What a browser would find: tags, attributes, addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def test_what_an_author_writes_stays_readable() -> None:
    html = rendered("# How\n\n| Tool | Set to |\n| --- | ---: |\n| 4 | 30° |\n\nLess than < 3, **not** more.\n\n<b>bold</b>")
    assert "<h2>How</h2>" in html and "<td>4</td>" in html and "&lt; 3" in html and "<strong>not</strong>" in html and "&lt;b&gt;bold" in html


def test_tasks_have_boxes_and_nothing_else_gets_their_class() -> None:
    html = rendered("- [ ] oil\n- [x] **swarf**\n- \\[ \\] as written\n\n<li class='task'>no</li>")
    assert '<li class="task">☐ oil</li>' in html and '<li class="task">☑ <strong>swarf</strong></li>' in html and "<li>[ ] as written</li>" in html
    assert html.count('class="task"') == 2


def test_hostile_content_is_kept_as_text_and_its_page_stays_harmless(cast: Cast, browser_of: Any) -> None:
    document = planned(cast)
    revision = drafted(cast, document, content="\n\n".join(HOSTILE.values()))
    approve(cast, revision)
    for path in (f"/document/{document.number}/", f"/revision/{revision.number}/"):
        answer = browser_of("hanna").get(path)
        page = answer.content.decode()
        assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page and "onerror=alert(1)>" not in page.replace("&gt;", "")
        assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<script" not in browser_of("hanna").post("/markdown/", {"text": HOSTILE["a script"]}).content.decode()


def test_a_text_longer_than_is_taken_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused, match="the longest allowed is 100,000"):
        drafted(cast, planned(cast), content="word " * 20_001)


def docx(xml: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("[Content_Types].xml", "<Types/>")
        out.writestr("word/document.xml", xml)
    return packed.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraphs(*texts: str) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>' + "".join(f"<w:p><w:r><w:t>{t}</w:t></w:r></w:p>" for t in texts) + "</w:body></w:document>"


def upload_as_document(cast: Cast, document: Any, name: str, content: bytes) -> Any:
    revision = drafted(cast, document, content="")
    commands.attach(revision, SimpleUploadedFile(name, content), actor=cast.priya, purpose="content")
    return approve(cast, revision)


def test_word_files_are_compared_by_the_word(cast: Cast, browser_of: Any) -> None:
    document = planned(cast)
    old = upload_as_document(cast, document, "wi.docx", docx(paragraphs("Run tool four.", "Look inside.")))
    new = upload_as_document(cast, document, "wi.docx", docx(paragraphs("Run tool twelve.", "Look inside.", "Count.")))
    page = browser_of("hanna").get(f"/revision/{new.number}/since/{old.number}/").content.decode()
    assert "Run tool <del>four</del><ins>twelve</ins>." in page and "<ins>Count.</ins>" in page


@pytest.mark.parametrize("xml", [
    '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;">]><a>&c;</a>',
    '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "<not closed",
    "",
])  # fmt: skip
def test_a_word_file_that_is_a_trap_is_not_opened(xml: str) -> None:
    assert docx_text(io.BytesIO(docx(xml))) is None


def test_a_pdf_is_shown_in_the_page_with_headers_that_let_nobody_else_frame_it(cast: Cast, browser_of: Any) -> None:
    document = planned(cast)
    upload_as_document(cast, document, "wi.pdf", b"%PDF-1.4\n%%EOF\n")
    page = browser_of("hanna").get(f"/document/{document.number}/").content.decode()
    address = page.split('<iframe class="noprint" src="')[1].split('"')[0]
    answer = browser_of("hanna").get(address)
    assert answer["Content-Type"] == "application/pdf" and answer["X-Frame-Options"] == "SAMEORIGIN" and answer["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"] and "inline" in answer["Content-Disposition"]


def test_a_pdf_with_a_script_is_not_framed_and_its_page_says_why(cast: Cast, browser_of: Any) -> None:
    document = planned(cast)
    upload_as_document(cast, document, "wi.pdf", b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF\n")
    page = browser_of("hanna").get(f"/document/{document.number}/").content.decode()
    assert "<iframe" not in page and "scripts or actions of its own" in page and "For paper, stamped" in page


def test_what_is_attached_later_does_not_become_the_document(cast: Cast) -> None:
    document = planned(cast)
    revision = upload_as_document(cast, document, "wi.txt", b"Run tool 4.")
    commands.attach(revision, SimpleUploadedFile("other.txt", b"Run tool 5."), actor=cast.daniel, purpose="content")
    revision.refresh_from_db()
    assert revision.content_file().name == "wi.txt" and revision.fingerprint == revision.content_file().sha256


def test_two_revisions_are_compared_and_strangers_to_each_other_are_not(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    old = document.effective
    new = approve(cast, drafted(cast, document, content="# Deburring\n\n1. Run tool 12.\n2. Look into both bores."))
    page = browser_of("hanna").get(f"/revision/{new.number}/since/{old.number}/").content.decode()
    assert "Run tool <del>4</del><ins>12</ins>." in page
    other = in_force(cast, reference="WI-2").effective
    assert browser_of("hanna").get(f"/revision/{new.number}/since/{other.number}/").status_code == 404
    assert browser_of("hanna").get(f"/revision/{old.number}/").content.decode().count("Superseded since") == 1


def test_two_texts_without_a_word_in_common_and_two_alike() -> None:
    assert [line.kind for line in compare("one two", "three four")] == ["removed", "added"]
    assert [line.kind for line in compare("a\nb\nc", "a\nb\nc")] == ["left_out"]


@pytest.mark.parametrize(("label", "next_one"), [
    ("A", "B"), ("Z", "AA"), ("az", "ba"), ("1", "2"), ("07", "08"), ("1.0", "1.1"),
    ("Rev F", "Rev G"), ("2024-09", "2024-10"), ("Edition 6", "Edition 7"), ("—", "A"),
])  # fmt: skip
def test_labels_are_counted_on_in_any_scheme(label: str, next_one: str) -> None:
    assert following(label) == next_one


def test_priya_reads_confirms_and_sees_it_said(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast, read_by=[cast.priya.person])
    browser, path = browser_of("priya"), f"/document/{document.number}/"
    assert "Read and confirm" in browser.get("/todo/").content.decode()
    page = browser.get(path).content.decode()
    assert "You are asked to read this" in page and f'action="{path}move/confirm/"' in page
    assert browser.post(f"{path}move/confirm/").status_code == 302
    assert "You confirmed it on" in browser.get(path).content.decode()


def test_marek_names_asks_and_witnesses_in_the_browser(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    browser, path = browser_of("marek"), f"/document/{document.number}/"
    browser.post(f"{path}asked/confirm/", {"add": f"unit:{cast.machining.pk}"})
    page = browser.get(path).content.decode()
    assert "0 of 3" in page and "I told a group of my people" in page
    browser.post(f"{path}witness/confirm/", {"people": [cast.seun.person.pk], "said_so": "At the board."})
    assert "1 of 3" in browser.get(path).content.decode()
    assert "Seun Adeyemi" not in browser_of("kateřina").get(path).content.decode().split('id="stream"')[0]
    line = document.audiences.get()
    browser.post(f"{path}asked/confirm/", {"drop": line.pk})
    assert not document.audiences.exists()
    assert browser.post(f"{path}asked/confirm/", {"add": "unit:999999"}).status_code == 422
    assert browser_of("hanna").post(f"{path}asked/confirm/", {"add": "role:auditor"}).status_code == 403


def test_a_change_is_asked_for_and_settled_in_the_browser(cast: Cast, browser_of: Any) -> None:
    revision = drafted(cast, planned(cast))
    commands.move(revision, "submit", actor=cast.priya)
    path = f"/revision/{revision.number}/"
    browser_of("marek").post(f"{path}move/ask_change/", {"reason": "Name the borescope."})
    assert "Name the borescope." in browser_of("priya").get(path).content.decode()
    asked = revision.comments.get(kind="change")
    assert browser_of("hanna").post(f"{path}settle/{asked.pk}/", {"settled_with": "No."}).status_code == 403
    browser_of("priya").post(f"{path}settle/{asked.pk}/", {"settled_with": "Step 5 names it."})
    assert "Step 5 names it." in browser_of("marek").get(path).content.decode()
    browser_of("marek").post(f"{path}move/agree/")
    answer = browser_of("daniel").post(f"{path}move/approve/", {"password": PASSWORD})
    assert answer.status_code == 302
    revision.refresh_from_db()
    assert revision.status == "effective"


def test_on_paper_it_says_what_it_is_and_that_paper_is_not_controlled(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    foot = browser_of("hanna").get(f"/document/{document.number}/").content.decode().split('class="controlled"')[1].split("</p>")[0]
    for said in ("WI-MC-031", "Revision A", "in force since", document.fingerprint[:16], "Uncontrolled when printed"):
        assert said in foot
    draft = drafted(cast, document)
    assert "not in force" in browser_of("daniel").get(f"/revision/{draft.number}/").content.decode().split('class="controlled"')[1]


def test_the_api_names_asks_witnesses_settles_and_tells(cast: Cast, browser_of: Any) -> None:
    document = in_force(cast)
    browser, path = browser_of("marek"), f"/api/v1/document/{document.number}/asked/"

    def send(method: str, address: str, body: Any, who: Any = None) -> Any:
        return getattr(who or browser, method)(address, json.dumps(body), content_type="application/json")

    told = send("put", f"{path}confirm/", {"units": [str(cast.machining.uid)], "people": ["hanna@dunmallow.example"]})
    assert told.status_code == 200, told.content
    assert {one["unit"]["name"]: one["asked"] for one in told.json()["coverage"]} == {"Machining": 3, "Dunmallow": 1}
    assert {one["person"]["name"] for one in told.json()["answers"]} == {"Marek Zieliński", "Priya Raman", "Seun Adeyemi"}
    seen = send("post", f"{path}confirm/witness/", {"people": [str(cast.seun.person.uid)], "said_so": "At the board."})
    assert [one["witnessed"] for one in seen.json()["coverage"] if one["unit"]["name"] == "Machining"] == [1]
    assert send("put", f"{path}confirm/", {"people": ["nobody"]}).status_code == 422
    assert send("put", f"{path}applaud/", {"people": []}).status_code == 422
    assert send("put", f"{path}confirm/", {"people": []}, browser_of("hanna")).status_code == 403
    assert browser_of("hanna").get(path).json()[0]["answers"][0]["person"]["name"] == "Hanna Wieczorek"


def test_the_api_writes_a_revision_and_takes_it_into_force(cast: Cast, browser_of: Any) -> None:
    document = planned(cast)
    name = f"/api/v1/document/{document.number}/"
    values = {"title": document.title, "content": "Run tool 4.", "owner": str(cast.priya.person.uid)}
    made = browser_of("daniel").post("/api/v1/revision/", json.dumps({"values": values, "parent": document.number}), content_type="application/json")
    assert made.status_code == 201, made.content
    revision = document.children.get().revision
    name_audience(revision, "approve", [cast.hanna.person], actor=cast.daniel)
    commands.move(revision, "submit", actor=cast.daniel)
    commands.move(revision, "approve", actor=cast.hanna, signing=STRONG)
    assert browser_of("hanna").get(name).json()["computed"]["revision_label"] == "A"
