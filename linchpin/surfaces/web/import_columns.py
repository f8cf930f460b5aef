"""The page on which a file's sheet, header row and columns are chosen by looking; it asks only what nobody but a person can know."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linchpin.exchange.answering import AS_THEY_STAND, LEFT_OUT, becomes, from_form, profile_from, understood
from linchpin.exchange.importable import importable
from linchpin.exchange.models import Import
from linchpin.exchange.reading.mapping import Question
from linchpin.exchange.reading.problems import shown
from linchpin.exchange.reading.profile_writing import dumps
from linchpin.exchange.reading.profiles import LARGEST, check, loads
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.receiving import brought_before, may_import, opened
from linchpin.exchange.understanding import Understanding, fitting, known_profiles, main_text, save_profile
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import Refused
from linchpin.kernel.records.registry import get_type, has_type
from linchpin.surfaces.web.importing import found_import, rehearsed_or_begun, types_for

PREVIEWED, WIDEST, CELL = 12, 12, 40
CHANGEABLE = (Import.State.OPEN, Import.State.READING, Import.State.REHEARSED)


@dataclass(slots=True)
class Column:
    """A column of the file on the page: what stands in it, what it becomes, how sure that is, and what is asked about its cells."""

    letter: str
    header: str
    samples: list[str]
    chosen: str
    sure: str
    dates: Question | None = None
    decimals: Question | None = None
    values: list[Question] = field(default_factory=list)
    open: bool = False


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, uid: Any) -> HttpResponse:
    """Look, choose, and go on to the rehearsal."""
    source = found_import(request, uid)
    if source.state not in CHANGEABLE or (source.job and not source.job.ended):
        return redirect("import_stand", uid=source.uid)
    book = opened(source)
    if request.method == "POST":
        return _posted(request, source, book)
    return _page(request, source, book)


def _page(request: HttpRequest, source: Import, book: Book, refused: Refused | None = None) -> HttpResponse:
    found = understood(source, book)
    questions = found.questions
    access: Access = request.access  # type: ignore[attr-defined]
    into = main_text(source.type)
    context = {
        "source": source, "type": get_type(source.type), "types": types_for(access), "refused": refused,
        "sheets": book.sheets if book.inspected.kind == "xlsx" else [], "sheet": found.sheet, "header_row": found.table.header_row,
        "preview": _preview(found), "columns": [_column(plan, found) for plan in found.guess.plans], "becomes": becomes(source.type),
        "kept_in": importable()[source.type][into].label if into else "", "left_out": LEFT_OUT, "as_they_stand": AS_THEY_STAND,
        "key": found.guess.key, "repeated": found.guess.repeated, "asks_repeated": any(q.about == "repeated" for q in questions),
        "title_asked": any(q.about == "title" for q in questions), "title_label": importable()[source.type][found.guess.title].label,
        "title_from": found.guess.plan(found.guess.title),
        "fitting": fitting(book), "profiles": [p for p in known_profiles().values() if p.type == source.type],
        "units": Unit.objects.filter(state=Unit.State.ACTIVE).order_by("path"), "warnings": source.notes.get("warnings", []),
        "asked": sum(question.about != "field" for question in questions), "earlier": brought_before(source),
    }  # fmt: skip
    return render(request, "linchpin/import_columns.html", context, status=refused.status if refused else 200)


def _preview(found: Understanding) -> list[tuple[int, list[str]]]:
    """The first rows as they stand, so that the header row is chosen by looking."""
    first = max(0, found.table.header_row - PREVIEWED // 2)
    rows = found.table.rows[first : first + PREVIEWED]
    return [(number, [shown(cell, CELL) for cell in row[:WIDEST]]) for number, row in enumerate(rows, first + 1)]


def _column(plan: Any, found: Understanding) -> Column:
    letter = plan.column.letter
    asked = [q for q in found.questions if q.letter == letter]
    suggestion = next((q for q in asked if q.about == "field"), None)
    chosen = LEFT_OUT if plan.left_out else plan.field or (suggestion.suggested if suggestion else "")
    sure = _("please check") if suggestion or 0 < plan.confidence < 80 else ""
    made = Column(letter, plan.column.header, [shown(sample, CELL) for sample in plan.column.samples[:3]], chosen, sure)
    made.dates = next((q for q in asked if q.about == "dates"), None)
    made.decimals = next((q for q in asked if q.about == "decimals"), None)
    made.values = [q for q in asked if q.about == "values"]
    made.open = bool(made.dates or made.decimals or made.values)
    return made


def _posted(request: HttpRequest, source: Import, book: Book) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    do = request.POST.get("do", "")
    try:
        if do == "look":
            _look(request, source, access)
        elif do == "use":
            return _use(request, source, known_profiles().get(request.POST.get("profile", "")))
        elif do == "upload":
            return _use(request, source, loads(_uploaded(request)))
        else:
            return _answered(request, source, book, access, do)
    except Refused as refused:
        source.refresh_from_db()
        return _page(request, source, book, refused)
    return redirect("import_columns", uid=source.uid)


def _look(request: HttpRequest, source: Import, access: Access) -> None:
    """Another sheet, header row or type: what was answered about the columns no longer holds."""
    key, row = request.POST.get("type", source.type), request.POST.get("header_row", "")
    if not has_type(key):
        raise Refused(_("There is no record type “%s”.") % key)
    may_import(access, key)
    sheet = request.POST.get("sheet", source.sheet)
    number = int(row) if row.isdecimal() and len(row) < 8 and sheet == source.sheet and key == source.type else 0
    with writing():
        Import.objects.filter(pk=source.pk).update(type=key, sheet=sheet, header_row=number, answers={}, state=Import.State.OPEN)


def _use(request: HttpRequest, source: Import, profile: Any) -> HttpResponse:
    if profile is None:
        raise Refused(_("Choose a profile first."))
    may_import(request.access, profile.type)  # type: ignore[attr-defined]
    source.type, source.profile = profile.type, dumps(profile)
    _options(request, source)
    return rehearsed_or_begun(request, source)


def _uploaded(request: HttpRequest) -> str:
    upload = request.FILES.get("toml")
    if upload is None:
        raise Refused(_("Choose the profile's file first: it ends with .toml."))
    if (upload.size or 0) > LARGEST:
        raise Refused(_("The profile is longer than 200,000 characters: that is no profile."))
    try:
        return upload.read().decode("utf-8")
    except UnicodeDecodeError as problem:
        raise Refused(_("“%s” is no profile: profiles are text in UTF-8.") % upload.name) from problem


def _options(request: HttpRequest, source: Import) -> None:
    """Where records belong without a unit, and whether what people changed here may be overwritten."""
    unit = request.POST.get("unit", "")
    if unit.isdecimal():
        source.unit = get_object_or_404(Unit, pk=unit)
    source.overwrite = request.POST.get("overwrite") == "on"
    with writing():
        source.save(update_fields=["type", "profile", "unit", "overwrite", "answers", "sheet", "header_row"])


def _answered(request: HttpRequest, source: Import, book: Book, access: Access, do: str) -> HttpResponse:
    """Keep the answers; then rehearse, or save the mapping under a name, or ask what is still open."""
    found = understood(source, book)
    source.answers = from_form(request.POST.dict(), [plan.column.letter for plan in found.guess.plans])
    source.sheet, source.header_row = found.sheet if book.inspected.kind == "xlsx" else "", found.table.header_row
    _options(request, source)
    found = understood(source, book)
    if found.questions:
        raise Refused(*(question.sentence for question in found.questions[:5]))
    name = request.POST.get("name", "").strip()
    profile = profile_from(source, found, name or "guessed", request.POST.get("title", "").strip())
    if mistakes := check(profile, importable()):
        raise Refused(*mistakes)
    if do == "save":
        save_profile(replace(profile, sheet="", header_row=0), actor=access)
        messages.success(request, _("The mapping is kept as “%s”: the next file of this kind is understood at once.") % name)
        return redirect("import_columns", uid=source.uid)
    source.profile = dumps(profile)
    _options(request, source)
    return rehearsed_or_begun(request, source)
