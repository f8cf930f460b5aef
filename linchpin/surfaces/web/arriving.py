"""Files dropped together: the long drop area, a card for each file, who is who in all of them, and taking everything over in one go."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.exchange.arrivals.people_taking import may_bring_people
from linchpin.exchange.arrivals.receiving_many import data_of, may_look_into, may_receive, open_arrival, receive_files, say_what_it_is, types_for
from linchpin.exchange.arrivals.taking_back import take_all_back
from linchpin.exchange.arrivals.taking_over import take_all_over, take_back, takeable
from linchpin.exchange.arrivals.who_is_who import keep_answers, who_is_who
from linchpin.exchange.findings import findings
from linchpin.exchange.models import Arrival, ArrivedFile, Import
from linchpin.exchange.naming import PERSON, UNIT
from linchpin.exchange.owning import give_owners
from linchpin.exchange.reading.safety import LARGEST_FILE
from linchpin.exchange.reading.writing import xlsx_bytes
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.web.cards import ask_on_cards, cards_of, known_now, shown_findings

EARLIER = 10
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def found_arrival(request: HttpRequest, uid: Any) -> Arrival:
    """The heap of files: for whoever dropped it, and whoever else may bring in data."""
    may_receive(request.access)  # type: ignore[attr-defined]
    return get_object_or_404(Arrival.objects.select_related("job", "person"), uid=uid)


def found_file(request: HttpRequest, uid: Any, file: Any) -> ArrivedFile:
    """One file of it; what somebody may not bring in, they do not look into."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = get_object_or_404(ArrivedFile.objects.select_related("arrival", "source"), arrival=found_arrival(request, uid), uid=file)
    if not may_look_into(found, access):
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """The drop area; what lands joins the person's files that wait."""
    access: Access = request.access  # type: ignore[attr-defined]
    may_receive(access)
    waiting = Arrival.objects.filter(person=access.person, accepted_at=None).order_by("-id").first()
    if request.method != "POST":
        if waiting is not None and waiting.files.exclude(state=ArrivedFile.State.LAID_ASIDE).exists():
            return redirect("arrival", uid=waiting.uid)
        return render(request, "linchpin/arrival.html", _context(access, None))
    try:
        arrival = open_arrival(access)
        if not receive_files(arrival, _dropped(request), actor=access):
            raise Refused(never(_("Choose some files first, or drop them on the field."), "file"))
    except Refused as refused:
        return render(request, "linchpin/arrival.html", _context(access, waiting) | {"refused": refused}, status=refused.status)
    return redirect("arrival", uid=arrival.uid)


def _dropped(request: HttpRequest) -> list[tuple[str, bytes]]:
    uploads, paths = request.FILES.getlist("file"), request.POST.getlist("path")
    names = paths if len(paths) == len(uploads) else [upload.name or "" for upload in uploads]
    return [(name, upload.read()) for name, upload in zip(names, uploads, strict=True)]


@login_required
@require_safe
def arrival(request: HttpRequest, uid: Any) -> HttpResponse:
    """The cards of the files; afterwards what became of them, and what they say."""
    found = found_arrival(request, uid)
    if found.job and not found.job.ended and found.job.person_id == request.user.pk:
        return redirect("job", uid=found.job.uid)
    return render(request, "linchpin/arrival.html", _context(request.access, found))  # type: ignore[attr-defined]


def _context(access: Access, found: Arrival | None) -> dict[str, Any]:
    types = [one for one in types_for(access) if one.listed]
    context: dict[str, Any] = {"arrival": found, "largest": LARGEST_FILE, "may_bring_people": may_bring_people(access), "types": types}
    if found is None or found.accepted_at:
        earlier = Arrival.objects.exclude(pk__in=[found.pk] if found else []).annotate(n=Count("files")).filter(n__gt=0)
        context["earlier"] = earlier.select_related("person").order_by("-id")[:EARLIER]
    if found is None:
        return context | {"cards": []}
    cards, who = cards_of(found, access), who_is_who(found)
    ask_on_cards(cards, who)
    sources = list(Import.objects.filter(arrived__arrival=found, state=Import.State.ACCEPTED))
    return context | {
        "cards": cards,
        "ready": len(takeable(found)),
        "held": [card for card in cards if card.held],
        "who": who,
        "known": known_now(access),
        "taken": any(card.taken for card in cards),
        "findings": shown_findings(findings(sources, actor=access), sources) if sources else [],
    }


@login_required
@require_POST
def names(request: HttpRequest, uid: Any) -> HttpResponse:
    """Who is meant, said once for all the files."""
    found = found_arrival(request, uid)
    answers = []
    for name, text in request.POST.items():
        kind, _dash, number = name.removeprefix("name-").partition("-")
        if name.startswith("name-") and kind in (PERSON, UNIT) and (answer := request.POST.get(f"who-{kind}-{number}", "")):
            answers.append((kind, str(text), str(answer)))
    kept = keep_answers(found, answers, actor=request.access)  # type: ignore[attr-defined]
    for source in Import.objects.filter(arrived__arrival=found, state=Import.State.ACCEPTED):
        give_owners(source, actor=request.access)  # type: ignore[attr-defined]
    if kept:
        messages.success(request, _("%s names are remembered, for these files and for later ones.") % kept)
    return redirect("arrival", uid=uid)


@login_required
@require_POST
def take_over(request: HttpRequest, uid: Any) -> HttpResponse:
    """Everything that can be, in one go, as a job that one can watch or leave."""
    found = found_arrival(request, uid)
    return redirect("job", uid=take_all_over(found, actor=request.access).uid)  # type: ignore[attr-defined]


@login_required
@require_POST
def becomes(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """Somebody says what the file is; or lays it aside."""
    access: Access = request.access  # type: ignore[attr-defined]
    say_what_it_is(found_file(request, uid, file), request.POST.get("becomes", ""), actor=access)
    return redirect("arrival", uid=uid)


@login_required
@require_POST
def undo(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """Take a list of people, or all documents of the heap, back; refused as long as somebody works with what they brought."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = found_file(request, uid, file)
    take_back(found, request.POST.get("reason", ""), actor=access)
    messages.success(request, _("It is undone, with your reason."))
    return redirect("arrival", uid=uid)


@login_required
@require_POST
def undo_all(request: HttpRequest, uid: Any) -> HttpResponse:
    """Take everything back that the heap brought."""
    stays = take_all_back(found_arrival(request, uid), request.POST.get("reason", ""), actor=request.access)  # type: ignore[attr-defined]
    if stays:
        messages.warning(request, ngettext("%s file stays: its card says why.", "%s files stay: their cards say why.", stays) % stays)
    else:
        messages.success(request, _("It is undone, with your reason."))
    return redirect("arrival", uid=uid)


@login_required
@require_safe
def not_taken(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """Rows of a list of people that were not taken, and why."""
    found = found_file(request, uid, file)
    rows = [[_("Row"), _("Why it was not taken")], *found.notes.get("not_taken", [])]
    return _download(xlsx_bytes(rows, _("Not taken")), "not-taken.xlsx", XLSX)


@login_required
@require_safe
def as_it_came(request: HttpRequest, uid: Any, file: Any) -> HttpResponse:
    """The file as it came, to be saved."""
    found = found_file(request, uid, file)
    return _download(data_of(found), found.name.rpartition("/")[2], "application/octet-stream")


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    safe = "".join(c if c.isascii() and (c.isalnum() or c in ".-_ ") else "_" for c in name)
    response["Content-Disposition"] = f'attachment; filename="{safe}"'
    return response
