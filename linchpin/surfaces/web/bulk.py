"""The same for many rows of a register at once, saved views, and the export of exactly what is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from linchpin.exchange.writing_out import TYPES_OF_FILE, export_response
from linchpin.kernel import commands
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.listing import Asked
from linchpin.kernel.records.models import SavedView
from linchpin.kernel.records.refusals import Missing, Refused, never
from linchpin.surfaces.web.forming import form_for
from linchpin.surfaces.web.register import chosen_filters, type_or_404

AT_ONCE = 200


@login_required
@require_POST
def bulk(request: HttpRequest, key: str) -> HttpResponse:
    """Give to somebody, set a date, or comment: each row by its own command; what was refused is said row by row."""
    access: Access = request.access  # type: ignore[attr-defined]
    record_type = type_or_404(key)
    numbers = request.POST.getlist("number")[:AT_ONCE]
    if not numbers:
        raise Refused(never(_("Choose some rows first."), "number"))
    act = _action(request, access)
    rows = record_type.model._default_manager.visible_to(access).filter(number__in=numbers)  # type: ignore[attr-defined]
    done = 0
    for found in rows:
        try:
            act(found)
            done += 1
        except Refused as refused:
            messages.warning(request, f"{found.number}: {refused}")
    if done:
        messages.success(request, ngettext("%(n)s record was changed.", "%(n)s records were changed.", done) % {"n": done})
    return redirect(reverse("register", args=[key]) + "?" + QueryDict(request.POST.get("back", "")).urlencode())


def _action(request: HttpRequest, access: Access) -> Callable[[Any], Any]:
    wanted, reason = request.POST.get("do", ""), request.POST.get("reason", "")
    if wanted == "give":
        return lambda found: commands.edit(found, {"owner": request.POST.get("owner", "")}, actor=access, reason=reason)
    if wanted == "date":
        return lambda found: commands.edit(found, {"due": request.POST.get("due", "")}, actor=access, reason=reason or _("New date agreed"))
    if wanted == "ask":
        return lambda found: commands.comment(found, request.POST.get("text", "") or _("How does this stand?"), actor=access)
    raise Refused(never(_("Choose what to do with them: give, date or ask."), "do"))


@login_required
@require_safe
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Who rows could be given to, as the choices of a list; fetched when somebody wants to give some."""
    owner = form_for(type_or_404(key), ["owner"], request.access).rows[0]  # type: ignore[attr-defined]
    return render(request, "linchpin/bits/choices.html", {"row": owner})


@login_required
@require_POST
def save_view(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the filters and the order under a name."""
    record_type, person = type_or_404(key), request.access.person  # type: ignore[attr-defined]
    name = " ".join(request.POST.get("name", "").split())[:60]
    if not name:
        raise Refused(never(_("Give the view a name."), "name"))
    query = QueryDict(request.POST.get("query", "")[:2000]).copy()
    for own in ("after", "csrfmiddlewaretoken"):
        query.pop(own, None)
    values = {"query": query.urlencode(), "shared": bool(request.POST.get("shared"))}
    SavedView.objects.update_or_create(type=record_type.key, owner=person, name=name, defaults=values)
    return redirect(reverse("register", args=[key]) + "?" + values["query"])  # type: ignore[operator]


@login_required
@require_POST
def drop_view(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    view = SavedView.objects.filter(pk=pk, type=key, owner=request.access.person).first()  # type: ignore[attr-defined]
    if view is None:
        raise Missing(_("There is no such view of yours."))
    view.delete()
    return redirect("register", key=key)


@login_required
@require_safe
def export(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Exactly what the register shows, as a file."""
    record_type = type_or_404(key)
    if ending not in TYPES_OF_FILE:
        raise Missing(_("There are csv, xlsx and jsonl."))
    asked = Asked(chosen_filters(request.GET), request.GET.get("sort") or "-number")
    return export_response(record_type, asked, request.access, ending)  # type: ignore[attr-defined,return-value]
