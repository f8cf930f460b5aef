"""Tags, pins, due dates and the choices of a list as HTML: written by hand, and the one place for each.

Pages hold hundreds of them, and the template language took four fifths of their time.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, TypeVar

from django.utils import formats, translation
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from linchpin.kernel.records.cleaning import today
from linchpin.surfaces.web.building import built, icon

if TYPE_CHECKING:
    from linchpin.surfaces.web.navigation import Entry
    from linchpin.surfaces.web.presenting import Due, Pins, Tag

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class Chooser:
    """A filter in the filter form: its choices, and what is chosen now."""

    name: str
    label: str
    choices: tuple[tuple[str, str], ...]
    value: str
    typed: str = ""
    """`day`, or an example of what is typed in; empty for a choice."""


def _safe(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308  every value in it went through `escape`


def kept(draw: Callable[..., Drawn]) -> Callable[..., Drawn]:
    """Decorator: what was drawn of such values is kept for the life of the process, for each language and each build of the icons."""
    known = lru_cache(maxsize=5000)(lambda _language, _build, *values: draw(*values))

    @wraps(draw)
    def wrapper(*values: Any) -> Drawn:
        return known(translation.get_language() or "", built("icons.svg"), *values)

    return wrapper


def draw_choices(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """The options of a select as (value, label)."""
    drawn = ((html.escape(str(value)), " selected" if value == chosen else "", html.escape(str(label))) for value, label in choices)
    return _safe("".join([f'<option value="{value}"{mark}>{label}</option>' for value, mark, label in drawn]))


def draw_choosers(choosers: Iterable[Chooser]) -> SafeString:
    """The fields of the filter form."""
    return _safe("\n".join([_chooser(chooser) for chooser in choosers]))


@lru_cache(maxsize=100)
def _chooser(chooser: Chooser) -> str:
    name, value = escape(chooser.name), escape(chooser.value)
    label = f'<label class="form-label" for="flt-{name}">{escape(chooser.label)}</label>'
    if chooser.typed and not chooser.choices and chooser.typed != "day":
        holder = f'placeholder="{escape(chooser.typed)}" autocomplete="off" spellcheck="false"'
        return f'<div class="field">{label}<input class="form-control" type="text" id="flt-{name}" name="{name}" value="{value}" {holder}></div>'
    if chooser.typed == "day":
        return f'<div class="field">{label}<input class="form-control" type="date" id="flt-{name}" name="{name}" value="{value}"></div>'
    choices = draw_choices([("", "—"), *chooser.choices], chooser.value or None)
    return f'<div class="field">{label}<select class="form-select" id="flt-{name}" name="{name}">{choices}</select></div>'


def draw_entry(entry: Entry) -> SafeString:
    """A way to another page, as it stands in the sidebar or under the thumb."""
    here, count = ' aria-current="page"' if entry.active else "", f'<span class="n">{entry.count}</span>' if entry.count else ""
    return _safe(f'<a href="{escape(entry.url)}"{here}>{icon(entry.icon)}{escape(entry.label)}{count}</a>')


def draw_tags(tags: Iterable[Tag]) -> SafeString:
    """The small marks beside a title."""
    return _safe("".join([f'<span class="tag tag-{tag.kind}">{escape(tag.text)}</span>' for tag in tags]))


def _pins(marks: tuple[str, ...]) -> str:
    drawn = "".join(f'<i class="{mark}"></i>' if mark else "<i></i>" for mark in marks)
    return f'<span class="pins" aria-hidden="true">{drawn}</span>' if marks else ""


@kept
def draw_status(pins: Pins, text: str) -> SafeString:
    """How far it has come: the shape first, then the word."""
    if pins.ended:
        shape: str = icon("circle-check", "icon-sm good") if pins.ended == "good" else icon("circle-minus", "icon-sm faint")
    else:
        shape = _pins(pins.marks)
    return _safe(f"{shape}{escape(text)}")


def draw_due(due: Due) -> SafeString:
    """A due date: to be agreed, overdue with its flag, or the day with the first one beside it when it was moved."""
    return _due(due, today().year)


@kept
def _due(due: Due, year: int) -> SafeString:
    if due.agree:
        said = escape(_("agree a date"))
        return _safe(f'<span class="caution">{said}</span>')
    if due.day is None:
        return _safe("")
    if due.over:
        return _safe(f'<span class="over" title="{_day(due.day, "j M Y")}">{icon("flag", "icon-sm")} {escape(due.over)}</span>')
    first = f"<s>{_day(due.first, 'j M')}</s> " if due.first else ""
    return _safe(f'<span class="due">{first}<time datetime="{due.day.isoformat()}">{_short(due.day, year)}</time></span>')


def short_day(day: date | None) -> str:
    """`27 Nov`, with the year when it is not this one."""
    return "" if day is None else _short(day, today().year)


def _short(day: date, year: int) -> str:
    return _day(day, "j M" if day.year == year else "j M Y")


def _day(day: date, form: str) -> str:
    return escape(formats.date_format(day, form))
