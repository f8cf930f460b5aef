"""People, units and roles: who works here and what they were given to do."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.commands.exceptions import decide
from linchpin.kernel.commands.organizing import add_person, add_unit, edit_subject, grant, revoke
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Grant, Person, Role, Unit
from linchpin.kernel.records.cleaning import cleaner
from linchpin.kernel.records.models import DeclaredException, DutyRule
from linchpin.kernel.records.refusals import NotAllowed, Refused, never

PERSON_FIELDS = ("name", "email", "badge", "initials", "position", "employment", "unit", "manager", "start", "end", "state")
UNIT_FIELDS = ("name", "kind", "parent", "head_person", "country", "time_zone", "language", "in_scope", "state")
DUTIES = (
    "action_owner_is_not_verifier", "action_owner_is_not_closer", "cause_author_is_not_acceptor", "correction_owner_is_not_confirmer",
)  # fmt: skip


def _access(request: HttpRequest) -> Access:
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER):
        raise NotAllowed(_("People, units and roles are for the administrator and the quality manager."))
    return access


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by unit; with their roles."""
    access = _access(request)
    rows = Person.objects.exclude(employment=Person.Employment.SYSTEM).select_related("unit", "manager").prefetch_related("grants__unit")
    context = {
        "people": rows.order_by("unit__path", "name"),
        "units": Unit.objects.select_related("head_person").order_by("path"),
        "may_administer": access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER),
    }
    return render(request, "linchpin/people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One person: what is known of them, and their roles."""
    return _subject(request, Person, PERSON_FIELDS, pk, "linchpin/person.html")


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One unit of the tree."""
    return _subject(request, Unit, UNIT_FIELDS, pk, "linchpin/unit.html")


def _subject(request: HttpRequest, model: Any, names: tuple[str, ...], pk: int, template: str) -> HttpResponse:
    access = _access(request)
    subject = get_object_or_404(model, pk=pk) if pk else None
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        try:
            saved = _save(model, subject, _values(model, names, request), request, access)
        except Refused as refused:
            errors = refused.by_field()
        else:
            messages.success(request, _("Saved."))
            return redirect(model.__name__.lower(), pk=saved.pk)
    fields = [_field(model, name, subject, request, errors) for name in names]
    context = {"subject": subject, "fields": fields, "errors": errors.get("", []), "roles": [r for r in Role.choices if r[0] != Role.EVERYONE], "units": Unit.objects.order_by("path")}  # noqa: E501
    return render(request, template, context, status=422 if errors else 200)


def _values(model: Any, names: tuple[str, ...], request: HttpRequest) -> dict[str, Any]:
    """Typed values, by the same cleaners as every record's fields. Raises Refused."""
    values, refusals = {}, []
    for name in names:
        field = model._meta.get_field(name)
        raw: Any = request.POST.get(name, "")
        try:
            values[name] = cleaner(field)(raw in ("true", "on") if field.get_internal_type() == "BooleanField" else raw)
        except ValidationError as problem:
            refusals.append(never(" ".join(problem.messages), name))
    if refusals:
        raise Refused(*refusals)
    return values


def _save(model: Any, subject: Any, values: dict[str, Any], request: HttpRequest, access: Access) -> Any:
    if subject is not None:
        return edit_subject(subject, values, actor=access, reason=request.POST.get("reason", ""))
    if model is Unit:
        return add_unit(values, actor=access)
    return add_person(values, actor=access, password=request.POST.get("password") or None)


def _field(model: Any, name: str, subject: Any, request: HttpRequest, errors: dict[str, list[str]]) -> dict[str, Any]:
    field = model._meta.get_field(name)
    value = request.POST.get(name) if request.method == "POST" else getattr(subject, f"{name}_id" if field.is_relation else name, None)
    choices: list[tuple[str, str]] = []
    if field.is_relation:
        rows = field.related_model._default_manager.order_by("path" if field.related_model is Unit else "name")
        choices = [("", "—"), *((str(r.pk), str(r)) for r in rows)]
    elif field.choices:
        choices = [(str(v), str(label)) for v, label in field.choices if v != "system"]
    kind = {"BooleanField": "flag", "DateField": "date"}.get(field.get_internal_type(), "choice" if choices else "text")
    text = "" if value in (None, False) else str(value)
    return {"name": name, "label": field.verbose_name, "kind": kind, "value": text, "choices": choices, "errors": errors.get(name, []), "optional": field.blank}


@login_required
@require_POST
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    access = _access(request)
    person = get_object_or_404(Person, pk=pk)
    over = Unit.objects.filter(pk=int(request.POST.get("unit") or 0)).first()
    if over is None:
        raise Refused(never(_("Choose the unit that the role covers."), "unit"))
    grant(person, request.POST.get("role", ""), over, actor=access)
    return redirect("person", pk=pk)


@login_required
@require_POST
def take_role(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(Grant, pk=pk)
    revoke(given, actor=_access(request))
    return redirect("person", pk=given.person_id)


@login_required
@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """Rules in force: how far each separation of duties may bend, and which exceptions were declared."""
    access = _access(request)
    if request.method == "POST":
        decide(request.POST.get("duty", ""), request.POST.get("mode", ""), actor=access)
        return redirect("rules")
    decided = {row.duty: row.mode for row in DutyRule.objects.all()}
    context = {
        "duties": [(duty, duty.replace("_", " "), decided.get(duty, DutyRule.Mode.WHEN_ALONE)) for duty in DUTIES],
        "modes": DutyRule.Mode.choices,
        "may_decide": access.has(Role.TOP_MANAGER),
        "exceptions": DeclaredException.objects.select_related("record", "declared_by", "checked_by").order_by("-id")[:100],
    }
    return render(request, "linchpin/rules.html", context)
