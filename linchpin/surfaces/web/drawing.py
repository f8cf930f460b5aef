"""Tags, pins, due dates and whole rows of a register as HTML.

Written by hand, and the one place for each: a page of fifty rows goes through here on every request, and the template language
took four fifths of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils import formats, translation
from django.utils.html import conditional_escape as escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from linchpin.kernel.records.cleaning import today
from linchpin.surfaces.web.building import icon

if TYPE_CHECKING:
    from linchpin.surfaces.web.presenting import Cell, Due, Pins, Tag


def _safe(html: str) -> SafeString:
    return mark_safe(html)  # noqa: S308  every value in it went through `escape`


def draw_tags(tags: Iterable[Tag]) -> SafeString:
    """The small marks beside a title."""
    return _safe("".join(f'<span class="tag tag-{tag.kind}">{escape(tag.text)}</span>' for tag in tags))


@lru_cache(maxsize=500)
def _pins(marks: tuple[str, ...]) -> str:
    drawn = "".join(f'<i class="{mark}"></i>' if mark else "<i></i>" for mark in marks)
    return f'<span class="pins" aria-hidden="true">{drawn}</span>' if marks else ""


def draw_status(pins: Pins, text: str) -> SafeString:
    """How far it has come: the shape first, then the word."""
    if pins.ended:
        shape: str = icon("circle-check", "icon-sm good") if pins.ended == "good" else icon("circle-minus", "icon-sm faint")
    else:
        shape = _pins(pins.marks)
    return _safe(f"{shape}{escape(text)}")


def draw_due(due: Due) -> SafeString:
    """A due date: to be agreed, overdue with its flag, or the day with the first one beside it when it was moved."""
    if due.agree:
        return _safe(f'<span class="caution">{escape(_("agree a date"))}</span>')
    if due.day is None:
        return _safe("")
    if due.over:
        return _safe(f'<span class="over" title="{_day(due.day, "j M Y")}">{icon("flag", "icon-sm")} {escape(due.over)}</span>')
    first = f"<s>{_day(due.first, 'j M')}</s> " if due.first else ""
    return _safe(f'<span class="due">{first}<time datetime="{due.day.isoformat()}">{short_day(due.day)}</time></span>')


def short_day(day: date | None) -> str:
    """`27 Nov`, with the year when it is not this one."""
    return "" if day is None else _day(day, "j M" if day.year == today().year else "j M Y")


def _day(day: date, form: str) -> str:
    return _said(day, form, translation.get_language() or "")


@lru_cache(maxsize=5000)
def _said(day: date, form: str, _language: str) -> str:
    return escape(formats.date_format(day, form))


def draw_line(record: Any, cells: Iterable[Cell], *, may_edit: bool, arrived: bool = False) -> SafeString:
    """A row of the register. `may_edit`: owner and due may be changed in place; `arrived`: it has just come through htmx."""
    address = f"/{record.type}/{escape(record.number)}/"
    row = f'<tr role="row"{f" data-edit={address}cell/" if may_edit else ""}{" class=arrive" if arrived else ""}>'
    choose = _choose(translation.get_language() or "") % {"n": escape(record.number)}
    box = f'<td role="cell" class="c"><input class="form-check-input" type="checkbox" form="bulk" name="number" value="{escape(record.number)}" aria-label="{choose}"></td>'  # noqa: E501
    return _safe(row + box + "".join(_cell(cell, address) for cell in cells) + "</tr>\n")


@lru_cache(maxsize=50)
def _choose(_language: str) -> str:
    return escape(_("Choose %(n)s"))


def _cell(cell: Cell, address: str) -> str:
    if cell.kind == "title":
        title = escape(cell.text)
        return f'<th role="rowheader" scope="row" class="t"><div class="tt"><a href="{address}" title="{title}">{title}</a>{draw_tags(cell.extra)}</div></th>'
    classes = f"k-{cell.kind} f-{cell.name}{' st' if cell.kind == 'status' else ''}"
    return f'<td role="cell" class="{classes}">{DRAWN.get(cell.kind, _plain)(cell)}</td>'


def _plain(cell: Cell) -> str:
    if cell.name == "severity" and cell.extra == "critical":
        return f'<b class="stop">{escape(cell.text)}</b>'
    return escape(cell.text)


DRAWN: dict[str, Callable[[Any], str]] = {
    "status": lambda cell: draw_status(cell.extra, cell.text),
    "due": lambda cell: draw_due(cell.extra),
}
