"""Build the gallery of charts from real series: `python docs/gallery/build.py [DATA] [OUT]`.

DATA is a folder with `measurements/` and `surveys/` (default: ../shared/data), OUT the folder to write (default: build/gallery).
Every chart is drawn light, dark and for grey print, with its alt text below it.
"""

from __future__ import annotations

import csv
import html
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from linchpin.charts import Picture, svg
from linchpin.charts.capability import capability_report, histogram
from linchpin.charts.causes import Branch, cause_tree, fishbone
from linchpin.charts.control import control_chart, cusum_chart, run_chart_picture
from linchpin.charts.effects import forest_plot, interrupted_chart
from linchpin.charts.gauge import gauge_panel
from linchpin.charts.pareto import pareto_chart
from linchpin.charts.planning import Lane, bowling_chart, small_multiples
from linchpin.charts.surveys import heat_map, likert_bars
from linchpin.statistics.capability.capability import Specification, capability
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.laney import p_prime
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.run_chart import run_chart
from linchpin.statistics.control.subgroups import grouped
from linchpin.statistics.control.u_chart import u_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.effects.ratios import risk_ratio
from linchpin.statistics.gauge.anova import gauge_anova
from linchpin.statistics.pareto import pareto
from linchpin.statistics.surveys.report import survey_report

Drawing = tuple[str, Picture | str]


def table(data: Path, name: str) -> dict[str, list[str]]:
    """The columns of a csv file as text."""
    with (data / name).open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    return {key: [row[key] for row in rows] for key in rows[0]}


def numbers(cells: list[str]) -> list[float]:
    return [float(cell) if cell not in ("", "NA") else float("nan") for cell in cells]


def control_charts(data: Path) -> Iterator[Drawing]:
    rings = table(data, "measurements/pistonrings_montgomery.csv")
    rows = grouped(numbers(rings["diameter"]), rings["sample"])
    chart = xbar_r(rows, baseline=25)
    yield "X̄-R chart, phase II", control_chart(chart, name="Diameter", unit="mm")
    assert chart.companion is not None
    yield "Its ranges", control_chart(chart.companion, name="Range", unit="mm", height=160)
    yield "XmR chart with a gap", control_chart(xmr([*numbers(table(data, "measurements/antifreeze_wetherill.csv")["water"][:20]), None, None, 2.6, 2.4, 3.4]),
                                                name="Water", unit="%")  # fmt: skip
    first = xbar_r(rows[:25])
    yield "EWMA chart", control_chart(ewma(chart.values, target=first.center, sigma=first.sigma / 5**0.5), name="EWMA of diameter", unit="mm")
    yield "CUSUM chart", cusum_chart(cusum(chart.values, target=first.center, sigma=first.sigma / 5**0.5), unit="mm")


def attribute_charts(data: Path) -> Iterator[Drawing]:
    accidents = table(data, "measurements/qi_nhs_accidents.csv")
    seen, came = numbers(accidents["r"]), numbers(accidents["n"])
    yield "p chart with false signals", control_chart(p_chart(seen, came), name="Seen within 4 hours")
    yield "The same as p′ chart", control_chart(p_prime(seen, came), name="Seen within 4 hours")
    infections = table(data, "measurements/qi_cdi.csv")
    found, days, months = numbers(infections["n"]), [d / 1e4 for d in numbers(infections["days"])], [m[:7] for m in infections["month"]]
    yield "u chart before a change was known", control_chart(u_chart(found, days), labels=months, name="Infections", unit="per 10,000 days")
    yield "u chart with stages", control_chart(u_chart(found, days, stages=[25]), labels=months, name="Infections", unit="per 10,000 days")
    yield "Run chart", run_chart_picture(run_chart(found), labels=months, name="Infections")
    change = interrupted(found, start=25, exposure=numbers(infections["days"]), at=36)
    yield "Interrupted series", interrupted_chart(change, labels=months, name="Infections", unit="per 10,000 days", per=1e4)


def studies(data: Path) -> Iterator[Drawing]:
    bolts = numbers(table(data, "measurements/ss_data_bolts.csv")["diameter"])
    yield "Capability report", capability_report(capability(bolts, lower=9.5, upper=10.5, target=10), bolts, name="Diameter", unit="mm")
    yield "Histogram", histogram(bolts, specification=Specification(9.7, 10.3, 10), name="Diameter", unit="mm")
    study = table(data, "measurements/ss_data_rr.csv")
    values = numbers(study["time1"])
    yield "Gauge study", gauge_panel(gauge_anova(values, study["prototype"], study["operator"]), values, study["prototype"], study["operator"], unit="s")
    bills = table(data, "measurements/ss_data_bills.csv")
    errors = {clerk: sum(e for e, c in zip(numbers(bills["errors"]), bills["clerk"], strict=True) if c == clerk) for clerk in dict.fromkeys(bills["clerk"])}
    yield "Pareto chart", pareto_chart(pareto(errors), what="errors")
    orders = {"contact num.": 94, "price code": 80, "supplier code": 66, "part num.": 33, "schedule date": 27, "other": 12}
    yield "Pareto chart with “other” last", pareto_chart(pareto(orders), what="defective orders")


def surveys(data: Path) -> Iterator[Drawing]:
    climate = table(data, "surveys/lq2002_leadership_climate.csv")
    rows = np.array([numbers(climate[f"LEAD{i:02d}"]) for i in range(1, 12)]).T
    units = np.array(climate["COMPID"])
    some = list(dict.fromkeys(climate["COMPID"]))[:8]
    flags = {f"unit {unit}": units == unit for unit in some}
    keep = np.any(list(flags.values()), axis=0)
    flags = {name: flag[keep] for name, flag in flags.items()} | {"all": np.ones(int(keep.sum()), dtype=bool)}
    small = np.zeros(int(keep.sum()), dtype=bool)
    small[:4] = True
    report = survey_report(rows[keep][:, :6], flags | {"night shift (4)": small}, items=[f"item {i}" for i in range(1, 7)])
    yield "Heat map with a group too small to show", heat_map(report)
    words = ["strongly disagree", "disagree", "neither", "agree", "strongly agree"]
    shares = {f"item {i + 1}": [float((rows[:, i] == a).mean()) for a in range(1, 6)] for i in range(5)}
    yield "Likert bars", likert_bars(shares, words, n=dict.fromkeys(shares, rows.shape[0]))


def plans(data: Path) -> Iterator[Drawing]:
    trusts = table(data, "measurements/nhs_ae_attendances_a.csv")
    series: dict[str, dict[str, list[float]]] = {}
    for period, org, attendances, breaches in zip(*(trusts[key] for key in ("period", "org_code", "attendances", "breaches")), strict=True):
        held = series.setdefault(org, {}).setdefault(period, [0.0, 0.0])
        held[0] += float(attendances)
        held[1] += float(breaches)
    months = sorted({period for each in series.values() for period in each})
    whole = [org for org, each in series.items() if len(each) == len(months) and sum(a for a, _b in each.values()) > 300_000][:6]
    shares = {org: [100 * (1 - series[org][m][1] / series[org][m][0]) for m in months] for org in whole}
    yield "Small multiples", small_multiples(shares, unit="% within 4 hours")
    ratios = {f"{org} against {whole[0]}": _late(series, org, whole[0], months[-12:]) for org in whole[1:]}
    yield "Forest plot", forest_plot(ratios, ratio=True, unit="ratio of late patients")
    lanes = [
        Lane(org, [95.0] * 12, [100 * (1 - series[org][m][1] / series[org][m][0]) if place < 10 else None for place, m in enumerate(months[-12:])], unit="%")
        for org in whole[:4]
    ]  # fmt: skip
    yield "Bowling chart", bowling_chart(lanes, [m[2:7] for m in months[-12:]])


def _late(series: dict[str, dict[str, list[float]]], org: str, other: str, months: list[str]) -> object:
    totals = [[int(sum(series[one][m][part] for m in months)) for part in (1, 0)] for one in (org, other)]
    return risk_ratio((totals[0][0], totals[1][0]), (totals[0][1], totals[1][1])).ratio


def causes(_data: Path) -> Iterator[Drawing]:
    groups = {"People": ["two of six set five-axis machines", "nobody on nights"], "Machine": ["spindle probe drifts", "coolant pump worn"],
              "Method": ["offset entered by hand", "first-piece check skipped"], "Material": ["two bar suppliers"]}  # fmt: skip
    yield "Fishbone", fishbone("Bore out of round", groups)
    whys = Branch("Bore out of round", [Branch("Tool offset was wrong", [Branch("It was entered by hand", [Branch("The probe was switched off", mark=True)])]),
                                        Branch("Nobody saw it for 40 pieces", [Branch("The first-piece check was skipped on nights")])])  # fmt: skip
    yield "Five whys as a tree", cause_tree(whys)


PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Charts of Linchpin</title>
<style>body{{font:14px/1.5 system-ui;max-width:1000px;margin:2rem auto;padding:0 1rem;color:#17212b;background:#f3f4f1}}
figure{{margin:0 0 3rem}}figure img{{max-width:100%;display:block}}figcaption{{color:#5c6770;margin-top:.5rem}}</style>
<h1>Charts</h1>{figures}</html>
"""
FIGURE = """<figure><h2>{title}</h2><img src="{name}-light.svg" alt="{alt}"><img src="{name}-dark.svg" alt=""><img src="{name}-print.svg" alt="">
<figcaption>{alt}</figcaption></figure>"""


def main(data: Path, out: Path) -> None:
    """Draw everything and write the page."""
    out.mkdir(parents=True, exist_ok=True)
    figures = []
    for chapter in (control_charts, attribute_charts, studies, surveys, plans, causes):
        for title, picture in chapter(data):
            name = f"{len(figures) + 1:02d}-" + "".join(letter if letter.isalnum() else "-" for letter in title.lower().replace("̄", ""))
            for theme in ("light", "dark", "print"):
                (out / f"{name}-{theme}.svg").write_text(svg(picture, theme), encoding="utf-8")
            alt = picture.alt if isinstance(picture, Picture) else picture.split('aria-label="', 1)[1].split('"', 1)[0]
            figures.append(FIGURE.format(title=html.escape(title), name=name, alt=html.escape(str(alt))))
    (out / "index.html").write_text(PAGE.format(figures="\n".join(figures)), encoding="utf-8")
    sys.stdout.write(f"{len(figures)} charts in {out}\n")


if __name__ == "__main__":
    given = [Path(argument) for argument in sys.argv[1:]]
    main(given[0] if given else Path("../shared/data"), given[1] if len(given) > 1 else Path("build/gallery"))
