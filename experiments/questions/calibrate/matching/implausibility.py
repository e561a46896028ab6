"""How far a point is from what has been observed, in standard deviations of all that is uncertain about it.

A pattern is a range, and every value inside it fits equally well. What counts is the distance outside, over the
square root of three variances: of the emulator, of chance between seeds, and of the model's discrepancy. The standard
deviation of the discrepancy is a third of the tolerance (where "near" ends): with all else certain, the cut-off of
3 rules out exactly what is not even near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

CUT_OFF = 3.0
SMALLEST = 1e-9  # discrepancy where a range ends at zero: there is no "near" beyond it
REACHED = 0.8  # of half a range's width, which its middle must be able to reach however uncertain an expectation is
FAR = 10.0  # tolerances outside its range beyond which a value counts no more: a pay-back that never comes is that far


@dataclass(frozen=True)
class Target:
    """A measure's name, the range that fits (an end may be infinite), and how far below and above it is still near."""

    name: str
    low: float
    high: float
    below: float
    above: float

    def outside(self, values: Array) -> Array:
        """Distance outside the range; 0 inside."""
        return np.asarray(np.maximum(np.maximum(self.low - values, values - self.high), 0.0))

    def discrepancy(self, values: Array) -> Array:
        """Standard deviation of what even the best parameters would miss, on the side where a value lies."""
        return np.asarray(np.maximum(np.where(values < self.low, self.below, self.above) / CUT_OFF, SMALLEST))

    def bounded(self, values: Array) -> Array:
        """Values brought back to where they stop counting: an emulator cannot follow infinite ones."""
        return np.asarray(np.clip(values, self.low - FAR * self.below, self.high + FAR * self.above))


def implausibility(expected: Array, variance: Array, targets: Sequence[Target]) -> Array:
    """By point (rows) and target (columns); NaN where nothing is expected.

    ``variance`` holds what is uncertain about the expectation: emulator and seeds.

    >>> implausibility(np.array([[5.0, 8.0]]), np.zeros((1, 2)), [Target("a", 4, 6, 1, 1), Target("b", 4, 6, 1, 2)])
    array([[0., 3.]])
    """
    own = np.stack([target.discrepancy(expected[:, k]) ** 2 for k, target in enumerate(targets)], axis=1)
    distance = np.stack([target.outside(expected[:, k]) for k, target in enumerate(targets)], axis=1)
    return np.asarray(distance / np.sqrt(variance + own))


def with_depth(expected: Array, variance: Array, targets: Sequence[Target]) -> Array:
    """The same as ``implausibility``, and below zero inside a range: how deep the expectation lies in it.

    In standard deviations of what is uncertain about the expectation, or in nearly half the range's width where that is
    less; what is not expected at all is as deep as can be. At -1 a point will probably lie inside when it is run; at 0
    every second one at a range's end will not.
    """
    found = implausibility(expected, variance, targets)
    for k, target in enumerate(targets):
        depth = np.minimum(expected[:, k] - target.low, target.high - expected[:, k])
        unit = np.minimum(np.sqrt(variance[:, k]), REACHED * (target.high - target.low) / 2.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[:, k] = np.where(depth > 0.0, -depth / unit, found[:, k])
    return np.where(np.isnan(found), -np.inf, found)


def overall(by_target: Array, rank: int = 1) -> Array:
    """The largest implausibility of each point over its targets, or the second largest (``rank`` 2), and so on.

    What could not be measured says nothing; a point of which too little could be measured is not ruled out.
    """
    ordered = np.sort(np.where(np.isnan(by_target), 0.0, by_target), axis=1)
    return np.asarray(ordered[:, -min(rank, ordered.shape[1])])


def inside(values: Array, targets: Sequence[Target]) -> NDArray[np.bool_]:
    """Which points (rows) lie inside the range of every target (columns); what could not be measured says nothing.

    >>> inside(np.array([[5.0], [7.0]]), [Target("a", 4, 6, 1, 1)])
    array([ True, False])
    """
    outside = np.stack([target.outside(values[:, k]) for k, target in enumerate(targets)], axis=1)
    return np.asarray((np.nan_to_num(outside) == 0.0).all(axis=1))


def weights(by_target: Array, targets: Sequence[Target]) -> Array:
    """What each point (row) counts in shares and quantiles: exp(-0.5 x sum over patterns of the mean square of their
    measures' implausibility). One inside all ranges; patterns count alike, whatever the number of their measures."""
    patterns = np.array([target.name.partition(".")[0] for target in targets])
    squares = np.nan_to_num(by_target) ** 2
    total = sum(squares[:, patterns == name].mean(axis=1) for name in dict.fromkeys(patterns.tolist()))
    return np.asarray(np.exp(-0.5 * total))


def chance(runs: Array) -> Array:
    """Variance between seeds of one run, by measure: pooled over points; ``runs`` is points x seeds x measures, with
    two seeds or more."""
    known = np.isfinite(runs)
    count = known.sum(axis=1)
    mean = np.where(known, runs, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = (np.where(known, runs - mean[:, None, :], 0.0) ** 2).sum(axis=(0, 1))
    return np.asarray(squares / np.maximum((count - 1).clip(0).sum(axis=0), 1))


def mean_runs(runs: Array) -> Array:
    """Mean over seeds by point and measure, NaN where no seed could be measured."""
    known = np.isfinite(runs)
    total = np.where(known, runs, 0.0).sum(axis=1)
    return np.asarray(np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan))
