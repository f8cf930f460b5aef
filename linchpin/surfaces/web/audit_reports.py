"""The report of an audit: a page to read and print, and the same as a Word file."""

from __future__ import annotations

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linchpin.chapters.evaluation.audits.reporting import Entry, report_of
from linchpin.exchange.audit_reports import as_word
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.record import record_or_404

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@login_required
@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    audit = record_or_404("audit", number, access)
    made = report_of(audit, access)
    context = {"record": audit, "report": made, "findings": _by_clause(made.findings), "others": _by_clause(made.others)}
    return render(request, "linchpin/audit_report.html", context | {"plural": get_type("audit").plural(access.person.labels)})


@login_required
@require_safe
def word(request: HttpRequest, number: str) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    made = report_of(record_or_404("audit", number, access), access)
    return HttpResponse(as_word(made), content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{made.number}.docx"'})


def _by_clause(entries: tuple[Entry, ...]) -> list[tuple[str, list[Entry]]]:
    return [(clause, list(group)) for clause, group in groupby(entries, lambda entry: entry.clause)]
