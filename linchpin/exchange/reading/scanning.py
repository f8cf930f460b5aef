"""What a worksheet's XML says that a reader of values does not: how far it really reaches, and which cells are no values."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from linchpin.exchange.reading.problems import Uncomputed, letter, shown
from linchpin.exchange.reading.safety import MOST_COLUMNS, MOST_ROWS, member_chunks
from linchpin.kernel.records.refusals import Refused

LARGEST_AREA = 20_000_000
"""Cells of the rectangle that a sheet spans: the reader holds it whole, so a stray far cell must not make it huge."""

TOKEN = re.compile(
    rb"<(?:\w+:)?(?:row((?:\s[^>]*)?)>|c((?:\s[^>]*?)?)(?<!/)>(.*?)</(?:\w+:)?c>|(c)((?:\s[^>]*)?)/>)",
    re.DOTALL,
)
CONTENT = re.compile(rb"<(?:\w+:)?c((?:\s[^>]*)?)(?<!/)>(.*?)</(?:\w+:)?c>", re.DOTALL)
"""Only cells that hold something: enough, and much faster over empty formatted rows, while every such cell tells its place."""
PLACE = re.compile(rb"""\sr=["']([A-Za-z]*)(\d+)["']""")
FORMULA = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
VALUE = re.compile(rb"<(?:\w+:)?(?:v|t)(?:\s[^>]*)?>([^<]+)<")
TYPE = re.compile(rb"""\st=["'](\w+)["']""")
BEGUN = re.compile(rb"<(?:\w+:)?c(?:\s[^<>]*)?(?<!/)>|<[^<>]{0,300}$")
PLAIN = re.compile(rb"""<c r="([A-Z]{1,6})(\d{1,9})"[^<>]*(?<!/)>(?:<v>|<is><t[^<>]*(?<!/)>)[^<]""")
CONTENTS = (b"<v>", b"<v ", b":v>", b":v ", b"<v/", b"<is>", b"<is ", b":is>")
"""Every way in which a cell's content can begin: if there are as many as plain cells, there are no others."""
LONGEST_CELL = 16 * 1024 * 1024

Place = tuple[int, int]


@dataclass(slots=True)
class Extent:
    """Last row and column that hold a value (counted from 1), and the cells that are formulas never computed or errors."""

    rows: int = 0
    columns: int = 0
    odd: dict[Place, Uncomputed | str] = field(default_factory=dict)


def _xml(archive: zipfile.ZipFile, member: str) -> ElementTree.Element:
    return ElementTree.fromstring(archive.read(member))  # noqa: S314  `safety` refused every member with a document type


def worksheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Member name of each sheet by the sheet's name."""
    workbook = next(n for n in archive.namelist() if re.fullmatch(r"xl/workbook\d*\.xml", n, re.I))
    folder, base = posixpath.split(workbook)
    targets = {e.get("Id"): e.get("Target", "") for e in _xml(archive, f"{folder}/_rels/{base}.rels")}
    parts = {}
    for element in _xml(archive, workbook).iter():
        if element.tag.rpartition("}")[2] == "sheet":
            identity = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            target = targets.get(identity, "")
            parts[element.get("name", "")] = posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"{folder}/{target}")
    return parts


def extent(archive: zipfile.ZipFile, part: str, sheet: str) -> Extent:
    """How far the sheet reaches. Raises Refused when it is wider, longer or more scattered than can be meant."""
    found = _placed(archive, part, sheet) or _counted(archive, part, sheet)
    if found.rows * found.columns > LARGEST_AREA:
        raise Refused(_("The sheet “%(sheet)s” reaches to row %(row)s and column %(column)s: delete what stands far out, save it and bring it in again.")
                      % {"sheet": sheet, "row": found.rows, "column": letter(found.columns - 1)})  # fmt: skip
    return found


def _placed(archive: zipfile.ZipFile, part: str, sheet: str) -> Extent | None:
    """The extent by the places that cells name; None as soon as one with content names none."""
    found = Extent()
    for piece in _rows_at_once(member_chunks(archive, part)):
        if piece is None:
            return _counted(archive, part, sheet)
        if _only_values(found, piece, sheet):
            continue
        for token in CONTENT.finditer(piece):
            place = PLACE.search(token[1])
            if not place or not place[1]:
                return None
            _note(found, *_cell(token[1], 0, 0), token[1], token[2], sheet)
    return found


def _rows_at_once(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """The sheet in pieces that end where a row ends; None when a row is so long that it must be looked at cell by cell."""
    rest = b""
    for chunk in chunks:
        text = rest + chunk
        end = text.rfind(b"</row>") + len(b"</row>")
        if end < len(b"</row>"):
            end = 0
        if end:
            yield text[:end]
        rest = text[end:]
        if len(rest) > LONGEST_CELL:
            yield None
            return
    yield rest


def _only_values(found: Extent, piece: bytes, sheet: str) -> bool:
    """Whether every cell of the piece is a plain value in its named place, as in most files: then its reach is taken at once."""
    if b"<f" in piece or b't="e"' in piece:
        return False
    cells = PLAIN.findall(piece)
    if len(cells) != sum(map(piece.count, CONTENTS)):
        return False
    if cells:
        column = max(map(_column, {column for column, _row in cells}))
        _reach(found, max(map(int, {row for _column, row in cells})), column, sheet)
    return True


def _counted(archive: zipfile.ZipFile, part: str, sheet: str) -> Extent:
    """The extent by counting rows and cells, which some programs write without their places."""
    found = Extent()
    row = column = 0
    for token in _tokens(TOKEN, member_chunks(archive, part), sheet):
        row_marks, marks, content, lone, lone_marks = token.groups()
        if marks is None and lone is None:
            row, column = _row(row_marks, row), 0
            continue
        row, column = _cell(marks if lone is None else lone_marks, row, column)
        if content is not None:
            _note(found, row, column, marks, content, sheet)
    return found


def _tokens(pattern: re.Pattern[bytes], chunks: Iterable[bytes], sheet: str) -> Iterator[re.Match[bytes]]:
    """Rows and cells in order; a cell that has begun when its chunk ends is carried over to the next."""
    rest = b""
    for chunk in chunks:
        text, end = rest + chunk, 0
        for token in pattern.finditer(text):
            end = token.end()
            yield token
        begun = BEGUN.search(text, end)
        rest = text[begun.start() :] if begun else b""
        if len(rest) > LONGEST_CELL:
            raise Refused(_("The sheet “%s” holds a cell that never ends: the file is damaged. Save it anew as .xlsx or .csv.") % sheet)


def _row(marks: bytes, before: int) -> int:
    place = PLACE.search(marks)
    return int(place[2][:9]) if place and not place[1] else before + 1


def _cell(marks: bytes, row: int, before: int) -> Place:
    place = PLACE.search(marks)
    if not place or not place[1]:
        return max(row, 1), before + 1
    return int(place[2][:9]), _column(place[1].upper()[:6])


def _column(letters: bytes) -> int:
    column = 0
    for character in letters:
        column = column * 26 + character - 64
    return column


def _note(found: Extent, row: int, column: int, marks: bytes, content: bytes, sheet: str) -> None:
    """Take one cell with content into account: a value widens the extent, a formula without one is only remembered."""
    kind = TYPE.search(marks)
    kind_name = kind[1] if kind else b""
    formula = FORMULA.search(content)
    value = VALUE.search(content, formula.end() if formula else 0)
    if value is None:
        if formula and kind_name != b"str":
            found.odd[row, column] = Uncomputed(shown((formula[1] or b"").decode("utf-8", "replace")))
        return
    if kind_name == b"e":
        found.odd[row, column] = value[1].decode("utf-8", "replace")
    _reach(found, row, column, sheet)


def _reach(found: Extent, row: int, column: int, sheet: str) -> None:
    found.rows, found.columns = max(found.rows, row), max(found.columns, column)
    if column > MOST_COLUMNS:
        raise Refused(_("The sheet “%(sheet)s” has values in column %(column)s; at most 1,000 columns are read. Keep the columns you need, and save it again.")
                      % {"sheet": sheet, "column": letter(column - 1)})  # fmt: skip
    if row > MOST_ROWS:
        raise Refused(_("The sheet “%s” has more than 1,000,000 rows: split it into several files.") % sheet)
