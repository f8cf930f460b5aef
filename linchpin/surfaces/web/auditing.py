"""The checklist of an audit on its page: put questions on it, and answer them where they stand, on a tablet in the hall."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linchpin.chapters.evaluation.audits.sheet import ANSWERS, CHECK
from linchpin.chapters.evaluation.checks import answering
from linchpin.kernel import commands
from linchpin.kernel.records.refusals import Missing, Refused
from linchpin.kernel.records.registry import get_type
from linchpin.surfaces.web.acting import in_whose_name
from linchpin.surfaces.web.audits_on_devices import arrived, values_of
from linchpin.surfaces.web.middleware import access_for
from linchpin.surfaces.web.record import page_again, record_or_404
from linchpin.surfaces.web.register import type_or_404
from linchpin.surfaces.web.waiting import taken_from_devices, waited

KEY = "audit"


@login_required
@require_POST
def question(request: HttpRequest, number: str) -> HttpResponse:
    """Put a question on the checklist."""
    own = access_for(request)
    audit, access = record_or_404(KEY, number, own), in_whose_name(request, own)
    values = {name: request.POST.get(name, "") for name in ("title", "clause", "look_for")}
    try:
        made = commands.create(CHECK, values | {"owner": access.acts_as}, actor=access, parent=audit, once=request.POST.get("once", "")[:64])
    except Refused as refused:
        return page_again(request, audit, refused, "question")
    return redirect(f"/{KEY}/{audit.number}/#{made.number}")


@taken_from_devices
@require_POST
def answer(request: HttpRequest, number: str, check: str) -> HttpResponse:
    """Answer a question; photos that come along are its evidence. A device that waited for a connection is answered in JSON, and taken once."""
    own = access_for(request)
    audit, access = record_or_404(KEY, number, own), in_whose_name(request, own)
    chosen = type_or_404(CHECK).model._default_manager.visible_to(access).filter(parent_id=audit.pk, number=check).first()  # type: ignore[attr-defined]
    name = request.POST.get("answer", "")
    transition = get_type(CHECK).lifecycle.transition(name) if name in ANSWERS else None
    if chosen is None or transition is None:
        raise Missing(_("There is no such question in this audit, or no such answer."))
    if waited(request):
        return arrived(request, chosen, transition, access)
    try:
        answering.answer(chosen, name, actor=access, values=values_of(request, transition), photos=request.FILES.getlist("photo"))
    except Refused as refused:
        return page_again(request, audit, refused, f"answer-{check}")
    return redirect(f"/{KEY}/{audit.number}/#{chosen.number}")
