"""The page behind a link in a mail. To look at it changes nothing, as scanners of mail look at every link; only its button does."""

from __future__ import annotations

from allauth.core.ratelimit import consume
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linchpin.kernel.commands.answering_mail import answer_mailed
from linchpin.kernel.notices.mail_links import find, insist_on_use, proposes_a_date
from linchpin.kernel.notices.models import MailedLink
from linchpin.kernel.people.grants import access_of
from linchpin.kernel.people.models import Person
from linchpin.kernel.people.speaking import language_of
from linchpin.kernel.records.refusals import Refused, never


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def mailed(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link that holds. One that does not says what became of it, and nothing of whose it was or what it was about."""
    link = find(token)
    try:
        insist_on_use(link, request.user if isinstance(request.user, Person) else None)
    except Refused as refused:
        return render(request, "linchpin/mailed.html", {"refused": refused}, status=refused.status)
    with translation.override(language_of(link.notice.person)):
        try:
            if request.method == "POST":
                _answer(request, link)
        except Refused as refused:
            return _page(request, link, refused=refused, status=refused.status)
        return _page(request, link, done=request.method == "POST")


def _answer(request: HttpRequest, link: MailedLink) -> None:
    if not consume(request, action="mailed"):
        raise Refused(never(_("Too many tries: wait a minute, then try again.")))
    answer_mailed(link, actor=access_of(link.notice.person))


def _page(request: HttpRequest, link: MailedLink, *, done: bool = False, refused: Refused | None = None, status: int = 200) -> HttpResponse:
    context = {"notice": link.notice, "agrees": proposes_a_date(link.notice), "day": link.notice.day, "done": done, "refused": refused}
    return render(request, "linchpin/mailed.html", context, status=status)
