"""An emulator: what a measure is expected to be at parameters that have not been run, and how sure that is.

One per measure, in the way of history matching with many inputs (Vernon, Goldstein and Bower 2010; Andrianakis et al.
2015): a regression on the few inputs that the measure answers to (its active inputs), straight and squared; a Gaussian
process over the strongest of them for what the regression leaves over; and white noise for chance between seeds and
for all inputs that are not active.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOST = 500  # points that one emulator learns from: its work grows with their cube
STRONGEST = 8  # active inputs that get a length scale of their own
FOLDS = 5
FEW = 10  # inputs up to which all are taken for active: nothing is gained by choosing


@dataclass(frozen=True)
class Emulator:
    """Fitted to one measure.

    active: inputs (columns of the unit cube) that the regression knows; strongest: those of them that the process
    knows; spread: standard deviation of the residuals; noise: variance of chance between seeds in them, both in the
    process's own units; honesty: factor on the variance where held-out points were missed by more than promised;
    missed: root mean square of those misses, in promised standard deviations.
    """

    active: tuple[int, ...]
    strongest: tuple[int, ...]
    regression: Any
    process: Any
    spread: float
    noise: float
    honesty: float
    missed: float

    def predict(self, unit: Array) -> tuple[Array, Array]:
        """Expectation and variance at points (rows) of the unit cube, chance between seeds left out."""
        with _one_thread():
            base = self.regression.predict(_terms(unit, self.active))
            if self.process is None:
                return np.asarray(base), np.full(len(unit), self.spread**2)
            mean, sd = self.process.predict(unit[:, self.strongest], return_std=True)
        variance = np.maximum(sd**2 - self.noise, 1e-9) * self.spread**2 * self.honesty
        return np.asarray(base + mean * self.spread), np.asarray(variance)


def fit(unit: Array, values: Array, chance: float | None = None) -> Emulator:
    """Learn from simulated points; the latest count where there are more than an emulator can take. ``chance`` is the
    variance between seeds of a point's value, where it is known. The white noise beyond it is what inputs do that are
    not active: it stays uncertain. Where chance is not known, all white noise passes for it."""
    from sklearn.linear_model import Ridge

    unit, values = unit[-MOST:], values[-MOST:]
    active = active_inputs(unit, values)
    terms = _terms(unit, active)
    regression = Ridge(alpha=1.0).fit(terms, values)
    left = values - regression.predict(terms)
    spread = float(left.std())
    if spread < 1e-9 * max(1.0, float(np.abs(values).max())):
        return Emulator(active, (), regression, None, spread, 0.0, 1.0, 0.0)
    strongest = active[:STRONGEST]
    process = _process(unit[:, strongest], left / spread)
    noise = float(process.kernel_.k2.noise_level)
    if chance is not None:
        noise = min(noise, chance / spread**2)
    hopeful = Emulator(active, strongest, regression, process, spread, noise, 1.0, 1.0)
    missed = _missed_when_left_out(unit, values, active, hopeful)
    return replace(hopeful, honesty=max(1.0, missed**2), missed=missed)


def active_inputs(unit: Array, values: Array) -> tuple[int, ...]:
    """Columns that a measure answers to, strongest first.

    Those that the lasso (Tibshirani 1996) keeps straight or squared, its penalty chosen by cross-validation with the
    one-standard-error rule (Breiman et al. 1984); all where they are few; the strongest alone where it keeps none.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import Lasso, LassoCV
    from sklearn.model_selection import KFold

    size = unit.shape[1]
    everything = _terms(unit, tuple(range(size)))
    spread = everything.std(axis=0)
    scaled = (everything - everything.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    off = float(values.std())
    if off < 1e-12 * max(1.0, float(np.abs(values).max())):
        return tuple(range(min(size, FEW)))
    with warnings.catch_warnings(), _one_thread():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a path's loosest end; the chosen penalty is far from it
        target = (values - values.mean()) / off
        path = LassoCV(cv=KFold(FOLDS), n_jobs=1).fit(scaled, target)
        # The most parsimonious choice that foretells as well as the best, by one standard error: the best one keeps
        # many inputs that only chance made look active.
        error, doubt = path.mse_path_.mean(axis=1), path.mse_path_.std(axis=1) / np.sqrt(FOLDS)
        best = int(error.argmin())
        penalty = float(path.alphas_[error <= error[best] + doubt[best]].max())
        chosen = Lasso(penalty).fit(scaled, target)
    weight = np.abs(chosen.coef_).reshape(2, size).max(axis=0)
    order = np.argsort(-weight, kind="stable")
    if size <= FEW:
        return tuple(int(k) for k in order)
    return tuple(int(k) for k in order if weight[k] > 0.0) or (int(order[0]),)


def _terms(unit: Array, active: tuple[int, ...]) -> Array:
    """Inputs straight and squared, from the middle of their ranges."""
    centred = unit[:, active] - 0.5
    return np.concatenate([centred, centred**2], axis=1)


def _process(unit: Array, values: Array) -> Any:
    """A Gaussian process with a length scale per input and white noise for chance between seeds."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    lengths = Matern(np.ones(unit.shape[1]), (0.1, 20.0), nu=2.5)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * lengths + WhiteKernel(0.3, (1e-5, 2.0))
    process = GaussianProcessRegressor(kernel, alpha=1e-9)
    with warnings.catch_warnings(), _one_thread():
        # An input without influence has its length scale at the upper bound: that is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return process.fit(unit, values)


def _one_thread() -> Any:
    """On matrices this small, threads wait for one another: on a busy machine fifteen times as long."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _missed_when_left_out(unit: Array, values: Array, active: tuple[int, ...], fitted: Emulator) -> float:
    """Root mean square of what is missed at points left out, a fifth at a time, in promised standard deviations; the
    regression is fitted anew to the others, so that what it took from chance is not counted in its favour."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold

    missed = []
    for learnt, left_out in KFold(FOLDS, shuffle=True, random_state=0).split(unit):
        terms = _terms(unit[learnt], active)
        regression = Ridge(alpha=1.0).fit(terms, values[learnt])
        residuals = (values[learnt] - regression.predict(terms)) / fitted.spread
        process = GaussianProcessRegressor(fitted.process.kernel_, alpha=1e-9, optimizer=None)
        process.fit(unit[learnt][:, fitted.strongest], residuals)
        mean, sd = process.predict(unit[left_out][:, fitted.strongest], return_std=True)
        expected = regression.predict(_terms(unit[left_out], active)) + mean * fitted.spread
        missed.append((values[left_out] - expected) / (sd * fitted.spread))
    return float(np.sqrt((np.concatenate(missed) ** 2).mean()))
