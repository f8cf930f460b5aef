"""Longer texts are kept as Markdown and shown as safe HTML: what a browser could run never leaves the house."""

from __future__ import annotations

import re

import nh3
import pyromark
from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "del", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
SCHEMES = {"http", "https", "mailto"}
CLASSES = {"li": {"task"}}
OPTIONS = pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TASKLISTS
"""The same Markdown is read by the editor: `frontend/islands/editor/dialect.ts`."""
_HEADING = re.compile(r"(</?h)([1-6])(?=[ >])")
_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*/>')
_TASK = re.compile(r'<li>(\n<p>)?<input disabled="" type="checkbox"( checked="")?/>\n')
_DEEP = re.compile(r"^((?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){50})(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))+", re.MULTILINE)
"""Quotes and lists within each other beyond fifty on one line: to clean such a depth takes seconds, and nobody reads it."""
ROUNDS = 8
"""Once HTML is taken as written, what it held may look like HTML again: so often this is looked at."""


class MarkdownField(models.TextField):  # type: ignore[type-arg]
    """A text with headings, lists and tables. HTML in it is taken as written and shown as text, never as HTML."""


def rendered(text: str) -> SafeString:
    """The text as HTML of its own tags only: no HTML of the writer's, no pictures from elsewhere, links to web and mail alone."""
    html = pyromark.html(_as_written(_DEEP.sub(r"\1", _without_remarks(text))), options=OPTIONS)
    html = _TASK.sub(_boxed, _PICTURE.sub(r'<a href="\1">\2</a>', _HEADING.sub(_one_below, html)))
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, allowed_classes=CLASSES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow"
    )  # fmt: skip
    return mark_safe(reachable(clean))  # noqa: S308  cleaned above


def reachable(html: str) -> str:
    """A table that is wider than a phone scrolls by itself, by keyboard too."""
    opened = f'<div class="scroll" tabindex="0" role="group" aria-label="{escape(_("Table"))}"><table>'
    return html.replace("<table>", opened).replace("</table>", "</table></div>")


def _without_remarks(text: str) -> str:
    """HTML comments are remarks of an author to authors: readers do not see them. One that never ends is no remark."""
    kept, at = [], 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join((*kept, text[at:]))


def _as_written(text: str) -> str:
    """HTML in a text is what its author wrote, not what a browser runs: its brackets are escaped where the parser finds it."""
    for _round in range(ROUNDS):
        if "<" not in text or not (found := _html_in(text)):
            return text
        raw, parts, at = text.encode(), list[bytes](), 0
        for start, end in found:
            parts += [raw[at:start], raw[start:end].replace(b"<", b"&lt;")]
            at = end
        text = b"".join((*parts, raw[at:])).decode()
    return text.replace("<", "&lt;")


def _html_in(text: str) -> list[tuple[int, int]]:
    """Where HTML stands in the text, as bytes of its UTF-8."""
    events = pyromark.events_with_range(text, options=OPTIONS)
    return [(place["start"], place["end"]) for event, place in events if isinstance(event, dict) and event.keys() & {"Html", "InlineHtml"}]


def _one_below(heading: re.Match[str]) -> str:
    """The page has its own first heading, so those of a text begin one below."""
    return f"{heading[1]}{min(6, int(heading[2]) + 1)}"


def _boxed(task: re.Match[str]) -> str:
    """`- [ ] to do` and `- [x] done` are items with a box."""
    return f'<li class="task">{task[1] or ""}{"☑" if task[2] else "☐"} '
