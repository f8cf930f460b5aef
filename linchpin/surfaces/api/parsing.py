"""Reading a request body: UTF-8 JSON without tricks, or a sentence that says what is wrong with it."""

from __future__ import annotations

import json
import unicodedata
from typing import Any, NoReturn

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.parser import Parser

from linchpin.kernel.records.refusals import never
from linchpin.surfaces.api.problems import Unreadable, WrongMedia


class JsonBody(Parser):
    """The one parser of the API."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongMedia(never(_("Send JSON, with “Content-Type: application/json”.")))
        try:
            text = request.body.decode("utf-8")
        except UnicodeDecodeError as problem:
            raise Unreadable(never(_("The body is not UTF-8: at byte %d it stops being text.") % problem.start)) from problem
        try:
            parsed = json.loads(text, parse_constant=_no_number, object_pairs_hook=_no_name_twice)
        except RecursionError as problem:
            raise Unreadable(never(_("The body is nested too deeply."))) from problem
        except json.JSONDecodeError as problem:
            words = {"line": problem.lineno, "column": problem.colno}
            raise Unreadable(never(_("The body is not JSON: see line %(line)s, column %(column)s.") % words)) from problem
        except ValueError as problem:
            raise Unreadable(never(_("A number in the body has too many digits."))) from problem
        _keepable(parsed, "")
        return parsed


def _no_number(text: str) -> NoReturn:
    raise Unreadable(never(_("“%s” is not a number.") % text))


def _no_name_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    answer = dict(pairs)
    if len(answer) != len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Unreadable(never(_("“%s” stands twice in the body: leave one.") % twice, twice))
    return answer


def keepable(text: str) -> bool:
    """Whether the text holds neither NUL nor half a character: no database keeps those."""
    return "\0" not in text and not any(unicodedata.category(c) == "Cs" for c in text)


def kept(text: str, name: str) -> str:
    """The text, if a database keeps it. Raises Unreadable."""
    if not keepable(text):
        raise Unreadable(never(_("“%s” contains a character that is no text: remove it.") % name, name))
    return text


def _keepable(value: Any, place: str) -> None:
    if isinstance(value, str):
        kept(value, place or _("the body"))
    elif isinstance(value, dict):
        for name, inner in value.items():
            _keepable(name, place or "name")
            _keepable(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            _keepable(inner, f"{place}.{n}")
