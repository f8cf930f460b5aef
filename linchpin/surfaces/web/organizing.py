"""People, units and roles: who works here and what they were given to do."""

from __future__ import annotations

import unicodedata
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel.asking.in_hand import in_hand
from linchpin.kernel.commands.closing_units import close_unit
from linchpin.kernel.commands.organizing import IN_THEIR_NAME, add_person, add_unit, edit_subject, grant, revoke
from linchpin.kernel.commands.sound_subjects import OPEN
from linchpin.kernel.people.grants import Access, holders
from linchpin.kernel.people.models import Grant, Person, Pin, Role, Unit
from linchpin.kernel.records.cleaning import cleaner
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import NotAllowed, Refused, never
from linchpin.surfaces.web.account_pages import DAYS, tokens_of

PERSON_FIELDS = ("name", "email", "badge", "initials", "position", "employment", "unit", "manager", "start", "end", "state")
UNIT_FIELDS = ("name", "kind", "parent", "head_person", "country", "time_zone", "language", "in_scope")
HINTS = {
    "country": gettext_lazy("Two letters, for example IE: decides public holidays."),
    "time_zone": gettext_lazy("For example Europe/Dublin."),
    "language": gettext_lazy("Two letters: mails to people here are written in it."),
}
SHOWN = 300


def reading(request: HttpRequest) -> Access:
    """Whoever may look at people and rules. Raises NotAllowed for everybody else."""
    access: Access = request.access  # type: ignore[attr-defined]
    if not access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER, Role.TOP_MANAGER):
        raise NotAllowed(_("People, units and roles are for the administrator and the quality manager."))
    return access


def may_administer(access: Access) -> bool:
    return access.has(Role.ADMINISTRATOR, Role.QUALITY_MANAGER)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by unit, with their roles, found by any words of theirs, with or without accents; who has left; the tree of units."""
    access = reading(request)
    view = request.GET.get("view", "")
    if view == "units":
        return _tree(request, access)
    words, left = plain(request.GET.get("q", "")[:100]).split(), view == "left"
    rows = Person.objects.exclude(employment=Person.Employment.SYSTEM).select_related("unit", "manager").prefetch_related("grants__unit")
    rows = rows.filter(state=Person.State.LEFT) if left else rows.exclude(state=Person.State.LEFT)
    found = [p for p in rows.order_by("unit__path", "name") if all(word in _words_of(p) for word in words)]
    context = {
        "people": found[:SHOWN],
        "more": max(0, len(found) - SHOWN),
        "total": len(found),
        "q": request.GET.get("q", "")[:100],
        "view": "left" if left else "here",
        "may_administer": may_administer(access),
    }
    return render(request, "linchpin/people.html", context)


def _tree(request: HttpRequest, access: Access) -> HttpResponse:
    """The units below one another, each with how many people are in it directly."""
    here = Count("people", filter=~Q(people__state=Person.State.LEFT) & ~Q(people__employment=Person.Employment.SYSTEM))
    units = Unit.objects.select_related("head_person").annotate(heads=here).order_by("path")
    context = {"view": "units", "units": [(unit, unit.path.count("/") - 2) for unit in units], "may_administer": may_administer(access)}
    return render(request, "linchpin/people.html", context)


def plain(text: str) -> str:
    """Lower case without accents, so that `dhomhnaill ni` finds Aoife Ní Dhomhnaill."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)).replace("ł", "l")


def _words_of(person: Person) -> str:
    roles = " ".join(str(g.get_role_display()) for g in person.grants.all())
    return plain(f"{person.name} {person.email or ''} {person.position} {person.unit.name} {person.badge or ''} {roles}")


@login_required
@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One person: what is known of them, their roles and their account."""
    subject = get_object_or_404(Person.objects.exclude(employment=Person.Employment.SYSTEM), pk=pk) if pk else None
    return _subject(request, Person, subject)


def person_page(request: HttpRequest, subject: Person | None, status: int = 200, **more: Any) -> HttpResponse:
    """The person's page, with the sentences of whatever was refused there."""
    access, faults = reading(request), more.pop("faults", {})
    context: dict[str, Any] = {
        "subject": subject,
        "fields": _fields(Person, subject, request, faults),
        "state_refused": "state" in faults,
        "roles": [r for r in Role.choices if r[0] != Role.EVERYONE],
        "units": Unit.objects.order_by("path"),
        "may_administer": may_administer(access),
        "in_their_name": access.has(*IN_THEIR_NAME),
        "own": subject is not None and subject.pk == access.person.pk,
    }
    if subject is not None:
        context |= {
            "grants": subject.grants.select_related("unit").order_by("role", "unit__path"),
            "has_second_step": subject.authenticator_set.exists(),  # type: ignore[attr-defined]
            "has_pin": Pin.objects.filter(person=subject).exists(),
            "in_hand": len(in_hand(subject)),
            "tokens": tokens_of(subject),
            "token_days": DAYS,
        }
    return render(request, "linchpin/person.html", context | more, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int = 0) -> HttpResponse:
    """One unit of the tree, and who is in it."""
    return _subject(request, Unit, get_object_or_404(Unit, pk=pk) if pk else None)


def unit_page(request: HttpRequest, subject: Unit | None, status: int = 200, **more: Any) -> HttpResponse:
    access = reading(request)
    fields = _fields(Unit, subject, request, more.pop("faults", {}))
    context: dict[str, Any] = {"subject": subject, "fields": fields, "may_administer": may_administer(access)}
    if subject is not None:
        context["closing"] = _closing(subject, access) if subject.parent_id and subject.state != Unit.State.CLOSED else None
        context["members"] = subject.people.exclude(state=Person.State.LEFT).exclude(employment=Person.Employment.SYSTEM).order_by("name")
        context["below"] = subject.children.order_by("name")
        context["grants"] = subject.grants.select_related("person").order_by("role", "person__name")
    return render(request, "linchpin/unit.html", context | more, status=status)


def _closing(unit: Unit, access: Access) -> dict[str, Any]:
    """What closing the unit would mean: what is open in it, who is there, what is below it still at work, and whose decision it is."""
    at_work = Unit.objects.exclude(state=Unit.State.CLOSED)
    return {
        "mine": access.covers((Role.TOP_MANAGER,), unit.pk),
        "deciders": holders(Role.TOP_MANAGER, unit),
        "open": Record.objects.filter(unit=unit, phase__in=OPEN).count(),
        "below": at_work.filter(path__startswith=unit.path).exclude(pk=unit.pk).order_by("path"),
        "others": at_work.exclude(path__startswith=unit.path).order_by("path"),
    }


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close a unit, and move what is open in it to another in the same step."""
    access, subject = reading(request), get_object_or_404(Unit, pk=pk)
    named = request.POST.get("move_to", "")
    goes_to = Unit.objects.filter(pk=named).first() if named.isdecimal() else None
    try:
        close_unit(subject, actor=access, reason=request.POST.get("reason", ""), move_to=goes_to)
    except Refused as refused:
        return unit_page(request, subject, status=refused.status, close_errors=refused.by_field())
    messages.success(request, _("%s is closed.") % subject)
    return redirect("unit", pk=pk)


def _names(model: Any, subject: Any) -> tuple[str, ...]:
    """The fields of the form; a closed unit can be opened again there."""
    if model is Person:
        return PERSON_FIELDS
    return (*UNIT_FIELDS, "state") if subject is not None and subject.state == Unit.State.CLOSED else UNIT_FIELDS


def _subject(request: HttpRequest, model: Any, subject: Any) -> HttpResponse:
    access = reading(request)
    page: Any = person_page if model is Person else unit_page
    if request.method == "POST":
        try:
            saved = _save(model, subject, _values(model, _names(model, subject), request), request, access)
        except Refused as refused:
            faults = refused.by_field()
            answer: HttpResponse = page(request, subject, status=refused.status, faults=faults, errors=faults.get("", []))
            return answer
        messages.success(request, _("Saved."))
        return redirect(model.__name__.lower(), pk=saved.pk)
    shown: HttpResponse = page(request, subject)
    return shown


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
        return edit_subject(subject, values, actor=access, reason=request.POST.get("reason", ""), leave_open=bool(request.POST.get("leave_open")))
    return add_unit(values, actor=access) if model is Unit else add_person(values, actor=access)


def _fields(model: Any, subject: Any, request: HttpRequest, faults: dict[str, list[str]]) -> list[dict[str, Any]]:
    names = _names(model, subject)
    posted = request.POST if request.method == "POST" and "name" in request.POST else None
    return [_field(model._meta.get_field(name), subject, posted, request, faults.get(name, [])) for name in names]


def _field(field: Any, subject: Any, posted: Any, request: HttpRequest, errors: list[str]) -> dict[str, Any]:
    if posted is not None:
        value = posted.get(field.name)
    elif subject is None:
        value = request.GET.get(field.name) or (field.get_default() if field.has_default() else None)
    else:
        value = getattr(subject, field.attname)
    choices: list[tuple[str, str]] = []
    if field.is_relation:
        choices = [("", "—"), *_referable(field.related_model)]
    elif field.choices:
        choices = [(str(v), str(label)) for v, label in field.choices if v != Person.Employment.SYSTEM]
    kind = {"BooleanField": "flag", "DateField": "date", "EmailField": "email"}.get(type(field).__name__, "choice" if choices else "text")
    text = "" if value in (None, False) else str(value)
    return {"name": field.name, "label": field.verbose_name, "kind": kind, "value": text, "choices": choices, "errors": errors,
            "optional": field.blank and kind != "flag", "hint": HINTS.get(field.name, "")}  # fmt: skip


def _referable(model: Any) -> list[tuple[str, str]]:
    if model is Unit:
        return [(str(u.pk), "\u2003" * (u.path.count("/") - 2) + u.name) for u in Unit.objects.exclude(state=Unit.State.CLOSED).order_by("path")]
    rows = Person.objects.exclude(state=Person.State.LEFT).exclude(employment=Person.Employment.SYSTEM).order_by("name")
    return [(str(p.pk), f"{p.name}, {p.position}" if p.position else p.name) for p in rows]


@login_required
@require_POST
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role over a unit and everything below it, for good or between two days."""
    access = reading(request)
    subject = get_object_or_404(Person, pk=pk)
    over = Unit.objects.filter(pk=chosen).first() if (chosen := request.POST.get("unit", "")).isdecimal() else None
    try:
        if over is None:
            raise Refused(never(_("Choose the unit that the role covers."), "unit"))
        days = _values(Grant, ("starts", "ends"), request)
        grant(subject, request.POST.get("role", ""), over, actor=access, **days)
    except Refused as refused:
        return person_page(request, subject, status=refused.status, role_errors=refused.by_field())
    own = subject.pk == access.person.pk
    messages.success(request, _("You have this role now, and top management was told so.") if own else _("%s has this role now.") % subject.name)
    return redirect("person", pk=pk)


@login_required
@require_POST
def take_role(request: HttpRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(Grant, pk=pk)
    revoke(given, actor=reading(request))
    messages.success(request, _("The role is taken away."))
    return redirect("person", pk=given.person_id)
