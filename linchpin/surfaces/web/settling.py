"""Settings: what is decided for the whole house, and where. Each person finds there what their roles decide."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linchpin.kernel.commands.due_dates import NEXT_LEVEL
from linchpin.kernel.commands.organizing import ADMINISTERING
from linchpin.kernel.commands.placing import PLACING
from linchpin.kernel.people.grants import Access
from linchpin.surfaces.web.looking_around import SETTING_UP, demonstration_is_offered
from linchpin.surfaces.web.organizing import reading


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which something is decided."""

    label: str
    url: str
    says: str


@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """Every page on which this person decides something for all."""
    return render(request, "linchpin/settings.html", {"places": places(reading(request))})


def places(access: Access) -> list[Place]:
    units = reverse("people") + "?view=units"
    found = [
        Place(_("People & access"), reverse("people"), _("Who works here, what they were given to do, and their accounts.")),
        Place(_("Units"), units, _("The tree that everything hangs on: sites, departments, teams, their heads.")),
        Place(_("Rules in force"), reverse("rules"), _("How far each separation of duties may bend, and every exception so far.")),
    ]
    if access.has(*NEXT_LEVEL):
        found.append(Place(_("Agree new dates"), reverse("dates"), _("What was brought in with a date that has passed, and what was agreed since.")))
    if access.has(*PLACING):
        found.append(Place(_("Places"), reverse("places"), _("Machines, gates and benches, each with a code on the wall that opens Report.")))
    if access.has(*SETTING_UP) and demonstration_is_offered():
        found.append(Place(_("A demonstration beside"), reverse("look_around"), _("A made-up company to try things out in: opened, or thrown away.")))
    if access.has(*ADMINISTERING):
        found.append(Place(_("Kiosks"), reverse("kiosks"), _("Devices for everybody, which forget who stood at them after a minute.")))
        found.append(Place(_("Fields of the house"), reverse("added_fields"), _("What registers ask besides what they come with: a batch number, a cost.")))
        found.append(Place(_("Webhooks"), reverse("webhooks"), _("Which other systems are told what happens here.")))
    return found
