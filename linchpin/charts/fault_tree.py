"""Fault tree, drawn as SVG from the top event down: one drawing for the page on which it is edited, for paper and for a file.

Symbols as in IEC 61025: gates, a circle for a basic event, a diamond for one that is not looked into further, a triangle for one that stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

from linchpin.charts.theme import FONT, Theme, inks

WIDE, GAP, PAD, LINE, LETTERS = 156, 22, 8, 15, 22
SYMBOL, DROP = 34, 24
MOST_LINES = 6
SIDE_BY_SIDE = 6
"""So many columns are legible on a sheet of A4. In a wider tree, three or more events below one gate hang below each other."""


@dataclass(frozen=True, slots=True)
class Event:
    """An event with what lies below it. `mark`: `root`, `shown` or `out` (shown not to be so). `href` makes it a link; `told` says what its symbol shows."""

    key: str
    text: str
    shape: Literal["any", "all", "basic", "undeveloped", "repeat"]
    below: Sequence[Event] = field(default_factory=tuple)
    mark: str = ""
    note: str = ""
    beside: str = ""
    """Written beside the symbol: its probability."""
    href: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True)
class _Box:
    """An event in its place: the middle of its upper edge, its lines, and the gate or event above."""

    event: Event
    x: float
    y: float
    lines: tuple[str, ...]
    above: str

    @property
    def height(self) -> float:
        return 2 * PAD + LINE * (len(self.lines) + bool(self.event.note)) - 2

    @property
    def foot(self) -> float:
        return self.y + self.height + SYMBOL


def fault_tree_drawing(top: Event, *, told: str, theme: Theme = "light") -> str:
    """SVG text. Its colors are attributes that a page's styles may override by class."""
    sheet = _Sheet(top)
    ink = inks(theme)
    parts = [_line(points, ink) for points in sheet.lines]
    parts += [_drawn(box, ink) for box in sheet.boxes]
    width, height = max(box.x for box in sheet.boxes) + WIDE / 2 + 2, max(box.foot for box in sheet.boxes) + 4
    size = "small" if width <= 704 else "middle" if width <= 1120 else "large"
    role = 'role="group"' if top.href else 'role="img"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fault-tree is-{size}" {role} aria-label="{escape(told)}" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}" font-size="12.5">{"".join(parts)}</svg>'
    )


class _Sheet:
    """Where everything lies: gates above the middle of what they join, basic events side by side or, in a wide tree, below each other."""

    def __init__(self, top: Event) -> None:
        self.boxes: list[_Box] = []
        self.lines: list[tuple[tuple[float, float], ...]] = []
        self.hanging = _columns(top) > SIDE_BY_SIDE
        self.rows = _rows(top)
        self._place(top, 0, 2, "")

    def _place(self, event: Event, depth: int, left: float, above: str) -> tuple[float, float]:
        """Draw the event and what is below it from `left` on. Gives its middle and where the next may begin."""
        y = sum(self.rows[:depth])
        joined: list[float] = []
        place, box_at = left, len(self.boxes)
        singles, hung = self._grouped(event)
        for child in singles:
            middle, place = self._place(child, depth + 1, place, event.key)
            joined.append(middle)
        if hung:
            joined.append(self._hang(hung, depth + 1, place, event.key))
            place += WIDE + 2 * GAP
        middle = (joined[0] + joined[-1]) / 2 if joined else left + WIDE / 2
        middle = max(middle, left + WIDE / 2)
        box = _Box(event, middle, y, tuple(wrapped(event.text)), above)
        self.boxes.insert(box_at, box)
        if joined:
            self._join(box, joined, sum(self.rows[: depth + 1]), hung=bool(hung))
        return middle, max(place, left + WIDE + GAP)

    def _grouped(self, event: Event) -> tuple[list[Event], list[Event]]:
        leaves = [child for child in event.below if not child.below]
        if not self.hanging or len(leaves) < 3:
            return list(event.below), []
        return [child for child in event.below if child.below], leaves

    def _hang(self, leaves: list[Event], depth: int, left: float, above: str) -> float:
        """The leaves below each other; gives where their common line comes down."""
        spine, y = left + 2, float(sum(self.rows[:depth]))
        for leaf in leaves:
            box = _Box(leaf, left + GAP + WIDE / 2, y, tuple(wrapped(leaf.text)), above)
            self.boxes.append(box)
            middle = y + box.height / 2
            self.lines.append(((spine, middle), (box.x - WIDE / 2, middle)))
            y = box.foot + 10
        self.lines.append(((spine, sum(self.rows[:depth]) - DROP / 2), (spine, middle)))
        return spine

    def _join(self, box: _Box, joined: list[float], next_row: float, *, hung: bool) -> None:
        bus = next_row - DROP / 2
        self.lines.append(((box.x, box.foot - 12), (box.x, bus)))
        if len(joined) > 1 or joined[0] != box.x:
            self.lines.append(((min(*joined, box.x), bus), (max(*joined, box.x), bus)))
        self.lines += [((x, bus), (x, next_row)) for x in (joined[:-1] if hung else joined)]


def _columns(event: Event) -> int:
    return sum(_columns(child) for child in event.below) or 1


def _rows(top: Event) -> list[float]:
    """The height of each level, with its symbols and the line down to the next."""
    rows, level = [], [top]
    while level:
        rows.append(max(_Box(each, 0, 0, tuple(wrapped(each.text)), "").foot for each in level) + DROP)
        level = [child for each in level for child in each.below]
    return rows


def wrapped(text: str) -> list[str]:
    """The text in lines that fit into a box; a word that is longer than a line is broken."""
    lines, line = [], ""
    for whole in text.split():
        word = whole
        while word:
            room = LETTERS - len(line) - bool(line)
            if len(word) <= room:
                line, word = f"{line} {word}".strip(), ""
            elif len(word) > LETTERS and room > 6:
                line, word = f"{line} {word[: room - 1]}-".strip(), word[room - 1 :]
            else:
                lines.append(line)
                line = ""
    lines = [*lines, line]
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: LETTERS - 1] + "…"]


def _drawn(box: _Box, ink: dict[str, str]) -> str:
    """The event's box with its text and the symbol under it, as one link where it is one."""
    event, left = box.event, box.x - WIDE / 2
    edge = {"root": ink["signal"], "shown": ink["lines"][2]}.get(event.mark, ink["ink3"])
    dashed = ' stroke-dasharray="4 3"' if event.mark == "out" else ""
    parts = [f'<rect class="box" x="{left:g}" y="{box.y + 1:g}" width="{WIDE}" height="{box.height:g}" rx="3" fill="{ink["paper"]}" stroke="{edge}"'
             f' stroke-width="{2 if event.mark in ("root", "shown") else 1.2}"{dashed}/>']  # fmt: skip
    weight = ' font-weight="600"' if not box.above or event.mark == "root" else ""
    through = ' text-decoration="line-through"' if event.mark == "out" else ""
    for place, line in enumerate(box.lines, 1):
        y = box.y + PAD + LINE * place - 3
        parts.append(f'<text class="says" x="{box.x:g}" y="{y:g}" text-anchor="middle" fill="{ink["ink"]}"{weight}{through}>{escape(line)}</text>')
    if event.note:
        y = box.y + PAD + LINE * (len(box.lines) + 1) - 3
        parts.append(f'<text class="note" x="{box.x:g}" y="{y:g}" text-anchor="middle" fill="{ink["ink3"]}" font-size="10.5">{escape(event.note)}</text>')
    parts.append(_symbol(event, box.x, box.y + box.height + 1, ink))
    inside, kind = " ".join(parts), f"event is-{event.mark or event.shape}"
    if not event.href:
        return f'<g class="{kind}"><title>{escape(f"{event.text}: {event.told}" if event.told else event.text)}</title>{inside}</g>'
    stands = f'data-key="{escape(event.key)}" data-above="{escape(box.above)}"'
    return f'<a class="{kind}" href="{escape(event.href)}" aria-description="{escape(event.told)}" {stands}>{inside}</a>'


def _symbol(event: Event, x: float, y: float, ink: dict[str, str]) -> str:
    """Under the box: a short line down, the gate or the kind of event, and what is written beside it."""
    down = f'<line x1="{x:g}" y1="{y:g}" x2="{x:g}" y2="{y + 5:g}" stroke="{ink["ink3"]}" stroke-width="1.2" class="wire"/>'
    y += 5
    shapes = {
        "any": f"M{x - 17:g} {y + 28:g} Q{x:g} {y + 20:g} {x + 17:g} {y + 28:g} C{x + 17:g} {y + 12:g} {x + 9:g} {y + 4:g} {x:g} {y:g} "
               f"C{x - 9:g} {y + 4:g} {x - 17:g} {y + 12:g} {x - 17:g} {y + 28:g} Z",
        "all": f"M{x - 17:g} {y + 28:g} V{y + 15:g} A17 15 0 0 1 {x + 17:g} {y + 15:g} V{y + 28:g} Z",
        "basic": f"M{x:g} {y:g} A12 12 0 1 1 {x - 0.01:g} {y:g} Z",
        "undeveloped": f"M{x:g} {y:g} L{x + 16:g} {y + 12:g} L{x:g} {y + 24:g} L{x - 16:g} {y + 12:g} Z",
        "repeat": f"M{x:g} {y:g} L{x + 15:g} {y + 24:g} H{x - 15:g} Z",
    }  # fmt: skip
    drawn = f'<path class="symbol" d="{shapes[event.shape]}" fill="{ink["band"]}" stroke="{ink["ink2"]}" stroke-width="1.2"/>'
    said = {"any": ("OR", 19), "all": ("AND", 20)}.get(event.shape)
    name = f'<text class="gate" x="{x:g}" y="{y + said[1]:g}" text-anchor="middle" fill="{ink["ink"]}" font-size="9.5">{said[0]}</text>' if said else ""
    beside = f'<text class="note" x="{x + 20:g}" y="{y + 17:g}" fill="{ink["ink2"]}" font-size="10.5">{escape(event.beside)}</text>' if event.beside else ""
    return down + drawn + name + beside


def _line(points: tuple[tuple[float, float], ...], ink: dict[str, str]) -> str:
    (x1, y1), (x2, y2) = points
    return f'<line class="wire" x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{ink["ink3"]}" stroke-width="1.2"/>'
