"""The drawing of a root cause analysis: ask, test, choose and drop causes on it, each by the command that every surface uses."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linchpin.chapters.improvement.analyses.drawing import ON_THE_DRAWING
from linchpin.chapters.improvement.analyses.events import drawn
from linchpin.chapters.improvement.analyses.fault_tree import SAME, read_tree
from linchpin.chapters.improvement.analyses.ways import chance, groups_of, notes_of
from linchpin.chapters.improvement.causes.tree import tree_of, walk
from linchpin.kernel import commands
from linchpin.kernel.records.refusals import Missing, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.acting import in_whose_name
from linchpin.surfaces.web.middleware import access_for
from linchpin.surfaces.web.record import page_again, record_or_404

KEY, CAUSE = "root_cause_analysis", "possible_cause"
SHAPED = ("gate", "probability", "probability_source")


@login_required
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Add a cause below the analysis, or below another cause of it; in a fault tree also one that stands in it already."""
    own = access_for(request)
    found, access = record_or_404(KEY, number, own), in_whose_name(request, own)
    under = request.POST.get("under") or found.number
    parent = found if under == found.number else _cause_of(found, under)
    same = _cause_of(found, request.POST["same"]) if request.POST.get("same") else None
    title = same.title if same else request.POST.get("title", "")
    values = {"title": title, "kind": request.POST.get("kind") or "occurrence", "bone": request.POST.get("bone", "")}
    try:
        with commands.command():
            made = commands.create(CAUSE, values, actor=access, parent=parent, once=request.POST.get("once", "")[:64])
            if same:
                commands.link(made, same, SAME, actor=access)
    except Refused as refused:
        return page_again(request, found, refused, f"ask-{under}")
    return redirect(f"/{KEY}/{found.number}/#{parent.number if found.method == 'fault_tree' else made.number}")


@login_required
@require_POST
def shape(request: HttpRequest, number: str, event: str) -> HttpResponse:
    """Set what joins the events below one, or for a basic event how far it was looked into and how probable it is."""
    own = access_for(request)
    found, access = record_or_404(KEY, number, own), in_whose_name(request, own)
    chosen = found if event == found.number else _cause_of(found, event)
    values: dict[str, Any] = {name: request.POST[name] for name in SHAPED if name in request.POST}
    if "probability" in values:
        values["undeveloped"] = "undeveloped" in request.POST
    try:
        commands.edit(chosen, values, actor=access)
    except Refused as refused:
        return page_again(request, found, refused, f"shape-{event}")
    return redirect(f"/{KEY}/{found.number}/#{chosen.number}")


@login_required
@require_safe
def sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The fault tree and its ways on a sheet of A4."""
    access = access_for(request)
    found = record_or_404(KEY, number, access)
    if found.method != "fault_tree":
        raise Missing(_("This analysis is no fault tree."))
    read = read_tree(found, access)
    context = {"record": found, "drawing": drawn(read, linked=False), "ways": groups_of(read), "notes": notes_of(read)}
    known = [cause for cause in read.by_number().values() if cause.probability is not None]
    context |= {"plural": get_type(KEY).plural(access.person.labels), "known": [(c.title, chance(float(c.probability)), c.probability_source) for c in known]}
    return render(request, "root_cause_analysis/sheet.html", context)


@login_required
@require_POST
def judge(request: HttpRequest, number: str, cause: str, name: str) -> HttpResponse:
    """Make one of the drawing's moves with a cause."""
    own = access_for(request)
    found, access = record_or_404(KEY, number, own), in_whose_name(request, own)
    chosen = _cause_of(found, cause)
    if name not in ON_THE_DRAWING:
        raise Missing(_("There is no such move."))
    asks = get_type(CAUSE).lifecycle.transition(name).asks  # type: ignore[union-attr]
    values = {field_: request.POST[field_] for field_ in asks if field_ in request.POST}
    try:
        commands.move(chosen, name, actor=access, values=values, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return page_again(request, found, refused, f"{name}-{cause}")
    return redirect(f"/{KEY}/{found.number}/#{chosen.number}")


def _cause_of(found: Any, number: str) -> Any:
    """That cause, if it stands in this analysis. Raises Missing."""
    for branch in walk(tree_of(found)):
        if branch.cause.number == number:
            return branch.cause
    raise Missing(_("There is no such cause in this analysis."))
