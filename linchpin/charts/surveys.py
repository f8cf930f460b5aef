"""Survey pictures: bars of answers, and a heat map of units by measures that leaves hidden what must be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from linchpin.charts.picture import Picture, framed
from linchpin.statistics.surveys.report import SurveyReport
from linchpin.statistics.words import DataRefused


def likert_bars(shares: Mapping[str, Sequence[float]], answers: Sequence[str], *, n: Mapping[str, int], finding: str | None = None) -> Picture:
    """Answers from one end to the other, centered on the middle one, so that agreement stands right and disagreement left.

    `shares`: for each item the share (0 to 1) of each of the `answers`, after disclosure control. Raises DataRefused when they do not add up.
    """
    rows = [row for place, (item, each) in enumerate(shares.items()) for row in _stacked(item, place, each, answers)]
    middle = len(answers) // 2 + len(answers) % 2
    good = {item: sum(each[middle:]) for item, each in shares.items()}
    best, worst = max(good, key=good.__getitem__), min(good, key=good.__getitem__)
    told = finding or f"Most agree with “{best}”, fewest with “{worst}”."
    figures = f"{100 * good[worst]:.0f} to {100 * good[best]:.0f} % agree; {min(n.values())} to {max(n.values())} answers."
    alt = "Bars of answers. {items}.".format(items="; ".join(f"{item}: {100 * share:.0f} % agree (n {n[item]})" for item, share in good.items()))
    y = {"field": "item", "type": "nominal", "sort": list(shares), "axis": {"title": None, "labelLimit": 260, "grid": False}}
    x = {"type": "quantitative", "axis": {"title": None, "labelExpr": "abs(datum.value) * 100 + ' %'", "grid": False}, "scale": {"nice": False}}
    color = {"field": "answer", "type": "ordinal", "sort": list(answers), "scale": {"range": "diverging"}, "legend": {"title": None, "symbolType": "square"}}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "height": {"band": 0.7}}, "encoding": {"x": x | {"field": "from"}, "x2": {"field": "to"}, "y": y, "color": color}},
        {"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "style": "zero"}, "encoding": {"x": x | {"field": "at"}}},
    ]
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers}, height=30 * len(shares) + 4)


def _stacked(item: str, place: int, shares: Sequence[float], answers: Sequence[str]) -> list[dict[str, Any]]:
    if len(shares) != len(answers) or abs(sum(shares) - 1) > 1e-6:
        raise DataRefused("The shares of “{item}” do not add up to 1.", argument="shares", item=item)
    half = len(answers) // 2
    start = -(sum(shares[:half]) + (shares[half] / 2 if len(answers) % 2 else 0))
    rows = []
    for answer, share in zip(answers, shares, strict=True):
        rows.append({"item": item, "place": place, "answer": answer, "from": start, "to": start + share})
        start += share
    return rows


def heat_map(report: SurveyReport, *, groups: Sequence[str] | None = None, scale: tuple[float, float] = (1, 5)) -> Picture:
    """Means of measures (columns) in groups (rows), each written in its cell; what must not be shown is an empty cell “–”."""
    names = list(groups or dict.fromkeys(name for measure in report.measures for name in (*measure.cells, *measure.hidden)))
    rows: list[dict[str, Any]] = [
        {"group": name, "measure": measure.name, "mean": cell.mean.value if cell else None, "says": f"{cell.mean.value:.1f}" if cell else "–"}
        for name in names for measure in report.measures for cell in [measure.cells.get(name)]
    ]  # fmt: skip
    hidden = sum(row["mean"] is None for row in rows)
    shown = [row for row in rows if row["mean"] is not None]
    best = max(shown, key=lambda row: float(row["mean"]), default=None)
    told = "Nothing can be shown." if best is None else f"Highest: {best['measure']} in {best['group']}, {best['says']}."
    figures = f"{report.n} people; {hidden} of {len(rows)} cells hidden to protect small groups."
    alt = f"Heat map of {len(names)} groups by {len(report.measures)} measures. {figures}"
    x = {"field": "measure", "type": "nominal", "sort": None, "axis": {"title": None, "orient": "top", "labelAngle": 0, "labelLimit": 120, "domain": False}}
    y = {"field": "group", "type": "nominal", "sort": None, "axis": {"title": None, "grid": False, "labelLimit": 200}}
    color = {"field": "mean", "type": "quantitative", "scale": {"domain": list(scale), "range": "ramp"}, "legend": None}
    layers = [
        {"transform": [{"filter": "isValid(datum.mean)"}], "mark": {"type": "rect"}, "encoding": {"x": x, "y": y, "color": color}},
        {"mark": {"type": "text", "style": "cell-label"}, "encoding": {"x": x, "y": y, "text": {"field": "says"}}},
    ]
    return framed(told, figures, alt, {"data": {"values": rows}, "layer": layers}, height=28 * len(names), width=max(200, 72 * len(report.measures)))
