"""What an administrator does to somebody's account, from the person's page: each press is one command."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.utils import user_pk_to_url_str
from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from linchpin.kernel.commands import accounts
from linchpin.kernel.commands.pins import give_pin, take_pin
from linchpin.kernel.people.grants import Access
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refused, never
from linchpin.surfaces.web.accounts import ResetTokens
from linchpin.surfaces.web.organizing import person_page

Act = Callable[[HttpRequest, Person, Access], HttpResponse | None]


@login_required
@require_POST
@never_cache
def act(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Invite, give a password, lock, open, forget the second step. A refusal brings the page back with its sentence."""
    subject = get_object_or_404(Person, pk=pk)
    access: Access = request.access  # type: ignore[attr-defined]
    if what not in ACTS:
        raise Http404
    try:
        answer = ACTS[what](request, subject, access)
    except Refused as refused:
        return person_page(request, subject, account_errors=refused.by_field(), status=refused.status)
    return answer or redirect("person", pk=pk)


def _invite(request: HttpRequest, subject: Person, access: Access) -> HttpResponse | None:
    """The link goes by mail; where there is no mail server it is shown, to be handed over."""
    invited = accounts.invite(subject, actor=access)
    adapter = get_adapter(request)
    link = adapter.get_reset_password_from_key_url(f"{user_pk_to_url_str(invited)}-{ResetTokens().make_token(invited)}")
    with translation.override(invited.language or invited.unit.language or settings.LANGUAGE_CODE):
        adapter.send_mail("account/email/invitation", invited.email, {"user": invited, "inviter": access.person.name, "password_reset_url": link})
    if settings.EMAIL_HOST:
        messages.success(request, _("The link is on its way to %s.") % invited.email)
        return None
    return render(request, "account/invited.html", {"subject": invited, "link": link})


def _password(request: HttpRequest, subject: Person, access: Access) -> None:
    password = request.POST.get("password", "")
    try:
        validate_password(password, subject)
    except ValidationError as problem:
        raise Refused(*(never(text, "password") for text in problem.messages)) from problem
    accounts.give_password(subject, password, actor=access)
    reset(username=subject.email)
    messages.success(request, _("%s has a new password. Tell it to them, and let them change it.") % subject.name)


def _lock(request: HttpRequest, subject: Person, access: Access) -> None:
    accounts.lock(subject, actor=access, reason=request.POST.get("reason", ""))
    messages.success(request, _("The account of %s is locked.") % subject.name)


def _unlock(request: HttpRequest, subject: Person, access: Access) -> None:
    accounts.unlock(subject, actor=access)
    reset(username=subject.email)
    messages.success(request, _("The account of %s is open again.") % subject.name)


def _forget(request: HttpRequest, subject: Person, access: Access) -> None:
    accounts.forget_second_step(subject, actor=access)
    messages.success(request, _("%s signs in by password alone now, and can set up a new second step.") % subject.name)


def _pin(request: HttpRequest, subject: Person, access: Access) -> HttpResponse:
    pin = give_pin(subject, actor=access)
    return render(request, "account/pin_given.html", {"subject": subject, "pin": pin})


def _no_pin(request: HttpRequest, subject: Person, access: Access) -> None:
    take_pin(subject, actor=access)
    messages.success(request, _("The number of %s opens nothing any more.") % subject.name)


ACTS: dict[str, Act] = {"invite": _invite, "password": _password, "lock": _lock, "unlock": _unlock, "second-step": _forget,
                        "pin": _pin, "no-pin": _no_pin}  # fmt: skip
