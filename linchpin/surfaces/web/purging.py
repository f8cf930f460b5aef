"""Purging in the browser: what of a record could go, what is proposed, and the decision of somebody else."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.exchange.forgetting import files_that_go, goes_along
from linchpin.kernel.commands.purged_content import purgeable
from linchpin.kernel.commands.purging import confirm_purge, decline_purge, may_confirm, propose_purge
from linchpin.kernel.files.models import StoredFile
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.purge_models import Purge
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.surfaces.web.acting import address
from linchpin.surfaces.web.record import record_or_404
from linchpin.surfaces.web.register import type_or_404

SHOWN = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def purge(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """What could go, and the form that proposes it; what is proposed stands above it."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    if not (may(access, "comment", found) or found.purges.exists()):
        raise NotAllowed(_("You may read %(number)s, but this is for others to do.") % {"number": found.number})
    if request.method != "POST":
        return _page(request, found)
    kind, _colon, target = request.POST.get("target", "").partition(":")
    try:
        propose_purge(found, kind, target, actor=access, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, found, refused)
    messages.success(request, _("Proposed. A quality manager or top manager confirms it; until then everything stands."))
    return redirect(address(found))


@login_required
@require_POST
def decide(request: HttpRequest, key: str, number: str, uid: Any, what: str) -> HttpResponse:
    """Confirm a proposal, or decline it with a reason."""
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    row = get_object_or_404(Purge.objects.select_related("record"), uid=uid, record_id=found.pk)
    if what not in ("confirm", "decline"):
        raise Http404
    try:
        if what == "confirm":
            confirm_purge(row, actor=access)
        else:
            decline_purge(row, actor=access, reason=request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, found, refused)
    messages.success(request, _("It is gone for good: a tombstone stands in its place.") if what == "confirm" else _("Declined: it stays."))
    return redirect(address(found))


def _page(request: HttpRequest, found: Any, refused: Refused | None = None) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    record_type = type_or_404(found.type)
    rows = list(found.purges.select_related("proposed_by", "decided_by").order_by("id"))
    proposed = [row for row in rows if row.state == Purge.State.PROPOSED]
    context = {
        "record": found,
        "plural": record_type.plural(access.person.labels),
        "proposed": [
            (row, may_confirm(row, found, access), row.proposed_by_id == access.person.pk, _elsewhere(row), goes_along(row)) for row in proposed
        ],
        "sources": files_that_go(found.pk),
        "purged": [row for row in rows if row.state == Purge.State.PURGED],
        "groups": _groups(found, record_type) if may(access, "comment", found) else [],
        "faults": refused.by_field() if refused else {},
        "typed": request.POST,
    }
    return render(request, "linchpin/purge.html", context, status=refused.status if refused else 200)


def _elsewhere(row: Purge) -> int:
    """On how many other records the same bytes hang: they go there too."""
    if row.kind != Purge.Kind.FILE:
        return 0
    same = StoredFile.objects.filter(sha256__in=StoredFile.objects.filter(uid=row.target).values("sha256"))
    return same.exclude(record_id=row.record_id).values("record_id").distinct().count()


def _groups(found: Any, record_type: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    """What could go, by kind: (kind and target, what it is)."""
    texts = [(f"field:{name}", label) for name, label in purgeable(found, record_type)]
    comments = found.comments.exclude(text="").select_related("author").order_by("-id")[:SHOWN]
    said = [(f"comment:{row.pk}", f"{row.author.name}: {row.text[:60]}") for row in comments]
    files = [(f"file:{file.uid}", f"{file.name}, {filesizeformat(file.size)}") for file in found.files.order_by("at") if not file.is_purged]
    return [(label, rows) for label, rows in ((_("Files"), files), (_("Texts"), texts), (_("Comments"), said)) if rows]
