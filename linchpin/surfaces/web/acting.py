"""What people do to a record in the browser. Each view calls one command; a refusal brings the page back, nothing typed is lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linchpin.kernel import commands
from linchpin.kernel.commands import offers
from linchpin.kernel.commands.exceptions import check as check_exception
from linchpin.kernel.commands.exceptions import may_declare
from linchpin.kernel.commands.signing import Signing
from linchpin.kernel.files.storing import copied, response
from linchpin.kernel.links.models import Link
from linchpin.kernel.people import clock
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.standing_in import standing_in_for
from linchpin.kernel.records.access import may_create
from linchpin.kernel.records.lifecycle import Strength, Transition
from linchpin.kernel.records.models import Record
from linchpin.kernel.records.refusals import Kind, Missing, NotAllowed, Refused, never
from linchpin.kernel.records.registry import RecordType
from linchpin.surfaces.web.accounts import knows_password, proves
from linchpin.surfaces.web.forming import Form, form_for, refuse, values_from
from linchpin.surfaces.web.kiosk import at_a_kiosk
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
    if not may_create(access, record_type) and not (parent and parent.owner_id == access.person.pk and not access.is_guest):
        raise NotAllowed(_("%s is for others to create here: use Report instead.") % record_type.label(access.person.labels))
    begun = record_type.begun(parent) if parent else {}
    form = form_for(record_type, record_type.asked, access, given=request.POST if request.method == "POST" else None, begun=begun)
    if request.method == "POST":
        values = values_from(request, record_type, record_type.asked)
        try:
            made = commands.create(key, values, actor=access, parent=parent, once=request.POST.get("once", "")[:64], asked=True)
        except Refused as refused:
            return again(request, record_type, refuse(form, refused), refused, parent=parent)
        messages.success(request, _("%s is on record.") % made.number)
        say_who_is_out_of_reach(request, made)
        return redirect(address(parent or made))
    return render(request, "linchpin/form.html", form_context(record_type, access, form, parent=parent))


def say_who_is_out_of_reach(request: HttpRequest, record: Any) -> None:
    """An owner without an account is possible, but nothing reaches them: whoever named them is told."""
    owner = record.owner if record.owner_id else None
    if owner is not None and not owner.is_reachable and record.is_open:
        messages.warning(request, _("%s owns it and cannot sign in: tell them yourself, or give it to somebody who can.") % owner)


def _parent(request: HttpRequest, access: Access) -> Any:
    number = request.GET.get("parent") or request.POST.get("parent")
    if not number:
        return None
    found = Record.objects.visible_to(access).select_related("unit").filter(number=number).first()
    if found is None:
        raise Missing(_("There is no such record."))
    return found


def form_context(record_type: RecordType, access: Access, form: Form, **more: Any) -> dict[str, Any]:
    """What the form page needs besides what `more` says about the occasion."""
    labels = access.person.labels
    return {"type": record_type, "singular": record_type.label(labels), "plural": record_type.plural(labels), "form": form, **more}


def again(request: HttpRequest, record_type: RecordType, form: Form, refused: Refused, **more: Any) -> HttpResponse:
    """The form page once more, with what was typed and what speaks against it."""
    context = form_context(record_type, request.access, form, **more)  # type: ignore[attr-defined]
    return render(request, "linchpin/form.html", context, status=refused.status)


@login_required
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, key: str, number: str, name: str) -> HttpResponse:
    """Make a move: a page of its own with the fields that it asks for."""
    own: Access = request.access  # type: ignore[attr-defined]
    record_type, found = type_or_404(key), record_or_404(key, number, own)
    access = in_whose_name(request, own)
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
            _move(request, record_type, found, transition, access)
        except Refused as refusal:
            refused = refusal
            refuse(form, refused)
        else:
            messages.success(request, _("%(number)s: %(move)s.") % {"number": found.number, "move": transition.label})
            return redirect(address(found))
    context = page_context(found, record_type, own) | {"form": form, "move": transition, "offer": offer, "through": access.through}
    context |= _what_bends(refused.refusals if refused else tuple(offer.refusals), access)
    return render(request, "linchpin/move.html", context, status=refused.status if refused else 200)


def in_whose_name(request: HttpRequest, own: Access) -> Access:
    """The access that the form asks for: one's own, or with `for` that of whom one stands in for. Raises Missing."""
    asked = request.POST.get("for") or request.GET.get("for", "")
    if not asked:
        return own
    found = standing_in_for(own, Q(giver_id=int(asked))) if asked.isdecimal() and len(asked) < 19 else None
    if found is None:
        raise Missing(_("You do not stand in for them today: it has ended, or was taken back."))
    return found


def _what_bends(refusals: Any, access: Access) -> dict[str, Any]:
    """Which refusals could be passed with a declared exception, which were advice, which stand."""
    second = [r for r in refusals if r.kind == Kind.SECOND_PERSON]
    return {
        "second_person": [(r, access.through is None and may_declare(r, access.person)) for r in second],
        "advice": [r for r in refusals if r.kind == Kind.ADVICE],
        "standing": [r for r in refusals if r.kind == Kind.NEVER and not r.field],
    }


def _move(request: HttpRequest, record_type: RecordType, found: Any, transition: Transition, access: Access) -> None:
    commands.move(
        found,
        transition.name,
        actor=access,
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
    if at_a_kiosk(request):
        raise Refused(never(_("This signature needs your password: give it at a computer, not at a kiosk.")))
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
    purpose = request.POST.get("purpose", "")[:20]
    stored = [commands.attach(found, upload, actor=request.access, purpose=purpose) for upload in uploads]  # type: ignore[attr-defined]
    for file in stored:
        if file.stood_already:
            day = clock.in_words(localtime(file.at).date())
            messages.info(request, _("“%(name)s” hangs here already, since %(day)s: nothing was added.") % {"name": file.name, "day": day})
    if not all(file.stood_already for file in stored):
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
@require_safe
def paper_copy(request: HttpRequest, key: str, number: str, uid: str) -> HttpResponse:
    """The file as it goes on paper; where nothing can be written on it, the page says so beside the original."""
    found = record_or_404(key, number, request.access)  # type: ignore[attr-defined]
    stored = found.files.filter(uid=uid).first()
    try:
        copy = type_or_404(key).paper_copy(found, stored) if stored and not stored.is_purged else None
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect(address(found))
    if copy is None:
        raise Missing(_("There is no such file."))
    return copied(copy, stored)


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


