"""What is too large to be looked at is refused before a byte of it is read."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from linchpin.kernel.records.refusals import Refused
from linchpin.surfaces.web.middleware import POLICY
from linchpin.surfaces.web.waiting import told, waited

Handler = Callable[[HttpRequest], HttpResponse]
LARGEST_BODY = 52 * 1024 * 1024
"""The largest file (50 MB) and the form around it."""


class TooLarge(Refused):
    """The body of a request is larger than any file that is taken."""

    status = 413
    title = "This is too large."


def bounded(get_response: Handler) -> Handler:
    """Refuse by the declared length alone: neither memory nor disk ever holds such a body."""

    def middleware(request: HttpRequest) -> HttpResponse:
        declared = request.META.get("CONTENT_LENGTH") or "0"
        if not declared.isdecimal() or int(declared) <= LARGEST_BODY:
            return get_response(request)
        sentence = _("The upload has %s MB; the largest file taken is 50 MB. Split it, or remove pictures and unused sheets.")
        refused = TooLarge(sentence % (int(declared) // 1024 // 1024))
        if waited(request):
            return told(refused)
        page = render_to_string("linchpin/refused.html", {"refused": refused, "title": refused.title}, request)
        return HttpResponse(page, status=refused.status, headers={"Content-Security-Policy": POLICY})

    return middleware
