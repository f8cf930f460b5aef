"""Who is asked for something on a record: naming them, witnessing a group, settling a change that was asked for."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.kernel import commands
from linchpin.kernel.asking.models import Audience
from linchpin.kernel.asking.reading import audience_of, choosable
from linchpin.kernel.commands import asking
from linchpin.kernel.commands.asking import Named
from linchpin.kernel.commands.commenting import settle_comment
from linchpin.kernel.people.models import Person, Role, Unit
from linchpin.kernel.records.access import may
from linchpin.kernel.records.cleaning import LONGEST_TEXT
from linchpin.kernel.records.markdown import rendered
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused, never
from linchpin.surfaces.web.acting import address
from linchpin.surfaces.web.record import record_or_404
from linchpin.surfaces.web.register import type_or_404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def audience(request: HttpRequest, key: str, number: str, duty: str) -> HttpResponse:
    """Whom one may name for a duty; with POST, naming them."""
    return _name(request, key, number, duty) if request.method == "POST" else _naming(request, key, number, duty)


def _naming(request: HttpRequest, key: str, number: str, duty: str) -> HttpResponse:
    access = request.access  # type: ignore[attr-defined]
    found, meant = record_or_404(key, number, access), type_or_404(key).askings.get(duty)
    if meant is None or not found.is_open:
        raise Missing(_("Nobody is asked for “%s” here.") % duty)
    if not may(access, "edit", found):
        raise NotAllowed(_("You may read %s, but not say who is asked.") % found.number)
    context = {"record": found, "duty": duty, "label": meant.label, "choices": choosable(groups=meant.groups)}
    return render(request, "linchpin/naming.html", context)


def _name(request: HttpRequest, key: str, number: str, duty: str) -> HttpResponse:
    """Add one (`add=person:12`, `unit:3`, `role:auditor`) or take one off (`drop=` its line)."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    standing = [line for line in audience_of(found, duty) if str(line.pk) != request.POST.get("drop")]
    named: list[Named] = [_named(line) for line in standing]
    if request.POST.get("add"):
        named.append(_chosen(request.POST["add"]))
    asking.name_audience(found, duty, named, actor=request.access)  # type: ignore[attr-defined]
    return redirect(f"{address(found)}#asked-{duty}")


def _named(line: Audience) -> Named:
    return line.person or line.unit or line.role


def _chosen(text: str) -> Any:
    """Raises Refused where nobody is meant."""
    kind, _colon, value = text.partition(":")
    if kind == "role" and value in Role.values:
        return value
    model: Any = {"person": Person, "unit": Unit}.get(kind)
    found = model.objects.filter(pk=int(value)).first() if model and value.isdecimal() and len(value) < 19 else None
    if found is None:
        raise Refused(never(_("Choose a person, a unit or a role of the list."), "add"))
    return found


@login_required
@require_POST
def witness(request: HttpRequest, key: str, number: str, duty: str) -> HttpResponse:
    """Who was there when a group was told; with a photo of the sheet, if there is one."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    chosen = [int(pk) for pk in request.POST.getlist("people") if pk.isdecimal() and len(pk) < 19]
    people = list(Person.objects.filter(pk__in=chosen).order_by("name"))
    with commands.command():
        rows = asking.witness(found, duty, people, actor=request.access, said_so=request.POST.get("said_so", ""))  # type: ignore[attr-defined]
        for upload in request.FILES.getlist("sheet"):
            commands.attach(found, upload, actor=request.access, purpose="sheet")  # type: ignore[attr-defined]
    count = len(rows)
    messages.success(request, ngettext("%(n)s person is down as witnessed.", "%(n)s people are down as witnessed.", count) % {"n": count})
    return redirect(f"{address(found)}#asked-{duty}")


@login_required
@require_POST
def settle(request: HttpRequest, key: str, number: str, pk: int) -> HttpResponse:
    """What became of a change that was asked for."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    asked = found.comments.filter(pk=pk).first()
    if asked is None:
        raise Missing(_("There is no such comment."))
    settle_comment(asked, request.POST.get("settled_with", ""), actor=request.access)  # type: ignore[attr-defined]
    return redirect(f"{address(found)}#changes")


@login_required
@require_POST
def markdown(request: HttpRequest) -> HttpResponse:
    """How a text will look: nothing is kept of it."""
    return HttpResponse(rendered(request.POST.get("text", "")[:LONGEST_TEXT]))
