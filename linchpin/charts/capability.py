"""Histogram with specification limits, and the report of a capability study."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from linchpin.charts.picture import Picture, framed, number
from linchpin.statistics.capability.capability import Capability, Specification
from linchpin.statistics.checking import present
from linchpin.statistics.results import Estimate, Floats


def histogram(values: Iterable[Any], *, specification: Specification | None = None, name: str = "", unit: str = "", finding: str | None = None) -> Picture:
    """Bars of the values by the rule of Freedman and Diaconis, with specification limits and target as lines named at their top."""
    there, missing = present(values, minimum=2)
    mean, deviation = float(there.mean()), float(there.std(ddof=1))
    out = specification.outside(there) if specification else 0.0
    told = finding or (f"{100 * out:.1f} % of the values lie outside the specification." if specification else "How the values are spread.")
    figures = "Mean {mean}{unit}, standard deviation {sd}; {n} values{missing}.".format(mean=number(mean, like=there.tolist()), sd=number(deviation),
                    n=there.size, unit=f" {unit}" if unit else "", missing=f", {missing} missing" if missing else "")  # fmt: skip
    alt = "Histogram{about}. {figures} {told}".format(about=f" of {name}" if name else "", figures=figures, told=told)
    return framed(told, figures, alt, {"layer": _layers(there, specification, name, unit)})


def capability_report(found: Capability, values: Iterable[Any], *, name: str = "", unit: str = "") -> Picture:
    """The histogram with the normal curve of sigma overall; the verdict as title, the indices with intervals below."""
    there, _missing = present(values, minimum=2)
    layers = _layers(there, found.specification, name, unit, curve=(found.mean, found.overall.sigma))
    figures = capability_figures(found)
    told = capability_finding(found)
    alt = "Capability report{about}. {told} {figures}".format(about=f" of {name}" if name else "", told=told, figures=figures)
    return framed(told, figures, alt, {"layer": layers})


def capability_finding(found: Capability) -> str:
    """What may be said: nothing about capability while the process is not stable."""
    if found.within is None:
        return "The process is not stable, so its capability cannot be stated."
    low = found.within.worst.lower
    if low >= 1.33:
        return f"Capable: even the lower end of Cpk, {low:.2f}, is above 1.33."
    if found.within.worst.upper < 1.0:
        return f"Not capable: even the upper end of Cpk, {found.within.worst.upper:.2f}, is below 1."
    return f"Cpk lies between {low:.2f} and {found.within.worst.upper:.2f}: too little is known to call the process capable."


def capability_figures(found: Capability) -> str:
    """Indices with their intervals."""
    parts = [] if found.within is None else [_said("Cp", found.within.both), _said("Cpk", found.within.worst), _said("Cpm", found.within.target)]
    parts += [_said("Pp", found.overall.both), _said("Ppk", found.overall.worst)]
    said = ", ".join(part for part in parts if part)
    return f"{said}; {found.n} values, {found.ppm_observed:,.0f} per million outside seen."


def _said(name: str, index: Estimate | None) -> str:
    return "" if index is None else f"{name} {index.value:.2f} ({index.lower:.2f} to {index.upper:.2f})"


def _layers(values: Floats, specification: Specification | None, name: str, unit: str, curve: tuple[float, float] | None = None) -> list[dict[str, Any]]:
    edges, counts = _bins(values)
    title = " ".join(part for part in (name, unit and f"({unit})") if part) or None
    limits = _limits(specification)
    reach = [float(edges[0]), float(edges[-1]), *(line["at"] for line in limits)]
    margin = 0.04 * (max(reach) - min(reach))
    x = {"type": "quantitative", "scale": {"zero": False, "nice": False, "domain": [min(reach) - margin, max(reach) + margin]}, "axis": {"title": title}}
    bars = [{"from": float(edges[i]), "to": float(edges[i + 1]), "count": int(counts[i])} for i in range(counts.size)]
    layers: list[dict[str, Any]] = [
        {"data": {"values": bars}, "mark": {"type": "bar", "style": "bar", "binSpacing": 1},
         "encoding": {"x": x | {"field": "from", "bin": "binned"}, "x2": {"field": "to"},
                      "y": {"field": "count", "type": "quantitative", "axis": {"title": "values"}}}},
    ]  # fmt: skip
    if curve is not None and curve[1] > 0:
        grid = np.linspace(min(reach), max(reach), 121)
        density = np.exp(-(((grid - curve[0]) / curve[1]) ** 2) / 2) / (curve[1] * np.sqrt(2 * np.pi)) * values.size * (edges[1] - edges[0])
        points = [{"at": float(a), "count": float(d)} for a, d in zip(grid, density, strict=True)]
        layers.append({"data": {"values": points}, "mark": {"type": "line", "style": "fit"},
                       "encoding": {"x": x | {"field": "at"}, "y": {"field": "count", "type": "quantitative"}}})  # fmt: skip
    if limits:
        layers.append({"data": {"values": limits}, "mark": {"type": "rule", "style": "specification"}, "encoding": {"x": x | {"field": "at"}}})
        layers.append({"data": {"values": limits}, "mark": {"type": "text", "style": "strong-label", "y": -8}, "encoding": {"x": x | {"field": "at"},
                       "text": {"field": "says"}}})  # fmt: skip
    return layers


def _limits(specification: Specification | None) -> list[dict[str, Any]]:
    if specification is None:
        return []
    named = (("lower limit", specification.lower), ("target", specification.target), ("upper limit", specification.upper))
    return [{"at": value, "says": f"{words} {number(value)}"} for words, value in named if value is not None]


def _bins(values: Floats) -> tuple[Floats, Any]:
    spread = float(np.subtract(*np.quantile(values, [0.75, 0.25])))
    width = 2 * spread / values.size ** (1 / 3) if spread > 0 else float(np.ptp(values)) / 5 or 1.0
    count = int(np.clip(np.ceil(np.ptp(values) / width) if np.ptp(values) else 1, 1, 40))
    counts, edges = np.histogram(values, bins=count)
    return edges, counts
