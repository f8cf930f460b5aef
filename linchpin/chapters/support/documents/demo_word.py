"""A Word file as somebody in the office writes one: made of a few lines of text, the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
LONG_AGO = (2020, 1, 1, 0, 0, 0)
PARTS = {"document": "document.main", "styles": "styles", "numbering": "numbering"}


def word_file(text: str) -> bytes:
    """`#` begins a heading, `1.` and `-` a line of a list, `|` a row of a table, whose first row is its head."""
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{"".join(_kinds())}</Types>',
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations({"styles": "styles.xml", "numbering": "numbering.xml"}),
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{"".join(_style(n) for n in (1, 2))}</w:styles>',
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}">{_list(1, "decimal")}{_list(2, "bullet")}{_listed(1)}{_listed(2)}</w:numbering>',
        "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{"".join(_blocks(text))}</w:body></w:document>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name, LONG_AGO), f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}')
    return made.getvalue()


def _kinds() -> Iterator[str]:
    """What each member is, as Word wants it said."""
    yield '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    for name, kind in PARTS.items():
        yield f'<Override PartName="/word/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"/>'


def _relations(parts: dict[str, str]) -> str:
    rows = (f'<Relationship Id="r{n}" Type="{OFFICE}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(parts.items()))
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def _style(level: int) -> str:
    size = f'<w:rPr><w:b/><w:sz w:val="{36 - 6 * level}"/></w:rPr>'
    return f'<w:style w:type="paragraph" w:styleId="Heading{level}"><w:name w:val="heading {level}"/>{size}</w:style>'


def _list(number: int, kind: str) -> str:
    sign = "%1." if kind == "decimal" else "•"
    level = f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{sign}"/></w:lvl>'
    return f'<w:abstractNum w:abstractNumId="{number}">{level}</w:abstractNum>'


def _listed(number: int) -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'


def _blocks(text: str) -> Iterator[str]:
    rows: list[str] = []
    for line in (*text.strip().splitlines(), ""):
        if line.startswith("|"):
            rows.append(line)
            continue
        if rows:
            yield _table(rows)
            rows = []
        if line.startswith("#"):
            mark, _space, words = line.partition(" ")
            yield _paragraph(words, f'<w:pStyle w:val="Heading{len(mark)}"/>')
        elif line.startswith(("1. ", "- ")):
            number = 1 if line.startswith("1") else 2
            yield _paragraph(line.partition(" ")[2], f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
        elif line:
            yield _paragraph(line)


def _paragraph(words: str, kind: str = "") -> str:
    return f'<w:p><w:pPr>{kind}</w:pPr><w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'


def _table(rows: list[str]) -> str:
    made = []
    for n, row in enumerate(rows):
        cells = "".join(f"<w:tc>{_paragraph(cell.strip())}</w:tc>" for cell in row.strip().strip("|").split("|"))
        made.append(f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if n == 0 else ''}{cells}</w:tr>")
    return f"<w:tbl>{''.join(made)}</w:tbl>"
