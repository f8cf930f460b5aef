"""Control charts give the numbers that handbooks print."""

from __future__ import annotations

import numpy as np
import pytest

from linchpin.statistics.control.c_chart import c_chart
from linchpin.statistics.control.chart import Frozen
from linchpin.statistics.control.constants import Constants, constants
from linchpin.statistics.control.cusum import cusum
from linchpin.statistics.control.ewma import ewma
from linchpin.statistics.control.laney import p_prime
from linchpin.statistics.control.np_chart import np_chart
from linchpin.statistics.control.p_chart import p_chart
from linchpin.statistics.control.u_chart import u_chart
from linchpin.statistics.control.xbar_r import xbar_r
from linchpin.statistics.control.xbar_s import xbar_s
from linchpin.statistics.control.xmr import xmr
from tests.statistics import published_series as data
from tests.statistics.printed import check, numbers

CONSTANTS = """2 2.121 1.880 2.659 0.7979 0.000 3.267 0.000 2.606 1.128 0.8525 0.000 3.686 0.000 3.267 2.659
3 1.732 1.023 1.954 0.8862 0.000 2.568 0.000 2.276 1.693 0.8884 0.000 4.358 0.000 2.575 1.772
4 1.500 0.729 1.628 0.9213 0.000 2.266 0.000 2.088 2.059 0.8798 0.000 4.698 0.000 2.282 1.457
5 1.342 0.577 1.427 0.9400 0.000 2.089 0.000 1.964 2.326 0.8641 0.000 4.918 0.000 2.114 1.290
6 1.225 0.483 1.287 0.9515 0.030 1.970 0.029 1.874 2.534 0.8480 0.000 5.079 0.000 2.004 1.184
7 1.134 0.419 1.182 0.9594 0.118 1.882 0.113 1.806 2.704 0.8332 0.205 5.204 0.076 1.924 1.109
8 1.061 0.373 1.099 0.9650 0.185 1.815 0.179 1.751 2.847 0.8198 0.388 5.307 0.136 1.864 1.054
9 1.000 0.337 1.032 0.9693 0.239 1.761 0.232 1.707 2.970 0.8078 0.547 5.394 0.184 1.816 1.010
10 0.949 0.308 0.975 0.9727 0.284 1.716 0.276 1.669 3.078 0.7971 0.686 5.469 0.223 1.777 0.975
11 0.905 0.285 0.927 0.9754 0.321 1.679 0.313 1.637 3.173 0.7873 0.811 5.535 0.256 1.744 0.946
12 0.866 0.266 0.886 0.9776 0.354 1.646 0.346 1.610 3.258 0.7785 0.923 5.594 0.283 1.717 0.921
13 0.832 0.249 0.850 0.9794 0.382 1.618 0.374 1.585 3.336 0.7704 1.025 5.647 0.307 1.693 0.899
14 0.802 0.235 0.817 0.9810 0.406 1.594 0.399 1.563 3.407 0.7630 1.118 5.696 0.328 1.672 0.881
15 0.775 0.223 0.789 0.9823 0.428 1.572 0.421 1.544 3.472 0.7562 1.203 5.740 0.347 1.653 0.864
16 0.750 0.212 0.763 0.9835 0.448 1.552 0.440 1.526 3.532 0.7499 1.282 5.782 0.363 1.637 0.849
17 0.728 0.203 0.739 0.9845 0.466 1.534 0.458 1.511 3.588 0.7441 1.356 5.820 0.378 1.622 0.836
18 0.707 0.194 0.718 0.9854 0.482 1.518 0.475 1.496 3.640 0.7386 1.424 5.856 0.391 1.609 0.824
19 0.688 0.187 0.698 0.9862 0.497 1.503 0.490 1.483 3.689 0.7335 1.489 5.889 0.404 1.596 0.813
20 0.671 0.180 0.680 0.9869 0.510 1.490 0.504 1.470 3.735 0.7287 1.549 5.921 0.415 1.585 0.803
21 0.655 0.173 0.663 0.9876 0.523 1.477 0.516 1.459 3.778 0.7242 1.606 5.951 0.425 1.575 0.794
22 0.640 0.167 0.647 0.9882 0.534 1.466 0.528 1.448 3.819 0.7199 1.660 5.979 0.435 1.565 0.785
23 0.626 0.162 0.633 0.9887 0.545 1.455 0.539 1.438 3.858 0.7159 1.711 6.006 0.443 1.557 0.778
24 0.612 0.157 0.619 0.9892 0.555 1.445 0.549 1.429 3.895 0.7121 1.759 6.032 0.452 1.548 0.770
25 0.600 0.153 0.606 0.9896 0.565 1.435 0.559 1.420 3.931 0.7084 1.805 6.056 0.459 1.541 0.763"""
ORDER = ("a", "a2", "a3", "c4", "b3", "b4", "b5", "b6", "d2", "d3", "d1_limit", "d2_limit", "d3_limit", "d4_limit", "e2")


@pytest.mark.parametrize("line", CONSTANTS.splitlines())
def test_constants_are_the_printed_ones(line: str) -> None:
    n, *printed = line.split()
    for precision in ("exact", "table"):
        found: Constants = constants(int(n), precision)
        check([getattr(found, name) for name in ORDER], *printed)


def test_constants_of_two_have_closed_forms() -> None:
    two = constants(2)
    assert two.d2 == pytest.approx(2 / np.sqrt(np.pi), rel=1e-14)
    assert constants(3).d2 == pytest.approx(3 / np.sqrt(np.pi), rel=1e-12)
    assert constants(3).d3 == pytest.approx(np.sqrt((2 * np.pi - 9 + 3 * np.sqrt(3)) / np.pi), rel=1e-11)


def test_flow_rates_of_nist() -> None:
    exact, table = xmr(data.FLOW), xmr(data.FLOW, constants_as="table")
    check([exact.center, exact.companion.center, exact.upper, exact.lower, exact.companion.upper], "50.81", "1.877778", "55.802412", "45.817588", "6.133821")
    check([table.upper, table.lower, table.companion.upper], "55.8041", "45.8159", "6.1347")
    assert exact.stable and exact.provisional


def test_individuals_by_hand() -> None:
    chart = xmr(data.HAND)
    found = [chart.center, chart.companion.center, chart.sigma, chart.upper, chart.lower]
    check(found, "11.6", "1.5", "1.3293403882", "15.5880211645", "7.6119788355")
    assert chart.companion.upper == pytest.approx(4.8997978779, rel=1e-6)


def test_viscosity_has_one_batch_beyond() -> None:
    chart = xmr(data.VISCOSITY, constants_as="table")
    check([chart.center, chart.companion.center, chart.upper, chart.lower], "34.088", "0.572632", "35.610956", "32.565044")
    check([chart.companion.upper], "1.870787")
    assert chart.signals.of("beyond-limits") == [4] == chart.signals.points


def test_piston_rings() -> None:
    first = data.rings(data.RINGS_I)
    by_range, table, by_deviation = xbar_r(first), xbar_r(first, constants_as="table"), xbar_s(first)
    check([by_range.center, by_range.companion.center, by_deviation.companion.center], "74.001176", "0.022760", "0.009240")
    check([by_range.upper, by_range.lower, by_range.companion.upper], "74.014304", "73.988048", "0.048126")
    check([table.upper, table.lower, table.companion.upper], "74.01431", "73.98804", "0.048115")
    check([by_deviation.upper, by_deviation.lower, by_deviation.companion.upper], "74.014364", "73.987988", "0.019302")
    assert by_range.stable and by_deviation.stable


def test_piston_rings_of_phase_two_are_judged_by_frozen_limits() -> None:
    frozen = xbar_r(data.rings(data.RINGS_I)).frozen
    later = xbar_r(data.rings(data.RINGS_II), frozen=frozen)
    assert [25 + index for index in later.signals.of("beyond-limits")] == [37, 38, 39]
    check(later.values[11:14], "74.0166", "74.0196", "74.0234")
    together = xbar_r(data.rings(data.RINGS_I) + data.rings(data.RINGS_II), baseline=25)
    assert together.signals.of("beyond-limits") == [37, 38, 39]


def test_hard_bake_from_its_summaries() -> None:
    """Montgomery's table 6.1 is known here by its grand mean, mean range and mean standard deviation only."""
    rows = [[1.5, 1.6, 1.4, 1.5, 1.5], [1.4, 1.6, 1.5, 1.6, 1.5]]
    chart = xbar_r(rows, frozen=Frozen(1.505610, 0.325208 / 2.326, 0.325208), constants_as="table")
    check([chart.upper, chart.lower, chart.companion.upper, chart.sigma], "1.693255", "1.317965", "0.687490", "0.139814")
    deviations = xbar_s(rows, frozen=Frozen(1.505610, 0.131555 / constants(5).c4, 0.131555), constants_as="table")
    assert [deviations.upper, deviations.lower] == pytest.approx([1.693339, 1.317882], abs=1.5e-6), "the mean standard deviation is known to 6 places"
    check([deviations.companion.upper], "0.274818")


def test_subgroups_by_hand() -> None:
    rows = [[10, 12], [11, 13], [9, 11], [12, 14], [10, 12]]
    chart, deviations = xbar_r(rows), xbar_s(rows).companion
    found = [chart.center, chart.companion.center, chart.sigma, chart.upper, chart.lower, chart.companion.upper]
    check(found, "11.4", "2", "1.7724538509", "15.1599424119", "7.6400575881", "6.5330638386")
    check([deviations.center, deviations.upper], "1.4142135624", "4.6195737422")


def test_wafer_defects_of_nist() -> None:
    chart = c_chart(data.WAFERS)
    check([sum(data.WAFERS), chart.center, chart.upper, chart.lower], "400", "16", "28", "4")
    assert chart.signals.of("beyond-limits") == [24], "wafer 3 lies on the limit, not beyond it"


def test_orange_juice_and_its_revision() -> None:
    first = p_chart(data.JUICE, 50)
    check([first.center, first.upper, first.lower], "0.231333", "0.410239", "0.052428")
    assert first.signals.of("beyond-limits") == [15, 23]
    revised = p_chart(data.JUICE, 50, exclude=[15, 23])
    check([revised.center, revised.upper, revised.lower], "0.215", "0.389297", "0.040703")
    assert revised.signals.of("beyond-limits") == [15, 21, 23]


def test_numbers_of_cans() -> None:
    kept = [value for place, value in enumerate(data.JUICE, 1) if place not in (15, 23)]
    chart = np_chart(kept, 50)
    check([chart.center, chart.upper, chart.lower], "10.75", "19.464858", "2.035142")


def test_printed_circuits_and_their_revision() -> None:
    first, revised = c_chart(data.CIRCUITS), c_chart(data.CIRCUITS, exclude=[6, 20])
    check([first.center, first.upper, first.lower], "19.846154", "33.210861", "6.481447")
    assert first.signals.of("beyond-limits") == [6, 20]
    check([revised.center, revised.upper, revised.lower], "19.666667", "32.970801", "6.362532")


def test_computers_and_cloth() -> None:
    computers = u_chart(data.COMPUTERS, 5)
    check([computers.center, computers.upper, computers.lower], "1.93", "3.793867", "0.066133")
    cloth = u_chart(data.CLOTH, data.CLOTH_SIZES)
    check([cloth.center], "1.423256")
    expected = {
        8: "2.6886 0.1579", 9.5: "2.5844 0.2621", 10: "2.5550 0.2915", 10.5: "2.5278 0.3187", 12: "2.4564 0.3901",
        12.5: "2.4356 0.4110", 13: "2.4159 0.4306",
    }  # fmt: skip
    for place, size in enumerate(data.CLOTH_SIZES):
        check([cloth.upper[place], cloth.lower[place]], *expected[size].split())
    assert not len(cloth.signals)


def test_small_cases_by_hand() -> None:
    plain, widened, few = p_chart([2, 3, 1, 4, 2], 50), p_prime([2, 3, 1, 4, 2], 50), c_chart([3, 2, 4, 1, 3])
    check([plain.center, plain.upper, plain.lower], "0.048", "0.1386933294", "0")
    check([widened.frozen.inflation, widened.upper], "1.1726025689", "0.1543472311")
    check([few.center, few.upper, few.lower], "2.6", "7.4373546490", "0")


def test_ewma_of_nist() -> None:
    chart = ewma(data.EWMA_SERIES, target=50, sigma=2.0539, weight=0.3, limits="asymptotic")
    printed = "50.60 49.52 50.56 50.18 50.16 49.21 49.75 49.85 50.26 50.33 50.11 49.36 49.52 50.05 49.38 49.92 50.73 51.23 51.94 51.99"
    check(chart.values, *printed.split())
    check([chart.upper, chart.lower], "52.5884", "47.4116")
    assert not len(chart.signals)


def test_ewma_small_and_montgomery() -> None:
    small = ewma([11, 13, 12], target=10, sigma=2, weight=0.5, width=2)
    check(small.values, "10.5", "11.75", "11.875")
    assert np.allclose((small.upper - 10) / 2, np.sqrt([1, 1.25, 1.3125]))
    large = ewma(data.MONTGOMERY_91, target=10, sigma=1, weight=0.1, width=2.7)
    check(large.values[[0, 1, 27, 28]], "9.945", "9.7495", "10.5731", "10.6468")
    check([large.lower[0], large.upper[0], large.lower[1], large.upper[1], large.upper[28]], "9.73", "10.27", "9.6368", "10.3632", "10.6187")
    assert large.signals.points[0] == 29


def test_cusum_of_nist() -> None:
    chart = cusum(data.CUSUM_SERIES, target=325, sigma=0.635, slack=0.5, interval=4.1959 / 0.635)
    check(chart.above[12:], "3.0075", "4.9400", "7.4475", "10.63", "11.9875", "14.445", "16.0025", "19.035")
    check([chart.below.max()], "0.715")
    assert int(chart.below.argmax()) + 1 == 8 and chart.signals[0].index == 14 and chart.began == 12


def test_cusum_montgomery_and_small() -> None:
    chart = cusum(data.MONTGOMERY_91, target=10, sigma=1)
    check(chart.above[[28, 29]], "5.28", "5.30")
    assert chart.signals[0].index == 29 and chart.runs_above[28] == 7
    small = cusum([1.5, 0.5, 0.6, -1.5, -0.5, -0.8], target=0, sigma=1, slack=0.5, interval=1)
    assert np.allclose(small.above, numbers("1.0 1.0 1.1 0 0 0")) and np.allclose(small.below, numbers("0 0 0 1.0 1.0 1.3"))
    assert [(s.index, s.rule) for s in small.signals] == [(3, "above-interval"), (6, "below-interval")]
