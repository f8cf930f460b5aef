"""A finished picture, and the frame that all of them share."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
WIDTH, HEIGHT = 640, 280
MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Picture:
    """A Vega-Lite specification with its finding (the title), the figures below it, and alt text for whoever cannot see it.

    Pictures speak English, whole. What is said in other languages are the sentences of the results that they are drawn from.
    """

    spec: dict[str, Any]
    finding: str
    figures: str
    alt: str


def framed(finding: str, figures: str, alt: str, body: dict[str, Any], *, width: int | None = WIDTH, height: int | None = HEIGHT) -> Picture:
    """The specification around layers, facets or concatenations; sizes of None are left to the body."""
    size = {name: value for name, value in (("width", width), ("height", height)) if value is not None}
    lines = wrapped(finding, 76)
    title = {"text": lines if len(lines) > 1 else lines[0], "subtitle": wrapped(figures, 100)}
    return Picture({"$schema": SCHEMA, "description": str(alt), "title": title, **size, **body}, finding, figures, alt)


def wrapped(text: str, most: int) -> list[str]:
    """The text in lines of at most so many letters, broken between words."""
    lines, line = [], ""
    for word in str(text).split():
        if line and len(line) + 1 + len(word) > most:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


def number(value: float, *, like: Sequence[float] | None = None) -> str:
    """A figure with as many places as tell it from its neighbors: three significant digits, or a hundredth of the spread of `like`."""
    if not math.isfinite(value):
        return "–"
    spread = float(np.ptp(np.asarray(like, dtype=float))) if like is not None and len(like) else abs(value)
    places = 0 if spread == 0 else max(0, 2 - math.floor(math.log10(spread)))
    text = f"{value:,.{min(places, 8)}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def clean(value: float) -> float | None:
    """A number for the specification, or null where there is none."""
    return float(value) if math.isfinite(value) else None


def positions(labels: Sequence[str] | None, count: int, *, title: str = "") -> dict[str, Any]:
    """The x encoding of points in a row: at their number, under the labels given, at most 12 of them written."""
    step = max(1, math.ceil(count / MOST_LABELS))
    shown = list(range(1, count + 1, step))
    axis: dict[str, Any] = {"values": shown, "title": title or None, "format": "d"}
    if labels is not None:
        quoted = ",".join("'" + str(label).replace("\\", "").replace("'", "’") + "'" for label in labels)
        axis["labelExpr"] = f"[{quoted}][datum.value - 1]"
    return {"field": "i", "type": "quantitative", "scale": {"domain": [0.5, count + 0.5], "nice": False, "zero": False}, "axis": axis}


def listed(points: Sequence[int], labels: Sequence[str] | None = None, most: int = 6) -> str:
    """Points in words, by their labels if there are any: “3, 8 and 15”, “3, 8, 15 and 4 more”."""
    shown = [str(labels[point - 1]) if labels else str(point) for point in points[:most]]
    if len(points) > most:
        return ", ".join(shown) + f" and {len(points) - most} more"
    return shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + " and " + shown[-1] if shown else ""
