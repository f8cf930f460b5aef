"""What must hold for any data: shift, scale, order, accuracy, and the chances that methods promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.statistics.capability.capability import capability
from linchpin.statistics.capability.intervals import actual, potential
from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.effects.means import mean_difference
from linchpin.statistics.effects.proportions import two_proportions
from linchpin.statistics.effects.ratios import risk_ratio
from linchpin.statistics.surveys.alpha import cronbach_alpha
from linchpin.statistics.surveys.wilson import wilson
from linchpin.statistics.trend.mann_kendall import mann_kendall
from tests.statistics import published_series as data

SERIES = st.lists(st.integers(-10_000, 10_000), min_size=5, max_size=60).filter(lambda values: len(set(values)) > 2)
SHIFT, SCALE = st.integers(-1_000_000, 1_000_000), st.sampled_from([0.125, 0.5, 2.0, 1024.0])


@settings(max_examples=80, deadline=None)
@given(SERIES, SHIFT, SCALE)
def test_limits_move_and_stretch_with_the_data(values: list[int], shift: int, scale: float) -> None:
    plain, moved = xmr(values, rules="nelson"), xmr([v * scale + shift for v in values], rules="nelson")
    if plain.sigma < 1e-9:
        return
    assert [moved.center, moved.lower, moved.upper] == pytest.approx([x * scale + shift for x in (plain.center, plain.lower, plain.upper)], rel=1e-9, abs=1e-6)
    assert moved.companion.upper == pytest.approx(plain.companion.upper * scale, rel=1e-9)
    near = np.abs(np.abs(np.array(values)[:, None] - plain.center) / plain.sigma - np.arange(4)).min()
    if near > 1e-6:
        assert moved.signals.points == plain.signals.points


@settings(max_examples=60, deadline=None)
@given(SERIES)
def test_turning_a_series_upside_down_swaps_its_limits(values: list[int]) -> None:
    plain, turned = xmr(values), xmr([-v for v in values])
    assert [turned.lower, turned.upper] == pytest.approx([-plain.upper, -plain.lower], nan_ok=True)
    assert plain.lower <= plain.center <= plain.upper or plain.sigma == 0


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8))
def test_subgroup_charts_do_not_care_about_the_order_within_a_subgroup(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.normal(10, 2, (12, size))
    mixed = random.permuted(rows, axis=1)
    for draw in (xbar_r, xbar_s):
        one, other = draw(rows), draw(mixed)
        assert [one.lower, one.upper, one.companion.upper] == pytest.approx([other.lower, other.upper, other.companion.upper], rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from([0.8, 0.95, 0.99]))
def test_shares_lie_in_their_intervals_and_more_data_are_surer(found: int, n: int, confidence: float) -> None:
    found = min(found, n)
    one, surer = wilson(found, n, confidence), wilson(4 * found, 4 * n, confidence)
    assert 0 <= one.lower <= one.value <= one.upper <= 1 and surer.upper - surer.lower <= one.upper - one.lower + 1e-12
    turned = wilson(n - found, n, confidence)
    assert [turned.lower, turned.upper] == pytest.approx([1 - one.upper, 1 - one.lower], abs=1e-12)
    from statsmodels.stats.proportion import proportion_confint

    assert [one.lower, one.upper] == pytest.approx(proportion_confint(found, n, 1 - confidence, method="wilson"), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_exchanging_the_groups_turns_the_comparison(a: int, m: int, b: int, n: int) -> None:
    a, b = min(a, m), min(b, n)
    one, other = two_proportions((a, b), (m, n)), two_proportions((b, a), (n, m))
    assert [other.difference.lower, other.difference.upper] == pytest.approx([-one.difference.upper, -one.difference.lower], abs=1e-12)
    assert one.p_exact == pytest.approx(other.p_exact)
    if a and b:
        ratio, turned = risk_ratio((a, b), (m, n)).ratio, risk_ratio((b, a), (n, m)).ratio
        assert [turned.lower, turned.upper] == pytest.approx([1 / ratio.upper, 1 / ratio.lower], rel=1e-5)
        assert ratio.lower <= ratio.value * (1 + 1e-9) and ratio.value <= ratio.upper * (1 + 1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 12), st.integers(1, 12), st.integers(0, 12), st.integers(1, 12))
def test_fisher_agrees_with_scipy(a: int, m: int, b: int, n: int) -> None:
    from scipy.stats import fisher_exact

    a, b = min(a, m), min(b, n)
    assert two_proportions((a, b), (m, n)).p_exact == pytest.approx(fisher_exact([[a, m - a], [b, n - b]]).pvalue, rel=1e-8)


@settings(max_examples=30, deadline=None)
@given(SERIES)
def test_trends_turn_with_time(values: list[int]) -> None:
    one, back = mann_kendall(values), mann_kendall(values[::-1])
    assert back.s == -one.s and back.slope.value == pytest.approx(-one.slope.value) and back.p == pytest.approx(one.p)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_alpha_does_not_care_about_order_or_unit(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(30, 1)) + random.normal(size=(30, 4))
    one, other = cronbach_alpha(rows), cronbach_alpha(random.permutation(rows * 3 + 7)[:, [2, 0, 3, 1]])
    assert other.alpha.value == pytest.approx(one.alpha.value) and other.error == pytest.approx(one.error)


STRD = {
    "Michelso": (data.MICHELSON, 299.852400000000, 0.0790105478190518),
    "Mavro": (data.MAVRO, 2.00185600000000, 0.000429123454003053),
    "Lew": (data.LEW, -177.435000000000, 277.332168044316),
    "NumAcc1": ([10000001, 10000003, 10000002], 10000002, 1),
    "NumAcc2": ([1.2] + [1.1, 1.3] * 500, 1.2, 0.1),
    "NumAcc3": ([1000000.2] + [1000000.1, 1000000.3] * 500, 1000000.2, 0.1),
    "NumAcc4": ([10000000.2] + [10000000.1, 10000000.3] * 500, 10000000.2, 0.1),
}


LOST = {"NumAcc3": 5e-8, "NumAcc4": 5e-8, "Mavro": 1e-11, "Michelso": 1e-12}
"""Relative error of the deviation that doubles near these values allow."""


@pytest.mark.parametrize("name", STRD)
def test_means_and_deviations_are_as_exact_as_doubles_allow(name: str) -> None:
    """NIST StRD, univariate; the certified digits lost are those that the decimal data lose when they become doubles."""
    values, mean, deviation = STRD[name]
    found = capability(values, lower=mean - 9 * deviation, upper=mean + 9 * deviation, gate=False)
    assert found.mean == pytest.approx(mean, rel=1e-15)
    assert found.overall.sigma == pytest.approx(deviation, rel=LOST.get(name, 1e-13))


def covered(hits: int, cases: int, promised: float) -> bool:
    """Within three standard errors of what was promised."""
    return abs(hits / cases - promised) <= 3 * np.sqrt(promised * (1 - promised) / cases)


@pytest.mark.slow
def test_false_alarms_are_as_rare_as_promised() -> None:
    random = np.random.default_rng(20)
    n = 400_000
    frozen = xmr(random.normal(size=n), rules="limits").frozen
    fresh = xmr(random.normal(size=n), frozen=frozen, rules="limits")
    assert covered(len(fresh.signals), n, 0.0026998)
    counts = c_chart(random.poisson(9, n), limits="exact", rules="limits")
    assert len(counts.signals) / n <= 0.0027
    shares = p_chart(random.binomial(80, 0.1, n), 80, limits="exact", rules="limits")
    assert len(shares.signals) / n <= 0.0027


def run_length(draw, shift: float, seed: int, cases: int = 400) -> tuple[float, float]:
    """Mean number of points to the first signal, and its standard error."""
    most = 400 if shift else 4000
    random = np.random.default_rng(seed)
    lengths = [next((s.index for s in draw(random.normal(shift, 1, most)).signals), most) for _case in range(cases)]
    return float(np.mean(lengths)), float(np.std(lengths) / np.sqrt(cases))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "shift", "expected"),
    [
        (lambda x: cusum(x, target=0, sigma=1, interval=4), 1.0, 8.38),
        (lambda x: cusum(x, target=0, sigma=1, interval=5), 1.0, 10.38),
        (lambda x: cusum(x, target=0, sigma=1, interval=4), 0.0, 167.68),
        (lambda x: cusum(x, target=0, sigma=1, interval=5), 0.0, 465.44),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.2, width=2.962, limits="asymptotic"), 0.0, 499.74),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.1, width=2.7, limits="asymptotic"), 0.0, 368.99),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.05, width=2.615, limits="asymptotic"), 0.0, 499.93),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.3, width=3, limits="asymptotic"), 0.0, 465.55),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.2, width=2.962, limits="asymptotic"), 1.0, 10.54),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.1, width=2.7, limits="asymptotic"), 1.0, 9.73),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.05, width=2.615, limits="asymptotic"), 1.0, 11.38),
        (lambda x: ewma(x, target=0, sigma=1, weight=0.3, width=3, limits="asymptotic"), 1.0, 11.70),
        (lambda x: ewma(x, target=0, sigma=1, weight=1, width=3, limits="asymptotic"), 1.0, 43.89),
        (lambda x: ewma(x, target=0, sigma=1, weight=1, width=3, limits="asymptotic"), 0.0, 370.40),
    ],
)
def test_run_lengths_are_those_of_r(draw, shift: float, expected: float) -> None:
    mean, error = run_length(draw, shift, seed=31)
    assert abs(mean - expected) <= 3.5 * error


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_promised() -> None:
    random = np.random.default_rng(40)
    cases = 1500
    hits = {"Cp": 0, "Cpk": 0, "mean": 0, "Wilson": 0, "Newcombe": 0, "level": 0}
    for _case in range(cases):
        values = random.normal(0, 1, 30)
        sigma, center = values.std(ddof=1), values.mean()
        hits["Cp"] += 4 / 3 in potential(4 / (3 * sigma), 29, 0.95)
        hits["Cpk"] += 4 / 3 in actual(min(4 - center, 4 + center) / (3 * sigma), 30, 29, 0.95)
        a, b = int(random.binomial(60, 0.3)), int(random.binomial(50, 0.45))
        hits["Wilson"] += 0.3 in wilson(a, 60)
        hits["Newcombe"] += -0.15 in two_proportions((a, b), (60, 50)).difference
    for _case in range(300):
        hits["mean"] += 1.0 in mean_difference(random.normal(1, 1, 15), random.normal(0, 2, 20), resamples=2).difference
        series = random.normal(0, 1, 40) + 0.05 * np.arange(40) + np.where(np.arange(40) >= 20, 2, 0)
        hits["level"] += 2.0 in interrupted(series, start=21, errors="usual").level.value
    assert covered(hits["Cp"], cases, 0.95) and covered(hits["mean"], 300, 0.95) and covered(hits["level"], 300, 0.95)
    for name in ("Cpk", "Wilson", "Newcombe"):
        assert hits[name] / cases == pytest.approx(0.95, abs=0.025), f"{name} is approximate"
