"""Editing in the browser: a section or the common fields on a page, one safe field in its cell of the register."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_htmx.http import reswap, retarget

from linchpin.kernel import commands
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may
from linchpin.kernel.records.refusals import Missing, NotAllowed, Refused
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.web.acting import address, again, form_context, in_whose_name, say_who_is_out_of_reach
from linchpin.surfaces.web.forming import Form, form_for, refuse, values_from
from linchpin.surfaces.web.lines import draw_lines
from linchpin.surfaces.web.middleware import access_for
from linchpin.surfaces.web.record import record_or_404
from linchpin.surfaces.web.register import type_or_404

SAFE = ("owner", "due")
"""Fields that may be changed in the register itself: nothing is judged by them."""


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Edit one section (`?section=`) or everything that may be edited, in one's own name or (`?for=`) in that of whom one stands in for."""
    own = access_for(request)
    record_type, found = type_or_404(key), record_or_404(key, number, own)
    access = in_whose_name(request, own)
    if not may(access, "edit", found):
        raise NotAllowed(_("You may read %(number)s, but this is for others to do.") % {"number": found.number})
    section = request.GET.get("section", "")
    names = _editable(record_type, found, section)
    form = form_for(record_type, names, access, record=found, given=request.POST if request.method == "POST" else None)
    more = {"record": found, "section": section, "through": access.through}
    if request.method == "POST":
        old = {name: request.POST.get(f"old-{name}", "") for name in names}
        try:
            change(request, record_type, found, names, old, access)
        except Refused as refused:
            return again(request, record_type, refuse(form, refused), refused, **more)
        messages.success(request, _("Saved."))
        return redirect(address(found))
    return render(request, "linchpin/form.html", form_context(record_type, access, form, **more))


def _editable(record_type: RecordType, found: Any, section: str) -> list[str]:
    frozen = record_type.frozen(found)
    if section in record_type.parts:
        names = [n for n in record_type.parts[section] if n in record_type.fields]
        names = ["title", *names] if section == next(iter(record_type.sections)) else names
    else:
        names = [n for n in ("title", "owner", "unit", "due", "confidentiality", "reference") if n in record_type.fields]
    return [n for n in names if n not in frozen]


def change(request: HttpRequest, record_type: RecordType, found: Any, names: list[str], posted_old: dict[str, str], access: Access) -> None:
    """Edit what was posted of the named fields. Only fields whose posted value differs from what was seen are edited; their old text goes along as the lock."""
    values = values_from(request, record_type, names)
    seen = form_for(record_type, names, access, given=posted_old)
    before = {row.name: row.value for row in seen.rows}
    changed = {n: v for n, v in values.items() if _posted(v) != before[n].replace("\r\n", "\n")}
    reason = request.POST.get("reason", "")
    old = {n: _lock(record_type, n, before[n]) for n in changed}
    saved = commands.edit(found, changed, actor=access, old=old, reason=reason)
    if "owner" in changed:
        say_who_is_out_of_reach(request, saved)


def _posted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value).replace("\r\n", "\n")


def _lock(record_type: RecordType, name: str, seen: str) -> str | None:
    """The text under which the kernel knows what was seen: people and units by their uid."""
    model_field = record_type.fields[name]
    if model_field.is_relation:
        related: Any = model_field.related_model
        found = related._default_manager.filter(pk=seen).first() if seen.isdecimal() else None
        return str(found.uid) if found else None
    if model_field.get_internal_type() == "BooleanField":
        return "true" if seen else "false"
    return seen


@login_required
@require_http_methods(["GET", "POST"])
def cell(request: HttpRequest, key: str, number: str, name: str) -> HttpResponse:
    """One safe field in its place: a small form for it, and after saving the row as it then stands. Without htmx: the edit page."""
    access: Access = request.access  # type: ignore[attr-defined]
    record_type, found = type_or_404(key), record_or_404(key, number, access)
    if name not in SAFE or name not in record_type.list_columns:
        raise Missing(_("This is changed on the record's own page."))
    if not may(access, "edit", found):
        raise NotAllowed(_("You may read %(number)s, but this is for others to do.") % {"number": found.number})
    if not request.htmx and request.method == "GET":  # type: ignore[attr-defined]
        return redirect(f"{address(found)}edit/")
    form = form_for(record_type, [name], access, record=found, given=request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return _cell(request, found, form)
    try:
        change(request, record_type, found, [name], {name: request.POST.get(f"old-{name}", "")}, access)
    except Refused as refused:
        return _cell(request, found, refuse(form, refused), refused.status)
    return _line(request, key, number, record_type) if request.htmx else redirect("register", key=key)  # type: ignore[attr-defined]


def _cell(request: HttpRequest, found: Any, form: Form, status: int = 200) -> HttpResponse:
    return render(request, "linchpin/bits/cell_form.html", {"record": found, "form": form, "row": form.rows[0]}, status=status)


def _line(request: HttpRequest, key: str, number: str, record_type: RecordType) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    answer = HttpResponse(draw_lines([found], record_type, access, arrived=True))
    return reswap(retarget(answer, "closest tr"), "outerHTML")
