"""Gauge studies: the numbers of AIAG, Minitab and R, with intervals that hold what they say."""

from __future__ import annotations

import numpy as np
import pytest

from linchpin.statistics import DataRefused
from linchpin.statistics.gauge.agreement import attribute_agreement, cohen_kappa, fleiss_kappa, kappa_of_table
from linchpin.statistics.gauge.anova import GaugeAnova, gauge_anova
from linchpin.statistics.gauge.average_range import gauge_average_range
from linchpin.statistics.gauge.linearity import bias, linearity, stability
from tests.statistics.printed import check, column, columns, numbers, oracle

AIAG = {
    "A": """.29 -.56 1.34  .47  -.80  .02 .59 -.31 2.26 -1.36 / .41 -.68 1.17 .50 -.92 -.11 .75 -.20 1.99 -1.25 /
            .64 -.58 1.27 .64 -.84 -.21 .66 -.17 2.01 -1.31""",
    "B": """.08 -.47 1.19  .01  -.56 -.20 .47 -.63 1.80 -1.68 / .25 -1.22 .94 1.03 -1.20 .22 .55 .08 2.12 -1.62 /
            .07 -.68 1.34 .20 -1.28 .06 .83 -.34 2.19 -1.50""",
    "C": """.04 -1.38 .88  .14 -1.46 -.29 .02 -.46 1.77 -1.49 / -.11 -1.13 1.09 .20 -1.07 -.67 .01 -.56 1.45 -1.77 /
            -.15 -.96 .67 .11 -1.45 -.49 .21 -.49 1.87 -2.16""",
}
STUDY = [(value, part, who) for who, text in AIAG.items() for trial in text.split("/") for part, value in enumerate(numbers(trial), 1)]
VALUES, PARTS, PEOPLE = (list(each) for each in zip(*STUDY, strict=True))


def test_average_and_range_of_the_manual() -> None:
    found = gauge_average_range(VALUES, PARTS, PEOPLE)
    check([found.mean_range, found.difference, found.part_range], "0.341667", "0.444667", "3.511111")
    check([c.sigma for c in found.components], "0.201857", "0.229667", "0.305766", "1.104596", "1.146135")
    check([c.study_variation.value for c in found.components[:4]], "17.61", "20.04", "26.68", "96.38")
    check([found.ndc_exact, found.range_limit], "5.09", "0.880")
    assert found.ndc == 5 and found.beyond == ((4, 2),) and found.verdict.code == "conditional" and "part 4 of appraiser 2" in found.warnings[0]


def test_analysis_of_variance_of_the_manual() -> None:
    found = gauge_anova(VALUES, PARTS, PEOPLE, tolerance=8)
    part, operator, interaction, error, total = found.table
    check([part.squares, operator.squares, interaction.squares, error.squares, total.squares], "88.361934", "3.167262", "0.358982", "2.758933", "94.647112")
    check([part.mean_square, operator.mean_square, interaction.mean_square, error.mean_square], "9.817993", "1.583631", "0.019943", "0.045982")
    check([interaction.f, interaction.p], "0.433721", "0.974106")
    assert not found.interaction and found.pooled[2].degrees == 78
    check([found.pooled[2].mean_square, found.pooled[0].f, found.pooled[1].f], "0.039973", "245.614", "39.617")
    check([c.variance for c in found.components], "0.039973", "0.051455", "0.091429", "1.086447", "1.177875")
    check([c.sigma for c in found.components], "0.199933", "0.226838", "0.302372", "1.042327", "1.085300")
    check([c.study_variation.value for c in found.components[:4]], "18.42", "20.90", "27.86", "96.04")
    check([found.components[2].contribution, found.components[2].tolerance, found.ndc_estimate.value], "7.76", "22.68", "4.86")
    assert found.ndc == 4 and found.verdict.code == "conditional" and "only 4 categories" in found.verdict.words
    gauge = found.components[2].study_variation
    assert gauge.lower < 27.86 < gauge.upper and found.ndc_estimate.lower < 4.86 < found.ndc_estimate.upper


@pytest.mark.parametrize("time", ["time1", "time2"])
def test_six_sigma_sets(time: str) -> None:
    expected = oracle("msa_grr_sixsigma")[time]
    table = columns("measurements/ss_data_rr.csv")
    found = gauge_anova(column("measurements/ss_data_rr.csv", time), table["prototype"], table["operator"], pool_above=0.05)
    for line, other in zip((*found.table, *found.pooled), (*expected["anova"], *expected["anova_reduced"]), strict=True):
        assert [line.degrees, line.squares] == pytest.approx([other["Df"], other["Sum Sq"]], rel=1e-8)
        for value, key in ((line.mean_square, "Mean Sq"), (line.f, "F value"), (line.p, "Pr(>F)")):
            if other[key] is not None:
                assert value == pytest.approx(other[key], rel=1e-7)
    order = ("gauge", "repeatability", "reproducibility", "operator", "part", "total")
    of_source = {c.source: c for c in found.components}
    for name, part, study in zip(order, expected["varcomp"], expected["study"], strict=True):
        variance = found.operator_variance if name == "operator" else of_source[name].variance
        assert variance == pytest.approx(part["VarComp"], rel=1e-8, abs=1e-15)
        if name != "operator":
            assert of_source[name].contribution == pytest.approx(part["%Contrib"], abs=0.00501)
            assert [of_source[name].sigma, 6 * of_source[name].sigma] == pytest.approx([study["StdDev"], study["StudyVar"]], rel=1e-8)
            assert of_source[name].study_variation.value == pytest.approx(study["%StudyVar"], abs=0.00501)
    assert found.ndc == expected["ndc"]


def test_a_component_below_zero_counts_as_zero_and_is_said() -> None:
    table = columns("measurements/ss_data_rr.csv")
    found = gauge_anova(column("measurements/ss_data_rr.csv", "time2"), table["prototype"], table["operator"], pool_above=0.05)
    assert any("came out below 0" in warning for warning in found.warnings) and any("3 parts" in warning for warning in found.warnings)


def simulated(seed: int, sigma_part: float, sigma_person: float, sigma_crossing: float, sigma_error: float) -> GaugeAnova:
    random = np.random.default_rng(seed)
    parts, people, trials = 10, 3, 3
    cube = (
        random.normal(0, sigma_part, (parts, 1, 1)) + random.normal(0, sigma_person, (1, people, 1))
        + random.normal(0, sigma_crossing, (parts, people, 1)) + random.normal(0, sigma_error, (parts, people, trials))
    )  # fmt: skip
    index = np.indices(cube.shape)
    return gauge_anova(cube.ravel(), index[0].ravel(), index[1].ravel(), seed=seed)


@pytest.mark.slow
def test_intervals_of_shares_cover_the_truth() -> None:
    truth = 100 * np.sqrt((0.25 + 1.0) / (9 + 0.25 + 1.0))
    covered = [truth in simulated(seed, 3.0, 0.5, 0.0, 1.0).components[2].study_variation for seed in range(300)]
    assert np.mean(covered) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 300)


def test_interaction_is_kept_when_it_is_there() -> None:
    found = simulated(5, 3.0, 0.5, 2.0, 0.4)
    assert found.interaction and found.interaction_variance > 1 and "with interaction" in found.method


@pytest.mark.parametrize(
    ("study", "sentence"),
    [
        (lambda: gauge_anova(VALUES[:-1], PARTS[:-1], PEOPLE[:-1]), "unbalanced"),
        (lambda: gauge_anova([1, 2, 3, 4], [1, 2, 3, 4], ["A"] * 4), "2 trials"),
        (lambda: gauge_anova([1, None, 3, 4, 5], [1, 1, 2, 2, 2], ["A"] * 5), "Value 2 of “values” is missing"),
        (lambda: gauge_anova([1] * 8, [1, 1, 1, 1, 2, 2, 2, 2], ["A", "A", "B", "B"] * 2), "no spread"),
        (lambda: gauge_average_range(VALUES * 2, PARTS * 2, PEOPLE * 2), "2 or 3 trials"),
        (lambda: linearity([1, 2, 3, 4, 5, 6], [1, 1, 1, 2, 2, 2]), "at least 3 different reference values"),
        (lambda: kappa_of_table([[5, 0], [0, 0]]), "judged alike"),
    ],
)
def test_studies_that_cannot_answer_are_refused(study, sentence: str) -> None:
    with pytest.raises(DataRefused, match=sentence):
        study()


def test_bias_linearity_and_stability() -> None:
    found = bias([5.8, 5.7, 5.9, 5.9, 6.0, 6.1, 6.0, 6.1, 6.4, 6.3, 6.0, 6.1, 6.2, 5.6, 6.0], 6.0)
    check([found.bias.value, found.repeatability, found.bias.lower, found.bias.upper], "0.0067", "0.21202", "-0.1107", "0.1241")
    assert "No bias" in found.verdict
    line = linearity([2.1, 2.0, 4.2, 4.1, 6.4, 6.3, 8.5, 8.4, 10.6, 10.5], [2, 2, 4, 4, 6, 6, 8, 8, 10, 10])
    assert line.slope.value == pytest.approx(0.065) and line.slope.lower > 0 and "not 0 everywhere" in line.verdict and len(line.biases) == 5
    assert stability([[6.0, 6.1, 5.9]] * 7 + [[6.1, 6.0, 6.0]] * 9).kind == "xbar-r"


def test_kappa() -> None:
    check([kappa_of_table([[45, 15], [25, 15]]).kappa.value], "0.130435")
    first = ["ok"] * 60 + ["bad"] * 40
    second = ["ok"] * 45 + ["bad"] * 15 + ["ok"] * 25 + ["bad"] * 15
    check([cohen_kappa(first, second).kappa.value], "0.130435")
    from statsmodels.stats.inter_rater import cohens_kappa
    from statsmodels.stats.inter_rater import fleiss_kappa as theirs

    other = cohens_kappa(np.array([[45, 15], [25, 15]]))
    ours = kappa_of_table([[45, 15], [25, 15]]).kappa
    assert [ours.lower, ours.upper] == pytest.approx([other.kappa_low, other.kappa_upp], rel=1e-8)
    judged = [[a, b, c] for a, b, c in zip(first, second, reversed(second), strict=True)]
    counts = np.array([[row.count("ok"), row.count("bad")] for row in judged])
    assert fleiss_kappa(judged).kappa.value == pytest.approx(theirs(counts), rel=1e-9)
    said = attribute_agreement(judged, ["Marek", "Seun", "Aoife"], first)
    assert said.against_reference[0][1].kappa.value == 1 and said.n == 100
