"""Gauge study panel: shares of the spread, and how the appraisers measured each part."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from linchpin.charts.picture import Picture, clean, framed
from linchpin.statistics.gauge.anova import GaugeAnova
from linchpin.statistics.gauge.average_range import GaugeRange
from linchpin.statistics.gauge.study import crossed

NAMED = {"gauge": "gauge in all", "repeatability": "repeatability (the device)", "reproducibility": "reproducibility (the people)", "part": "parts"}


def gauge_panel(found: GaugeAnova | GaugeRange, values: Iterable[Any], parts: Iterable[Any], appraisers: Iterable[Any], *, unit: str = "") -> Picture:
    """Left the share of study variation of each source with its interval and the limits of 10 and 30 %; right each appraiser's mean by part."""
    values, parts, appraisers = list(values), list(parts), list(appraisers)
    cube = crossed(values, parts, appraisers)
    part_names, people = list(dict.fromkeys(map(str, parts))), list(dict.fromkeys(map(str, appraisers)))
    means = [
        {"part": part_names[p], "place": p, "who": people[a], "mean": float(cube[p, a].mean()), "last": p == len(part_names) - 1}
        for p in range(len(part_names)) for a in range(len(people))
    ]  # fmt: skip
    told, share = found.verdict.words, found.components[2].study_variation
    interval = f" ({share.lower:.0f} to {share.upper:.0f})" if math.isfinite(share.lower) else ""
    size = f"{found.parts} parts × {found.appraisers} people × {found.trials} trials"
    figures = f"Gauge {share.value:.1f} %{interval} of study variation, {found.ndc} categories; {size}."
    shares = ", ".join(f"{NAMED[c.source]} {c.study_variation.value:.0f} %" for c in found.components if c.source in NAMED)
    alt = f"Gauge study. {told} Shares of study variation: {shares}."
    body = {"hconcat": [_shares(found), _means(means, len(people), unit)], "spacing": 48}
    return framed(told, figures, alt, body, width=None, height=None)


def _shares(found: GaugeAnova | GaugeRange) -> dict[str, Any]:
    rows = [
        {"name": NAMED[c.source], "share": c.study_variation.value, "says": f"{c.study_variation.value:.0f} %",
         "low": clean(c.study_variation.lower), "high": clean(c.study_variation.upper)}
        for c in found.components if c.source in NAMED
    ]  # fmt: skip
    y = {"field": "name", "type": "nominal", "sort": list(NAMED.values()), "axis": {"title": None, "labelLimit": 200}}
    x = {"type": "quantitative", "scale": {"domain": [0, 118]}, "axis": {"title": "% of study variation", "values": [0, 10, 30, 60, 100]}}
    limits = {"data": {"values": [{"at": 10}, {"at": 30}]}, "mark": {"type": "rule", "style": "limit"}, "encoding": {"x": x | {"field": "at"}}}
    layers = [
        limits,
        {"mark": {"type": "bar", "style": "bar", "height": {"band": 0.55}}, "encoding": {"x": x | {"field": "share"}, "y": y}},
        {"transform": [{"filter": "isValid(datum.low)"}], "mark": {"type": "rule", "style": "fit"},
         "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}, "y": y}},
        {"transform": [{"calculate": "max(datum.share, isValid(datum.high) ? datum.high : 0)", "as": "end"}],
         "mark": {"type": "text", "style": "label", "align": "left", "dx": 6}, "encoding": {"x": x | {"field": "end"}, "y": y, "text": {"field": "says"}}},
    ]  # fmt: skip
    return {"data": {"values": rows}, "width": 250, "height": 200, "layer": layers}


def _means(rows: list[dict[str, Any]], people: int, unit: str) -> dict[str, Any]:
    x = {"field": "part", "type": "ordinal", "sort": {"field": "place"}, "axis": {"title": "part", "labelAngle": 0}}
    y = {"field": "mean", "type": "quantitative", "scale": {"zero": False}, "axis": {"title": f"mean{f' ({unit})' if unit else ''}"}}
    shapes = {"field": "who", "type": "nominal", "legend": {"title": None} if people > 1 else None}
    shades = dashes = {"field": "who", "type": "nominal", "legend": None}
    layers = [
        {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": {"x": x, "y": y, "strokeDash": dashes, "color": shades}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1}, "encoding": {"x": x, "y": y, "color": shades, "shape": shapes}},
    ]
    return {"data": {"values": rows}, "width": 320, "height": 200, "layer": layers}
