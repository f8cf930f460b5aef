"""Least squares and Poisson regression with robust errors; small models, so plain linear algebra."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from linchpin.statistics.results import Floats
from linchpin.statistics.words import DataRefused


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with their covariance; `residuals` in the unit of the outcome; `degrees` of freedom left; `dispersion` of counts."""

    coefficients: Floats
    covariance: Floats
    residuals: Floats
    fitted: Floats
    degrees: int
    dispersion: float

    @property
    def errors(self) -> Floats:
        return np.sqrt(np.diag(self.covariance))


def default_lag(n: int) -> int:
    """⌊4(n/100)^(2/9)⌋: how many neighbors in time Newey and West let errors share."""
    return int(4 * (n / 100) ** (2 / 9))


def least_squares(design: Floats, outcome: Floats, *, lag: int | None = None, small_sample: bool = True) -> Fit:
    """Ordinary least squares. Without `lag` the usual errors; else Newey–West's (1987), times n/(n−k) when `small_sample`.

    Raises DataRefused when columns of the design determine each other or nothing is left to estimate errors from.
    """
    n, k = design.shape
    inverse = _inverse(design, np.ones(n))
    coefficients = inverse @ (design.T @ outcome)
    fitted = design @ coefficients
    residuals = outcome - fitted
    degrees = n - k
    if lag is None:
        covariance = inverse * float(residuals @ residuals) / degrees
    else:
        covariance = inverse @ _long_run(design * residuals[:, None], lag) @ inverse * (n / degrees if small_sample else 1.0)
    return Fit(coefficients, covariance, residuals, fitted, degrees, float(residuals @ residuals) / degrees)


def poisson_regression(design: Floats, counts: Floats, exposure: Floats, *, quasi: bool = True, lag: int | None = None) -> Fit:
    """Counts with a log link and offset log(exposure); `quasi` multiplies the covariance by Pearson's dispersion; `lag` makes it Newey–West's."""
    n, k = design.shape
    offset = np.log(exposure)
    mean = (counts + counts.mean()) / 2
    coefficients = np.zeros(k)
    for _round in range(100):
        linear = np.log(mean) - offset + (counts - mean) / mean
        moved = _inverse(design, mean) @ (design.T @ (mean * linear))
        settled = np.abs(moved - coefficients).max() < 1e-12 * (1 + np.abs(moved).max())
        coefficients = moved
        mean = np.exp(design @ coefficients + offset)
        if settled:
            break
    inverse = _inverse(design, mean)
    degrees = n - k
    dispersion = float(((counts - mean) ** 2 / mean).sum()) / degrees
    if lag is not None:
        covariance = inverse @ _long_run(design * (counts - mean)[:, None], lag) @ inverse * n / degrees
    else:
        covariance = inverse * (dispersion if quasi else 1.0)
    return Fit(coefficients, covariance, counts - mean, mean, degrees, dispersion)


def durbin_watson(residuals: Floats) -> float:
    """Near 2: neighbors in time are independent; near 0: they move together."""
    return float((np.diff(residuals) ** 2).sum() / (residuals**2).sum())


def _long_run(scores: Floats, lag: int) -> Floats:
    total: Floats = scores.T @ scores
    for step in range(1, lag + 1):
        shared = scores[step:].T @ scores[:-step]
        total = total + (1 - step / (lag + 1)) * (shared + shared.T)
    return total


def _inverse(design: Floats, weights: Floats) -> Floats:
    n, k = design.shape
    if n <= k:
        raise DataRefused("There are {n} points for a model of {k} terms: too few.", argument="values", n=n, k=k)
    scale = np.abs(design).max(axis=0)
    if (scale == 0).any():
        raise DataRefused("A term of the model is 0 everywhere, so its effect cannot be told.", argument="values")
    _q, triangle = np.linalg.qr((design / scale) * np.sqrt(weights)[:, None])
    if np.abs(np.diag(triangle)).min() < 1e-10 * np.abs(np.diag(triangle)).max():
        raise DataRefused("Terms of the model determine each other, so their effects cannot be told apart.", argument="values")
    back = np.linalg.solve(triangle, np.eye(k)) / scale[:, None]
    answer: Floats = back @ back.T
    return answer
