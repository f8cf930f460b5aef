"""Plan against actual (bowling chart), and small multiples of series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linchpin.charts.picture import Picture, clean, framed, number
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.words import DataRefused


@dataclass(frozen=True, slots=True)
class Lane:
    """One objective in a bowling chart: plan and actual by period, None where there is none yet."""

    name: str
    plan: Sequence[float | None]
    actual: Sequence[float | None]
    lower_is_better: bool = False
    unit: str = ""


def bowling_chart(lanes: Sequence[Lane], periods: Sequence[str]) -> Picture:
    """A row for each objective, a cell for each period with plan above actual. Missed periods carry a cross besides their color."""
    rows = []
    for lane in lanes:
        if len(lane.plan) != len(periods) or len(lane.actual) != len(periods):
            raise DataRefused("“{name}” needs a plan and an actual value, or None, for each period.", argument="lanes", name=lane.name)
        rows += [_cell(lane, period, plan, actual) for period, plan, actual in zip(periods, lane.plan, lane.actual, strict=True)]
    judged = [row for row in rows if row["state"] in ("met", "missed")]
    missed = [row for row in judged if row["state"] == "missed"]
    told = f"{len(missed)} of {len(judged)} periods missed their plan." if judged else "Nothing is due yet."
    behind = [lane.name for lane in lanes if (last := [r for r in judged if r["lane"] == lane.name]) and last[-1]["state"] == "missed"]
    figures = "Behind plan at the latest reading: {names}.".format(names=", ".join(behind) or "nothing")
    alt = f"Bowling chart of {len(lanes)} objectives over {len(periods)} periods. {told} {figures}"
    x = {"field": "period", "type": "ordinal", "sort": list(periods), "axis": {"orient": "top", "title": None, "labelAngle": 0, "domain": False}}
    y = {"field": "lane", "type": "nominal", "sort": [lane.name for lane in lanes], "axis": {"title": None, "grid": False, "labelLimit": 240}}
    layers = [
        {"transform": [{"filter": "datum.state == 'missed'"}], "mark": {"type": "rect", "style": "missed", "width": {"band": 0.94}, "height": {"band": 0.9}},
         "encoding": {"x": x, "y": y}},
        {"transform": [{"filter": "datum.state == 'met'"}], "mark": {"type": "rect", "style": "band", "width": {"band": 0.94}, "height": {"band": 0.9}},
         "encoding": {"x": x, "y": y}},
        {"mark": {"type": "text", "style": "label", "dy": -9}, "encoding": {"x": x, "y": y, "text": {"field": "planned"}}},
        {"mark": {"type": "text", "style": "strong-label", "dy": 9}, "encoding": {"x": x, "y": y, "text": {"field": "reached"}}},
    ]  # fmt: skip
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers}, height=46 * len(lanes), width=max(240, 58 * len(periods)))


def _cell(lane: Lane, period: str, plan: float | None, actual: float | None) -> dict[str, Any]:
    state = "open"
    if plan is not None and actual is not None:
        state = "met" if (actual <= plan if lane.lower_is_better else actual >= plan) else "missed"
    planned, reached = ("" if value is None else number(value) for value in (plan, actual))
    if state == "missed" and reached == planned:
        reached = f"{actual:,.6g}"
    return {"lane": lane.name, "period": period, "state": state, "planned": planned,
            "reached": f"✕ {reached}" if state == "missed" else reached}  # fmt: skip


def small_multiples(series: Mapping[str, Sequence[float | None]], *, unit: str = "", columns: int = 3) -> Picture:
    """The same small XmR chart for each unit on one scale, in the order given; signals stand out. At least 2 values each."""
    rows, told = [], []
    for place, (name, values) in enumerate(series.items()):
        chart = xmr(values)
        flagged = set(chart.signals.points)
        told += [name] if flagged else []
        for i, value in enumerate(chart.values):
            rows.append({"unit": name, "place": place, "i": i + 1, "value": clean(value), "center": clean(float(chart.frozen.center)),
                         "lower": clean(float(chart.lower)), "upper": clean(float(chart.upper)), "signal": i + 1 in flagged})  # fmt: skip
    finding = "Signals in {units}.".format(units=", ".join(told)) if told else f"Only usual variation in all {len(series)} units."
    figures = "{n} units, one scale{unit}; limits 3 sigma of each unit's own variation.".format(n=len(series), unit=f" ({unit})" if unit else "")
    alt = "Small charts of {names}. {finding}".format(names=", ".join(series), finding=finding)
    x = {"field": "i", "type": "quantitative", "axis": None, "scale": {"nice": False}}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"title": None, "tickCount": 3}}
    layers = [
        {"mark": {"type": "area", "style": "band"}, "encoding": {"x": x, "y": y | {"field": "lower"}, "y2": {"field": "upper"}}},
        {"mark": {"type": "line", "style": "center"}, "encoding": {"x": x, "y": y | {"field": "center"}}},
        {"mark": {"type": "line", "style": "series"}, "encoding": {"x": x, "y": y | {"field": "value"}}},
        {"transform": [{"filter": "datum.signal"}], "mark": {"type": "point", "style": "signal", "size": 60},
         "encoding": {"x": x, "y": y | {"field": "value"}}},
    ]  # fmt: skip
    facet = {"field": "unit", "type": "nominal", "sort": {"field": "place"}, "title": None}
    body = {"data": {"values": rows}, "facet": facet, "columns": columns, "spec": {"width": 190, "height": 90, "layer": layers}, "spacing": 24}
    return framed(finding, figures, alt, body, width=None, height=None)
