"""What people do to a record in the browser. Each view calls one command; a refusal brings the page back, nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from linchpin.kernel import commands
from linchpin.kernel.commands import offers
from linchpin.kernel.commands.exceptions import check as check_exception
from linchpin.kernel.commands.exceptions import may_declare
from linchpin.kernel.commands.signing import Signing
from linchpin.kernel.files.storing import response
from linchpin.kernel.links.models import Link
from linchpin.kernel.people.grants import Access
from linchpin.kernel.records.access import may, may_create
from linchpin.kernel.records.lifecycle import Strength, Transition
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Kind, Missing, NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.web.accounts import knows_password, proves
from linchpin.surfaces.web.forming import Form, form_for, refuse, values_from
from linchpin.surfaces.web.record import page_context, record_or_404
from linchpin.surfaces.web.register import type_or_404


def address(record: Any) -> str:
    return f"/{record.type}/{record.number}/"


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Create a record; `?parent=NUMBER` hangs it under another."""
    record_type, access = type_or_404(key), request.access  # type: ignore[attr-defined]
    parent = _parent(request, access)
    if not may_create(access, record_type) and not (parent and parent.owner_id == access.person.pk):
        raise NotAllowed(_("%s is for others to create here: use Report instead.") % record_type.label(access.person.labels))
    form = form_for(record_type, record_type.create_fields, access, given=request.POST if request.method == "POST" else None)
    if request.method == "POST":
        values = values_from(request, record_type, record_type.create_fields)
        try:
            made = commands.create(key, values, actor=access, parent=parent, once=request.POST.get("once", "")[:64])
        except Refused as refused:
            return _again(request, record_type, refuse(form, refused), refused, parent=parent)
        messages.success(request, _("%s is on record.") % made.number)
        return redirect(address(parent or made))
    return render(request, "linchpin/form.html", _form_context(record_type, access, form, parent=parent))


def _parent(request: HttpRequest, access: Access) -> Any:
    number = request.GET.get("parent") or request.POST.get("parent")
    if not number:
        return None
    found = Record.objects.visible_to(access).select_related("unit").filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def _form_context(record_type: RecordType, access: Access, form: Form, **more: Any) -> dict[str, Any]:
    labels = access.person.labels
    return {"type": record_type, "singular": record_type.label(labels), "plural": record_type.plural(labels), "form": form, **more}


def _again(request: HttpRequest, record_type: RecordType, form: Form, refused: Refused, **more: Any) -> HttpResponse:
    context = _form_context(record_type, request.access, form, **more)  # type: ignore[attr-defined]
    return render(request, "linchpin/form.html", context, status=refused.status)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str, number: str) -> HttpResponse:
    """Edit one section (`?section=`) or everything that may be edited."""
    access: Access = request.access  # type: ignore[attr-defined]
    record_type, found = type_or_404(key), record_or_404(key, number, access)
    if not may(access, "edit", found):
        raise NotAllowed(_("You may read %(number)s, but this is for others to do.") % {"number": found.number})
    section = request.GET.get("section", "")
    names = _editable(record_type, found, section)
    form = form_for(record_type, names, access, record=found, given=request.POST if request.method == "POST" else None)
    more = {"record": found, "section": section}
    if request.method == "POST":
        old = {name: request.POST.get(f"old-{name}", "") for name in names}
        try:
            _edit(request, record_type, found, names, old)
        except Refused as refused:
            return _again(request, record_type, refuse(form, refused), refused, **more)
        messages.success(request, _("Saved."))
        return redirect(address(found))
    return render(request, "linchpin/form.html", _form_context(record_type, access, form, **more))


def _editable(record_type: RecordType, found: Any, section: str) -> list[str]:
    frozen = record_type.frozen(found)
    if section in record_type.sections:
        names = [n for n in record_type.sections[section] if n in record_type.fields]
        names = ["title", *names] if section == next(iter(record_type.sections)) else names
    else:
        names = [n for n in ("title", "owner", "unit", "due", "confidentiality", "reference") if n in record_type.fields]
    return [n for n in names if n not in frozen]


def _edit(request: HttpRequest, record_type: RecordType, found: Any, names: list[str], posted_old: dict[str, str]) -> None:
    """Only fields whose posted value differs from what was seen are edited; their old text goes along as the lock."""
    values = values_from(request, record_type, names)
    seen = form_for(record_type, names, request.access, given=posted_old)  # type: ignore[attr-defined]
    before = {row.name: row.value for row in seen.rows}
    changed = {n: v for n, v in values.items() if _posted(v) != before[n].replace("\r\n", "\n")}
    reason = request.POST.get("reason", "")
    old = {n: _lock(record_type, n, before[n]) for n in changed}
    commands.edit(found, changed, actor=request.access, old=old, reason=reason)  # type: ignore[attr-defined]


def _posted(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else ""
    return str(value).replace("\r\n", "\n")


def _lock(record_type: RecordType, name: str, seen: str) -> str | None:
    """The text under which the kernel knows what was seen: people and units by their uid."""
    model_field = record_type.fields[name]
    if model_field.is_relation:
        found = model_field.related_model._default_manager.filter(pk=seen or None).first()  # type: ignore[union-attr]
        return str(found.uid) if found else None
    if model_field.get_internal_type() == "BooleanField":
        return "true" if seen else "false"
    return seen


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, key: str, number: str, name: str) -> HttpResponse:
    """Make a move: a page of its own with the fields that it asks for."""
    access: Access = request.access  # type: ignore[attr-defined]
    record_type, found = type_or_404(key), record_or_404(key, number, access)
    offer = next((o for o in offers(found, record_type, access) if o.transition.name == name), None)
    if offer is None or not offer.allowed:
        commands.move(found, name, actor=access)  # says in a sentence why not
        raise Missing(_("There is no such move."))
    transition = offer.transition
    given = request.POST if request.method == "POST" else None
    form = form_for(record_type, transition.asks, access, record=found, given=given, required=transition.needs)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            _move(request, record_type, found, transition)
        except Refused as refusal:
            refused = refusal
            refuse(form, refused)
        else:
            messages.success(request, _("%(number)s: %(move)s.") % {"number": found.number, "move": transition.label})
            return redirect(address(found))
    context = page_context(found, record_type, access) | {"form": form, "move": transition, "offer": offer}
    context |= _what_bends(refused.refusals if refused else tuple(offer.refusals), access)
    return render(request, "linchpin/move.html", context, status=refused.status if refused else 200)


def _what_bends(refusals: Any, access: Access) -> dict[str, Any]:
    """Which refusals could be passed with a declared exception, which were advice, which stand."""
    second = [r for r in refusals if r.kind == Kind.SECOND_PERSON]
    return {
        "second_person": [(r, may_declare(r, access.person)) for r in second],
        "advice": [r for r in refusals if r.kind == Kind.ADVICE],
        "standing": [r for r in refusals if r.kind == Kind.NEVER and not r.field],
    }


def _move(request: HttpRequest, record_type: RecordType, found: Any, transition: Transition) -> None:
    commands.move(
        found,
        transition.name,
        actor=request.access,  # type: ignore[attr-defined]
        values=values_from(request, record_type, transition.asks),
        reason=request.POST.get("reason", ""),
        version=int(v) if (v := request.POST.get("version", "")).isdecimal() else None,
        passed=bool(request.POST.get("passed")),
        exception=request.POST.get("exception", ""),
        signing=_signing(request, transition),
    )


def _signing(request: HttpRequest, transition: Transition) -> Signing:
    """Whether the signer, and where wanted a second person, just proved who they are. Wrong passwords count towards the lock-out."""
    if transition.strength in (Strength.NONE, Strength.CONFIRM):
        return Signing()
    proved = proves(request, request.POST.get("password", ""))
    if not proved and request.POST.get("password"):
        raise Refused(never(_("That is not your password: nothing was signed."), "password"))
    second = None
    if transition.strength == Strength.TWO_PEOPLE:
        second = knows_password(request, request.POST.get("second_email", ""), request.POST.get("second_password", ""))
        if second is None:
            raise Refused(never(_("The second person's e-mail and password do not match: nothing was signed."), "second"))
    return Signing(reauthenticated=proved, second=second)


@login_required
@require_POST
def comment(request: HttpRequest, key: str, number: str) -> HttpResponse:
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    commands.comment(found, request.POST.get("text", ""), actor=request.access)  # type: ignore[attr-defined]
    return redirect(address(found) + "#stream")


@login_required
@require_POST
def attach(request: HttpRequest, key: str, number: str) -> HttpResponse:
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise Refused(never(_("Choose a file first."), "file"))
    for upload in uploads:
        commands.attach(found, upload, actor=request.access, purpose=request.POST.get("purpose", "")[:20])  # type: ignore[attr-defined]
    messages.success(request, _("Attached."))
    return redirect(address(found) + "#files")


@login_required
def download(request: HttpRequest, key: str, number: str, uid: str) -> HttpResponse:
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    stored = found.files.filter(uid=uid).first()
    if stored is None:
        raise Missing(_("There is no such file."))
    return response(stored)  # type: ignore[return-value]


@login_required
@require_POST
def link(request: HttpRequest, key: str, number: str) -> HttpResponse:
    access: Access = request.access  # type: ignore[attr-defined]
    found = record_or_404(key, number, access)
    other = Record.objects.visible_to(access).filter(number=request.POST.get("target", "").strip().upper()).first()
    if other is None:
        raise Refused(never(_("There is no record “%s”: give its number, for example NC-2026-0001.") % request.POST.get("target", ""), "target"))
    commands.link(found, other, request.POST.get("kind", "related"), actor=access)
    return redirect(address(found) + "#links")


@login_required
@require_POST
def unlink(request: HttpRequest, key: str, number: str, pk: int) -> HttpResponse:
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    standing = Link.objects.filter(pk=pk).select_related("source", "target").first()
    if standing is None or found.pk not in (standing.source_id, standing.target_id):
        raise Missing(_("There is no such link."))
    commands.unlink(standing, actor=request.access)  # type: ignore[attr-defined]
    return redirect(address(found) + "#links")


@login_required
@require_POST
def looked_at(request: HttpRequest, key: str, number: str, pk: int) -> HttpResponse:
    """The check of a declared exception, by somebody else."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    declared = found.declared_exceptions.filter(pk=pk).first()
    if declared is None:
        raise Missing(_("There is no such exception."))
    check_exception(declared, request.POST.get("finding", ""), actor=request.access)  # type: ignore[attr-defined]
    messages.success(request, _("Checked."))
    return redirect(address(found))


