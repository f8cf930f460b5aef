"""The distributions that intervals and tests need, by the functions of `scipy.special`: `scipy.stats` takes seconds to load."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

Number = Any
"""A float, or an array of floats; the answer has the same shape."""


class _Normal:
    """The standard normal distribution."""

    def ppf(self, chance: float) -> float:
        return NormalDist().inv_cdf(chance)

    def cdf(self, x: Number) -> Number:
        from scipy.special import ndtr

        return ndtr(x)

    def sf(self, x: Number) -> Number:
        return self.cdf(-x)

    def isf(self, chance: float) -> float:
        return -NormalDist().inv_cdf(chance)


class _Student:
    """Student's t with `degrees` of freedom."""

    def ppf(self, chance: Number, degrees: Number) -> Number:
        from scipy.special import stdtrit

        return stdtrit(degrees, chance)

    def sf(self, x: Number, degrees: Number) -> Number:
        from scipy.special import stdtr

        return stdtr(degrees, -x)


class _ChiSquare:
    """Chi-square with `degrees` of freedom."""

    def ppf(self, chance: Number, degrees: Number) -> Number:
        from scipy.special import gammaincinv

        return 2 * gammaincinv(degrees / 2, chance)

    def sf(self, x: Number, degrees: Number) -> Number:
        from scipy.special import chdtrc

        return chdtrc(degrees, x)


class _Fisher:
    """Fisher's F with `above` and `below` degrees of freedom."""

    def ppf(self, chance: Number, above: Number, below: Number) -> Number:
        from scipy.special import fdtri

        return fdtri(above, below, chance)

    def sf(self, x: Number, above: Number, below: Number) -> Number:
        from scipy.special import fdtrc

        return fdtrc(above, below, x)


class _Binomial:
    """Found among `n` with a `chance` each."""

    def cdf(self, found: Number, n: Number, chance: Number) -> Number:
        from scipy.special import bdtr

        return bdtr(found, n, chance)

    def ppf(self, share: float, n: Number, chance: Number) -> Number:
        """The smallest count whose cumulative chance reaches `share`."""
        import numpy as np
        from scipy.special import betainc

        top = np.asarray(n, dtype=np.float64)
        mean, sigma = top * chance, np.sqrt(top * chance * (1 - chance))
        low, high = np.zeros_like(top), top.copy()
        guess = np.clip(np.floor(mean + NormalDist().inv_cdf(share) * sigma), 0, top)
        while np.any(low < high):
            enough = np.where(guess >= top, 1.0, betainc(np.maximum(top - guess, 1e-300), guess + 1, 1 - chance)) >= share
            low, high = np.where(enough, low, np.minimum(guess + 1, high)), np.where(enough, guess, high)
            guess = np.floor((low + high) / 2)
        return high


class _Poisson:
    """Events where `mean` are expected."""

    def cdf(self, found: Number, mean: Number) -> Number:
        from scipy.special import pdtr

        return pdtr(found, mean)

    def ppf(self, share: float, mean: Number) -> Number:
        """The smallest count whose cumulative chance reaches `share`."""
        import numpy as np
        from scipy.special import pdtr, pdtrik

        mean = np.asarray(mean, dtype=np.float64)
        near = np.ceil(pdtrik(share, mean))
        below = np.maximum(near - 1, 0)
        return np.where(pdtr(below, mean) >= share, below, near)


norm, t, chi2, f, binom, poisson = _Normal(), _Student(), _ChiSquare(), _Fisher(), _Binomial(), _Poisson()
