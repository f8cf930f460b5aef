"""Reminders of a unit: what would be sent to whom on the first day, and the button that lets them begin or pause."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linchpin.kernel.commands.reminding_units import STARTING, let_remind
from linchpin.kernel.notices.reminding import AFTER, BEFORE, begun_paths, first_day
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person, Unit
from linchpin.kernel.records.refusals import NotAllowed


@login_required
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest, pk: int) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    unit = get_object_or_404(Unit.objects.select_related("head_person"), pk=pk)
    if not access.covers(STARTING, unit.pk):
        raise NotAllowed(_("Reminders are begun and paused by the head of the unit or the quality manager."))
    if request.method == "POST":
        on = request.POST.get("on") == "yes"
        let_remind(unit, on, actor=access, reason=request.POST.get("reason", ""))
        messages.success(request, (_("Reminders of %s have begun.") if on else _("Reminders of %s are paused.")) % unit)
        return redirect("reminders", pk=pk)
    first = first_day(unit)
    above = Unit.objects.filter(path__in=[path for path in begun_paths() if unit.path.startswith(path) and path != unit.path]).first()
    context = {
        "unit": unit,
        "above": above,
        "first": [(person, len(texts), texts[:5], len(texts) - 5) for person, texts in first],
        "total": sum(len(texts) for _person, texts in first),
        "before": BEFORE,
        "after": [days for days, _whom in AFTER],
    }
    return render(request, "linchpin/reminders.html", context)


def silent_units(person: Person) -> list[Unit]:
    """The units that the person heads and in which nobody is reminded yet."""
    headed = list(person.heads.filter(state=Unit.State.ACTIVE).order_by("path"))
    if not headed:
        return []
    begun = tuple(begun_paths())
    return [unit for unit in headed if not unit.path.startswith(begun or ("none",))]
