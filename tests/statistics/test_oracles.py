"""Control charts of real series give the numbers that R (qcc, qicharts2) computed for them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.chart import ControlChart
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.laney import p_prime
from linchpin.statistics.control.np_chart import np_chart
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.rules import BeyondLimits, SideRun
from linchpin.statistics.control.run_chart import count_runs, run_chart
from linchpin.statistics.control.subgroups import grouped
from linchpin.statistics.control.u_chart import u_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from tests.statistics.printed import column, columns, oracle

D2_ROUNDED = 4e-5
"""qcc takes d2 of 5 as 2.326 and of 2 as 1.128."""
QCC = (BeyondLimits(), SideRun(7))


def same(chart: ControlChart, expected: dict[str, Any], *, sigma: float | None = None, rel: float = 1e-9) -> None:
    """Center, sigma, limits and both kinds of qcc's signals."""
    found = [chart.center, chart.sigma if sigma is None else sigma, chart.lower, chart.upper]
    assert found == pytest.approx([expected[key] for key in ("center", "std.dev", "lcl", "ucl")], rel=rel)
    beyond = expected["beyond_limits"]
    assert chart.signals.of("beyond-limits") == sorted(beyond if isinstance(beyond, list) else [beyond])
    runs = expected["violating_runs_of_7"]
    assert chart.signals.of("run-on-one-side") == (runs if isinstance(runs, list) else [runs])


def rings() -> list[list[float]]:
    table = columns("measurements/pistonrings_montgomery.csv")
    return grouped([float(value) for value in table["diameter"]], table["sample"])


def test_piston_rings() -> None:
    expected, rows = oracle("spc_pistonrings"), rings()
    first = xbar_r(rows[:25], rules=QCC)
    same(first, expected["xbar_phase1"], rel=D2_ROUNDED)
    ranges = first.companion
    assert [ranges.center, ranges.lower, ranges.upper] == pytest.approx([expected["R_phase1"][k] for k in ("center", "lcl", "ucl")], rel=2e-5)
    deviations = xbar_s(rows[:25])
    assert deviations.sigma == pytest.approx(expected["S_phase1"]["std.dev"], rel=1e-9)
    assert [deviations.companion.center, deviations.companion.upper] == pytest.approx([expected["S_phase1"][k] for k in ("center", "ucl")], rel=1e-9)
    same(xbar_s(rows[:25], spread="pooled", rules=QCC), expected["xbar_sd_pooled"])
    same(xbar_r(rows, baseline=25, rules=QCC), expected["xbar_phase2"], rel=D2_ROUNDED)


def test_piston_rings_by_ewma_and_cusum() -> None:
    expected, rows = oracle("spc_pistonrings"), rings()
    first = xbar_r(rows[:25])
    error = expected["xbar_phase1"]["std.dev"] / np.sqrt(5)
    smoothed = ewma(first.values, target=first.center, sigma=error)
    assert np.allclose(smoothed.values, expected["ewma"]["y"], rtol=1e-11)
    assert np.allclose(smoothed.lower, expected["ewma"]["lcl"], rtol=1e-11) and np.allclose(smoothed.upper, expected["ewma"]["ucl"], rtol=1e-11)
    assert smoothed.signals.points == expected["ewma"]["beyond"]
    sums = cusum([np.mean(row) for row in rows], target=first.center, sigma=error)
    assert np.allclose(sums.above / error, expected["cusum"]["pos"], rtol=1e-8) and np.allclose(-sums.below / error, expected["cusum"]["neg"], rtol=1e-8)
    assert [s.index for s in sums.signals] == expected["cusum"]["violations"]["upper"]


def test_orange_juice() -> None:
    expected, table = oracle("spc_orangejuice"), columns("measurements/orangejuice_montgomery.csv")
    found, sizes = [float(d) for d in table["D"]], [float(n) for n in table["size"]]
    item = np.sqrt(50)
    trial = p_chart(found[:30], sizes[:30], rules=QCC)
    same(trial, expected["p_trial"], sigma=trial.sigma * item)
    kept = [place for place in range(30) if place + 1 not in (15, 23)]
    revised = p_chart([found[i] for i in kept], 50, rules=QCC)
    same(revised, expected["p_revised"], sigma=revised.sigma * item)
    same(np_chart(found[:30], 50, rules=QCC), expected["np_trial"])
    later = p_chart([found[i] for i in kept] + found[30:], 50, baseline=28, rules=QCC)
    same(later, expected["p_phase2"], sigma=later.sigma * item)


def test_printed_circuits() -> None:
    expected, table = oracle("spc_circuit"), columns("measurements/circuit_montgomery.csv")
    found, sizes = [float(x) for x in table["x"]], [float(n) for n in table["size"]]
    same(c_chart(found[:26], rules=QCC), expected["c_trial"])
    units = u_chart(found[:26], sizes[:26], rules=QCC)
    same(units, expected["u_trial"], sigma=units.sigma * 10)
    kept = [value for place, value in enumerate(found, 1) if place not in (6, 20)]
    same(c_chart(kept, baseline=24, rules=QCC), expected["c_phase2"])


def test_antifreeze() -> None:
    expected, water = oracle("spc_antifreeze"), column("measurements/antifreeze_wetherill.csv", "water")
    same(xmr(water, constants_as="table", rules=QCC), expected["individuals"])
    same(xmr(water, spread="sd", rules=QCC), expected["individuals_sd"])


def test_nist_handbook() -> None:
    expected = oracle("spc_nist_handbook")
    flow = column("measurements/nist_6322_flowrate.csv", "flowrate")
    qcc_constant = xmr(flow, constants_as="table", rules=QCC)
    same(qcc_constant, expected["individuals"]["qcc"], rel=1e-9)
    same(c_chart(column("measurements/nist_6331_wafer_defects.csv", "defects"), rules=QCC), expected["c_chart"]["qcc"])
    smoothed = ewma(column("measurements/nist_6324_ewma.csv", "x"), target=50, sigma=2.0539, weight=0.3)
    assert np.allclose(smoothed.values, expected["ewma"]["qcc"]["y"], rtol=1e-10)
    assert [smoothed.upper[-1], smoothed.lower[-1]] == pytest.approx([expected["ewma"]["qcc"]["ucl_last"], expected["ewma"]["qcc"]["lcl_last"]], rel=1e-6)


def point_by_point(chart: ControlChart, points: list[dict[str, Any]], factor: float = 1.0) -> None:
    size = chart.values.size
    drawn = [np.broadcast_to(part, size) * factor for part in (chart.values, chart.center, chart.lower, chart.upper)]
    for part, key in zip(drawn, ("y", "cl", "lcl", "ucl"), strict=True):
        assert np.allclose(part, [point[key] for point in points], rtol=1e-9), key
    beyond = [place for place, point in enumerate(points, 1) if point["sigma.signal"]]
    assert chart.signals.of("beyond-limits") == beyond


def runs_of(chart: ControlChart, summary: dict[str, Any]) -> None:
    runs = count_runs(chart.values, float(np.atleast_1d(chart.center)[0]))
    found = (runs.useful, runs.longest, runs.longest_expected, runs.crossings, runs.crossings_expected, int(runs.too_long or runs.too_few_crossings))
    assert found == tuple(summary[key] for key in ("n.useful", "longest.run", "longest.run.max", "n.crossings", "n.crossings.min", "runs.signal"))


def test_infections_after_an_intervention() -> None:
    expected = oracle("spc_qicharts_healthcare")
    found, days = column("measurements/qi_cdi.csv", "n"), column("measurements/qi_cdi.csv", "days")
    together = u_chart(found, days)
    point_by_point(together, expected["cdi_u"]["points"], 10_000)
    runs_of(together, expected["cdi_u"]["summary"][0])
    point_by_point(u_chart(found, days, stages=[25]), expected["cdi_u_part24"]["points"], 10_000)
    frozen = u_chart(found, days, baseline=24)
    point_by_point(frozen, expected["cdi_u_freeze24"]["points"], 10_000)
    runs_of(frozen, expected["cdi_u_freeze24"]["summary"][0])
    run = run_chart(found)
    summary = expected["cdi_run"]["summary"][0]
    assert (run.center, run.runs.useful, run.runs.longest, run.runs.crossings) == (17, summary["n.useful"], summary["longest.run"], summary["n.crossings"])
    assert {s.rule for s in run.signals} == {"long-run", "few-crossings"} and summary["runs.signal"] == 1


def test_accidents_have_false_signals_on_a_p_chart_and_none_on_p_prime() -> None:
    expected = oracle("spc_qicharts_healthcare")
    seen, arrived = column("measurements/qi_nhs_accidents.csv", "r"), column("measurements/qi_nhs_accidents.csv", "n")
    naive, widened = p_chart(seen, arrived), p_prime(seen, arrived, constants_as="table")
    point_by_point(naive, expected["nhs_p"]["points"])
    point_by_point(widened, expected["nhs_p_laney"]["points"])
    assert len(naive.signals) == 16 and not len(widened.signals)
    assert any("Use a p′ chart" in warning for warning in naive.warnings)
    runs_of(widened, expected["nhs_p_laney"]["summary"][0])


def test_infections_by_hospital() -> None:
    expected = oracle("spc_qicharts_healthcare")["infections_u_by_hospital_UTI"]
    table = columns("measurements/qi_hospital_infections.csv")
    rows = [row for row in zip(*(table[key] for key in ("hospital", "infection", "n", "days")), strict=True) if row[1] == "UTI"]
    for place, summary in enumerate(expected["summary"]):
        own = [row for row in rows if row[0] == summary["facet1"]]
        chart = u_chart([float(row[2]) for row in own], [float(row[3]) for row in own])
        point_by_point(chart, expected["points"][24 * place : 24 * place + 24], 10_000)
        runs_of(chart, summary)


def test_emergency_departments_against_their_target() -> None:
    expected, table = oracle("kpi_nhs_ae"), columns("measurements/nhs_ae_attendances_a.csv")
    months: dict[str, list[float]] = {}
    for period, attendances, breaches in zip(table["period"], table["attendances"], table["breaches"], strict=True):
        held = months.setdefault(period, [0.0, 0.0])
        held[0] += float(attendances)
        held[1] += float(breaches)
    ordered = [months[month["period"]] for month in expected["monthly"]]
    chart = p_prime([came - late for came, late in ordered], [came for came, _late in ordered], screened=True)
    assert np.allclose(chart.values * 100, [month["performance_pct"] for month in expected["monthly"]])
    summary = expected["pprime"][0]
    assert chart.center == pytest.approx(summary["CL"], rel=1e-9) and len(chart.signals.of("beyond-limits")) == summary["sigma.signal"]
    runs_of(chart, summary)
