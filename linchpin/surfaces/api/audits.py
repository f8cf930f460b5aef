"""Audits beyond their records: the report of one, what a program's areas need, and what was looked at by clause and unit."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.params.functions import Query

from linchpin.chapters.evaluation.audits.models import Audit
from linchpin.chapters.evaluation.audits.reporting import report_of
from linchpin.chapters.evaluation.programs.coverage import coverage_of
from linchpin.chapters.evaluation.programs.models import AuditProgram
from linchpin.chapters.evaluation.programs.needing import needs_of
from linchpin.exchange.audit_reports import as_word
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.evidence import edition_of
from linchpin.kernel.records.refusals import Missing
from linchpin.surfaces.api.authenticating import access
from linchpin.surfaces.api.presenting import answer

router = Router(tags=["audits"])
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class CellOut(Schema):
    """A clause in a unit; `newest` is the last day it was looked at, `planned` the next that is planned, `slipped` one that was not held."""

    clause: str
    unit: str
    newest: date | None
    planned: date | None
    slipped: date | None
    audits: list[str]


class CoverageOut(Schema):
    edition: str
    clauses: list[str]
    units: list[str]
    cells: list[CellOut]
    gaps: list[str]


class NeedOut(Schema):
    """How often an area is audited: its points (at most 12), the interval, the day by which it is due, and the reasons in a sentence."""

    area: str
    title: str
    unit: str
    score: int
    months: int
    next_by: date
    sentence: str
    planned: list[str]


class EntryOut(Schema):
    number: str
    clause: str
    question: str
    answer: str
    lines: list[tuple[str, str]]
    is_finding: bool


class SignedOut(Schema):
    who: str
    meaning: str
    at: str
    digest: str
    holds: bool


class ReportOut(Schema):
    organization: str
    number: str
    title: str
    facts: list[tuple[str, str]]
    conclusion: str
    tally: str
    findings: list[EntryOut]
    others: list[EntryOut]
    problems: str
    photos: list[tuple[str, str, str]]
    signatures: list[SignedOut]
    reported: str


@router.get("/audits/coverage/", response=CoverageOut, operation_id="audit_coverage", summary="Audit coverage, clause by unit")
def coverage(request: HttpRequest, edition: str = Query("", max_length=4), program: str = Query("", max_length=40)) -> HttpResponse:
    """What internal audits looked at and what is planned, with the gaps in sentences; for a program, by what its areas need."""
    chosen = _found(AuditProgram, program, access(request)) if program else None
    found = coverage_of(edition_of(edition or (chosen.edition if chosen else "")), access(request), None, chosen)
    names = {unit.pk: unit for unit in found.units}
    cells = [
        {"clause": clause, "unit": str(names[unit].uid), "newest": cell.newest, "planned": cell.planned, "slipped": cell.slipped,
         "audits": [audit.number for audit in cell.audits.values()]}
        for (clause, unit), cell in sorted(found.cells.items(), key=lambda pair: pair[0])
    ]  # fmt: skip
    told = {"edition": found.edition.id, "clauses": [one.number for one in found.clauses], "units": [str(unit.uid) for unit in found.units]}
    return answer({**told, "cells": cells, "gaps": [gap.sentence for gap in found.gaps]})


@router.get("/audits/programs/{number}/needs/", response=list[NeedOut], operation_id="audit_needs", summary="How often each area is audited, and why")
def needs(request: HttpRequest, number: str) -> HttpResponse:
    found = needs_of(_found(AuditProgram, number, access(request)), access(request))
    return answer([
        {"area": need.area.number, "title": need.area.title, "unit": str(need.area.unit.uid), "score": need.score, "months": need.months,
         "next_by": need.next_by, "sentence": need.sentence, "planned": [audit.number for audit in need.planned]}
        for need in found
    ])  # fmt: skip


@router.get("/audits/{number}/report/", response=ReportOut, operation_id="audit_report", summary="The report of an audit")
def report(request: HttpRequest, number: str) -> HttpResponse:
    """What was frozen when it was reported. Refused before that."""
    told: dict[str, Any] = asdict(report_of(_found(Audit, number, access(request)), access(request)))
    for signed in told["signatures"]:
        signed["at"] = signed["at"].isoformat()
    return answer(told)


@router.get("/audits/{number}/report.docx", operation_id="audit_report_word", summary="The report of an audit as a Word file")
def report_as_word(request: HttpRequest, number: str) -> HttpResponse:
    made = report_of(_found(Audit, number, access(request)), access(request))
    return HttpResponse(as_word(made), content_type=WORD, headers={"Content-Disposition": f'attachment; filename="{made.number}.docx"'})


def _found(model: Any, number: str, asking: Access) -> Any:
    found = model.objects.visible_to(asking).select_related("unit", "owner").filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found
