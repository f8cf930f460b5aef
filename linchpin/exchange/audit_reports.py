"""An audit report as a Word file: the frozen report in the order of its page, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from linchpin.chapters.evaluation.audits.reporting import Entry, Report
from linchpin.exchange.word_files import WordFile


def as_word(report: Report) -> bytes:
    """The .docx; its footer carries number, date and the beginning of the content hash on every page."""
    foot = " · ".join(filter(None, (report.organization, report.number, report.reported, report.digest[:16])))
    file = WordFile(f"{report.number} {report.title}", foot, get_language() or "en")
    file.paragraph(" · ".join(filter(None, (report.organization, _("Audit report"), report.number))), "Small")
    file.paragraph(report.title, "Title")
    file.table(report.facts)
    file.paragraph(_("Conclusion"), "Heading1")
    file.paragraph(report.conclusion or _("Nothing on record."))
    file.paragraph(report.tally, "Small")
    if report.problems:
        file.paragraph(_("Problems that it found: %s") % report.problems)
    _entries(file, _("Findings"), report.findings, _("No finding: everything looked at was as it should be."))
    _entries(file, _("Also looked at"), report.others, "")
    if report.photos:
        file.paragraph(_("Photos and files"), "Heading1")
        file.table((number, f"{name}\nSHA-256 {digest}") for number, name, digest in report.photos)
    _signatures(file, report)
    return file.finished()


def _entries(file: WordFile, heading: str, entries: Iterable[Entry], nothing: str) -> None:
    entries = list(entries)
    if not entries and not nothing:
        return
    file.paragraph(heading, "Heading1")
    if not entries:
        file.paragraph(nothing)
    for clause, group in groupby(entries, lambda entry: entry.clause):
        file.paragraph(_("Clause %s") % clause if clause else _("Without a clause"), "Heading2")
        for entry in group:
            file.table([(entry.number, entry.question), (_("Answer"), entry.answer), *entry.lines])


def _signatures(file: WordFile, report: Report) -> None:
    file.paragraph(_("Signatures"), "Heading1")
    if not report.signatures:
        file.paragraph(_("It was brought in from elsewhere and not signed here."))
    for signed in report.signatures:
        at = date_format(localtime(signed.at), "j M Y, H:i")
        file.table([(signed.who, f"{signed.meaning}, {at}"), (_("Content hash"), f"SHA-256 {signed.digest}")])
