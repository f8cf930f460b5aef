"""Run rules find the patterns they are named for, at the point that ends them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linchpin.statistics.control.rules import RULE_SETS, Rule, SideRun, judge
from linchpin.statistics.control.xmr import xmr
from linchpin.statistics.control.zones import Zones
from linchpin.statistics.words import DataRefused

WE = RULE_SETS["western-electric"]
NELSON = RULE_SETS["nelson"]


def signals(rule: Rule, values: list[float]) -> list[int]:
    return judge(Zones(np.array(values, dtype=float), 0.0, -3.0, 3.0, 1.0), [rule]).of(rule.code)


CASES = [
    ("WE1", WE[0], [0, 3.2, -3.5, 2.9], [2, 3]),
    ("WE2", WE[1], [0, 2.5, 1.0, 2.6, 0], [4]),
    ("WE3", WE[2], [0, 1.2, 1.3, 0.2, 1.4, 1.5], [6]),
    ("WE4", WE[3], [-1] * 8 + [1], [8]),
    ("N1", NELSON[0], [0, 3.2, -3.5, 2.9], [2, 3]),
    ("N2", NELSON[1], [0.5] * 10 + [-0.5] * 10, [9, 10, 19, 20]),
    ("N3", NELSON[2], [1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1], [6, 7, 13, 14]),
    ("N4", NELSON[3], [1, 3, 2, 4, 3, 5, 4, 6, 5, 7, 6, 8, 7, 9, 8], [14, 15]),
    ("N5", NELSON[4], [0, 2.3, 0.4, 2.2, -2.4, -0.2, -2.5], [4, 7]),
    ("N6", NELSON[5], [1.2, 1.3, 0.2, 1.4, 1.5, -1.2, -1.3, -0.1, -1.4, -1.5], [5, 10]),
    ("N7", NELSON[6], [0.3] * 16 + [1.2], [15, 16]),
    ("N8", NELSON[7], [1.2, -1.3, 1.1, -1.4, 1.5, -1.2, 1.3, -1.1, 0.2], [8]),
    ("N8 on one side", NELSON[7], [1.2] * 8, []),
    ("overlap 1", WE[0], [2.5] * 7 + [3.2], [8]),
    ("overlap 2", WE[1], [2.5] * 7 + [3.2], [3, 4, 5, 6, 7, 8]),
    ("overlap 3", WE[2], [2.5] * 7 + [3.2], [5, 6, 7, 8]),
    ("overlap 4", WE[3], [2.5] * 7 + [3.2], [8]),
]


@pytest.mark.parametrize(("name", "rule", "values", "expected"), CASES, ids=[case[0] for case in CASES])
def test_rules_on_published_series(name: str, rule: Rule, values: list[float], expected: list[int]) -> None:
    assert signals(rule, values) == expected


def test_a_point_on_the_center_or_a_gap_ends_a_run() -> None:
    assert signals(SideRun(8), [1] * 7 + [0] + [1] * 7) == []
    assert signals(SideRun(8), [1] * 7 + [np.nan] + [1] * 7) == []
    assert signals(WE[1], [2.5, np.nan, 2.5]) == []


def last(z: np.ndarray, i: int, count: int) -> np.ndarray:
    """The `count` points up to place i, or nothing that any rule accepts."""
    return z[i - count + 1 : i + 1] if i >= count - 1 else np.array([np.nan])


def most_beyond(z: np.ndarray, i: int, needed: int, count: int, sigmas: int) -> bool:
    return i >= count - 1 and any(side * z[i] > sigmas and sum(side * last(z, i, count) > sigmas) >= needed for side in (1, -1))


BY_DEFINITION = {
    "beyond-limits": lambda z, i: abs(z[i]) > 3,
    "run-on-one-side": lambda z, i: all(last(z, i, 9) > 0) or all(last(z, i, 9) < 0),
    "trend": lambda z, i: i >= 5 and (all(np.diff(last(z, i, 6)) > 0) or all(np.diff(last(z, i, 6)) < 0)),
    "alternating": lambda z, i: i >= 13 and all(np.diff(last(z, i, 14))[1:] * np.diff(last(z, i, 14))[:-1] < 0),
    "two-of-three": lambda z, i: most_beyond(z, i, 2, 3, 2),
    "four-of-five": lambda z, i: most_beyond(z, i, 4, 5, 1),
    "hugging-the-center": lambda z, i: all(abs(last(z, i, 15)) < 1),
    "avoiding-the-center": lambda z, i: all(abs(last(z, i, 8)) > 1) and any(last(z, i, 8) > 0) and any(last(z, i, 8) < 0),
}
"""The rules again, written as a person would check them with a pencil."""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.2, 2.0), st.integers(1, 80))
def test_rules_agree_with_their_definitions(seed: int, spread: float, length: int) -> None:
    random = np.random.default_rng(seed)
    z = np.round(random.normal(0, spread, length) * random.choice([1, 1, 1, -1], length) + random.choice([0, 0.7]), 1)
    z += 0.013 * np.sign(z)
    for rule in NELSON:
        assert signals(rule, z.tolist()) == [i + 1 for i in range(len(z)) if BY_DEFINITION[rule.code](z, i)], rule.code


def test_an_unknown_set_of_rules_is_refused_by_name() -> None:
    with pytest.raises(DataRefused, match="There is no set of rules “nelsen”"):
        xmr([1, 2, 3], rules="nelsen")
