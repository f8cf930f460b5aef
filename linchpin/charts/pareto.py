"""Pareto chart: causes from the largest down, with the share they reach together."""

from __future__ import annotations

from typing import Any

import numpy as np

from linchpin.charts.picture import Picture, framed
from linchpin.statistics.pareto import Pareto


def pareto_chart(found: Pareto, *, what: str = "cases", most: int = 15) -> Picture:
    """Bars with amount, share and cumulative share written beside them; those that together reach 80 % stand out.

    Written figures instead of a second axis. Beyond `most` causes the rest stands in one bar.
    """
    rows = [
        {"name": cause.name, "amount": cause.amount, "vital": place < found.vital, "place": place,
         "says": f"{cause.amount:,.6g} · {cause.share.value:.0f} %" + (f" · together {cause.cumulative:.0f} %" if place else "")}
        for place, cause in enumerate(found.causes[:most])
    ]  # fmt: skip
    rest = found.causes[most:]
    if rest:
        amount = sum(cause.amount for cause in rest)
        says = f"{amount:,.6g} · {100 * amount / found.total:.0f} %"
        rows.append({"name": f"{len(rest)} more", "amount": amount, "vital": False, "place": most, "says": says})
    names = [cause.name for cause in found.causes[: found.vital]]
    told = f"{found.vital} of {len(found.causes)} causes make {found.causes[found.vital - 1].cumulative:.0f} % of it."
    figures = f"{found.total:,.6g} {what}; largest: {_largest(found)}."
    alt = "Pareto chart. {told} From the largest down: {names}.".format(told=told, names=", ".join(f"{name}" for name in names))
    y: dict[str, Any] = {"field": "name", "type": "nominal", "sort": [row["name"] for row in rows],
                         "axis": {"title": None, "labelLimit": 220, "grid": False}}  # fmt: skip
    x = {"field": "amount", "type": "quantitative", "axis": None, "scale": {"domainMax": found.causes[0].amount * 1.5}}
    layers = [
        {"transform": [{"filter": "datum.vital"}], "mark": {"type": "bar", "style": "bar", "height": {"band": 0.72}}, "encoding": {"x": x, "y": y}},
        {"transform": [{"filter": "!datum.vital"}], "mark": {"type": "bar", "style": "pale-bar", "height": {"band": 0.72}}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "text", "style": "label", "align": "left", "dx": 6}, "encoding": {"x": x, "y": y, "text": {"field": "says"}}},
    ]
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers}, height=26 * len(rows) + 4)


def _largest(found: Pareto) -> str:
    first = found.causes[0]
    interval = f" ({first.share.lower:.0f} to {first.share.upper:.0f})" if np.isfinite(first.share.lower) else ""
    return f"{first.name}, {first.share.value:.0f} %{interval}"
