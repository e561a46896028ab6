"""The one paired difference: two arms on the same random numbers, replicate by replicate, point by point.

The one policy for failed runs: a pair of which a half failed is left out (it is NaN here), and so is whatever needs it:
its replicate where all points of a replicate are needed (Shapley values), nothing else. What is left out is listed in
the manifest, the summary and on the terminal, and the command ends with status 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval, interval

Array = NDArray[Any]


@dataclass(frozen=True)
class Pairs:
    """A number in two arms: arrays of points × replicates, NaN where a run failed."""

    on: Array
    off: Array

    @property
    def difference(self) -> Array:
        """`on` minus `off`, points × replicates."""
        return np.asarray(self.on - self.off)

    @property
    def one(self) -> Array:
        """The difference at the only point of a design that varies nothing but arms, one a replicate."""
        return np.asarray(self.difference[0])

    def intervals(self) -> list[Interval]:
        """The difference at each point: mean and interval over replicates."""
        return [interval(row) for row in self.difference]

    def by_point(self) -> Array:
        """The mean difference over the replicates of each point that are known; NaN where none is."""
        return mean_of_known(self.difference, axis=1)


def by_point_and_replicate(runs: pd.DataFrame, values: Array, arm: str) -> Array:
    """Values of one arm's runs, one a row of the table of runs, as points × replicates; NaN where a run failed."""
    points = runs["point"] if "point" in runs else pd.Series(0, index=runs.index)
    rows, columns = (pd.factorize(keys, sort=True) for keys in (points, runs["replicate"]))
    found = np.full((len(rows[1]), len(columns[1])), np.nan)
    chosen = (runs["arm"] == arm).to_numpy()
    found[rows[0][chosen], columns[0][chosen]] = np.asarray(values, np.float64)[chosen]
    return found


def pairs_of(runs: pd.DataFrame, values: Array, on: str, off: str) -> Pairs:
    """Both arms of a table of runs, failed ones included; values are one a row."""
    return Pairs(*(by_point_and_replicate(runs, values, arm) for arm in (on, off)))


def mean_of_known(values: Array, axis: int) -> Array:
    """The mean of what is not NaN along an axis; NaN where nothing is known."""
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
