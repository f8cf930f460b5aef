"""Cells that hold a web page's markup, read as the text that a reader of the page would see; where a link leads is kept beside its words."""

from __future__ import annotations

import re
from html.parser import HTMLParser

BREAKS = {"p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
SILENT = {"script", "style"}
TAG = re.compile(r"<(/?[a-zA-Z!][^<>]*)>")
LOOKS_LIKE = re.compile(r"</?[a-zA-Z][^<>]*>|&[a-zA-Z]+;|&#\d+;")


def as_plain(text: str) -> str:
    """The text without its markup; text in which there is none stays as it is."""
    if not LOOKS_LIKE.search(text):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    said = TAG.sub(r"‹\1›", "".join(reader.said))  # what the page shows as a tag must not become one here
    lines = (" ".join(line.split()) for line in said.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.leads: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.said.append("\n– " if tag == "li" else "\n")
        elif tag in SILENT:
            self.silent += 1
        elif tag == "a":
            self.leads.append(dict(attrs).get("href") or "")
        elif tag == "img":
            said = dict(attrs)
            self.said.append(f" {said.get('alt') or ''} ({said.get('src') or ''}) ")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag == "a" and self.leads and (lead := self.leads.pop()):
            self.said.append(f" ({lead})")
        elif tag in BREAKS - {"li", "br"}:
            self.said.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)
