"""Survey figures: published numbers, R's numbers, and what Daniel is not shown."""

from __future__ import annotations

import numpy as np
import pytest

from linchpin.statistics import DataRefused
from linchpin.statistics.effects.holm import holm
from linchpin.statistics.surveys.agreement import icc, rwg
from linchpin.statistics.surveys.alpha import cronbach_alpha
from linchpin.statistics.surveys.report import survey_report
from linchpin.statistics.surveys.shares import favourable_share, mean_answer, promoter_score, promoter_score_of
from linchpin.statistics.surveys.waves import wave_change, wave_change_of, wave_changes
from linchpin.statistics.surveys.wilson import wilson
from tests.statistics.printed import check, column, columns, numbers, oracle

HAND = [[2, 3, 4], [3, 3, 5], [4, 5, 5], [1, 2, 3], [5, 4, 5]]


def test_alpha_by_hand() -> None:
    found = cronbach_alpha(HAND)
    check([found.alpha.value, *(item.sd**2 for item in found.items)], "0.910256", "2.5", "1.3", "0.8")
    assert not found.usable and "do not show it" in found.warnings[0]


def test_alpha_and_its_interval_follow_from_the_variances_of_the_attitude_survey() -> None:
    """30 answers to 7 items made to have the printed variances: of each item, and of the total."""
    variances, total, n = np.array(numbers("148.1713 177.2828 149.7057 137.7575 108.1023 97.9092 105.8575")), 3334.892, 30
    deviations = np.sqrt(variances)
    shared = (total - variances.sum()) / (deviations.sum() ** 2 - variances.sum())
    wanted = np.outer(deviations, deviations) * shared
    np.fill_diagonal(wanted, variances)
    noise = np.random.default_rng(1).normal(size=(n, 7))
    plain, _upper = np.linalg.qr(noise - noise.mean(axis=0))
    rows = plain * np.sqrt(n - 1) @ np.linalg.cholesky(wanted).T + 50
    found = cronbach_alpha(rows)
    check([item.sd**2 for item in found.items], *["148.1713", "177.2828", "149.7057", "137.7575", "108.1023", "97.9092", "105.8575"])
    check([rows.sum(axis=1).var(ddof=1), found.alpha.lower, found.alpha.upper], "3334.892", "0.7394", "0.9158")
    assert found.alpha.value == pytest.approx(0.8431428, abs=2e-7)


def same_alpha(found, expected: dict) -> None:
    assert [found.alpha.value, found.standardized, found.error, found.mean_correlation] == pytest.approx(
        [expected[key] for key in ("raw_alpha", "std_alpha", "ase", "average_r")], rel=1e-8
    )
    assert [found.alpha.lower, found.alpha.upper] == pytest.approx(expected["ci95_feldt"], rel=1e-8)
    half = 1.96 * found.error
    assert [found.alpha.value - half, found.alpha.value + half] == pytest.approx(expected["ci95_duhachek"], rel=1e-8)
    for item, key in zip(found.items, expected["alpha_drop"], strict=True):
        assert [item.without, item.rest, item.mean] == pytest.approx([expected[part][key] for part in ("alpha_drop", "r_drop", "item_mean")], rel=1e-8)


def test_cohesion_with_a_missing_answer() -> None:
    expected = oracle("survey_cohesion")["alpha"]
    rows = np.column_stack([column("surveys/cohesion_small.csv", f"COH0{i}") for i in range(1, 6)])
    found = cronbach_alpha(rows, missing="pairwise")
    same_alpha(found, expected)
    assert (found.n, found.complete, found.usable) == (expected["n"], expected["n_complete"], False)
    table = columns("surveys/cohesion_small.csv")
    platoons = np.array([f"{u} {p}" for u, p in zip(table["UNIT"], table["PLATOON"], strict=True)])
    report = survey_report(rows, {name: platoons == name for name in np.unique(platoons)})
    assert not any(measure.cells for measure in report.measures), "platoons of 2 and 3 are never shown"


@pytest.mark.parametrize(("name", "items", "lowest"), [("LEAD", 11, 1), ("TSIG", 3, 1), ("HOSTIL", 5, 0)])
def test_leadership_climate(name: str, items: int, lowest: int) -> None:
    expected = oracle("survey_lq2002")[name]
    table = columns("surveys/lq2002_leadership_climate.csv")
    rows = np.array([[float(cell) for cell in table[f"{name}{i:02d}"]] for i in range(1, items + 1)]).T
    same_alpha(cronbach_alpha(rows, scale=(lowest, lowest + 4)), expected)
    assert [rows.mean(axis=1).mean(), rows.mean(axis=1).std(ddof=1)] == pytest.approx([expected["mean"], expected["sd"]], rel=1e-8)
    if "group" not in expected:
        return
    units, group = table["COMPID"], expected["group"]
    between, within = icc(rows.mean(axis=1), units), rwg(rows, units, options=5)
    assert [between.icc1.value, between.icc2.value, between.f] == pytest.approx([group["icc1"], group["icc2"], group["anova_F"]], rel=1e-8)
    found = [within.mean, within.median, within.share, between.units]
    assert found == pytest.approx([group["rwgj_mean"], group["rwgj_median"], group["rwgj_share_ge_0.70"], group["groups"]], rel=1e-8)
    labels = np.array(units)
    report = survey_report(rows, {unit: labels == unit for unit in np.unique(labels)}, scales={"all": [str(i) for i in range(1, items + 1)]}, scale=(1, 5))
    for part in ("lowest3_groups", "highest3_groups"):
        for unit, mean in group[part].items():
            assert report.measures[0].cells[unit].mean.value == pytest.approx(mean, rel=1e-8)


def test_shares_of_the_training_survey() -> None:
    expected = oracle("survey_apha_cpd")["manager_supportive"]
    given = columns("surveys/apha_cpd_survey_2022.csv")["q14a_mgr_cpd_supportive_cat"]
    for answer, count in expected.items():
        found = favourable_share([float(cell == answer) for cell in given], at_least=1)
        assert found.n == 237 and round(found.sample.value * 237) == count and count / 237 in found.sample


WILSON = [
    (81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0", "0.1611"), (1, 29, "0.0061", "0.1718"), (4, 200, "0.0078", "0.0503"),
    (30, 40, "0.5981", "0.8581"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "n", "low", "high"), WILSON)
def test_wilson_intervals_of_newcombe(found: int, n: int, low: str, high: str) -> None:
    check([wilson(found, n).lower, wilson(found, n).upper], low, high)


def test_a_census_is_surer_than_a_sample() -> None:
    values = [5] * 30 + [2] * 10
    share, mean = favourable_share(values, at_least=4, population=50), mean_answer(values, population=50)
    assert share.census.upper - share.census.lower < share.sample.upper - share.sample.lower
    assert (mean.census.upper - mean.sample.value) / (mean.sample.upper - mean.sample.value) == pytest.approx(np.sqrt(10 / 49))
    everybody = favourable_share(values, at_least=4, population=40).census
    assert everybody.lower == everybody.upper == 0.75
    with pytest.raises(DataRefused, match="More answered"):
        wilson(3, 10, population=9)


def test_promoter_scores() -> None:
    for counts, error, low, high in (((50, 30, 20), "7.8102", "14.69", "45.31"), ((500, 300, 200), "2.4698", "25.16", "34.84")):
        found = promoter_score_of(*counts)
        check([found.score.value, found.error, found.score.lower, found.score.upper], "30.0", error, low, high)
    assert promoter_score([10, 9, 8, 6, 0, None]).score.value == 0
    with pytest.raises(DataRefused, match="at least 5"):
        promoter_score_of(2, 1, 1)
    with pytest.raises(DataRefused, match="from 0 to 10"):
        promoter_score([11, 9, 8, 7, 6])


def test_two_waves() -> None:
    found = wave_change_of((48, 52), (3.62, 3.91), (0.81, 0.74))
    figures = [found.difference.value, found.t, found.degrees, found.p, found.difference.lower, found.difference.upper, found.d]
    check(figures, "0.29", "1.8642", "95.23", "0.0654", "-0.0188", "0.5988", "0.3745")
    with pytest.raises(DataRefused, match="Fewer than 5"):
        wave_change([1, 2, 3, None, None], [1, 2, 3, 4, 5])


def test_many_dimensions_are_corrected() -> None:
    random = np.random.default_rng(2)
    first = {name: random.integers(1, 6, 40) for name in ("pride", "trust", "help")}
    second = {name: random.integers(2, 6, 40) for name in first}
    changes = wave_changes(first, second)
    assert [c.p_adjusted for c in changes.values()] == holm([c.p for c in changes.values()])
    from statsmodels.stats.multitest import multipletests

    ps = [0.01, 0.04, 0.03, 0.2, 0.2]
    assert holm(ps) == pytest.approx(multipletests(ps, method="holm")[1])


def people(seed: int, count: int = 60) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 6, (count, 4)).astype(float)


def test_a_report_shows_what_may_be_shown_and_gives_the_reason_for_the_rest() -> None:
    rows = people(1)
    rows[3, 0] = np.nan
    unit = np.array(["mill"] * 30 + ["turn"] * 26 + ["paint"] * 4)
    groups = {"all": np.ones(60, dtype=bool)} | {name: unit == name for name in ("mill", "turn", "paint")}
    found = survey_report(rows, groups, items=["a", "b", "c", "d"], scales={"pride": ["a", "b"]}, invited={"all": 70, "mill": 100})
    pride, a, _b, c, _d = found.measures
    assert pride.items == ("a", "b") and set(pride.cells) == {"all", "mill"} and set(pride.hidden) == {"turn", "paint"}
    assert pride.cells["all"].n == a.cells["all"].n == 59 and c.cells["all"].n == 60
    own = rows[unit == "mill"][:, 2]
    assert c.cells["mill"].mean.value == pytest.approx(own.mean()) and c.cells["mill"].sd == pytest.approx(own.std(ddof=1))
    assert c.cells["mill"].favourable.value == pytest.approx((own >= 4).mean())
    assert c.cells["mill"].favourable.lower == pytest.approx(wilson(int((own >= 4).sum()), 30).lower)
    assert c.cells["mill"].mean.lower == pytest.approx(mean_answer(own).sample.lower)
    assert not found.ranked and "Low response in mill: 30 %" in found.warnings[0]


def test_a_question_that_few_answered_is_hidden_though_the_unit_is_large() -> None:
    rows = people(2, 20)
    rows[4:, 1] = np.nan
    found = survey_report(rows, {"all": np.ones(20, dtype=bool)})
    assert found.measures[0].cells and not found.measures[1].cells and "Fewer than 5" in found.measures[1].hidden["all"]


def test_reversed_items_are_turned_and_unanimity_is_said() -> None:
    rows = np.tile([5.0, 1.0], (10, 1))
    found = survey_report(rows, {"all": np.ones(10, dtype=bool)}, reverse=[2])
    assert found.measures[1].cells["all"].mean.value == 5 and any("all agree" in warning for warning in found.warnings)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda: survey_report([[1, 6]] * 9, {"all": np.ones(9, dtype=bool)}), "Answer 6 of respondent 1 to item 2 lies outside"),
        (lambda: survey_report(people(1), {"all": np.ones(9, dtype=bool)}), "speak of 9 people, but 60 answered"),
        (lambda: survey_report(people(1), {"all": np.ones(60, dtype=bool)}, scales={"x": ["9"]}), "items that are not there: 9"),
        (lambda: survey_report(people(1), {"all": np.ones(60, dtype=bool)}, scales={"x": ["1"], "y": ["1"]}), "one scale only"),
        (lambda: survey_report(people(1), {"all": np.ones(60, dtype=bool)}, invited={"all": 50}), "more than were invited"),
        (lambda: cronbach_alpha([[1, 2], [1, 3], [1, 4]]), "the same answer"),
        (lambda: cronbach_alpha([[1], [2], [3]]), "at least 2 items"),
        (lambda: icc([1, 2, 3], ["a", "b", "c"]), "more than one person"),
        (lambda: favourable_share([5, 5, 5, 5], at_least=4), "Fewer than 5 answers: nothing is shown"),
        (lambda: holm([1.2]), "between 0 and 1"),
    ],
)
def test_what_cannot_be_said_is_refused(ask, sentence: str) -> None:
    with pytest.raises(DataRefused, match=sentence):
        ask()
