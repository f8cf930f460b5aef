"""Capability indices: published numbers, R's numbers, and no index for a process that is not stable."""

from __future__ import annotations

import numpy as np
import pytest

from linchpin.statistics import DataRefused, plain
from linchpin.statistics.capability.capability import capability
from linchpin.statistics.capability.defects import sigma_level, taguchi_loss
from linchpin.statistics.capability.intervals import actual, on_target, potential
from linchpin.statistics.capability.non_normal import percentile_performance, transformed_performance
from linchpin.statistics.capability.normality import normality, shapiro_wilk
from linchpin.statistics.results import Estimate
from tests.statistics import published_series as data
from tests.statistics.printed import check, column, oracle

RINGS = data.rings(data.RINGS_I)


def bounds(found: Estimate) -> list[float]:
    return [found.lower, found.upper]


def test_piston_rings_of_montgomery() -> None:
    found = capability(RINGS, lower=73.95, upper=74.05, target=74, degrees="n-1")
    short, long = found.within, found.overall
    check([short.sigma, long.sigma], "0.009785", "0.010070")
    check([short.both.value, short.worst.value, short.lower.value, short.upper.value, short.target.value], "1.7032", "1.6632", "1.7433", "1.6632", "1.6911")
    check([long.both.value, long.worst.value], "1.6551", "1.6162")
    check([*bounds(short.both), *bounds(short.worst)], "1.4914", "1.9148", "1.4481", "1.8783")
    check([*bounds(long.both), *bounds(long.worst)], "1.4492", "1.8606", "1.4067", "1.8256")
    assert found.stable and found.n == 125 and found.ppm_observed == 0


def test_degrees_of_freedom_of_a_range_are_fewer() -> None:
    careful, counted = (capability(RINGS, lower=73.95, upper=74.05, degrees=degrees).within for degrees in ("effective", "n-1"))
    assert careful.degrees == pytest.approx(25 * 3.6232, rel=1e-3) and counted.degrees == 124
    assert careful.both.upper - careful.both.lower > counted.both.upper - counted.both.lower


def test_intervals_of_montgomery() -> None:
    index = (62 - 38) / (6 * 1.75)
    check([index, *bounds(potential(index, 19, 0.95))], "2.2857", "1.5649", "3.0056")
    check(bounds(actual(1.33, 20, 19, 0.95)), "0.8826", "1.7774")


def test_individuals_by_hand() -> None:
    found = capability(data.HAND, lower=6, upper=16)
    short, long = found.within, found.overall
    check([short.both.value, short.worst.value, long.both.value, long.worst.value], "1.2537546301", "1.1033040745", "1.4617633655", "1.2863517617")
    check([*bounds(long.both), *bounds(long.worst)], "0.5086949938", "2.4397972171", "0.3483091716", "2.2243943517")
    check(bounds(short.both), "0.2703628317", "2.3009503054")
    check([short.ppm, long.ppm], "479.2477", "57.3649")


def test_grouped_case_of_qcc() -> None:
    rows = [[10.00, 10.02, 9.98, 10.01], [10.03, 9.99, 10.01, 10.00], [9.97, 10.04, 10.02, 9.99]]
    found = capability(rows, lower=9.9, upper=10.1, target=10, degrees="n-1", constants_as="table")
    short, long = found.within, found.overall
    check([short.both.value, *bounds(short.both)], "1.372667", "0.808460", "1.937713")
    check([short.worst.value, *bounds(short.worst)], "1.304033", "0.727408", "1.880659")
    check([short.target.value, long.both.value, *bounds(long.both)], "1.344463", "1.612598", "0.949773", "2.276410")
    check([long.worst.value, *bounds(long.worst)], "1.531968", "0.864608", "2.199329")


def test_example_of_nist() -> None:
    low, high = (16 - 8) / 6, (20 - 16) / 6
    values = 16 + 2 * np.array([-1, 1] * 50) * np.sqrt(99 / 100)
    found = capability(np.random.default_rng(4).permutation(values), lower=8, upper=20, gate=False).overall
    check([found.both.value, found.worst.value, found.lower.value, found.upper.value], "1.0", "0.6667", "1.3333", "0.6667")
    check([1 - found.worst.value / found.both.value], "0.3333")
    assert (low, high) == pytest.approx((found.lower.value, found.upper.value))


@pytest.mark.parametrize(("name", "file", "key"), [("bottles", "ss_data_ca", "Volume"), ("bolts", "ss_data_bolts", "diameter")])
def test_six_sigma_sets(name: str, file: str, key: str) -> None:
    expected, values = oracle("capability_sixsigma")[name], column(f"measurements/{file}.csv", key)
    found = capability(values, lower=expected["spec"][0], upper=expected["spec"][1], target=expected["target"])
    assert [found.n, found.mean, found.overall.sigma] == pytest.approx([expected["n"], expected["mean"], expected["sd"]], rel=1e-9)
    assert [found.overall.both.value, *bounds(found.overall.both)] == pytest.approx([expected["Cp"], *expected["Cp_ci95"]], rel=1e-9)
    assert [found.overall.worst.value, *bounds(found.overall.worst)] == pytest.approx([expected["Cpk"], *expected["Cpk_ci95"]], rel=1e-9)
    assert 3 * found.overall.worst.value == pytest.approx(expected["z"], rel=1e-9)
    assert shapiro_wilk(values) == pytest.approx(expected["shapiro_p"], rel=1e-4)
    if "taguchi_loss" in expected:
        loss = taguchi_loss(values, target=10, tolerance=0.5, cost=0.001)
        assert [loss.factor, loss.mean_loss] == pytest.approx([expected["taguchi_loss"]["k"], expected["taguchi_loss"]["mean_loss"]], rel=1e-9)


def test_qcc_on_bottles_and_rings() -> None:
    for source, n, mean, (low, high, target) in (
        (oracle("capability_sixsigma")["qcc_bottles"], 20, 749.7625, (740, 760, 750)),
        (oracle("spc_pistonrings")["capability"], 125, 74.001176, (73.95, 74.05, 74)),
        (oracle("spc_pistonrings")["capability_target"], 125, 74.001176, (73.95, 74.05, 74.02)),
    ):
        sigma, expected = source["std.dev"], source["indices"]
        both, off = (high - low) / (6 * sigma), (mean - target) / sigma
        one_sided = 0.90
        found = {
            "Cp": potential(both, n - 1, 0.95), "Cp_l": actual((mean - low) / (3 * sigma), n, n - 1, one_sided),
            "Cp_u": actual((high - mean) / (3 * sigma), n, n - 1, one_sided), "Cp_k": actual(min(high - mean, mean - low) / (3 * sigma), n, n - 1, 0.95),
            "Cpm": potential(both / np.sqrt(1 + off * off), n * (1 + off * off) / (1 + 2 * off * off), 0.95),
        }  # fmt: skip
        for name, estimate in found.items():
            assert [estimate.value, *bounds(estimate)] == pytest.approx([expected[name][k] for k in ("value", "lo95", "hi95")], rel=1e-8), name


def test_the_interval_of_cpm_has_boyles_degrees_of_freedom_where_qcc_leaves_out_a_square() -> None:
    found = on_target(1.2, 50, 0.5, 0.95)
    assert bounds(found) == pytest.approx(bounds(potential(1.2, 50 * 1.25**2 / 1.5, 0.95)))


def test_no_index_for_an_unstable_process() -> None:
    found = capability([10, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11, 10, 11], lower=0, upper=40)
    assert not found.stable and found.within is None and plain(found)["cp"] is None and plain(found)["pp"]["value"] > 0
    assert any("not stable (signals at 8" in warning for warning in found.warnings)
    marked = capability([10, 11, 10, 11, 10, 11, 10, 30, 10, 11, 10, 11, 10, 11], lower=0, upper=40, gate=False)
    assert marked.within is not None and any("order of time" in warning for warning in marked.warnings)


def test_one_limit_gives_no_cp() -> None:
    found = capability(data.HAND, upper=16)
    assert found.within.both is None and found.within.lower is None and found.within.worst.value == found.within.upper.value


@pytest.mark.parametrize(
    ("compute", "sentence"),
    [
        (lambda: capability([1, 2, 3]), "Give a lower or an upper specification limit"),
        (lambda: capability([1, 2, 3], lower=5, upper=4), "must lie below"),
        (lambda: capability([2, 2, 2], lower=1, upper=4), "no variation"),
        (lambda: normality([1, 2, 3]), "at least 8"),
        (lambda: percentile_performance([0, *range(1, 40)], lower=0, upper=50), "values above 0"),
        (lambda: percentile_performance(range(1, 100), lower=0, upper=50, family="empirical"), "at least 1000"),
        (lambda: transformed_performance(range(1, 40), lower=-1, upper=50), "limits above 0"),
        (lambda: sigma_level(0), "“dpmo” is 0"),
    ],
)
def test_what_has_no_answer_is_refused(compute, sentence: str) -> None:
    with pytest.raises(DataRefused, match=sentence):
        compute()


def test_sigma_levels() -> None:
    for dpmo, level in ((3.4, "6.000"), (233, "5.000"), (6210, "4.000"), (66807, "3.000"), (308537, "2.000")):
        check([sigma_level(dpmo).level], level)
    assert "convention" in sigma_level(3.4).warnings[0] and not sigma_level(3.4, shift=0).warnings


def test_normality_agrees_with_statsmodels() -> None:
    from statsmodels.stats.diagnostic import normal_ad

    random = np.random.default_rng(3)
    for values in (random.normal(size=80), random.exponential(size=80), random.uniform(size=40), random.normal(size=9)):
        statistic, p = normal_ad(values)
        found = normality(values)
        n = values.size
        assert found.statistic == pytest.approx(statistic * (1 + 0.75 / n + 2.25 / n**2), rel=1e-9) and found.p == pytest.approx(p, rel=1e-6)


def test_percentiles_of_lognormal_values_are_those_of_their_logarithms() -> None:
    values = np.exp(np.random.default_rng(5).normal(1, 0.3, 200))
    found = percentile_performance(values, lower=0.5, upper=9, resamples=100)
    logs = np.log(values)
    assert found.low == pytest.approx(np.exp(logs.mean() - 3 * logs.std())) and found.worst.lower < found.worst.value < found.worst.upper
    for family in ("weibull", "gamma"):
        assert percentile_performance(values, upper=9, family=family, resamples=10).both is None


def test_a_transformation_is_named() -> None:
    values = np.random.default_rng(6).gamma(3, 2, 150)
    found = transformed_performance(values, upper=25)
    assert 0 < found.power < 1 and "Box–Cox" in found.method and "name the transformation" in found.warnings[0]


def test_box_and_cox_maximize_the_likelihood_as_in_scipy() -> None:
    from scipy.stats import boxcox_llf, boxcox_normmax

    values = np.random.default_rng(6).gamma(3, 2, 150)
    found = transformed_performance(values, lower=0.2, upper=25)
    assert found.power == pytest.approx(boxcox_normmax(values, method="mle"), abs=1e-6)
    assert all(boxcox_llf(found.power, values) >= boxcox_llf(found.power + step, values) for step in (-0.01, -1e-4, 1e-4, 0.01))
    moved, low, high = ((np.asarray(x) ** found.power - 1) / found.power for x in (values, 0.2, 25.0))
    sigma = moved.std(ddof=1)
    assert found.both.value == pytest.approx((high - low) / (6 * sigma))
    assert found.worst.value == pytest.approx(min(high - moved.mean(), moved.mean() - low) / (3 * sigma))


def test_a_power_that_is_known_gives_the_capability_that_is_known() -> None:
    """Squares of normal values: the root is the right power, and Ppk that of the roots."""
    roots = np.random.default_rng(2).normal(20, 1, 4000)
    found = transformed_performance(roots**2, upper=24.0**2)
    assert found.power == pytest.approx(0.5, abs=0.25) and 4 / 3 in found.worst
