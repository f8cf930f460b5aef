"""Effects: published comparisons, agreement with statsmodels, and what Seun may not conclude."""

from __future__ import annotations

import numpy as np
import pytest

from linchpin.statistics import DataRefused
from linchpin.statistics.effects.design import design_grade, regression_to_the_mean
from linchpin.statistics.effects.fitting import default_lag, least_squares, poisson_regression
from linchpin.statistics.effects.interrupted import interrupted
from linchpin.statistics.effects.means import bootstrap_total, mean_difference, paired_change
from linchpin.statistics.effects.phased import phased_rollout
from linchpin.statistics.effects.proportions import many_proportions, two_proportions
from linchpin.statistics.effects.ratios import exact_rate, rate_ratio, risk_ratio, stratified_risk_ratio
from linchpin.statistics.effects.sample_size import (
    power_for_interrupted,
    power_for_means,
    size_for_means,
    size_for_proportions,
    size_for_rates,
    size_for_survey,
)
from linchpin.statistics.effects.season import Season
from linchpin.statistics.results import Estimate
from tests.statistics.printed import check, numbers


def bounds(found: Estimate) -> list[float]:
    return [found.lower, found.upper]


def nile() -> np.ndarray:
    datasets = pytest.importorskip("statsmodels.datasets")
    return datasets.nile.load_pandas().data["volume"].to_numpy(dtype=float)


NEWCOMBE = [
    ((56, 48), (70, 80), "0.0524", "0.3339"), ((9, 3), (10, 10), "0.1705", "0.8090"), ((6, 2), (7, 7), "0.0582", "0.8062"),
    ((5, 0), (56, 29), "-0.0381", "0.1926"), ((10, 0), (10, 20), "0.6791", "1"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "sizes", "low", "high"), NEWCOMBE)
def test_differences_of_newcombe(found: tuple[int, int], sizes: tuple[int, int], low: str, high: str) -> None:
    check(bounds(two_proportions(found, sizes).difference), low, high)


def test_two_and_more_proportions() -> None:
    pair = two_proportions((56, 48), (70, 80))
    check([pair.difference.value, pair.z, pair.p, pair.p_exact], "0.20", "2.65017", "0.008045", "0.012521")
    many = many_proportions([83, 90, 129, 70], [86, 93, 136, 82])
    check([many.chi_square, many.p], "12.600", "0.005585")
    assert many.degrees == 3
    won = two_proportions((8, 5), (20, 25)).difference
    assert won.value == pytest.approx(0.2) and 0 in won


def test_ratios() -> None:
    found = risk_ratio((104, 189), (11037, 11034))
    check([found.ratio.value, *bounds(found.ratio)], "0.5501", "0.4337", "0.6978")
    rates = rate_ratio((11, 21), (800, 3011))
    check([rates.ratio.value, *bounds(rates.ratio), rates.p], "1.9715", "0.8584", "4.2773", "0.0797")
    for count, low, high in ((0, "0", "3.6889"), (3, "0.6187", "8.7673"), (10, "4.7954", "18.3904")):
        check(bounds(exact_rate(count)), low, high)


def test_sparse_ratios_take_the_score_interval() -> None:
    few = risk_ratio((9, 3), (10, 10))
    assert "fewer than 5" in few.warnings[0] and few.ratio.lower < 3 < few.ratio.upper
    none = risk_ratio((5, 0), (56, 29)).ratio
    assert none.value == np.inf and none.upper == np.inf and 0 < none.lower < 2
    assert risk_ratio((0, 5), (29, 56)).ratio.lower == 0
    one, other = risk_ratio((36, 16), (40, 80)).ratio, risk_ratio((16, 36), (80, 40)).ratio
    check(bounds(one), "2.94", "7.15")
    assert bounds(other) == pytest.approx([1 / one.upper, 1 / one.lower], rel=1e-6), "exchanging the groups inverts the ratio"


def test_koopman_holds_the_score_test_at_its_bounds() -> None:
    """The bounds of 36/40 against 16/80 were printed by Koopman (1984); here the likelihood itself is maximized to check a bound."""
    from scipy.optimize import minimize_scalar

    a, m, b, n = 7, 20, 2, 25
    for theta in bounds(risk_ratio((a, b), (m, n)).ratio):
        top = min(1, 1 / theta) - 1e-12
        best = minimize_scalar(lambda p, r=theta: -(a * np.log(r * p) + (m - a) * np.log1p(-r * p) + b * np.log(p) + (n - b) * np.log1p(-p)),
                               bounds=(1e-12, top), method="bounded", options={"xatol": 1e-13})  # fmt: skip
        second, first = best.x, theta * best.x
        score = (a - m * first) ** 2 / (m * first * (1 - first)) + (b - n * second) ** 2 / (n * second * (1 - second))
        assert score == pytest.approx(3.841459, rel=1e-4)


def test_strata() -> None:
    from statsmodels.stats.contingency_tables import StratifiedTable

    strata = [(12, 40, 5, 42), (7, 30, 4, 25), (20, 60, 9, 58)]
    tables = [np.array([[a, m - a], [b, n - b]]) for a, m, b, n in strata]
    assert stratified_risk_ratio(strata).ratio.value == pytest.approx(StratifiedTable(tables).riskratio_pooled)
    alone, plain = stratified_risk_ratio([(12, 40, 5, 42)]).ratio, risk_ratio((12, 5), (40, 42)).ratio
    assert [alone.value, *bounds(alone)] == pytest.approx([plain.value, *bounds(plain)])


def test_sleep_of_student() -> None:
    found = paired_change([0] * 10, numbers("-1.2 -2.4 -1.3 -1.3 0 -1.0 -1.8 -0.8 -4.6 -1.4"))
    check([found.change.value, found.t, found.p, *bounds(found.change)], "-1.58", "-4.0621", "0.002833", "-2.4599", "-0.7001")
    assert found.exact and found.p_sign_flip == 4 / 1024


def test_mice_of_efron_and_tibshirani() -> None:
    treated, control = numbers("94 197 16 38 99 141 23"), numbers("52 104 146 10 51 30 40 27 46")
    found = mean_difference(treated, control, resamples=20_000)
    check([found.difference.value, found.p], "30.6349", "0.315501")
    assert found.exact and found.p_permutation_one_sided == pytest.approx(1613 / 11440) and found.p_permutation == pytest.approx(3184 / 11440)
    assert bounds(found.bootstrap) == pytest.approx([-21, 84], abs=2.5)
    error = np.sqrt(np.var(treated) / 7 + np.var(control) / 9)
    check([error], "26.9081")
    drawn = mean_difference(np.arange(40.0), np.arange(40.0) + 15, resamples=500)
    assert not drawn.exact and drawn.p_permutation == pytest.approx(1 / 501)


def test_the_nile_at_aswan() -> None:
    flow = nile()
    plain = interrupted(flow, start=29, slope=False, errors="usual")
    check([term.value.value for term in plain.terms], "1087.360866", "0.716492", "-283.602379")
    check([term.error for term in plain.terms], "26.1915", "0.703487", "45.227066")
    robust = interrupted(flow, start=29, slope=False, lag=3, small_sample=False)
    check([robust.level.error, *bounds(robust.level.value)], "50.971699", "-383.505", "-183.700")
    sloped = interrupted(flow, start=29, errors="usual")
    check([sloped.level.value.value, sloped.level.error, sloped.slope.value.value, sloped.slope.error], "-288.633597", "56.245861", "-0.469089", "3.088477")
    check([sloped.durbin_watson, -sloped.unadjusted.value, *(-b for b in bounds(sloped.unadjusted))], "1.6878", "247.78", "307.05", "188.50")
    assert [place for place, _level in sloped.sensitivity] == [27, 28, 29, 30, 31] and "whatever else changed" in sloped.warnings[0]
    assert sloped.contrast.value == pytest.approx(sloped.predicted - sloped.counterfactual)


def test_models_agree_with_statsmodels() -> None:
    import statsmodels.api as sm

    random = np.random.default_rng(11)
    n = 80
    design = np.column_stack([np.ones(n), np.arange(n), np.arange(n) > 40])
    outcome = design @ [5, 0.1, 2] + random.normal(size=n)
    theirs = sm.OLS(outcome, design).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
    ours = least_squares(design, outcome, lag=4)
    assert np.allclose(ours.coefficients, theirs.params) and np.allclose(ours.errors, theirs.bse)
    exposure = random.uniform(50, 150, n)
    counted = random.poisson(exposure * np.exp(design @ [-1, 0.002, -0.3])).astype(float)
    quasi = sm.GLM(counted, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(scale="X2")
    found = poisson_regression(design, counted, exposure)
    assert np.allclose(found.coefficients, quasi.params) and np.allclose(found.errors, quasi.bse) and found.dispersion == pytest.approx(quasi.scale)
    hac = sm.GLM(counted, design, family=sm.families.Poisson(), offset=np.log(exposure)).fit(cov_type="HAC", cov_kwds={"maxlags": 3, "use_correction": True})
    assert np.allclose(poisson_regression(design, counted, exposure, lag=3).errors, hac.bse)
    assert default_lag(100) == 4 and default_lag(60) == 3


def test_a_season_in_a_series_agrees_with_statsmodels() -> None:
    """By month in a model of logarithms, and by harmonics in a model of counts."""
    import statsmodels.api as sm

    random = np.random.default_rng(12)
    n, start = 120, 80
    time = np.arange(1.0, n + 1)
    after, month = (time >= start).astype(float), (np.arange(n) % 12)[:, None] == np.arange(1, 12)
    values = np.exp(7 - 0.001 * time - 0.16 * after + 0.1 * np.sin(2 * np.pi * time / 12) + random.normal(0, 0.05, n))
    theirs = sm.OLS(np.log(values), np.column_stack([np.ones(n), time, after, month])).fit()
    ours = interrupted(values, start=start, slope=False, log=True, errors="usual", season=Season("months"))
    assert [ours.level.value.value, ours.level.error, *bounds(ours.level.value)] == pytest.approx([theirs.params[2], theirs.bse[2], *theirs.conf_int()[2]])
    people = random.uniform(3.7e5, 3.9e5, n)
    counted = random.negative_binomial(400, 1 / (1 + people * np.exp(-6.2 + 0.005 * time - 0.11 * after) / 400)).astype(float)
    waves = [wave(2 * np.pi * pair * time / 12) for pair in (1, 2) for wave in (np.sin, np.cos)]
    design = np.column_stack([np.ones(n), time, after, *waves])
    quasi = sm.GLM(counted, design, family=sm.families.Poisson(), offset=np.log(people)).fit(scale="X2")
    seen = interrupted(counted, exposure=people, start=start, slope=False, errors="usual", season=Season())
    assert [seen.level.value.value, seen.level.error, seen.dispersion] == pytest.approx([quasi.params[2], quasi.bse[2], quasi.scale])
    assert seen.level_ratio.value == pytest.approx(np.exp(quasi.params[2]))


def test_a_comparison_series_takes_away_what_both_went_through() -> None:
    random = np.random.default_rng(3)
    shared = np.cumsum(random.normal(0, 1, 40))
    outcome = shared + np.where(np.arange(40) >= 20, 5, 0) + random.normal(0, 0.3, 40)
    found = interrupted(outcome, start=21, comparison=shared, slope=False)
    assert 5 in found.level.value and found.level.error < 0.5 and not any("whatever else" in w for w in found.warnings)


def test_gaps_and_short_series_are_said() -> None:
    values = [*range(10), None, *range(11, 18)]
    found = interrupted(np.array([np.nan if v is None else v for v in values]) + np.random.default_rng(1).normal(0, 0.1, 18), start=13, chosen_beforehand=False)
    assert found.n == 17 and any("fewer than 8" in w for w in found.warnings) and any("chosen after" in w for w in found.warnings)


def test_a_phased_rollout() -> None:
    random = np.random.default_rng(7)
    starts = [4, 7, 10, 13, 16, None]
    rows = random.normal(0, 1, (6, 18)) + random.normal(0, 3, (6, 1)) + random.normal(0, 3, (1, 18))
    none = phased_rollout(rows, starts)
    treated = np.array([[t >= (99 if s is None else s) for t in range(1, 19)] for s in starts])
    found = phased_rollout(rows + 3 * treated, starts)
    assert found.exact and 3 in found.effect and found.p < 0.02 and none.p > 0.05 and 0 in none.effect
    with pytest.raises(DataRefused, match="at the same time"):
        phased_rollout(rows, [5] * 6)


SIZES = [(0.10, 0.35, 43), (0.15, 0.525, 24), (0.20, 0.70, 15)]


@pytest.mark.parametrize(("first", "second", "each"), SIZES)
def test_sizes_for_the_claims(first: float, second: float, each: int) -> None:
    assert size_for_proportions(first, second).each == each


def test_sizes_agree_with_statsmodels() -> None:
    from statsmodels.stats.power import TTestIndPower, TTestPower

    assert power_for_means(26, 0.8, 1.0) == pytest.approx(TTestIndPower().power(0.8, 26, 0.05), rel=1e-8)
    assert size_for_means(0.8, 1.0).each == int(np.ceil(TTestIndPower().solve_power(0.8, power=0.8, alpha=0.05)))
    assert size_for_means(0.5, 1.0, paired=True).each == int(np.ceil(TTestPower().solve_power(0.5, power=0.8, alpha=0.05)))
    assert size_for_rates(2.0, 1.0).each == 24 and size_for_survey(0.05).each == 385 and size_for_survey(0.05, population=100).each == 80


def test_power_of_an_interrupted_series_is_what_simulation_finds() -> None:
    random = np.random.default_rng(5)
    said = power_for_interrupted(20, 20, 2.0, 1.0)
    time = np.arange(1.0, 41)
    design = np.column_stack([np.ones(40), time, time > 20, np.where(time > 20, time - 20, 0)])
    hits = 0
    for _case in range(600):
        fit = least_squares(design, 2.0 * (time > 20) + random.normal(size=40))
        hits += abs(fit.coefficients[2] / fit.errors[2]) > 2.028
    assert hits / 600 == pytest.approx(said, abs=0.07) and power_for_interrupted(20, 20, 2.0, 1.0, autocorrelation=0.5) < said


def test_grades_of_designs() -> None:
    assert design_grade("randomized").code == "A" and design_grade("before-after", comparison=True).code == "B"
    alone = design_grade("before-after", chosen_for_being_worst=True, fixed_before=False)
    assert alone.code == "C" and not alone.causal and len(alone.warnings) == 2 and "picked because they were worst" in alone.warnings[0]
    assert design_grade("cross-section").code == "D" and regression_to_the_mean(0.6, 20, 50) == pytest.approx(12)
    assert bootstrap_total(np.array([1.0, 2.0, 3.0])).value == 6


@pytest.mark.parametrize(
    ("compare", "sentence"),
    [
        (lambda: two_proportions((5, 3), (4, 10)), "count between 0 and n; got 5 of 4"),
        (lambda: risk_ratio((0, 0), (5, 5)), "no case in either group"),
        (lambda: rate_ratio((0, 0), (5, 5)), "at least one in all"),
        (lambda: mean_difference([1, 1], [1, 1]), "Without any spread"),
        (lambda: paired_change([1, 2], [2, 3]), "whose changes differ"),
        (lambda: interrupted(range(10), start=2), "at least 3 points before"),
        (lambda: interrupted(range(10), start=5, log=True), "above 0"),
        (lambda: interrupted(range(10), start=5, exposure=[0] * 10), "exposure must be above 0"),
        (lambda: interrupted(range(20), start=9, season=Season("months", period=30)), "A season needs a period"),
        (lambda: size_for_proportions(0.3, 0.3), "difference of 0"),
        (lambda: many_proportions([0, 0], [5, 5]), "one outcome"),
    ],
)
def test_comparisons_that_cannot_be_made_are_refused(compare, sentence: str) -> None:
    with pytest.raises(DataRefused, match=sentence):
        compare()
