"""Maeve's charts: gaps, stages, baselines, frozen limits, and what a chart refuses."""

from __future__ import annotations

import json

import numpy as np
import pytest

from linchpin.statistics import DataRefused, plain
from linchpin.statistics.control.attribute import TAIL
from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.chart import Frozen
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.g_chart import g_chart
from linchpin.statistics.control.laney import p_prime, u_prime
from linchpin.statistics.control.np_chart import np_chart
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.run_chart import run_chart
from linchpin.statistics.control.subgroups import grouped
from linchpin.statistics.control.t_chart import t_chart
from linchpin.statistics.control.u_chart import u_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from tests.statistics import published_series as data


def test_no_moving_range_runs_across_a_gap() -> None:
    chart = xmr([1, 3, None, 10, 14])
    assert chart.companion.center == 3 and chart.center == 7 and chart.n == 4
    assert chart.companion.n == 2 and any("missing" in warning for warning in chart.warnings)


def test_an_excluded_point_is_shown_and_judged_but_not_counted() -> None:
    chart = xmr([10, 12, 10, 12, 40, 10, 12, 10, 12, 10, 12, 10, 12], exclude=[5])
    assert chart.center == 11 and chart.companion.center == 2 and chart.signals.of("beyond-limits") == [5] and chart.stages[0].used == 12


def test_stages_have_limits_of_their_own_and_no_pattern_runs_across() -> None:
    low, high = [1.0, 3.0] * 7, [11.0, 13.0] * 7
    together, apart = xmr(low + high), xmr(low + high, stages=[15])
    assert len(together.signals) and not len(apart.signals)
    assert np.allclose(apart.center, [2] * 14 + [12] * 14) and np.isnan(apart.companion.values[14])
    assert [(s.first, s.last, s.used) for s in apart.stages] == [(1, 14, 14), (15, 28, 14)]


def test_frozen_limits_are_never_recomputed() -> None:
    first = xmr([10, 12] * 10)
    later = xmr([30, 31, 32], frozen=first.frozen)
    assert (later.center, later.lower, later.upper) == (first.center, first.lower, first.upper) and later.companion.upper == first.companion.upper
    assert later.signals.of("beyond-limits") == [1, 2, 3] and later.stages[0].used == 0
    with pytest.raises(DataRefused, match="sigma above 0"):
        xmr([1, 2], frozen=Frozen(1.0, 0.0))


def test_a_baseline_judges_the_points_after_it() -> None:
    chart = xmr([10, 12] * 10 + [30], baseline=20)
    assert chart.center == 11 and chart.signals.points == [21]


def test_contradicting_choices_are_refused() -> None:
    with pytest.raises(DataRefused, match="Choose one of"):
        xmr([1, 2, 3, 4], baseline=2, stages=[3])
    with pytest.raises(DataRefused, match="names point 9"):
        xmr([1, 2, 3, 4], exclude=[9])
    with pytest.raises(DataRefused, match="at least 2 are needed"):
        xmr([1, 2, 3, 4], stages=[4])


def test_a_constant_series_has_no_limits() -> None:
    for chart in (xmr([5] * 20), xbar_r([[5, 5]] * 20), xbar_s([[5, 5]] * 20), p_chart([0] * 20, 50), c_chart([0] * 20), g_chart([0] * 20)):
        assert np.all(np.isnan(chart.lower)) and not len(chart.signals)
        assert any(warning.startswith("No variation") for warning in chart.warnings)
        assert plain(chart)["upper"] is None
    with pytest.raises(DataRefused, match="Without variation"):
        ewma([5] * 20)


@pytest.mark.parametrize(
    ("draw", "sentence"),
    [
        (lambda: xmr([1, "two", 3]), "Value 2 of “values” is no number: “two”"),
        (lambda: xmr([1, True]), "Value 2 of “values” is no number"),
        (lambda: xmr([1, float("inf"), 3]), "Value 2 of “values” is infinite"),
        (lambda: xmr([1]), "at least 2 are needed"),
        (lambda: xmr([1, None, 2, None, 3]), "No two points follow each other"),
        (lambda: xmr([[1, 2], [3, 4]]), "must be one row of numbers"),
        (lambda: c_chart([1, -2, 3]), "Value 2 of “found” is -2: a count cannot be negative"),
        (lambda: c_chart([1, 2.5]), "a count is a whole number"),
        (lambda: p_chart([1, 60], 50), "Point 2 counts more than its size of 50"),
        (lambda: p_chart([1, 2], [50, -1]), "Size 2 is -1"),
        (lambda: p_chart([1, 2], [50, 0]), "Size 2 is 0, but something was counted"),
        (lambda: p_chart([1, 2], [50, 20.5]), "whole number"),
        (lambda: p_chart([1, 2], [50]), "must be pairs"),
        (lambda: np_chart([1, 2], [50, 40]), "Use a p chart"),
        (lambda: xbar_r([[1, 2, 3], [4, 5]]), "Use an X̄-S chart"),
        (lambda: xbar_r([[1.0] * 26] * 3), "not 26"),
        (lambda: xbar_r([[1], [2]]), "use an XmR chart"),
        (lambda: t_chart([1, 0, 2]), "Time 2 is not above 0"),
        (lambda: ewma([1, 2, 3], weight=1.5), "“weight” is 1.5"),
        (lambda: grouped([1, 2], ["a"]), "2 values, but 1 names"),
    ],
)
def test_data_that_a_chart_cannot_show_are_refused_with_a_sentence(draw, sentence: str) -> None:
    with pytest.raises(DataRefused) as refused:
        draw()
    assert sentence in refused.value.sentence and refused.value.sentence.endswith((".", "”."))


def test_subgroups_of_unequal_size_have_limits_by_point() -> None:
    rows = [[10, 12, 11], [11, 13], [9, 11, 12, 13], [12, 14], [10, 12, 9], [], [10.0]]
    chart = xbar_s(rows)
    widths = chart.upper - chart.lower
    assert widths[1] > widths[0] > widths[2] and np.isnan(widths[5]) and widths[6] > widths[1]
    assert chart.n == 6 and np.isnan(chart.companion.values[6])
    flat = [value for row in rows for value in row]
    assert chart.center == pytest.approx(np.mean(flat))


def test_periods_without_anything_to_count_are_gaps() -> None:
    chart = p_chart([5, 0, 6, 7], [50, 0, 60, 55])
    assert chart.n == 3 and np.isnan(chart.values[1]) and np.isnan(chart.upper[1])


def test_exact_limits_leave_at_most_the_chance_of_three_sigma() -> None:
    from scipy.stats import binom, poisson

    p = p_chart([1, 2, 0, 3, 1, 1, 2, 0], 40, limits="exact")
    assert binom.sf(p.upper * 40, 40, p.center) <= TAIL < binom.sf(p.upper * 40 - 1, 40, p.center)
    c = c_chart([12, 9, 11, 14, 10, 8, 13, 11], limits="exact")
    assert poisson.cdf(c.lower - 1, c.center) <= TAIL < poisson.cdf(c.lower, c.center)
    assert poisson.sf(c.upper, c.center) <= TAIL < poisson.sf(c.upper - 1, c.center)
    g = g_chart([900, 1100, 1000, 950, 1050, 1000], limits="exact")
    chance = 1 / (g.center + 1)
    assert 1 - (1 - chance) ** g.lower <= TAIL < 1 - (1 - chance) ** (g.lower + 1)
    assert (1 - chance) ** (g.upper + 1) <= TAIL < (1 - chance) ** g.upper


def test_few_expected_events_and_false_signals_are_said() -> None:
    assert any("expected at a point" in warning for warning in p_chart([1, 0, 2, 1], 50).warnings)
    wild = p_chart([4000, 4400, 4100, 4700, 3900], 50_000)
    assert any("Use a p′ chart" in warning for warning in wild.warnings)
    assert not any("Use a p′" in warning for warning in p_prime([4000, 4400, 4100, 4700, 3900], 50_000).warnings)


def test_rare_events() -> None:
    g = g_chart([10, 20, 30, 20, 10])
    assert g.center == 18 and g.upper == pytest.approx(18 + 3 * np.sqrt(18 * 19)) and g.lower == 0
    times = [12.0, 30.5, 4.0, 22.0, 51.0, 17.0, 9.5, 41.0, 26.0, 13.0, 35.0, 19.0]
    t = t_chart(times)
    inner = xmr(np.array(times) ** (1 / 3.6))
    assert t.center == pytest.approx(inner.center**3.6) and t.upper == pytest.approx(inner.upper**3.6) and t.stages[0].used == 12


def test_a_run_chart_skips_points_on_its_median() -> None:
    chart = run_chart([1, 1, 1, 1, 1, 1, 1, 1, 5, 9, 9, 9, 9, 9, 9, 9, 9])
    assert chart.center == 5 and chart.runs.useful == 16 and chart.runs.crossings == 1
    assert {signal.rule for signal in chart.signals} == {"long-run", "few-crossings"}
    assert [s.index for s in run_chart([1, 2, 3, 4, 4, 5, 9, 1], rules="perla").signals if s.rule == "trend"] == [6, 7]


def test_every_chart_becomes_json_with_the_promised_names() -> None:
    charts = [
        xmr(data.FLOW), xbar_r(data.rings(data.RINGS_I)), xbar_s([[1, 2, 3], [2, 3], [4, 5, 7]]), p_chart([5, 6], [50, 60]), np_chart([5, 6], 50),
        c_chart(data.WAFERS), u_chart(data.CLOTH, data.CLOTH_SIZES), p_prime([5, 6, 9], [50, 60, 55]), u_prime([5, 6, 9], [50, 60, 55]),
        ewma(data.FLOW), cusum(data.FLOW), g_chart([4, 6, 9]), t_chart([4, 6, 9]), run_chart(data.FLOW),
    ]  # fmt: skip
    for chart in charts:
        said = json.loads(json.dumps(plain(chart), allow_nan=False))
        assert list(said)[:6] == ["kind", "n", "center", "sigma", "lower", "upper"]
        assert isinstance(said["signals"], list) and isinstance(said["warnings"], list)
