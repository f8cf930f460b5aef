"""Erasing a person in the browser: what it does, what stands against it, and the press that cannot be taken back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.exchange.forgetting import files_still_naming
from linchpin.kernel.commands.erasing_people import ERASING, duties_of, erase_person, pseudonym, replace_in_texts
from linchpin.kernel.commands.replacing_names import mentions_of
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import NotAllowed, Refused


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the erasure of somebody who has left."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*ERASING):
        raise NotAllowed(_("People are erased by the administrator and the quality manager."))
    subject = get_object_or_404(Person.objects.exclude(employment=Person.Employment.SYSTEM), pk=pk)
    refused = None
    if request.method == "POST":
        try:
            erased = erase_person(subject, actor=access, reason=request.POST.get("reason", ""))
        except Refused as problem:
            refused = problem
        else:
            messages.success(request, _("It is done: %s stands where the name stood.") % erased.name)
            return redirect("person", pk=pk)
    faults = refused.by_field() if refused else {}
    found, hidden = mentions_of(subject, access)
    context = {
        "subject": subject, "pseudonym": pseudonym(subject), "duties": duties_of(subject), "faults": faults, "typed": request.POST, "hidden": hidden,
        "named": [one for one in found if one.passages], "by_hand": [one.record for one in found if not one.passages],
        "files": files_still_naming(subject, [one.record.pk for one in found]),
    }  # fmt: skip
    return render(request, "linchpin/erase.html", context, status=refused.status if refused else 200)


@login_required
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the pseudonym where one record names the person, or all do."""
    access: Access = request.access  # type: ignore[attr-defined]
    subject = get_object_or_404(Person.objects.exclude(employment=Person.Employment.SYSTEM), pk=pk)
    numbers = None if "all" in request.POST else request.POST.getlist("number")
    done, refused = replace_in_texts(subject, numbers, actor=access)
    for sentence in refused:
        messages.warning(request, sentence)
    if done:
        said = ngettext("%(n)s record names the person no more.", "%(n)s records name the person no more.", done)
        messages.success(request, said % {"n": done})
    return redirect("erase_person", pk=pk)
