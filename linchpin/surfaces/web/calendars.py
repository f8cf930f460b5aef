"""Calendars of due dates: each person makes the addresses that their calendar programs ask, and ends them."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linchpin.kernel.commands.organizing import issue_token
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Unit
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.web.account_pages import account_context


@login_required
@require_POST
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """A new address: of one's own due dates, or of a unit's as far as one may see them. It is on this page and never again."""
    access: Access = request.access  # type: ignore[attr-defined]
    days, chosen = request.POST.get("days", ""), request.POST.get("unit", "")
    unit = Unit.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
    try:
        if chosen and unit is None:
            raise Refused(never(_("Choose one of the units."), "unit"))
        name = request.POST.get("name", "").strip() or (unit.name if unit else _("My due dates"))
        _made, secret = issue_token(access.person, name, scopes=("feed",), days=int(days) if days.isdecimal() else 0, actor=access)
    except Refused as refused:
        return render(request, "account/account.html", account_context(request, calendar_errors=refused.by_field()), status=refused.status)
    address = settings.BASE_URL + reverse("feed", args=[secret]) + (f"?unit={unit.uid}" if unit else "")
    context = {
        "title": _("Copy this address now"), "secret": address, "up": reverse("account"), "above": _("Your account"),
        "back": reverse("account") + "#calendars",
        "says": _("Give it to your calendar program as a calendar to subscribe to. Whoever has it sees these due dates, so it is shown this once."),
    }  # fmt: skip
    return render(request, "linchpin/once.html", context)
