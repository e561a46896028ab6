"""An emulator: what a measure is expected to be at parameters that have not been run, and how sure that is.

A regression plus a Gaussian process of its residuals, one per measure.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST = 300  # points that one emulator learns from: its work grows with their cube


@dataclass(frozen=True)
class Emulator:
    """Fitted to one measure. spread: standard deviation of the residuals; noise: variance of chance in them, both in
    the process's own units; honesty: factor on the variance where held-out points were missed by more than promised;
    missed: root mean square of those misses, in promised standard deviations.
    """

    regression: Any
    process: Any
    spread: float
    noise: float
    honesty: float
    missed: float

    def predict(self, unit: Array) -> tuple[Array, Array]:
        """Expectation and variance at points (rows) of the unit cube, chance between seeds left out."""
        with _one_thread():
            base = self.regression.predict(unit)
            if self.process is None:
                return np.asarray(base), np.full(len(unit), self.spread**2)
            mean, sd = self.process.predict(unit, return_std=True)
        variance = np.maximum(sd**2 - self.noise, 1e-9) * self.spread**2 * self.honesty
        return np.asarray(base + mean * self.spread), np.asarray(variance)


def fit(unit: Array, values: Array) -> Emulator:
    """Learn from simulated points; the latest count where there are more than an emulator can take."""
    from sklearn.linear_model import Ridge

    unit, values = unit[-MOST:], values[-MOST:]
    regression = Ridge(alpha=1.0).fit(unit, values)
    left = values - regression.predict(unit)
    spread = float(left.std())
    if spread < 1e-9 * max(1.0, float(np.abs(values).max())):
        return Emulator(regression, None, spread, 0.0, 1.0, 0.0)
    process = _process(unit, left / spread)
    missed = _missed_when_left_out(process)
    return Emulator(regression, process, spread, float(process.kernel_.k2.noise_level), max(1.0, missed**2), missed)


def _process(unit: Array, values: Array) -> Any:
    """A Gaussian process with a length scale per parameter and white noise for chance between seeds."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    lengths = Matern(np.ones(unit.shape[1]), (0.1, 20.0), nu=2.5)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * lengths + WhiteKernel(0.3, (1e-5, 2.0))
    process = GaussianProcessRegressor(kernel, alpha=1e-9)
    with warnings.catch_warnings(), _one_thread():
        # A parameter without influence has its length scale at the upper bound: that is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(unit, values)


def _one_thread() -> Any:
    """On matrices this small, threads wait for one another: on a busy machine fifteen times as long."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _missed_when_left_out(process: Any) -> float:
    """Root mean square of each point's miss when left out, in promised standard deviations, by the closed form."""
    lower = np.linalg.inv(process.L_)
    precision = np.diag(lower.T @ lower)
    standardised = np.asarray(process.alpha_).ravel() / np.sqrt(precision)
    return float(np.sqrt((standardised**2).mean()))
