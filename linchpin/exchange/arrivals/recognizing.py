"""What a dropped file is, told from its content, its headers and its name; with a figure for how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from linchpin.exchange.arrivals.people_reading import understand_people
from linchpin.exchange.documents.bringing import FILES, MARKDOWN
from linchpin.exchange.documents.quizzes import quiz_for
from linchpin.exchange.models import ArrivedFile
from linchpin.exchange.reading.headers import find_table, normal
from linchpin.exchange.reading.mapping import Guess
from linchpin.exchange.reading.problems import shown
from linchpin.exchange.reading.sources import Book, is_blank
from linchpin.exchange.understanding import fitting, understand
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import RecordType

PEOPLE, DOCUMENTS, KEPT, UNKNOWN = ArrivedFile.PEOPLE, ArrivedFile.DOCUMENTS, ArrivedFile.KEPT, ArrivedFile.UNKNOWN
TABLES = (".xlsx", ".csv", ".tsv", ".txt")
NAMED_SO = 0.15
"""What a file's own name adds where it says what the file is."""
LEAST, BY_PROFILE = 0.45, 95
SHOWN = 8
WORDS = {
    "nonconformity": "car cars ncr ncrs nc ncs capa problem problems issue issues finding findings defect defects 8d abweichungen reklamation mangel",
    "action": "action actions task tasks todo todos measure measures massnahmen massnahme acoes ukrepi acciones",
    "audit": "audit audits auditplan",
    "document": "document documents masterlist dokumente dokumentenliste",
    PEOPLE: "people person persons staff employee employees personnel headcount team mitarbeiter mitarbeiterliste personal colaboradores zaposleni",
    KEPT: "goal goals objective objectives target targets kpi kpis ziel ziele objetivos cilji",
}
GOAL_TYPES = ("objective", "goal")


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a file is taken for, from 0 to 100 how sure that is."""

    becomes: str
    sure: int


def is_document(name: str) -> bool:
    """Whether the file is a document by its ending, or a quiz beside one; a workbook is looked into first."""
    return PurePosixPath(name).suffix.lower() in {*MARKDOWN, *FILES} - {*TABLES} or quiz_for(name) is not None


def headers_of(book: Book) -> list[str]:
    """The first names of columns of the first sheet with cells: what somebody recognizes a table by."""
    sheet = next((sheet.name for sheet in book.sheets if sheet.rows), "")
    table = find_table(book.cells(sheet if book.inspected.kind == "xlsx" else ""), 0, [])
    return [shown(column.header, 40) for column in table.columns if column.header != column.letter][:SHOWN]


def is_plain_text(book: Book, name: str) -> bool:
    """Whether a .txt is a letter or a license and no table: fewer than half of its lines have a second cell."""
    if PurePosixPath(name).suffix.lower() != ".txt" or book.inspected.kind == "xlsx":
        return False
    filled = [sum(not is_blank(cell) for cell in row) for row in book.cells("")[:200]]
    return sum(n > 1 for n in filled) * 2 < sum(n > 0 for n in filled)


def recognize(book: Book, name: str, types: Iterable[RecordType]) -> Recognized:
    """What the table is, among those types and a list of people. A workbook from a folder that is neither is one of its documents."""
    types = list(types)
    keys = {one.key for one in types}
    if profile := next((one for one in fitting(book) if one.type in keys), None):
        return Recognized(profile.type, BY_PROFILE)
    said = _words_of(book, name)
    if said & set(WORDS[KEPT].split()) and not keys & set(GOAL_TYPES):
        return Recognized(KEPT, 80)
    scores = {one.key: _score_of_type(book, one) + _named(said, one) for one in types if one.listed}
    scores[PEOPLE] = _score(understand_people(book).guess) + (NAMED_SO if said & set(WORDS[PEOPLE].split()) else 0)
    best = max(scores, key=lambda key: scores[key])
    if scores[best] < LEAST:
        unlikely = DOCUMENTS if "/" in name and PurePosixPath(name).suffix.lower() in FILES else UNKNOWN
        return Recognized(unlikely, int(100 * LEAST))
    return Recognized(best, min(99, int(100 * scores[best])))


def _score_of_type(book: Book, record_type: RecordType) -> float:
    try:
        return _score(understand(book, record_type.key).guess)
    except Refused:
        return 0.0


def _score(guess: Guess) -> float:
    """From 0 to 1: the share of columns that are understood; what each row is about counts twice."""
    filled = [plan for plan in guess.plans if plan.column.filled]
    title = guess.plan(guess.title)
    about = title.confidence if title and title.confidence > 50 else 0
    return (sum(plan.confidence for plan in filled if plan.field) + about) / (100 * (len(filled) + 1)) if filled else 0.0


def _named(said: set[str], record_type: RecordType) -> float:
    labels = [record_type.label(words) for words in ("plain", "standard")] + [record_type.plural(words) for words in ("plain", "standard")]
    own = {record_type.key, *(word for label in labels for word in normal(label).split() if len(word) > 3)}
    return NAMED_SO if said & (own | set(WORDS.get(record_type.key, "").split())) else 0.0


def _words_of(book: Book, name: str) -> set[str]:
    """The words of the file's name and of its sheets' names."""
    sheets = (sheet.name for sheet in book.sheets[:20]) if book.inspected.kind == "xlsx" else ()
    return {word for text in (PurePosixPath(name).stem, *sheets) for word in normal(text).split()}
