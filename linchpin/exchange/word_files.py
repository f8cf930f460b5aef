"""Writing a Word file: headings, paragraphs, a table of labels and texts, and a footer with the page. Text is text and never a field or markup.

The few parts of Office Open XML (ECMA-376) that a report needs, from the standard library: the reader in `exchange/documents` needs no more either.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from xml.etree import ElementTree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ABOUT = f"{PACKAGE}/relationships/metadata/core-properties"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold (section 2.2)."""
MADE = (1980, 1, 1, 0, 0, 0)
"""The time in the archive, so that the same report gives the same bytes."""
INK, GRAY, LINE = "17212B", "5C6770", "DCDFD9"
STYLES = (("Normal", 20, False, INK, 0, 80), ("Title", 40, True, INK, 0, 120), ("Heading1", 26, True, INK, 320, 100),
          ("Heading2", 21, True, INK, 200, 40), ("Small", 17, False, GRAY, 0, 60))  # fmt: skip
"""Style, size in half points, bold, color, space before and after in twentieths of a point."""

ElementTree.register_namespace("w", MAIN)
ElementTree.register_namespace("r", OFFICE)
Element = ElementTree.Element


class WordFile:
    """A document that grows downwards; `finished()` is the finished file."""

    def __init__(self, title: str, footer: str, language: str) -> None:
        self._title, self._footer, self._language = title, footer, language
        self._document = Element(_w("document"))
        self._body = ElementTree.SubElement(self._document, _w("body"))

    def paragraph(self, text: str, style: str = "Normal") -> None:
        """A paragraph; line breaks in the text stay. Headings stay with what follows them."""
        self._body.append(_paragraph(text, style))

    def table(self, rows: Iterable[tuple[str, str]]) -> None:
        """Labels on the left, texts on the right."""
        table = ElementTree.SubElement(self._body, _w("tbl"))
        properties = ElementTree.SubElement(table, _w("tblPr"))
        _child(properties, "tblW", w="9300", type="dxa")
        _child(properties, "tblLayout", type="fixed")
        grid = ElementTree.SubElement(table, _w("tblGrid"))
        for width in ("2300", "7000"):
            _child(grid, "gridCol", w=width)
        for label, text in rows:
            row = ElementTree.SubElement(table, _w("tr"))
            _child(ElementTree.SubElement(row, _w("trPr")), "cantSplit")
            for said, width, style in ((label, "2300", "Small"), (text, "7000", "Normal")):
                row.append(_cell(said, width, style))
        self.paragraph("", "Small")

    def finished(self) -> bytes:
        section = ElementTree.SubElement(self._body, _w("sectPr"))
        ElementTree.SubElement(section, _w("footerReference"), {_w("type"): "default", f"{{{OFFICE}}}id": "rId2"})
        _child(section, "pgSz", w="11906", h="16838")
        _child(section, "pgMar", top="1200", right="1300", bottom="1200", left="1300", header="600", footer="600", gutter="0")
        parts = {
            "[Content_Types].xml": _types(), "_rels/.rels": _relations(f"{OFFICE}/officeDocument word/document.xml", f"{ABOUT} docProps/core.xml"),
            "docProps/core.xml": self._properties(), "word/document.xml": _text(self._document), "word/styles.xml": _text(_styles(self._language)),
            "word/footer1.xml": _text(_footer(self._footer)),
            "word/_rels/document.xml.rels": _relations(f"{OFFICE}/styles styles.xml", f"{OFFICE}/footer footer1.xml"),
        }  # fmt: skip
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(zipfile.ZipInfo(name, MADE), part, zipfile.ZIP_DEFLATED)
        return made.getvalue()

    def _properties(self) -> bytes:
        root = Element(f"{{{PACKAGE}/metadata/core-properties}}coreProperties")
        ElementTree.SubElement(root, "{http://purl.org/dc/elements/1.1/}title").text = _fit(self._title)
        return _text(root)


def _w(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _child(parent: Element, name: str, **values: str) -> Element:
    return ElementTree.SubElement(parent, _w(name), {_w(key): value for key, value in values.items()})


def _fit(text: str) -> str:
    return UNFIT.sub("", text)


def _paragraph(text: str, style: str) -> Element:
    made = Element(_w("p"))
    _child(ElementTree.SubElement(made, _w("pPr")), "pStyle", val=style)
    run = ElementTree.SubElement(made, _w("r"))
    for place, line in enumerate(_fit(text).splitlines()):
        if place:
            _child(run, "br")
        said = ElementTree.SubElement(run, _w("t"), {"{http://www.w3.org/XML/1998/namespace}space": "preserve"})
        said.text = line
    return made


def _cell(text: str, width: str, style: str) -> Element:
    cell = Element(_w("tc"))
    properties = ElementTree.SubElement(cell, _w("tcPr"))
    _child(properties, "tcW", w=width, type="dxa")
    _child(ElementTree.SubElement(properties, _w("tcBorders")), "bottom", val="single", sz="4", space="0", color=LINE)
    cell.append(_paragraph(text, style))
    return cell


def _footer(text: str) -> Element:
    """The text and the number of the page: the one field, and it is ours."""
    root = Element(_w("ftr"))
    paragraph = _paragraph(f"{text} · ", "Small")
    field = _child(paragraph, "fldSimple", instr="PAGE")
    ElementTree.SubElement(ElementTree.SubElement(field, _w("r")), _w("t")).text = "1"
    root.append(paragraph)
    return root


def _styles(language: str) -> Element:
    root = Element(_w("styles"))
    for name, size, bold, color, before, after in STYLES:
        style = _child(root, "style", type="paragraph", styleId=name, **({"default": "1"} if name == "Normal" else {}))
        _child(style, "name", val={"Heading1": "heading 1", "Heading2": "heading 2"}.get(name, name))
        if name != "Normal":
            _child(style, "basedOn", val="Normal")
        paragraph = ElementTree.SubElement(style, _w("pPr"))
        if name.startswith("Heading"):
            _child(paragraph, "keepNext")
        _child(paragraph, "spacing", before=str(before), after=str(after))
        if name.startswith("Heading"):
            _child(paragraph, "outlineLvl", val=str(int(name[-1]) - 1))
        run = ElementTree.SubElement(style, _w("rPr"))
        _child(run, "rFonts", ascii="Calibri", hAnsi="Calibri", cs="Calibri")
        if bold:
            _child(run, "b")
        _child(run, "color", val=color)
        _child(run, "sz", val=str(size))
        _child(run, "lang", val=language)
    return root


def _types() -> bytes:
    root = Element("Types", xmlns=f"{PACKAGE}/content-types")
    ElementTree.SubElement(root, "Default", Extension="rels", ContentType="application/vnd.openxmlformats-package.relationships+xml")
    ElementTree.SubElement(root, "Default", Extension="xml", ContentType="application/xml")
    for part, kind in (("word/document", f"{KIND}.document.main+xml"), ("word/styles", f"{KIND}.styles+xml"), ("word/footer1", f"{KIND}.footer+xml"),
                       ("docProps/core", "application/vnd.openxmlformats-package.core-properties+xml")):  # fmt: skip
        ElementTree.SubElement(root, "Override", PartName=f"/{part}.xml", ContentType=kind)
    return _text(root)


def _relations(*pairs: str) -> bytes:
    root = Element("Relationships", xmlns=f"{PACKAGE}/relationships")
    for place, pair in enumerate(pairs, 1):
        kind, target = pair.split(" ")
        ElementTree.SubElement(root, "Relationship", Id=f"rId{place}", Type=kind, Target=target)
    return _text(root)


def _text(root: Element) -> bytes:
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
