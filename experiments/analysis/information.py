"""The value of information: what it would be worth to know some parameters before deciding, from runs that exist.

Expected value of partial perfect information by regression (Strong, Oakley and Brennan 2014): the gain of every point
is regressed on the parameters in question alone; the fitted values are what one would expect of the gain if those were
known, and knowing them is worth the mean of the better of the two choices at each fitted value, less the better of the
two without knowing. What the points' other parameters and their random numbers do is noise to the regression.

With a hundred points and a dozen parameters a regression fits noise as well, and the larger of two choices turns noise
into value. So fitted values are those of points left out (cross-validation), and count only as far as they foretell
what was left out: where they do not, knowing is worth nothing. The value leans low by that, by a tenth to a quarter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

FOLDS, FEW_FOLDS = 10, 5  # parts that fitted values are made of; fewer where only their spread is wanted
BLOCKS = 10  # parts that are left out in turn for the standard error (jackknife)
FEWEST = 30  # points below which nothing can be told
PENALTIES = np.logspace(-1, 5, 9)  # of the ridge; chosen for each gain by leaving one point out


@dataclass(frozen=True)
class Information:
    """What knowing some parameters would be worth. value: in the gain's unit, at least 0; error: its standard error.
    explained: share of the gain's variance that they account for. other: share of the set in which one would decide
    otherwise than now."""

    value: float
    error: float
    explained: float
    other: float


def information(inputs: Array, gains: Mapping[str, Array], weights: Array) -> dict[str, Information]:
    """What knowing `inputs` (points × parameters) would be worth to each who decides.

    gains: by who decides, what each choice brings at each point beyond doing nothing: (points,), or points × choices.
    weights: of points. Points at which somebody's gain is not known (NaN) are left out. Everything is NaN with fewer
    than 30 points.
    """
    tables = {name: np.asarray(gain, np.float64).reshape(len(gain), -1) for name, gain in gains.items()}
    all_gains = np.concatenate(list(tables.values()), axis=1)
    known = np.isfinite(all_gains).all(axis=1) & (weights > 0)
    if known.sum() < FEWEST:
        return dict.fromkeys(tables, Information(*[float("nan")] * 4))
    from threadpoolctl import threadpool_limits

    inputs, all_gains, weights = np.asarray(inputs, np.float64)[known], all_gains[known], weights[known]
    with threadpool_limits(1):  # matrices this small only wait for one another
        whole = _told(inputs, all_gains, weights, tables, FOLDS)
        without = [
            _told(inputs[kept], all_gains[kept], weights[kept], tables, FEW_FOLDS) for kept in _all_but_one(len(inputs))
        ]
    found = {}
    for name, (value, explained, other) in whole.items():
        values = np.array([one[name][0] for one in without])
        error = float(np.sqrt((len(values) - 1) * values.var()))  # of a jackknife by blocks
        found[name] = Information(value, error, explained, other)
    return found


def perfect(gain: Array, weights: Array) -> float:
    """What knowing each point's gain itself would be worth: all parameters, and the random numbers of its runs as well,
    so that no study can be worth more. gain: (points,), or points × choices."""
    table = np.asarray(gain, np.float64).reshape(len(gain), -1)
    known = np.isfinite(table).all(axis=1) & (weights > 0)
    return _value(table[known], table[known], weights[known]) if known.any() else float("nan")


def _told(
    inputs: Array, gains: Array, weights: Array, tables: Mapping[str, Array], folds: int
) -> dict[str, tuple[float, float, float]]:
    """By who decides: value, share explained, share of the set with another decision."""
    fitted, explained = _fitted(inputs, gains, weights, folds)
    found, place = {}, 0
    for name, table in tables.items():
        part = slice(place, place + table.shape[1])
        place = part.stop
        now = _choice(np.average(gains[:, part], axis=0, weights=weights)[None, :])
        other = float(np.average(_choice(fitted[:, part]) != now, weights=weights))
        value = _value(fitted[:, part], gains[:, part], weights)
        found[name] = (value, float(np.mean(explained[part])), other)
    return found


def _value(fitted: Array, gains: Array, weights: Array) -> float:
    """The better choice at each fitted value, less the better one for all; doing nothing is a choice, and brings 0."""
    knowing = float(np.average(np.maximum(fitted.max(axis=1), 0.0), weights=weights))
    return max(knowing - max(float(np.average(gains, axis=0, weights=weights).max()), 0.0), 0.0)


def _choice(gains: Array) -> Array:
    """The number of the best choice, 0 for doing nothing."""
    return np.where(gains.max(axis=1) > 0.0, gains.argmax(axis=1) + 1, 0)


def _fitted(inputs: Array, gains: Array, weights: Array, folds: int) -> tuple[Array, Array]:
    """What is expected of each gain at each point, from the other points; and the share of its variance explained.

    The fitted values are centred on the mean and shrunk by how well they foretell what was left out: by the slope of
    the gains over them, between 0 and 1.
    """
    centre = np.average(gains, axis=0, weights=weights)
    off = gains - centre
    left_out = np.zeros_like(off)
    for tested in _blocks(len(inputs), folds):
        learnt = np.setdiff1d(np.arange(len(inputs)), tested)
        left_out[tested] = _foretold(inputs[learnt], off[learnt], weights[learnt], inputs[tested])
    left_out -= np.average(left_out, axis=0, weights=weights)
    spread, total = (np.average(one**2, axis=0, weights=weights) for one in (left_out, off))
    # Noise makes the foretold of a fold lean against what was left out of it: then the slope is below 0.
    together = np.average(left_out * off, axis=0, weights=weights)
    slope = np.clip(together / np.where(spread > 0.0, spread, np.inf), 0.0, 1.0)
    missed = np.average((off - slope * left_out) ** 2, axis=0, weights=weights)
    explained = np.clip(1.0 - missed / np.where(total > 0.0, total, np.inf), 0.0, 1.0)
    return centre + slope * left_out, np.where(total > 0.0, explained, 0.0)


def _foretold(inputs: Array, gains: Array, weights: Array, at: Array) -> Array:
    """A ridge regression on parameters straight and squared, its penalty chosen for each gain by leaving one out."""
    from sklearn.linear_model import RidgeCV
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), RidgeCV(PENALTIES, alpha_per_target=True))
    middle = np.average(inputs, axis=0, weights=weights)
    scale = np.where(inputs.std(axis=0) > 0.0, inputs.std(axis=0), 1.0)
    model.fit(_terms((inputs - middle) / scale), gains, ridgecv__sample_weight=weights / weights.mean())
    return np.asarray(model.predict(_terms((at - middle) / scale))).reshape(len(at), -1)


def _terms(inputs: Array) -> Array:
    return np.concatenate([inputs, inputs**2], axis=1)


def _blocks(points: int, count: int) -> list[Array]:
    """Every n-th point by turns: members stand in the order of drawing, so that this is as good as chance."""
    return [np.arange(start, points, count) for start in range(min(count, points))]


def _all_but_one(points: int) -> list[Array]:
    everything = np.arange(points)
    return [np.setdiff1d(everything, block) for block in _blocks(points, BLOCKS)]
