"""What went wrong, as `application/problem+json` (RFC 9457), in the same sentences that the pages speak."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, Throttled, ValidationError
from ninja.responses import Response

from linchpin.kernel.records.refusals import Missing, Refusal, Refused, Stale, never

log = logging.getLogger("linchpin.api")
KINDS = {
    400: "unreadable", 401: "unauthenticated", 403: "not-allowed", 404: "missing", 405: "method-not-allowed", 409: "stale",
    412: "precondition-failed", 413: "too-large", 415: "unsupported-media-type", 422: "refused", 429: "too-many-requests", 500: "fault",
}  # fmt: skip


class Unreadable(Refused):
    """The request itself cannot be read, whatever it wanted."""

    status = 400
    title = "This request cannot be read."


class TooLarge(Refused):
    status = 413
    title = "This request is too large."


class WrongMedia(Refused):
    status = 415
    title = "This kind of content is not taken here."


def problem(status: int, title: str, refusals: Sequence[Refusal], theirs: Mapping[str, Any] | None = None) -> HttpResponse:
    """The answer of a refusal: its sentences together as `detail`, each with field, class and duty under `errors`."""
    body: dict[str, Any] = {
        "type": f"urn:problem-type:linchpin:{KINDS.get(status, 'refused')}",
        "title": title,
        "status": status,
        "detail": " ".join(r.sentence for r in refusals) or title,
        "errors": [refusal_out(r) for r in refusals],
    }
    if theirs:
        body["theirs"] = dict(theirs)
    answer = Response(body, status=status, content_type="application/problem+json")
    answer["Cache-Control"] = "no-store"
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Linchpin"'
    return answer


def refusal_out(refusal: Refusal) -> dict[str, str]:
    """A refusal as data: sentence, field, class (never, second_person, advice) and duty."""
    return {"sentence": refusal.sentence, "field": refusal.field, "kind": str(refusal.kind), "duty": refusal.duty}


def of_refused(request: HttpRequest, refused: Any) -> HttpResponse:
    """A refusal of the kernel. What is stale is 412 to whoever sent If-Match, and 409 to everybody else."""
    status = 412 if isinstance(refused, Stale) and "If-Match" in request.headers and not refused.theirs else refused.status
    return problem(status, str(refused.title), refused.refusals, getattr(refused, "theirs", None))


def _of_http_error(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework refuses by itself; a body that our parser refused comes wrapped in it."""
    if isinstance(error.__cause__, Refused):
        return of_refused(request, error.__cause__)
    if error.status_code == 401:
        return problem(401, _("We do not know who is asking."), [never(_("Send a valid token: “Authorization: Bearer lp_…”, or sign in in the browser."))])
    return problem(error.status_code, str(error.message), [])


def _of_throttled(request: HttpRequest, error: Any) -> HttpResponse:
    wait = int(error.wait or 1) + 1
    return problem(429, _("Too many requests."), [never(_("This token has asked too often: wait %(n)s seconds, then go on.") % {"n": wait})])


def _of_missing(request: HttpRequest, error: Any) -> HttpResponse:
    return of_refused(request, Missing(_("There is nothing at this address: see /api/v1/docs.")))


def _of_shape(request: HttpRequest, error: Any) -> HttpResponse:
    """A body or parameter of the wrong shape, in our words."""
    return of_refused(request, Refused(*(_misshapen(one) for one in error.errors)))


def _misshapen(error: Mapping[str, Any]) -> Refusal:
    place = [str(part) for part in error["loc"]]
    name = ".".join(place[2:] if place[0] in ("body", "form", "file") else place[1:]) or _("the body")
    context = error.get("ctx", {})
    sentences = {
        "missing": _("“%(name)s” is missing: give it."),
        "extra_forbidden": _("There is no “%(name)s” here: leave it out."),
        "string_type": _("“%(name)s” is text: put it in quotation marks."),
        "bool_type": _("“%(name)s” is true or false."),
        "dict_type": _("“%(name)s” is an object: {…}."),
        "model_type": _("“%(name)s” is an object: {…}."),
        "model_attributes_type": _("“%(name)s” is an object: {…}."),
        "list_type": _("“%(name)s” is a list: […]."),
        "string_too_long": _("“%(name)s” is too long: at most %(max_length)s characters."),
        "string_too_short": _("“%(name)s” is too short: at least %(min_length)s characters."),
        "int_parsing": _("“%(name)s” is a whole number."),
        "greater_than_equal": _("“%(name)s” is at least %(ge)s."),
        "less_than_equal": _("“%(name)s” is at most %(le)s."),
    }
    sentence = sentences.get(error["type"], _("“%(name)s” does not fit: %(msg)s."))
    return never(sentence % {"name": name, "msg": error.get("msg", ""), **context}, name)


def _of_damage(request: HttpRequest, error: Any) -> HttpResponse:
    """An upload that cannot be taken apart."""
    return of_refused(request, Unreadable(never(_("The form in the body is damaged: send multipart/form-data with its boundary."), "file")))


def _of_fault(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, _("Something went wrong on our side."), [never(_("Nothing was saved. Try again; if it stays, tell the administrator."))])


def teach(api: NinjaAPI) -> None:
    """Make every exception leave the API as a problem."""
    api.add_exception_handler(Refused, of_refused)
    api.add_exception_handler(HttpError, _of_http_error)
    api.add_exception_handler(Throttled, _of_throttled)
    api.add_exception_handler(ValidationError, _of_shape)
    api.add_exception_handler(Http404, _of_missing)
    for damage in (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        api.add_exception_handler(damage, _of_damage)
    api.add_exception_handler(Exception, _of_fault)
