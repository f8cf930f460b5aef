"""Chances and quantiles agree with scipy.stats."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from linchpin.statistics.distributions import binom, chi2, f, norm, poisson, t

CHANCES = (1e-6, 0.00135, 0.025, 0.5, 0.9, 0.975, 0.99865)


@pytest.mark.parametrize("chance", CHANCES)
def test_quantiles(chance: float) -> None:
    assert norm.ppf(chance) == pytest.approx(stats.norm.ppf(chance), rel=1e-9, abs=1e-12)
    assert norm.isf(chance) == pytest.approx(stats.norm.isf(chance), rel=1e-9, abs=1e-12)
    for degrees in (0.62, 1, 2.48, 9, 124, 5e5):
        assert t.ppf(chance, degrees) == pytest.approx(stats.t.ppf(chance, degrees), rel=1e-8, abs=1e-9)
        assert chi2.ppf(chance, degrees) == pytest.approx(stats.chi2.ppf(chance, degrees), rel=1e-9)
        assert f.ppf(chance, degrees, 7.5) == pytest.approx(stats.f.ppf(chance, degrees, 7.5), rel=1e-8)


def test_chances() -> None:
    for x in (0.01, 1.0, 3.84, 12.0):
        assert norm.sf(x) == pytest.approx(stats.norm.sf(x), rel=1e-12) and norm.cdf(x) == pytest.approx(stats.norm.cdf(x), rel=1e-12)
        assert t.sf(x, 7.3) == pytest.approx(stats.t.sf(x, 7.3), rel=1e-10) and chi2.sf(x, 3) == pytest.approx(stats.chi2.sf(x, 3), rel=1e-10)
        assert f.sf(x, 3, 11) == pytest.approx(stats.f.sf(x, 3, 11), rel=1e-10)


@pytest.mark.parametrize("chance", CHANCES)
def test_counts(chance: float) -> None:
    n = np.array([1, 5, 40, 50, 1000, 123_456])
    for rate in (0.001, 0.048, 0.2313, 0.5, 0.97):
        assert np.array_equal(binom.ppf(chance, n, rate), stats.binom.ppf(chance, n, rate))
        assert binom.cdf(3, 40, rate) == pytest.approx(stats.binom.cdf(3, 40, rate), rel=1e-10)
    means = np.array([0.01, 0.7, 4.0, 16.0, 250.0, 1e5])
    assert np.array_equal(poisson.ppf(chance, means), stats.poisson.ppf(chance, means))
    assert poisson.cdf(20, 16.0) == pytest.approx(stats.poisson.cdf(20, 16.0), rel=1e-12)
