"""What control charts say, in sentences: the finding, the figures, and alt text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from linchpin.charts.picture import listed, number
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.cusum import Cusum
from linchpin.statistics.control.run_chart import RunChart

NAMES: Mapping[str, str] = {
    "xmr": "Chart of individual values", "mr": "Chart of moving ranges", "xbar-r": "Chart of subgroup means", "xbar-s": "Chart of subgroup means",
    "r": "Chart of subgroup ranges", "s": "Chart of subgroup standard deviations", "p": "Chart of proportions", "np": "Chart of numbers of items",
    "c": "Chart of counts", "u": "Chart of rates", "p-prime": "Chart of proportions (Laney)", "u-prime": "Chart of rates (Laney)", "ewma": "EWMA chart",
    "g": "Chart of cases between events", "t": "Chart of times between events",
}  # fmt: skip


def _beyond(chart: ControlChart) -> tuple[list[int], list[int]]:
    """Points beyond the upper and beyond the lower limit."""
    points = chart.signals.of("beyond-limits")
    upper = np.broadcast_to(chart.upper, chart.values.size)
    high = [point for point in points if chart.values[point - 1] > upper[point - 1]]
    return high, [point for point in points if point not in set(high)]


def chart_finding(chart: ControlChart, labels: Sequence[str] | None = None) -> str:
    """The finding as one sentence; points by their labels, where there are any."""
    if not np.any(np.isfinite(chart.upper)):
        return "There is no variation to judge."
    if not len(chart.signals):
        return f"Only usual variation: no signal among {chart.n} points."
    high, low = _beyond(chart)
    if high or low:
        told = (("above the upper limit at", high), ("below the lower limit at", low))
        return "Something changed: {where}.".format(where=", ".join(f"{words} {listed(points, labels)}" for words, points in told if points))
    first = next(iter(chart.signals))
    return f"Something changed by point {listed([first.index], labels)}: {first.words}."


def chart_figures(chart: ControlChart, unit: str = "") -> str:
    """Average and limits of the last stage, and how many points they rest on."""
    last = [float(np.broadcast_to(part, chart.values.size)[-1]) for part in (chart.center, chart.lower, chart.upper)]
    there = chart.values[~np.isnan(chart.values)]
    spread = [*there.tolist(), *(value for value in last if np.isfinite(value))]
    center, low, high = (number(value, like=spread) for value in last)
    used = chart.stages[-1].used
    basis = "frozen limits" if not used else f"limits rest on {used} of them"
    more = " provisional," if chart.provisional else ""
    return "Average {center}{unit}, limits {low} to {high}; {n} points,{more} {basis}.".format(center=center, low=low, high=high, n=chart.n,
                 unit=f" {unit}" if unit else "", more=more, basis=basis)  # fmt: skip


def chart_alt(chart: ControlChart, name: str = "", labels: Sequence[str] | None = None) -> str:
    """What the picture shows: kind, points, average, limits, every signal with its rule."""
    told = [f"{number_word(len(chart.signals.points))}: " + signals_said(chart, labels)] if len(chart.signals) else ["no signal"]
    stages = f", {len(chart.stages)} stages" if len(chart.stages) > 1 else ""
    about = f" of {name}" if name else ""
    return "{kind}{about}. {n} points{stages}, {signals}. {figures}".format(kind=NAMES.get(chart.kind, "Control chart"), about=about, n=chart.n,
                 stages=stages, signals=told[0], figures=chart_figures(chart))  # fmt: skip


def number_word(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return f"{words[count] if count < len(words) else count} {'point' if count == 1 else 'points'} with a signal"


def signals_said(chart: ControlChart, labels: Sequence[str] | None = None) -> str:
    """Signals by rule: “15 beyond the upper limit, 20 to 22 the end of 8 in a row on one side”."""
    parts = []
    high, low = _beyond(chart)
    if high:
        parts.append(f"{listed(high, labels)} beyond the upper limit")
    if low:
        parts.append(f"{listed(low, labels)} beyond the lower limit")
    for rule, indices in chart.signals.found:
        if rule.code != "beyond-limits" and indices.size:
            parts.append(f"{listed(indices.tolist(), labels)} at the end of {rule.words}")
    return ", ".join(parts)


def cusum_finding(chart: Cusum) -> str:
    if not chart.signals:
        return f"No lasting shift shows among {chart.n} points."
    way = "upwards" if chart.signals[0].rule == "above-interval" else "downwards"
    return f"A shift {way} shows at point {chart.signals[0].index}; it most likely began after point {chart.began}."


def cusum_alt(chart: Cusum) -> str:
    points = sorted({signal.index for signal in chart.signals})
    said = f"{number_word(len(points))}: {listed(points)}" if points else "no signal"
    return f"CUSUM chart. {chart.n} points, {said}. {cusum_finding(chart)}"


def run_finding(chart: RunChart) -> str:
    if not chart.signals:
        return "Only usual variation about the median."
    return "Something changed: {what}.".format(what="; ".join(dict.fromkeys(str(signal.words) for signal in chart.signals)))


def run_alt(chart: RunChart, name: str = "") -> str:
    said = "; ".join(f"{signal.words}, ending at {signal.index}" for signal in chart.signals) or "no signal"
    return "Run chart{about}. {n} points about a median of {center}, {said}.".format(about=f" of {name}" if name else "", n=chart.n,
                 center=number(chart.center), said=said)  # fmt: skip
