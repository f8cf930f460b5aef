"""What changed between two revisions, word by word, as a reader sees it; the text of Word files too."""

from __future__ import annotations

import difflib
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from linchpin.kernel.files.storing import path_of

WORD = re.compile(r"\s+|\w+|[^\w\s]")
RULE = re.compile(r"\s*\|?(\s*:?-{3,}:?\s*\|?)+\s*")
HEADING = re.compile(r"^\s{0,3}#{1,6}\s+")
BOLD = re.compile(r"(\*\*|__)(.+?)\1")
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LARGEST_XML = 30_000_000
MOST_LINES, MOST_WORDS = 6_000, 3_000
AROUND = 2
"""Unchanged lines that are shown on either side of a change."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the comparison: `same`, `added`, `removed`, `changed`, or `left_out` with the count of unchanged lines.

    Its pieces are (kind, text), where kind is `=`, `+` or `-`.
    """

    kind: str
    pieces: tuple[tuple[str, str], ...] = ()
    count: int = 0


def text_of(revision: Any) -> str | None:
    """The revision's text, also that of a Word file or a plain text; None where it has none that could be compared."""
    if revision.content:
        return "\n".join(line for line in map(_as_read, str(revision.content).splitlines()) if line is not None)
    file = revision.content_file()
    if file is None:
        return None
    if file.content_type == DOCX:
        return docx_text(path_of(file.sha256))
    if file.content_type.startswith("text/"):
        return path_of(file.sha256).read_text("utf-8", errors="replace")
    return None


def _as_read(line: str) -> str | None:
    """A line of Markdown as its reader sees it: without the marks of headings, tables and bold; None for a table's rule."""
    if RULE.fullmatch(line):
        return None
    if line.lstrip().startswith("|"):
        line = " · ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    return BOLD.sub(r"\2", HEADING.sub("", line))


def docx_text(path: Any) -> str | None:
    """The paragraphs of a Word file, table cells apart by bars; None where it cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open("word/document.xml") as member:
            xml = member.read(LARGEST_XML + 1)
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, EOFError, RuntimeError):  # broken, without a text, or locked by a password
        return None
    if len(xml) > LARGEST_XML or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:
        return None
    try:
        body = ElementTree.fromstring(xml).find(f"{W}body")  # noqa: S314  without a DTD there is no entity to blow up
    except ElementTree.ParseError:
        return None
    return "\n".join(_blocks(body)) if body is not None else ""


def _blocks(body: Any) -> Iterator[str]:
    for child in body:
        if child.tag == f"{W}tbl":
            for row in child.iter(f"{W}tr"):
                yield " | ".join(" ".join(_runs(p) for p in cell.iter(f"{W}p")).strip() for cell in row.iter(f"{W}tc"))
        elif child.tag == f"{W}p":
            yield _runs(child)
        else:
            yield from _blocks(child)


def _runs(paragraph: Any) -> str:
    marks = {f"{W}tab": "\t", f"{W}br": "\n"}
    return "".join(node.text or "" if node.tag == f"{W}t" else marks.get(node.tag, "") for node in paragraph.iter())


def compare(old: str, new: str) -> list[Line]:
    """The lines of both texts with what was taken away and what came; long stretches without a change are left out."""
    before, after = old.splitlines()[:MOST_LINES], new.splitlines()[:MOST_LINES]
    lines: list[Line] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            lines += [Line("same", (("=", text),)) for text in after[c:d]]
        else:
            lines += _changed(before[a:b], after[c:d])
    return _shortened([line for line in lines if line.kind != "same" or line.pieces[0][1].strip()])


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    """Lines that stand opposite each other are compared by the word, where they have most of their words in common."""
    for n in range(max(len(old), len(new))):
        was, now = (old[n] if n < len(old) else ""), (new[n] if n < len(new) else "")
        pieces = _words(was, now) if was.strip() and now.strip() else None
        if pieces:
            yield Line("changed", pieces)
            continue
        if was.strip():
            yield Line("removed", (("-", was),))
        if now.strip():
            yield Line("added", (("+", now),))


def _words(old: str, new: str) -> tuple[tuple[str, str], ...] | None:
    before, after = WORD.findall(old), WORD.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return None
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.4:
        return None
    pieces: list[tuple[str, str]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(("=", "".join(after[c:d])))
            continue
        pieces += [(kind, text) for kind, text in (("-", "".join(before[a:b])), ("+", "".join(after[c:d]))) if text]
    return tuple(pieces)


def _shortened(lines: list[Line]) -> list[Line]:
    near = {n + step for n, line in enumerate(lines) if line.kind != "same" for step in range(-AROUND, AROUND + 1)}
    answer: list[Line] = []
    left_out = 0
    for n, line in enumerate(lines):
        if n in near:
            answer += ([Line("left_out", count=left_out)] if left_out else []) + [line]
            left_out = 0
        else:
            left_out += 1
    return answer + ([Line("left_out", count=left_out)] if left_out else [])
