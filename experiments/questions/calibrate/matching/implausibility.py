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


def overall(by_target: Array, rank: int = 1) -> Array:
    """The largest implausibility of each point over its targets, or the second largest (``rank`` 2), and so on.

    What could not be measured says nothing; a point of which too little could be measured is not ruled out.
    """
    ordered = np.sort(np.where(np.isnan(by_target), 0.0, by_target), axis=1)
    return np.asarray(ordered[:, -min(rank, ordered.shape[1])])


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
