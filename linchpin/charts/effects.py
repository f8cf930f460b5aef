"""Effects as pictures: a forest of intervals, and an interrupted series with what would have been."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from linchpin.charts.picture import Picture, clean, framed, number, positions
from linchpin.statistics.effects.interrupted import Interrupted
from linchpin.statistics.results import Estimate
from linchpin.statistics.words import DataRefused


def forest_plot(effects: Mapping[str, Estimate], *, ratio: bool = False, unit: str = "", none: float | None = None, finding: str | None = None) -> Picture:
    """One interval a line around its value, written at the right; a line marks no effect (0, or 1 for ratios on a logarithmic axis)."""
    if not effects:
        raise DataRefused("There is no effect to show.", argument="effects")
    nothing = (1.0 if ratio else 0.0) if none is None else none
    every = [edge for e in effects.values() for edge in (e.value, e.lower, e.upper)]
    rows = [
        {"name": name, "place": place, "value": clean(e.value), "low": clean(e.lower), "high": clean(e.upper),
         "says": f"{number(e.value, like=every)} ({number(e.lower, like=every)} to {number(e.upper, like=every)})"}
        for place, (name, e) in enumerate(effects.items())
    ]  # fmt: skip
    clear = [name for name, e in effects.items() if nothing not in e]
    told = finding or (f"{len(clear)} of {len(rows)} intervals exclude no effect." if clear else "No effect is shown.")
    figures = "Value and {level:.0f} % interval{unit}.".format(level=100 * next(iter(effects.values())).confidence, unit=f" in {unit}" if unit else "")
    alt = "Forest plot. {rows}.".format(rows="; ".join(f"{row['name']}: {row['says']}" for row in rows))
    y = {"field": "name", "type": "nominal", "sort": list(effects), "axis": {"title": None, "grid": False, "labelLimit": 240}}
    x: dict[str, Any] = {"type": "quantitative", "scale": {"zero": False, **({"type": "log"} if ratio else {})},
                         "axis": {"title": unit or None, "labelOverlap": "greedy", "format": "~g"}}  # fmt: skip
    layers: list[dict[str, Any]] = [
        {"data": {"values": [{"at": nothing}]}, "mark": {"type": "rule", "style": "zero"}, "encoding": {"x": x | {"field": "at"}}},
        {"mark": {"type": "rule", "style": "interval"}, "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y}},
        {"mark": {"type": "point", "style": "dot", "size": 90}, "encoding": {"x": x | {"field": "value"}, "y": y}},
        {"mark": {"type": "text", "style": "label", "align": "left", "x": "width", "dx": 12}, "encoding": {"y": y, "text": {"field": "says"}}},
    ]
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers}, height=30 * len(rows) + 4, width=460)


def interrupted_chart(
    found: Interrupted, *, labels: Sequence[str] | None = None, name: str = "", unit: str = "", logged: bool = False, per: float = 1.0,
) -> Picture:  # fmt: skip
    """Points, the fitted lines before and after, and dashed what the trend before would have given.
    Analyses of logarithms (`logged`) are drawn in the unit of the data, counts as rates for `per` units of their exposure.
    """
    scale = 1.0 if found.exposure is None else per / found.exposure
    seen, fitted, without = (line * scale for line in (np.exp(found.values) if logged else found.values, found.fitted, found.without))
    size = seen.size
    rows = [
        {"i": i + 1, "value": clean(seen[i]), "before": clean(fitted[i]) if i + 1 < found.start else None,
         "after": clean(fitted[i]) if i + 1 >= found.start else None, "without": clean(without[i]) if i + 1 >= found.start else None}
        for i in range(size)
    ]  # fmt: skip
    x = positions(labels, size)
    title = " ".join(part for part in (name, unit and f"({unit})") if part) or None
    y = {"type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": {"title": title}}
    ends = [{"i": size + 0.5, "at": float(line[-1]), "says": says} for line, says in ((fitted, "reached"), (without, "without the change"))]
    layers = [
        *({"mark": {"type": "line", "style": style}, "encoding": {"x": x, "y": y | {"field": field}}}
          for field, style in (("without", "counterfactual"), ("before", "fit"), ("after", "fit"))),
        {"transform": [{"filter": "isValid(datum.value)"}], "mark": {"type": "point", "style": "dot", "size": 34},
         "encoding": {"x": x, "y": y | {"field": "value"}}},
        {"data": {"values": [{"edge": found.start - 0.5}]}, "mark": {"type": "rule", "style": "stage"}, "encoding": {"x": x | {"field": "edge"}}},
        {"data": {"values": ends}, "mark": {"type": "text", "style": "label", "align": "left", "dx": 8},
         "encoding": {"x": x, "y": y | {"field": "at"}, "text": {"field": "says"}}},
    ]  # fmt: skip
    told, figures = interrupted_finding(found, unit), interrupted_figures(found)
    alt = "Interrupted series{about}. {told} {figures}".format(about=f" of {name}" if name else "", told=told, figures=figures)
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers})


def interrupted_finding(found: Interrupted, unit: str = "") -> str:
    """The contrast with its interval; “no effect is shown” when the interval holds none."""
    c, ratio = found.contrast, found.level_ratio is not None
    values = [100 * (edge - 1) for edge in (c.value, c.lower, c.upper)] if ratio else [c.value, c.lower, c.upper]
    value, low, high = (number(edge, like=values) for edge in values)
    kind = " %" if ratio else f" {unit}" if unit else ""
    nothing = 1.0 if ratio else 0.0
    signed = value if value.startswith("−") else f"+{value}"
    told = f"{signed}{kind} against the trend before ({low} to {high})."
    return f"No effect is shown: {told}" if nothing in c else told


def interrupted_figures(found: Interrupted) -> str:
    return f"{found.n} points, {found.before} before and {found.after} after the change at point {found.start}; at point {found.at}."
