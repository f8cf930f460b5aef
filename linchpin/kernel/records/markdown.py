"""Longer texts are kept as Markdown and shown as safe HTML: what a browser could run never leaves the house."""

from __future__ import annotations

from functools import cache

import nh3
from django.db import models
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "del", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}}
SCHEMES = {"http", "https", "mailto"}


class MarkdownField(models.TextField):  # type: ignore[type-arg]
    """A text with headings, lists and tables. HTML in it is taken as written and shown as text, never as HTML."""


def rendered(text: str) -> SafeString:
    """The text as HTML of its own tags only: no HTML of the writer's, no pictures from elsewhere, links to web and mail alone."""
    html = _markdown().render(_without_remarks(text))
    clean = nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener noreferrer nofollow")
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


@cache
def _markdown() -> MarkdownIt:
    """CommonMark with tables; the page has its own first heading, so those of a text begin one below."""
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    made.core.ruler.push("one_heading_below", _one_below)
    return made.disable("image")


def _one_below(state: object) -> None:
    for token in state.tokens:  # type: ignore[attr-defined]
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"
