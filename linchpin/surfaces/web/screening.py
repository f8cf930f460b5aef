"""Presenter mode: on the screen of a meeting room customers' names are hidden, and people's if wanted. Nothing is written meanwhile.

Names are replaced in what the server sends, in every page and every answer of the session; files that cannot be looked into wait.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linchpin.chapters.evaluation.visits.models import Visit
from linchpin.kernel.people.models import Person
from linchpin.kernel.records.refusals import Refused, never

Handler = Callable[[HttpRequest], HttpResponse]
KEY, CUSTOMERS, EVERYBODY = "presenter", "customers", "everybody"
SAFE = ("GET", "HEAD", "OPTIONS")
WRITES = ("present", "words", "room_requests", "room_sample", "own_requests", "own_sample", "account_logout", "become")
"""Addresses that take a form all the same: what they take is not what the page showed."""
TEXT = ("text/", "application/json", "application/problem+json")
PICTURE = "image/"
LONGEST = 5
"""Words of which a name consists at most."""
RUN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
JOINED = re.compile(r"[\s_.&–-]{1,3}")
ENDINGS = ("", "'s", "’s", "s")
TAG = re.compile(r"(<[^>]*>)")
SPOKEN = re.compile(r'(\s(?:title|alt|value|content|placeholder|aria-label|data-label)=")([^"]*)(")')
MARK = re.compile(r"</?mark>")
ENTITY = re.compile(r"&(?:#x?[0-9a-fA-F]+|[a-zA-Z]+);")
Names = Mapping[tuple[str, ...], str]


def state_of(request: HttpRequest) -> str:
    """What is hidden in this session: nothing, customers or everybody."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    said = request.session.get(KEY, "")
    return said if said in (CUSTOMERS, EVERYBODY) else ""


@login_required
@require_POST
def present(request: HttpRequest) -> HttpResponse:
    """Switch presenter mode: `customers`, `everybody`, or off."""
    said = request.POST.get("hide", "")
    request.session[KEY] = said if said in (CUSTOMERS, EVERYBODY) else ""
    back = request.POST.get("back", "/")
    return redirect(back if back.startswith("/") and not back.startswith("//") else "/")


class hiding:  # noqa: N801  read as a middleware name in the settings
    """Replaces names in whatever is sent to a session in presenter mode, and takes no forms from it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        before = state_of(request)
        if not before:
            return self.get_response(request)
        response = self.get_response(request)
        state = state_of(request)
        return screened(request, response, names_of(state)) if state else response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        if request.method in SAFE or not state_of(request) or (request.resolver_match and request.resolver_match.url_name in WRITES):
            return None
        return _refuse(request, _("Presenter mode only shows, so that no hidden name is written over: switch it off first."))


def screened(request: HttpRequest, response: HttpResponse, names: Names) -> HttpResponse:
    """The answer with the names replaced; what is neither text nor a picture waits until presenter mode is off."""
    kind = response.headers.get("Content-Type", "")
    if kind.startswith(PICTURE) or not (response.streaming or response.content):
        return response
    if response.streaming or not kind.startswith(TEXT) or response.headers.get("Content-Disposition"):
        refusal = _refuse(request, _("Files are not changed, so names in them cannot be hidden: switch presenter mode off to open this one."))
        refusal._resource_closers.extend(response._resource_closers)  # type: ignore[attr-defined]  # open files close with the answer
        return refusal
    text = response.content.decode(response.charset or "utf-8", "replace")
    how = hide_in_html if kind.startswith("text/html") else hide_in_json if "json" in kind else hide
    response.content = how(text, names).encode(response.charset or "utf-8")
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
    return response


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"title": _("Presenter mode"), "status": 409, "detail": sentence}, status=409, content_type="application/problem+json")
    refused = Refused(never(sentence))
    return render(request, "linchpin/refused.html", {"refused": refused, "title": _("Presenter mode is on")}, status=409)


def names_of(state: str) -> Names:
    """Words of a name (in small letters) → what stands in its place. Customers as the open invitations list them; people as they are known."""
    names: dict[tuple[str, ...], str] = {}
    if state == EVERYBODY:
        for pk, name in Person.objects.exclude(employment=Person.Employment.SYSTEM).order_by("-pk").values_list("pk", "name"):
            words, label = _words(name), _("Person %s") % pk
            names |= {(word,): label for word in words if len(word) > 2}
            names[words] = label
    lines = [line for text in Visit.objects.filter(status="invited").order_by("pk").values_list("hidden_names", flat=True) for line in text.splitlines()]
    for place, line in enumerate(line for line in lines if line.strip()):
        label = _("Customer %s") % _letters(place)
        names |= {words: label for spelling in line.split(",") if (words := _words(spelling))}
    return names


def _letters(place: int) -> str:
    return (_letters(place // 26 - 1) if place >= 26 else "") + chr(ord("A") + place % 26)


def _words(name: str) -> tuple[str, ...]:
    return tuple(match[0].casefold() for match in RUN.finditer(name))


def hide_in_html(page: str, names: Names) -> str:
    """Names in what is read or spoken, never in what makes the page work."""
    pieces = TAG.split(MARK.sub("", page))
    return "".join(_in_tag(piece, names) if piece.startswith("<") else _unescaped(piece, names) for piece in pieces)


def _in_tag(tag: str, names: Names) -> str:
    if ' name="csrf' in tag or 'type="hidden"' in tag:
        return tag
    return SPOKEN.sub(lambda found: found[1] + _unescaped(found[2], names) + found[3], tag)


def _unescaped(text: str, names: Names) -> str:
    """Letters that are written as entities stand as themselves first; those that make the page (<, >, &, quotes) stay as they are."""
    plain = ENTITY.sub(lambda found: char if (char := unescape(found[0])) not in "<>&\"'" else found[0], text) if "&" in text else text
    return hide(plain, names)


def hide_in_json(text: str, names: Names) -> str:
    """The same in the texts of data, however their letters are written."""
    return json.dumps(_walked(json.loads(text), names), ensure_ascii=False)


def _walked(data: Any, names: Names) -> Any:
    if isinstance(data, str):
        return hide(data, names)
    if isinstance(data, dict):
        return {key: _walked(value, names) for key, value in data.items()}
    return [_walked(value, names) for value in data] if isinstance(data, list) else data


def hide(text: str, names: Names) -> str:
    """The longest name at each word is replaced, whatever the case, what joins its words, and an s at its end."""
    found = list(RUN.finditer(text)) if names else []
    out, done, at = [], 0, 0
    while at < len(found):
        label, length, end = _named(found, at, names, text)
        if label:
            out.append(text[done : found[at].start()] + label)
            done = end
        at += length
    return "".join(out) + text[done:]


def _named(found: list[re.Match[str]], at: int, names: Names, text: str) -> tuple[str, int, int]:
    """What stands in place of the name that begins at this word, of how many words it is, and where it ends; no label where none begins."""
    most = 1
    while most < LONGEST and at + most < len(found) and JOINED.fullmatch(text, found[at + most - 1].end(), found[at + most].start()):
        most += 1
    words = [match[0].casefold() for match in found[at : at + most]]
    for length in range(most, 0, -1):
        for ending in ENDINGS:
            last = words[length - 1]
            if last.endswith(ending) and (label := names.get((*words[: length - 1], last.removesuffix(ending)))):
                return label, length, found[at + length - 1].end() - len(ending)
    return "", 1, 0
