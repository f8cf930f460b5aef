"""Aoife ranks causes, failure modes and risks."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest

from linchpin.statistics import DataRefused
from linchpin.statistics.pareto import pareto, pareto_shift
from linchpin.statistics.risk.action_priority import action_priority
from linchpin.statistics.risk.matrix import RiskMatrix, assessed, default_matrix
from tests.statistics.printed import check

ORDERS = {"part num.": 33, "price code": 80, "schedule date": 27, "contact num.": 94, "supplier code": 66}
ORDER = {"L": 0, "M": 1, "H": 2}


def test_defective_orders_of_qcc() -> None:
    found = pareto(ORDERS)
    assert [cause.name for cause in found.causes] == ["contact num.", "price code", "supplier code", "part num.", "schedule date"]
    check([cause.cumulative for cause in found.causes], "31.33", "58.00", "80.00", "91.00", "100.00")
    assert found.vital == 3 and found.causes[0].share.lower < 31.33 < found.causes[0].share.upper


def test_ties_stand_by_name_and_other_last() -> None:
    found = pareto(["b", "a", "other", "other", "other", "a", "b", "c"])
    assert [cause.name for cause in found.causes] == ["a", "b", "c", "other"]
    costs = pareto({"scrap": 120.5, "rework": 300.25}, counts=False)
    assert costs.causes[0].name == "rework" and costs.causes[0].share.lower != costs.causes[0].share.lower


def test_a_change_of_mix_is_tested() -> None:
    same, moved = pareto_shift(ORDERS, ORDERS), pareto_shift(ORDERS, {**ORDERS, "contact num.": 20, "part num.": 107})
    assert same.p == pytest.approx(1) and moved.p < 1e-6 and moved.degrees == 4
    fewer, more = moved.changes["contact num."], moved.changes["part num."]
    assert fewer.value == pytest.approx(100 * (20 - 94) / 300) and fewer.upper < 0 < more.lower and 0 in moved.changes["price code"]
    assert fewer.confidence == pytest.approx(0.99), "one in a hundred for each of five is one in twenty for all"
    joined = pareto_shift({**ORDERS, "lost": 1, "torn": 2}, {**ORDERS, "lost": 2, "torn": 1})
    assert joined.small == ("lost", "torn") and joined.degrees == 5
    for wrong in ({"a": -1}, {"a": 0}, {"a": 1.5}, {"a": float("nan")}):
        with pytest.raises(DataRefused):
            pareto(wrong)


def test_action_priorities_over_all_ratings() -> None:
    found = {ratings: action_priority(*ratings).code for ratings in itertools.product(range(1, 11), repeat=3)}
    assert Counter(found.values()) == {"H": 318, "M": 214, "L": 468}
    for (s, o, d), code in found.items():
        for higher in ((s + 1, o, d), (s, o + 1, d), (s, o, d + 1)):
            assert ORDER[found.get(higher, code)] >= ORDER[code], f"{(s, o, d)} → {higher}"


@pytest.mark.parametrize(("ratings", "code"), [((9, 1, 10), "L"), ((9, 2, 5), "M"), ((9, 5, 2), "H"), ((5, 9, 2), "M")])
def test_one_rpn_of_90_has_three_priorities(ratings: tuple[int, int, int], code: str) -> None:
    found = action_priority(*ratings)
    assert (found.code, found.rpn) == (code, 90)


def test_ratings_outside_the_scale_are_refused() -> None:
    for wrong in ((0, 5, 5), (5, 11, 5), (5, 5, 2.5), (5, True, 5)):
        with pytest.raises(DataRefused, match="whole number from 1 to 10"):
            action_priority(*wrong)


def test_the_default_matrix_is_monotone_and_ranks_by_consequence() -> None:
    matrix = default_matrix()
    assert matrix.level(3, 5) == "extreme" and matrix.level(5, 4) == "extreme" and matrix.level(2, 5) == "high" and matrix.level(1, 5) == "medium"
    assert matrix.level(1, 4) == "low" and matrix.rank([(5, 2), (2, 5), (4, 5)]) == [2, 1, 0]
    with pytest.raises(DataRefused, match="The level falls when the consequence rises"):
        RiskMatrix((("medium", "low", "high", "high", "high"), *[("high",) * 5] * 4))
    with pytest.raises(DataRefused, match="from 1 to 5"):
        matrix.level(6, 1)
    assert assessed([1, 2, 5]).median == 2 and "4 steps apart" in assessed([1, 2, 5]).warnings[0] and assessed([2, 3]).median == 3
