"""Fields that the house adds to its registers: which there are, a new one, what may be changed of one, and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.commands.customizing import TOLD, add_field, change_field, retire_field, take_up_field
from linchpin.kernel.commands.organizing import ADMINISTERING
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.custom import COLUMNS
from linchpin.kernel.records.custom_models import CustomField
from linchpin.kernel.records.refusals import NotAllowed, Refused
from linchpin.kernel.records.registry import RecordType, all_types
from linchpin.surfaces.web.forming import Form, Row, kind_of, refuse
from linchpin.surfaces.web.register import type_or_404

ONLY = {"unit": ("number",), "decimals": ("number",), "smallest": ("number",), "largest": ("number",), "choices": ("choice",), "filtered": tuple(COLUMNS)}
"""What is asked of some kinds alone."""
HINTS = {
    "kind": gettext_lazy("It stays as it is chosen now."),
    "help": gettext_lazy("Stands below the field in every form."),
    "unit": gettext_lazy("For a number: for example €, mm or h."),
    "decimals": gettext_lazy("For a number: how many are shown and taken."),
    "choices": gettext_lazy("For a choice: one per line. A line that is taken out stays readable where it was chosen."),
    "place": gettext_lazy("1 stands first."),
}


def defining(request: HttpRequest) -> Access:
    """Whoever decides which fields there are. Raises NotAllowed for everybody else."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(*ADMINISTERING):
        raise NotAllowed(_("Fields are added by the administrator and the quality manager."))
    return access


@login_required
@require_safe
def fields(request: HttpRequest) -> HttpResponse:
    """Every register with the fields that were added to it."""
    access = defining(request)
    found: dict[str, list[CustomField]] = {}
    for row in CustomField.objects.filter(retired_at=None).order_by("type", "place", "pk"):
        found.setdefault(row.type, []).append(row)
    labels = access.person.labels
    rows = [(one, one.plural(labels), found.get(one.key, [])) for one in all_types() if one.listed or one.key in found]
    return render(request, "linchpin/added_fields.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def fields_of(request: HttpRequest, key: str) -> HttpResponse:
    """The fields of one register, and the form of a new one."""
    access, record_type = defining(request), type_or_404(key)
    form = _form(CustomField(type=key, place=CustomField.objects.filter(type=key).count() + 1), _given(request), new=True)
    status = 200
    if request.method == "POST":
        try:
            made = add_field(key, _values(request), actor=access)
        except Refused as refused:
            refuse(form, refused)
            status = refused.status
        else:
            words = {"label": made.label, "key": made.key}
            messages.success(request, _("“%(label)s” is in every form from now on. Machines and imports know it as %(key)s.") % words)
            return redirect("added_fields_of", key=key)
    rows = CustomField.objects.filter(type=key).order_by(models.F("retired_at").asc(nulls_first=True), "place", "pk")
    context = _about(record_type, access) | {"form": form, "rows": rows}
    return render(request, "linchpin/added_fields_of.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def field(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """One field: what may be changed of it, and how it is retired."""
    access, found = defining(request), _found(key, name)
    if request.method != "POST":
        return _page(request, access, found, _form(found, None))
    try:
        change_field(found, _values(request, found), actor=access)
    except Refused as refused:
        return _page(request, access, found, refuse(_form(found, _given(request)), refused), refused.status)
    messages.success(request, _("Saved."))
    return redirect("added_fields_of", key=key)


@login_required
@require_POST
def act(request: HttpRequest, key: str, name: str, what: str) -> HttpResponse:
    """Retire a field, or take it up again."""
    access, found = defining(request), _found(key, name)
    try:
        if what == "retire":
            retire_field(found, actor=access, reason=request.POST.get("reason", ""))
            messages.success(request, _("“%s” is retired: what stands in it stays readable.") % found.label)
        elif what == "take-up":
            take_up_field(found, actor=access)
            messages.success(request, _("“%s” is filled in again.") % found.label)
        else:
            raise Http404
    except Refused as refused:
        return _page(request, access, found, _form(found, None), refused.status, refusal=refused)
    return redirect("added_fields_of", key=key)


def _page(request: HttpRequest, access: Access, found: CustomField, form: Form, status: int = 200, **more: Any) -> HttpResponse:
    context = _about(type_or_404(found.type), access) | {"found": found, "form": form, **more}
    return render(request, "linchpin/added_field.html", context, status=status)


def _about(record_type: RecordType, access: Access) -> dict[str, Any]:
    return {"type": record_type, "plural": record_type.plural(access.person.labels)}


def _found(key: str, name: str) -> CustomField:
    type_or_404(key)
    return get_object_or_404(CustomField, type=key, key=name)


def _given(request: HttpRequest) -> Mapping[str, Any] | None:
    return request.POST if request.method == "POST" else None


def _names(kind: str) -> list[str]:
    return [name for name in TOLD if not kind or kind in ONLY.get(name, (kind,))]


def _values(request: HttpRequest, row: CustomField | None = None) -> dict[str, Any]:
    names = ["kind", *_names(request.POST.get("kind", ""))] if row is None else _names(row.kind)
    flags = [name for name in names if isinstance(CustomField._meta.get_field(name), models.BooleanField)]
    given = {name: request.POST[name] for name in names if name in request.POST}
    return given | {name: request.POST.get(name) == "true" for name in flags}


def _form(row: CustomField, given: Mapping[str, Any] | None, *, new: bool = False) -> Form:
    names = ["label", "kind", *(name for name in TOLD if name != "label")] if new else _names(row.kind)
    return Form([_row(row, name, given) for name in names])


def _row(row: CustomField, name: str, given: Mapping[str, Any] | None) -> Row:
    model_field: Any = CustomField._meta.get_field(name)
    kind = "lines" if name == "choices" else "decimal" if isinstance(model_field, models.FloatField) else kind_of(model_field)
    made = Row(name, str(model_field.verbose_name), kind, hint=str(HINTS.get(name, "")), optional=model_field.blank)
    made.choices = [(str(value), str(label)) for value, label in model_field.choices or ()]
    made.value = str(given.get(name, "")) if given is not None else _shown(getattr(row, name))
    return made


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, list):
        return "\n".join(value)
    return "" if value is None else format(value, "g") if isinstance(value, float) else str(value)
