"""The drawing of a root cause analysis: ask, test, choose and drop causes on it, each by the command that every surface uses."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linchpin.chapters.improvement.analyses.drawing import ON_THE_DRAWING
from linchpin.chapters.improvement.causes.tree import tree_of, walk
from linchpin.kernel import commands
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.refusals import Missing, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.record import page_again, record_or_404

KEY, CAUSE = "root_cause_analysis", "possible_cause"


@login_required
@require_POST
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Add a cause below the analysis, or below another cause of it."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(KEY, number, access)
    under = request.POST.get("under") or found.number
    parent = found if under == found.number else _cause_of(found, under)
    values = {"title": request.POST.get("title", ""), "kind": request.POST.get("kind") or "occurrence", "bone": request.POST.get("bone", "")}
    try:
        made = commands.create(CAUSE, values, actor=access, parent=parent, once=request.POST.get("once", "")[:64])
    except Refused as refused:
        return page_again(request, found, refused, f"ask-{under}")
    return redirect(f"/{KEY}/{found.number}/#{made.number}")


@login_required
@require_POST
def judge(request: HttpRequest, number: str, cause: str, name: str) -> HttpResponse:
    """Make one of the drawing's moves with a cause."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(KEY, number, access)
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
