"""Bringing in data: drop a file, see what it would become, accept it, and take it back. Nothing is sent to anyone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.exchange.accepting import accept as accept_rows
from linchpin.exchange.answering import type_of
from linchpin.exchange.documents.remembering import FOLDER
from linchpin.exchange.long_work import ACCEPT, AT_ONCE, REHEARSE, give_up, set_going
from linchpin.exchange.models import Arrival, Import
from linchpin.exchange.naming import PERSON, UNIT, Names, remember
from linchpin.exchange.owning import give_owners
from linchpin.exchange.reading.profiles import loads
from linchpin.exchange.reading.safety import LARGEST_FILE
from linchpin.exchange.reading.sources import Book
from linchpin.exchange.receiving import may_import, opened, receive
from linchpin.exchange.reconciling import keep_reconciliation, kept_reconciliation, rejected_rows
from linchpin.exchange.staging import rehearse, restored, stage
from linchpin.exchange.understanding import fitting
from linchpin.exchange.undoing import undo as undo_import
from linchpin.exchange.undoing import worked_on
from linchpin.kernel.jobs.models import Job
from linchpin.kernel.jobs.running import cancel
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.people.writing import writing
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import all_types, get_type, has_type
from linchpin.surfaces.web.rehearsing import lines_of, summary_of

SHOWN = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = Import.State


def types_for(access: Access) -> list[Any]:
    """Types of which the person may bring in records."""
    return [record_type for record_type in all_types() if access.has(*record_type.who("import"))]


def found_import(request: HttpRequest, uid: Any) -> Import:
    """The import, if the person may bring in records of its type."""
    source = get_object_or_404(Import.objects.select_related("unit", "person", "accepted_by", "undone_by", "job"), uid=uid)
    if not has_type(source.type):
        raise Http404
    may_import(request.access, source.type)  # type: ignore[attr-defined]
    return source


@login_required
@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """Every import so far, and the place where the next file lands."""
    access: Access = request.access  # type: ignore[attr-defined]
    types = types_for(access)
    if not types:
        raise NotAllowed(_("Bringing in data is for the quality manager."))
    rows = Import.objects.filter(type__in=[t.key for t in types]).exclude(state=State.THROWN_AWAY).select_related("person").order_by("-id")
    context = {"types": types, "imports": [(source, get_type(source.type)) for source in rows[:SHOWN]], "largest": LARGEST_FILE}
    return render(request, "linchpin/imports.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A file lands. What it is, is decided by its content; what it becomes, by its columns where nobody said."""
    if request.method != "POST":
        return redirect("imports")
    access: Access = request.access  # type: ignore[attr-defined]
    upload, key = request.FILES.get("file"), request.POST.get("type", "")
    if upload is None:
        raise Refused(_("Choose a file first: .xlsx, .csv or .tsv."))
    if key and not has_type(key):
        raise Http404
    data, name = upload.read(), str(upload.name)
    if not key:
        book = Book(data, name)
        fits = fitting(book)
        key = fits[0].type if fits else type_of(book)
    source, _book = receive(data, name, key, actor=access)
    return redirect("import_columns", uid=source.uid)


def rehearsed_or_begun(request: HttpRequest, source: Import) -> HttpResponse:
    """Rehearse a small file at once, a large one as a job; then show what stands."""
    access: Access = request.access  # type: ignore[attr-defined]
    book = opened(source)
    if sum(sheet.rows for sheet in book.sheets) > AT_ONCE:
        return redirect("job", uid=set_going(REHEARSE, source, actor=access).uid)
    stage(source, rehearse(source, book, loads(source.profile), actor=access))
    return redirect("import_stand", uid=source.uid)


@login_required
@require_safe
def stand(request: HttpRequest, uid: Any) -> HttpResponse:
    """How the import stands: its rehearsal with every problem beside its cell, or what became of it."""
    source = found_import(request, uid)
    if FOLDER in source.notes:
        return redirect("documents_brought", uid=source.uid)
    if source.state == State.OPEN:
        return redirect("import_columns", uid=source.uid)
    if source.job and not source.job.ended:
        return redirect("job", uid=source.job.uid)
    outcome, after = request.GET.get("show", ""), request.GET.get("after", "")
    names = source.notes.get("names", {})
    known = Names()
    context = {
        "source": source, "type": get_type(source.type), "summary": summary_of(source), "show": outcome,
        "asked": known.asked(PERSON, names.get(PERSON, {})) + known.asked(UNIT, names.get(UNIT, {})),
        "people": Person.objects.exclude(employment=Person.Employment.SYSTEM).order_by("name"), "units": Unit.objects.order_by("path"),
        "touched": worked_on(source)[:5] if source.is_accepted else [],
        **lines_of(source, outcome, int(after) if after.isdecimal() and len(after) < 9 else 0, SHOWN),
    }  # fmt: skip
    return render(request, "linchpin/import.html", context)


@login_required
@require_POST
def names(request: HttpRequest, uid: Any) -> HttpResponse:
    """Who is meant by the names in the file, said once and remembered; then everything is looked at again."""
    source = found_import(request, uid)
    access: Access = request.access  # type: ignore[attr-defined]
    for field, text in request.POST.items():
        kind, _dash, number = field.removeprefix("name-").partition("-")
        answer = request.POST.get(f"who-{kind}-{number}", "")
        if field.startswith("name-") and kind in (PERSON, UNIT) and answer:
            model: Any = Person if kind == PERSON else Unit
            target = None if answer == "text" else get_object_or_404(model, pk=answer if answer.isdecimal() else 0)
            remember(kind, str(text), target, actor=access)
    if source.is_accepted:
        count = give_owners(source, actor=access)
        messages.success(request, _("%s records have their owner now.") % count)
        return redirect("import_stand", uid=source.uid)
    return rehearsed_or_begun(request, source)


@login_required
@require_POST
def accept(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take the rehearsed rows over (all that can be, or all or none), or throw the import away."""
    source = found_import(request, uid)
    access: Access = request.access  # type: ignore[attr-defined]
    how = request.POST.get("do", "valid")
    if how == "throw_away":
        return _throw_away(request, source)
    if source.job and not source.job.ended:
        return redirect("job", uid=source.job.uid)
    all_or_none = how == "all_or_none"
    if source.state == State.ACCEPTING or sum(source.counts.get(name, 0) for name in ("new", "changed", "unchanged")) > AT_ONCE:
        return redirect("job", uid=set_going(ACCEPT, source, actor=access, all_or_none=all_or_none).uid)
    drafts = restored(source, source.rows.exclude(outcome="rejected").order_by("row"))
    if all_or_none and source.counts.get("rejected"):
        raise Refused(_("%s rows cannot be taken, and you asked for all or none: nothing was taken.") % source.counts["rejected"])
    accept_rows(source, drafts, loads(source.profile).match, actor=access, all_or_none=all_or_none)
    keep_reconciliation(source)
    return redirect("import_stand", uid=source.uid)


def _throw_away(request: HttpRequest, source: Import) -> HttpResponse:
    if source.state == State.ACCEPTING:
        give_up(source, _("The import was stopped before it was whole."), actor=request.access)  # type: ignore[attr-defined]
    with writing():
        thrown = Import.objects.filter(pk=source.pk, state__in=(State.OPEN, State.READING, State.REHEARSED)).update(state=State.THROWN_AWAY)
        if thrown:
            source.rows.all().delete()
    messages.success(request, _("“%s” was thrown away. Nothing of it was kept but the file.") % source.name)
    heap = Arrival.objects.filter(files__source=source).first()
    return redirect("arrival", uid=heap.uid) if heap else redirect("imports")


@login_required
@require_POST
def undo(request: HttpRequest, uid: Any) -> HttpResponse:
    """Void what the import made and put back what it changed."""
    source = found_import(request, uid)
    undo_import(source, request.POST.get("reason", ""), actor=request.access)  # type: ignore[attr-defined]
    messages.success(request, _("The import is undone: its records are void, with your reason."))
    return redirect("import_stand", uid=source.uid)


def _download(content: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@login_required
@require_safe
def rejected(request: HttpRequest, uid: Any) -> HttpResponse:
    """The rows that were not taken, with the reasons, to be corrected and brought in again."""
    return _download(rejected_rows(found_import(request, uid)), "not-taken.xlsx")


@login_required
@require_safe
def reconciliation(request: HttpRequest, uid: Any) -> HttpResponse:
    """Rows in, records out, what is left over and why."""
    return _download(kept_reconciliation(found_import(request, uid)), "reconciliation.xlsx")


@login_required
@require_safe
def profile(request: HttpRequest, uid: Any) -> HttpResponse:
    """The mapping of the import's columns as a file."""
    source = found_import(request, uid)
    if not source.profile:
        raise Http404
    return _download(source.profile.encode(), f"{loads(source.profile).name}.toml", "application/toml")


@login_required
@require_safe
def job(request: HttpRequest, uid: Any) -> HttpResponse:
    """How far a long piece of work is. It goes on when the page is left; asked for JSON, only the figures are given."""
    found = _job(request, uid)
    source = Import.objects.filter(uid=found.arguments.get("uid")).first()
    after = _after(found, source)
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"percent": found.percent, "saying": found.saying, "ended": found.ended, "done": found.done, "total": found.total})
    if found.state == Job.State.DONE:
        return redirect(after)
    return render(request, "linchpin/job.html", {"job": found, "source": source, "after": after, "apart": "arrival" in found.arguments})


def _after(found: Job, source: Import | None) -> str:
    """Where the work's result is looked at."""
    if source is not None:
        return reverse("import_stand", args=[source.uid])
    return reverse("arrival", args=[found.arguments["arrival"]]) if "arrival" in found.arguments else reverse("start")


@login_required
@require_POST
def cancel_job(request: HttpRequest, uid: Any) -> HttpResponse:
    """Ask the work to stop; it does so at its next step."""
    found = _job(request, uid)
    cancel(found)
    return redirect("job", uid=found.uid)


def _job(request: HttpRequest, uid: Any) -> Job:
    return get_object_or_404(Job, uid=uid, person_id=request.user.pk)
