"""What the file held and what became of it: the sheet that is kept as evidence, and the rejected rows given back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from linchpin.exchange.matching import REJECTED
from linchpin.exchange.models import Import, LooseLink, StagedRow
from linchpin.exchange.reading.headers import find_table
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.writing import sheets_bytes, xlsx_bytes
from linchpin.exchange.receiving import keep, kept, opened
from linchpin.kernel.people.writing import writing

Row = list[Any]


def keep_reconciliation(source: Import) -> None:
    """Write the sheet and keep it beside the file it speaks of."""
    digest = keep(reconciliation(source))
    with writing():
        Import.objects.filter(pk=source.pk).update(reconciliation=digest)
    source.reconciliation = digest


def kept_reconciliation(source: Import) -> bytes:
    """The sheet as it was kept at acceptance; before it, as it would be."""
    path = kept(source.reconciliation) if source.reconciliation else None
    return path.read_bytes() if path and path.exists() else reconciliation(source)


def reconciliation(source: Import) -> bytes:
    """A workbook: counts that add up, every row with its record, what is left over and why, and the columns left out."""
    return sheets_bytes({
        _("Summary"): list(_summary(source)),
        _("Rows and records"): list(_rows(source)),
        _("Not taken"): list(_not_taken(source)),
        _("Left over"): list(_left_over(source)),
    })  # fmt: skip


def _summary(source: Import) -> Iterator[Row]:
    counts = source.counts
    yield [_("What"), _("How many or which")]
    yield [_("File"), source.name]
    yield ["SHA-256", source.sha256]
    yield [_("Brought in by"), f"{source.person.name}, {timezone.localtime(source.at):%Y-%m-%d %H:%M}"]
    if source.accepted_by and source.accepted_at:
        yield [_("Accepted by"), f"{source.accepted_by.name}, {timezone.localtime(source.accepted_at):%Y-%m-%d %H:%M}"]
    names = {
        "read": _("Rows below the header"), "blank": _("of them blank"), "rejected": _("of them not taken"), "merged": _("of them merged into another row"),
        "new": _("of them new records"), "changed": _("of them changed a record"), "unchanged": _("of them changed nothing"),
    }  # fmt: skip
    for name, label in names.items():
        yield [label, counts.get(name, 0)]
    yield [_("Blank, not taken, merged, new, changed and unchanged together"), sum(counts.get(name, 0) for name in names if name != "read")]
    yield [_("Records made (with those below others)"), source.taken.filter(what="new").count()]


def _rows(source: Import) -> Iterator[Row]:
    yield [_("Rows of the file"), _("Own number"), _("What happened"), _("Record"), _("Title")]
    labels = dict(StagedRow.Outcome.choices)
    for taken in source.taken.select_related("staged", "record").order_by("staged__row", "id").iterator():
        rows = ", ".join(map(str, taken.staged.rows))
        yield [rows, taken.record.reference, str(labels[taken.what]), taken.record.number, taken.record.title]


def _not_taken(source: Import) -> Iterator[Row]:
    yield [_("Row"), _("Column"), _("Header"), _("Value"), _("Why it was not taken")]
    for row in source.rows.filter(outcome=REJECTED).order_by("row").iterator():
        for problem in row.worst:
            yield [problem["row"], problem["column"], problem["header"], problem["value"], problem["message"]]


def _left_over(source: Import) -> Iterator[Row]:
    """Columns that gave nothing, names nobody was matched with, links whose end is not here, and remarks beside cells."""
    yield [_("What"), _("Which"), _("How many cells or rows")]
    for letter, header, filled in source.notes.get("left_out", []):
        yield [_("Column left out"), f"{letter} {header}", filled]
    for header in source.notes.get("missing", []):
        yield [_("Column the file does not have"), header, ""]
    unmatched = source.taken.filter(record__owner=None).exclude(record__owner_text="").values_list("record__owner_text", flat=True)
    for name in sorted(set(unmatched)):
        yield [_("Owner kept as text"), name, list(unmatched).count(name)]
    loose = LooseLink.objects.filter(source__in=source.taken.values("record_id")).select_related("source")
    for link in loose:
        yield [_("Waits for a record that is not here"), f"{link.source.number} → {link.reference}", 1]
    for row in source.rows.exclude(outcome=REJECTED).exclude(problems=[]).order_by("row").iterator():
        for problem in row.problems:
            yield [_("Remark, row %s") % problem["row"], f"{problem['column']} {problem['header']}: {problem['message']}", 1]


def rejected_rows(source: Import) -> bytes:
    """The rejected rows as they came, with their row number and the reasons behind them, ready to be corrected and brought in again."""
    profile = loads(source.profile)
    book = opened(source)
    known = [header for column in profile.columns for header in column.known_by]
    sheet = profile.sheet if profile.sheet in {s.name for s in book.sheets} else ""
    table = find_table(book.cells(sheet if book.inspected.kind == "xlsx" else ""), profile.header_row, known)
    rows: list[Row] = [[*(column.header for column in table.columns), _("Row"), _("Why it was not taken")]]
    for staged in source.rows.filter(outcome=REJECTED).order_by("row"):
        reasons = dict.fromkeys(f"{p['header']} ({p['column']}): {p['message']}" if p["column"] else p["message"] for p in staged.worst)
        for number in staged.rows:
            cells = table.rows[number - 1]
            rows.append([*(cells[c.index] if c.index < len(cells) else None for c in table.columns), number, "\n".join(reasons)])
    return xlsx_bytes(rows, _("Not taken"))
