"""Fishbone and tree of causes, drawn as SVG: text and lines only, so that they print and scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from linchpin.charts.theme import FONT, Theme, inks
from linchpin.statistics.words import DataRefused

LINE, WIDTH, CHARACTER = 20, 320, 6.6


@dataclass(frozen=True, slots=True)
class Branch:
    """A cause or step with what lies below it; `mark` sets it apart as the root cause that was confirmed."""

    text: str
    below: Sequence[Branch] = field(default_factory=tuple)
    mark: bool = False


def fishbone(effect: str, causes: Mapping[str, Sequence[str]], *, theme: Theme = "light") -> str:
    """Ishikawa's diagram: the effect at the head, a bone for each group of causes. Raises DataRefused without causes."""
    if not causes:
        raise DataRefused("A fishbone needs at least one group of causes.", argument="causes")
    ink, groups = inks(theme), list(causes.items())
    pairs = [groups[i : i + 2] for i in range(0, len(groups), 2)]
    deepest = max(len(each) for _name, each in groups)
    reach, step = 56 + LINE * deepest, WIDTH
    middle, length = reach + 20, 40 + step * len(pairs)
    parts = [_line(20, middle, length, middle, ink["ink"], 2.5), _boxed(length, middle, effect, ink)]
    for column, pair in enumerate(pairs):
        for side, (name, each) in zip((-1, 1), pair, strict=False):
            root = length - 20 - step * column
            tip = root - 70
            parts.append(_line(tip, middle + side * (reach - 24), root, middle, ink["ink2"], 1.5))
            parts.append(_text(tip, middle + side * (reach - 24) + (-8 if side < 0 else 18), name, ink["ink"], "middle", 600))
            for place, cause in enumerate(each):
                y = middle + side * (reach - 24 - LINE * (place + 1))
                along = (reach - 24 - LINE * (place + 1)) / (reach - 24)
                x = root - 70 * along
                parts += [_line(x - 24, y, x, y, ink["line"], 1), _text(x - 28, y + 4, _short(cause, 36), ink["ink2"], "end")]
    width = length + 40 + CHARACTER * min(len(effect), 34)
    told = f"Fishbone of causes of “{effect}”: " + "; ".join(f"{name}: {', '.join(each) or 'none named'}" for name, each in groups)
    return _sheet(parts, width, 2 * middle, told, ink["paper"])


def cause_tree(root: Branch, *, theme: Theme = "light") -> str:
    """A tree from left to right, such as five whys: every branch in a row of its own below the one it explains."""
    ink = inks(theme)
    parts: list[str] = []
    rows = _branch(root, 0, 0, parts, ink)
    told = "Tree of causes: " + _spoken(root)
    return _sheet(parts, 40 + 28 * _depth(root) + CHARACTER * 70, 34 * rows + 20, told, ink["paper"])


def _branch(branch: Branch, depth: int, row: int, parts: list[str], ink: dict[str, str]) -> int:
    """Draw a branch in its row and what is below it; the next free row."""
    x, y = 20 + 28 * depth, 28 + 34 * row
    parts.append(f'<circle cx="{x}" cy="{y}" r="{6 if branch.mark else 4}" fill="{ink["signal"] if branch.mark else ink["ink2"]}"/>')
    parts.append(_text(x + 14, y + 4.5, _short(branch.text, 70), ink["ink"], "start", 600 if branch.mark else 400))
    following = row + 1
    for child in branch.below:
        bend = 28 + 34 * following
        parts.insert(0, f'<path d="M{x} {y} V{bend} H{x + 28}" fill="none" stroke="{ink["line"]}" stroke-width="1.5"/>')
        following = _branch(child, depth + 1, following, parts, ink)
    return following


def _depth(branch: Branch) -> int:
    return 1 + max((_depth(child) for child in branch.below), default=0)


def _spoken(branch: Branch) -> str:
    below = "; ".join(_spoken(child) for child in branch.below)
    return branch.text + (" (confirmed)" if branch.mark else "") + (f", because {below}" if below else "")


def _boxed(x: float, y: float, text: str, ink: dict[str, str]) -> str:
    width = 24 + CHARACTER * min(len(text), 34)
    box = f'<rect x="{x}" y="{y - 20}" width="{width}" height="40" rx="4" fill="{ink["band"]}" stroke="{ink["ink2"]}"/>'
    return box + _text(x + 12, y + 4.5, _short(text, 34), ink["ink"], "start", 600)


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, width: float) -> str:
    return f'<line x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}" stroke="{stroke}" stroke-width="{width:g}"/>'


def _text(x: float, y: float, text: str, fill: str, anchor: str, weight: int = 400) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{fill}" text-anchor="{anchor}" font-weight="{weight}" font-size="13">{_escaped(text)}</text>'


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _sheet(parts: Sequence[str], width: float, height: float, told: str, paper: str) -> str:
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{_escaped(told)}" viewBox="0 0 {width:g} {height:g}" '
            f'width="{width:g}" height="{height:g}" font-family="{FONT}"><rect width="100%" height="100%" fill="{paper}"/>')  # fmt: skip
    return head + "".join(parts) + "</svg>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")
