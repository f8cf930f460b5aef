"""Control charts, EWMA and CUSUM charts and run charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from linchpin.charts.picture import Picture, clean, framed, number, positions
from linchpin.charts.saying import chart_alt, chart_figures, chart_finding, cusum_alt, cusum_finding, run_alt, run_finding
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.cusum import Cusum
from linchpin.statistics.control.run_chart import RunChart
from linchpin.statistics.words import DataRefused

MOST_POINTS = 2_000
MOST_TOLD = 10
"""Signals whose points are written beside them; more would cover each other."""


def control_chart(
    chart: ControlChart, *, labels: Sequence[str] | None = None, name: str = "", unit: str = "", finding: str | None = None, height: int = 280,
) -> Picture:  # fmt: skip
    """Points, limits as steps on a faint band, stages, and signals larger and in another color, named by their points.

    `labels`: one for each point, such as dates. `finding`: a title better than the generated one. Raises DataRefused above 2,000 points.
    """
    size = chart.values.size
    _drawable(size)
    band = [np.broadcast_to(np.asarray(part, dtype=float), size) for part in (chart.lower, chart.center, chart.upper)]
    flagged, out = set(chart.signals.points), set(chart.excluded)
    told_points = set((chart.signals.of("beyond-limits") or chart.signals.points[:1])[:MOST_TOLD])
    rows = [
        {"i": i + 1, "value": clean(chart.values[i]), "lower": clean(band[0][i]), "center": clean(band[1][i]), "upper": clean(band[2][i]),
         "signal": i + 1 in flagged, "told": i + 1 in told_points, "out": i + 1 in out, "label": str(labels[i]) if labels else str(i + 1)}
        for i in range(size)
    ]  # fmt: skip
    x = positions(labels, size)
    y = _upright(name, unit)
    told = finding or chart_finding(chart, labels)
    body = {"data": {"values": rows}, "layer": [*_band(x, y), *_stages(chart, x), *_points(x, y, bool(out)), *_names(rows, x, y, unit)]}
    return framed(told, chart_figures(chart, unit), chart_alt(chart, name, labels), body, height=height)


def _upright(name: str, unit: str) -> dict[str, Any]:
    """The y encoding: a scale that need not start at 0, titled by what is measured in which unit."""
    title = " ".join(part for part in (name, unit and f"({unit})") if part)
    return {"type": "quantitative", "scale": {"zero": False, "nice": True}, "axis": {"title": title or None}}


def _drawable(size: int) -> None:
    if size > MOST_POINTS:
        raise DataRefused("A picture of {size} points would show none of them: draw at most {most}.", argument="chart", size=size, most=MOST_POINTS)


def _band(x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    steps = {"interpolate": "step"}
    return [
        {"mark": {"type": "area", "style": "band", **steps}, "encoding": {"x": x, "y": y | {"field": "lower"}, "y2": {"field": "upper"}}},
        *({"mark": {"type": "line", "style": style, **steps}, "encoding": {"x": x, "y": y | {"field": field}}}
          for field, style in (("upper", "limit"), ("lower", "limit"), ("center", "center"))),
    ]  # fmt: skip


def _stages(chart: ControlChart, x: dict[str, Any]) -> list[dict[str, Any]]:
    starts = [{"edge": stage.first - 0.5} for stage in chart.stages[1:]]
    if not starts:
        return []
    return [{"data": {"values": starts}, "mark": {"type": "rule", "style": "stage"}, "encoding": {"x": x | {"field": "edge"}}}]


def _points(x: dict[str, Any], y: dict[str, Any], any_out: bool) -> list[dict[str, Any]]:
    at = {"x": x, "y": y | {"field": "value"}}
    plain = "!datum.signal && !datum.out && isValid(datum.value)"
    tooltip = [{"field": "label", "title": "point"}, {"field": "value", "type": "quantitative"}]
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "line", "style": "series"}, "encoding": at},
        {"transform": [{"filter": plain}], "mark": {"type": "point", "style": "dot"}, "encoding": at | {"tooltip": tooltip}},
        {"transform": [{"filter": "datum.signal"}], "mark": {"type": "point", "style": "signal"}, "encoding": at | {"tooltip": tooltip}},
        *({"transform": [{"filter": f"datum.told && datum.value {side} datum.center"}], "mark": {"type": "text", "style": "signal-label", "dy": dy},
           "encoding": at | {"text": {"field": "label"}}} for side, dy in ((">=", -14), ("<", 16))),
    ]  # fmt: skip
    if any_out:
        layers.insert(2, {"transform": [{"filter": "datum.out"}], "mark": {"type": "point", "style": "left-out"}, "encoding": at})
    return layers


def _names(rows: list[dict[str, Any]], x: dict[str, Any], y: dict[str, Any], unit: str) -> list[dict[str, Any]]:
    """Names of the lines at their right end."""
    last = next((row for row in reversed(rows) if row["center"] is not None), None)
    if last is None:
        return []
    spread = [value for row in rows for value in (row["value"], row["upper"], row["lower"]) if value is not None]
    told = [("average", last["center"])]
    if last["upper"] is not None:
        told += [("upper limit", last["upper"]), ("lower limit", last["lower"])]
    values = [{"i": len(rows) + 0.5, "at": value, "says": f"{name} {number(value, like=spread)}"} for name, value in told]
    mark = {"type": "text", "style": "label", "align": "left", "dx": 8}
    return [{"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y | {"field": "at"}, "text": {"field": "says"}}}]


def cusum_chart(chart: Cusum, *, labels: Sequence[str] | None = None, unit: str = "") -> Picture:
    """Sums above the target upwards, sums below it downwards, with the decision interval on both sides."""
    size = chart.data.size
    _drawable(size)
    flagged = {signal.index for signal in chart.signals}
    rows = [
        {"i": i + 1, "above": float(chart.above[i]), "below": -float(chart.below[i]), "signal": i + 1 in flagged,
         "worst": float(chart.above[i]) if chart.above[i] > chart.interval else -float(chart.below[i])}
        for i in range(size)
    ]  # fmt: skip
    x, y = positions(labels, size), {"type": "quantitative", "axis": {"title": f"cumulative sum{f' ({unit})' if unit else ''}"}}
    edges = [{"at": edge, "i": size + 0.5, "says": f"{'+' if edge > 0 else '−'} decision interval"} for edge in (chart.interval, -chart.interval)]
    layers: list[dict[str, Any]] = [
        {"data": {"values": edges}, "mark": {"type": "rule", "style": "limit"}, "encoding": {"y": y | {"field": "at"}}},
        {"data": {"values": edges}, "mark": {"type": "text", "style": "label", "align": "left", "dx": 8},
         "encoding": {"x": x, "y": y | {"field": "at"}, "text": {"field": "says"}}},
        {"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "style": "zero"}, "encoding": {"y": y | {"field": "at"}}},
        *({"mark": {"type": "line", "style": style}, "encoding": {"x": x, "y": y | {"field": field}}}
          for field, style in (("above", "series"), ("below", "third"))),
        {"transform": [{"filter": "datum.signal"}], "mark": {"type": "point", "style": "signal"}, "encoding": {"x": x, "y": y | {"field": "worst"}}},
    ]  # fmt: skip
    figures = "{n} points; target {target}, slack {slack}, decision interval {interval}{unit}.".format(n=chart.n, target=number(chart.target),
                    slack=number(chart.slack), interval=number(chart.interval), unit=f" {unit}" if unit else "")  # fmt: skip
    return framed(cusum_finding(chart), figures, cusum_alt(chart), {"data": {"values": rows}, "layer": layers})


def run_chart_picture(chart: RunChart, *, labels: Sequence[str] | None = None, name: str = "", unit: str = "") -> Picture:
    """Points about their median; no limits."""
    size = chart.values.size
    _drawable(size)
    flagged = {signal.index for signal in chart.signals}
    rows = [
        {"i": i + 1, "value": clean(chart.values[i]), "center": chart.center, "signal": i + 1 in flagged, "told": False, "out": False,
         "label": str(labels[i]) if labels else str(i + 1), "upper": None, "lower": None}
        for i in range(size)
    ]  # fmt: skip
    x = positions(labels, size)
    y = _upright(name, unit)
    center = {"mark": {"type": "line", "style": "center"}, "encoding": {"x": x, "y": y | {"field": "center"}}}
    names = [{"i": size + 0.5, "at": chart.center, "says": f"median {number(chart.center)}"}]
    label = {"data": {"values": names}, "mark": {"type": "text", "style": "label", "align": "left", "dx": 8},
             "encoding": {"x": x, "y": y | {"field": "at"}, "text": {"field": "says"}}}  # fmt: skip
    runs = chart.runs
    longest = f"longest run {runs.longest} (up to {runs.longest_expected} expected)"
    figures = f"{chart.n} points; {longest}, {runs.crossings} crossings (at least {runs.crossings_expected} expected)."
    return framed(run_finding(chart), figures, run_alt(chart, name), {"data": {"values": rows}, "layer": [center, *_points(x, y, False), label]})


