"""Trends, breaks, plans for lots, and the claims of the literature."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from linchpin.statistics import DataRefused
from linchpin.statistics.claims.aligning import aligning
from linchpin.statistics.claims.gaining import gain, gains
from linchpin.statistics.claims.outperforming import outperforming
from linchpin.statistics.claims.saving import saving
from linchpin.statistics.sampling.operating import acceptance, acceptance_of_lot, operating_curve, quality_at
from linchpin.statistics.sampling.plans import LEVELS, code_letter, sampling_plan, switch
from linchpin.statistics.sampling.tables import NORMAL, QUALITY_LIMITS, TIGHTENED
from linchpin.statistics.trend.change_points import change_points
from linchpin.statistics.trend.experience import experience_curve, experience_slope
from linchpin.statistics.trend.mann_kendall import mann_kendall
from linchpin.statistics.trend.ranks import spearman
from linchpin.statistics.trend.runs import runs_test
from tests.statistics.printed import check
from tests.statistics.test_effects import nile


def test_a_short_rise() -> None:
    found = mann_kendall([1, 2, 3, 4, 5])
    check([found.s, found.variance, found.z, found.p], "10", "16.6667", "2.2045", "0.0275")


def test_the_nile_fell() -> None:
    found = mann_kendall(nile())
    check([found.s, found.variance, found.z, found.tau, found.slope.value], "-1387", "112728.33", "-4.12807", "-0.2802", "-2.6")
    assert found.p == pytest.approx(3.6583e-05, rel=1e-4) and found.direction == "falling" and found.slope.upper < 0
    assert "too small" in found.warnings[0]


def test_the_nile_fell_even_after_the_correction_of_hamed_and_rao() -> None:
    """The figures of pymannkendall 1.4.3 (`hamed_rao_modification_test`), and the correction once more from its definition."""
    flow = nile()
    found = mann_kendall(flow, hamed_rao=True)
    check([found.variance * found.correction, found.z], "241565.3569166", "-2.8199791956")
    assert found.p == pytest.approx(0.0048026763101827, rel=1e-9) and found.slope.value == -2.6
    n = flow.size
    ranks = rankdata(flow - found.slope.value * np.arange(n)) - (n + 1) / 2
    strength = {lag: float(ranks[lag:] @ ranks[:-lag] / (ranks @ ranks)) for lag in range(1, n)}
    counted = sum((n - lag) * (n - lag - 1) * (n - lag - 2) * r for lag, r in strength.items() if abs(r) > norm.ppf(0.975) / np.sqrt(n))
    assert found.correction == pytest.approx(1 + 2 * counted / (n * (n - 1) * (n - 2)), rel=1e-10)


@pytest.mark.parametrize("values", [[1, 2, 3, 4, 5, 6], [1, 1, 2, 3, 4, 5], [1, 1, 2, 2, 2, 3, 4]])
def test_the_variance_with_ties_is_that_of_all_orders(values: list[int]) -> None:
    places = np.array(list(permutations(range(len(values)))))
    orders = np.array(values, dtype=float)[places]
    scores = sum(np.sign(orders[:, [j]] - orders[:, [i]])[:, 0] for i, j in combinations(range(len(values)), 2))
    assert mann_kendall(values).variance == pytest.approx(scores.var())


def test_missing_points_keep_their_place() -> None:
    found = mann_kendall([1, 2, None, None, 5, 6, 7])
    assert found.slope.value == 1 and "keep their place" in found.warnings[-1]
    with pytest.raises(DataRefused, match="at least 4"):
        mann_kendall([1, 2])


def test_runs_and_experience() -> None:
    found = runs_test([1, 1, 1, 5, 5, 5])
    check([found.runs, found.expected, found.z, found.p_too_few], "2", "4", "-1.8257", "0.033945")
    check([experience_slope(0.8)], "-0.321928")
    curve = experience_curve([100, 80, 64.5, 51], [1, 2, 4, 8])
    assert curve.ratio.value == pytest.approx(0.8, abs=0.005) and curve.ratio.lower < 0.8 < curve.ratio.upper


def test_spearman_agrees_with_scipy() -> None:
    from scipy.stats import spearmanr

    random = np.random.default_rng(4)
    x, y = random.integers(0, 9, 40).astype(float), random.integers(0, 9, 40).astype(float)
    theirs, ours = spearmanr(x, y), spearman(x, y)
    assert ours.rho.value == pytest.approx(theirs.statistic) and ours.p == pytest.approx(theirs.pvalue)


def test_the_nile_broke_in_1898() -> None:
    found = change_points(nile())
    assert found.changes == (29,) and [s.last for s in found.segments] == [28, 100]
    assert 1097.75 in found.segments[0].mean and "test a cause on later points" in found.warnings[0]


def test_change_points_rarely_appear_from_nothing() -> None:
    random = np.random.default_rng(9)
    false = sum(bool(change_points(random.normal(size=60)).changes) for _case in range(400))
    assert false / 400 < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)
    with pytest.raises(DataRefused, match="the same"):
        change_points([3] * 20)


PLANS = [
    (1000, 1.0, "II", "normal", "J", 80, 2), (1000, 1.0, "II", "tightened", "J", 80, 1), (1500, 2.5, "II", "normal", "K", 125, 7),
    (8, 0.065, "II", "normal", "A", 8, 0), (600_000, 0.10, "III", "normal", "R", 2000, 5), (100, 4.0, "S-3", "tightened", "C", 5, 0),
    (4000, 10.0, "II", "tightened", "L", 125, 18),
]  # fmt: skip


@pytest.mark.parametrize(("lot", "limit", "level", "how", "letter", "n", "accept"), PLANS)
def test_plans_of_the_standard(lot: int, limit: float, level: str, how: str, letter: str, n: int, accept: int) -> None:
    found = sampling_plan(lot, limit, level=level, inspection=how)
    assert (found.letter, found.n, found.accept, found.refuse) == (letter, n, accept, accept + 1)


def test_plans_are_whole_and_consistent() -> None:
    for table in (NORMAL, TIGHTENED):
        rows = [line.split() for line in table.strip().split("\n")]
        assert [row[0] for row in rows] == list("ABCDEFGHJKLMNPQR") and all(len(row) == 1 + len(QUALITY_LIMITS) for row in rows)
        for row in rows:
            chances = [acceptance(*map(int, cell.split(":")), limit / 100) for cell, limit in zip(row[1:], QUALITY_LIMITS, strict=True)]
            assert min(chances) > (0.79 if table is NORMAL else 0.62), row[0]
    for line_n, line_t in zip(NORMAL.strip().split("\n"), TIGHTENED.strip().split("\n"), strict=True):
        for cell, strict, limit in zip(line_n.split()[1:], line_t.split()[1:], QUALITY_LIMITS, strict=True):
            plain, tight = (acceptance(*map(int, one.split(":")), 3 * limit / 100) for one in (cell, strict))
            assert tight <= plain + 1e-9, f"{line_n[0]} at {limit} %: tightened inspection must not accept more"
    letters = "ABCDEFGHJKLMNPQR"
    for level in LEVELS:
        seen = [letters.index(code_letter(lot, level)) for lot in (2, 9, 16, 26, 51, 91, 151, 281, 501, 1201, 3201, 10001, 35001, 150001, 500001)]
        assert seen == sorted(seen)


def test_operating_characteristics() -> None:
    for share, chance in ((0.01, "0.953447"), (0.025, "0.676691"), (0.04, "0.374788"), (0.065, "0.100937")):
        check([acceptance(80, 2, share)], chance)
    for n, accept, high, low in ((80, 2, "1.0298", "6.5160"), (125, 7, "3.2241", "9.2371"), (50, 1, "0.7154", "7.5581"), (200, 10, "3.1147", "7.5990")):
        check([100 * quality_at(n, accept, 0.95), 100 * quality_at(n, accept, 0.10)], high, low)
    check([acceptance_of_lot(1000, 10, 80, 2)], "0.960752")
    curve = operating_curve(80, 2, lot=1000)
    assert curve.chances[0] == 1 and np.all(np.diff(curve.chances) <= 0) and curve.outgoing.max() < 0.02


def test_switching() -> None:
    assert switch([True] * 6).state == "normal" and switch([True, False, True, False]).state == "tightened"
    assert switch([False, True, True, True, True, False]).state == "normal"
    assert switch([False, False] + [True] * 5).state == "normal" and switch([False] * 7).state == "stop"


@pytest.mark.parametrize(("lot", "limit", "level"), [(1, 1.0, "II"), (100, 1.1, "II"), (100, 1.0, "IV")])
def test_plans_that_do_not_exist_are_refused(lot: int, limit: float, level: str) -> None:
    with pytest.raises(DataRefused):
        sampling_plan(lot, limit, level=level)


def culture(units: int, seed: int, ratio: float) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    scores = random.uniform(3, 5, units)
    return scores, (random.random(units) < np.where(scores >= 4, 0.2 * ratio, 0.2)).astype(float)


def test_a_strong_culture_and_too_few_units() -> None:
    few = outperforming(*culture(12, 1, 3.5), threshold=1)
    assert few.verdict == "too few units to tell" and few.hidden and few.source == "Claim in source, not verified."
    scores, ahead = culture(300, 2, 3.5)
    many = outperforming(scores, ahead, threshold=1, strata=["Cork", "Graz"] * 150, other_cuts=(3.8, 4.2))
    assert many.verdict == "interval contains 3.5" and not many.hidden and many.p_one_sided < 0.01 and len(many.sensitivity) == 2
    assert many.adjusted is not None and many.correlation.lower > 0
    weak = outperforming(*culture(400, 3, 1.0), threshold=1)
    assert weak.verdict == "interval excludes 3.5"


def test_gain_of_a_programme() -> None:
    random = np.random.default_rng(6)
    jump = np.exp(np.where(np.arange(48) >= 24, np.log(1.2), 0) + random.normal(0, 0.03, 48)) * 50
    found = gain(jump, start=25)
    assert found.separable and found.verdict.startswith("gain ") and 20 in found.gain and found.against_claim in ("25 % inside", "25 % outside")
    drift = np.exp(0.01 * np.arange(48) + random.normal(0, 0.02, 48))
    assert gain(drift, start=25).verdict == "can't separate from trend"
    cost = gain(1 / jump, start=25, lower_is_better=True)
    assert cost.gain.value == pytest.approx(100 * (1 - 1 / (1 + found.gain.value / 100)))
    several = gains({"Cork": jump, "Graz": drift}, {"Cork": 25, "Graz": 25})
    assert several.n == 2 and several.quartiles[0] <= several.median <= several.quartiles[1]


def test_alignment_is_an_association() -> None:
    random = np.random.default_rng(8)
    index = random.uniform(0, 1, 40)
    found = aligning(index, {"on time": index + random.normal(0, 0.3, 40), "scrap": random.normal(size=40)})
    assert [one.verdict for one in found.outcomes] == ["association", "no association shown"] and found.grade.code == "D"
    assert found.outcomes[0].p_adjusted >= found.outcomes[0].correlation.p
    assert aligning(index, {"on time": index}, assignment="randomized").outcomes[0].verdict == "effect"


def test_savings_are_claimed_or_spot_checked() -> None:
    found = saving([2, 4, 8, 1, 3], [10, 0, 20, 5, 0], rate=40, rate_source="payroll 2025")
    assert found.verdict == "claimed" and found.claimed.value == pytest.approx(18 * 40 - 35) and found.verified is None
    checked = saving([2, 4, 8, 1, 3], [10, 0, 20, 5, 0], rate=40, rate_source="payroll 2025", checked=[True, None, False, True, None])
    assert checked.verdict == "spot-checked" and checked.checked == 3 and checked.spot_checked == pytest.approx(70 + 35)
    with pytest.raises(DataRefused, match="where the rate comes from"):
        saving([1, 2], [0, 0], rate=40, rate_source=" ")
