"""From columns to a control chart, its picture, and what is printed about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from linchpin.charts.control import control_chart, cusum_chart, run_chart_picture
from linchpin.charts.picture import Picture
from linchpin.charts.saying import chart_alt, chart_finding, cusum_alt, cusum_finding, run_alt, run_finding
from linchpin.statistics.control.attribute import Limits
from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.cusum import Cusum, cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.g_chart import g_chart
from linchpin.statistics.control.laney import p_prime, u_prime
from linchpin.statistics.control.np_chart import np_chart
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.run_chart import RunChart, run_chart
from linchpin.statistics.control.subgroups import grouped
from linchpin.statistics.control.t_chart import t_chart
from linchpin.statistics.control.u_chart import u_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from linchpin.surfaces.cli.columns import Columns, Unusable

AnyChart = ControlChart | Cusum | RunChart


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart that can be printed as JSON (`plain`) or as sentences (`lines`)."""

    chart: AnyChart
    labels: list[str] | None

    def plain(self) -> Any:
        return self.chart.plain()

    def lines(self) -> Iterator[str]:
        chart, labels = self.chart, self.labels
        if isinstance(chart, Cusum):
            yield from (str(cusum_finding(chart)), str(cusum_alt(chart)))
        elif isinstance(chart, RunChart):
            yield from (str(run_finding(chart)), str(run_alt(chart)))
        else:
            yield from (str(chart_finding(chart, labels)), str(chart_alt(chart, "", labels)))
            if chart.companion is not None:
                yield str(chart_alt(chart.companion, "", labels))
        yield f"Method: {chart.method}"
        yield from (f"Note: {warning}" for warning in chart.warnings)


def chart_of(columns: Columns, options: dict[str, Any]) -> tuple[Charted, list[str] | None]:
    """The chart that the options ask for, and the labels of its points."""
    kind, names = options["kind"], options["value"]
    if kind in ("xbar-r", "xbar-s"):
        rows, labels = _subgroups(columns, options)
        draw = xbar_r if kind == "xbar-r" else xbar_s
        found: AnyChart = draw(rows, constants_as=options["constants_as"], **_choice(options))
    else:
        if len(names) != 1 or options["subgroup"]:
            raise Unusable(f"A chart of kind {kind} takes one --value and no --subgroup.")
        labels = columns.texts(options["label"]) if options["label"] else None
        found = _single(kind, columns.values(names[0]), columns, options)
    return Charted(found, labels), labels


def picture_of(found: Charted, labels: list[str] | None, options: dict[str, Any]) -> Picture:
    """The picture of a chart."""
    name, unit = options["value"][0], options["unit"]
    if isinstance(found.chart, Cusum):
        return cusum_chart(found.chart, labels=labels, unit=unit)
    if isinstance(found.chart, RunChart):
        return run_chart_picture(found.chart, labels=labels, name=name, unit=unit)
    return control_chart(found.chart, labels=labels, name=name, unit=unit)


def _choice(options: dict[str, Any]) -> dict[str, Any]:
    chosen = {"baseline": options["baseline"], "stages": options["stage"], "exclude": options["exclude"]}
    return chosen | ({"rules": options["rules"]} if options["rules"] else {})


def _single(kind: str, values: list[float], columns: Columns, options: dict[str, Any]) -> AnyChart:
    choice = _choice(options)
    limits: Limits = "exact" if options["exact_limits"] else "sigma"
    if kind in ("run", "ewma", "cusum") and (options["baseline"] or options["stage"] or options["exclude"]):
        raise Unusable(f"A chart of kind {kind} takes no --baseline, --stage or --exclude.")
    if kind == "run":
        return run_chart(values, rules=options["rules"] or "anhoej")
    if kind == "cusum":
        return cusum(values, target=options["target"], sigma=options["sigma"])
    if kind == "ewma":
        return ewma(values, target=options["target"], sigma=options["sigma"], weight=options["weight"])
    if kind == "xmr":
        return xmr(values, constants_as=options["constants_as"], **choice)
    if kind == "t":
        return t_chart(values, **choice)
    if kind in ("c", "g"):
        return (c_chart if kind == "c" else g_chart)(values, limits=limits, **choice)
    sizes = _sizes(kind, columns, options)
    if kind in ("p-prime", "u-prime"):
        return (p_prime if kind == "p-prime" else u_prime)(values, sizes, constants_as=options["constants_as"], **choice)
    return {"p": p_chart, "np": np_chart, "u": u_chart}[kind](values, sizes, limits=limits, **choice)


def _sizes(kind: str, columns: Columns, options: dict[str, Any]) -> list[float] | float:
    given = options["size"]
    if not given:
        raise Unusable(f"A chart of kind {kind} needs --size: a column, or one number.")
    if given not in columns.names:
        try:
            return float(given)
        except ValueError:
            pass
    return columns.values(given)


def _subgroups(columns: Columns, options: dict[str, Any]) -> tuple[list[list[Any]], list[str] | None]:
    names = options["value"]
    if options["subgroup"]:
        if len(names) != 1:
            raise Unusable("With --subgroup there is one --value column.")
        groups = columns.texts(options["subgroup"])
        return grouped(columns.values(names[0]), groups), list(dict.fromkeys(groups))
    if len(names) < 2:
        raise Unusable("Name the column of the subgroups with --subgroup, or give each column of a subgroup as a --value.")
    held = [columns.values(name) for name in names]
    return [list(row) for row in zip(*held, strict=True)], columns.texts(options["label"]) if options["label"] else None
