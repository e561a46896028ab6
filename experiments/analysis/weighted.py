"""Numbers over members of a set that count by their weights: median, range, shares and ranks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval

Array = NDArray[Any]

RANGE = (0.05, 0.95)  # of members, between which nine in ten lie


def weighted_interval(values: Array, weights: Array) -> Interval:
    """Weighted median with the ends between which nine in ten lie.

    >>> weighted_interval(np.array([1.0, 2.0, 30.0]), np.array([1.0, 1.0, 8.0]))
    Interval(mean=30.0, low=1.0, high=30.0, count=3)
    """
    ends = np.quantile(values, (0.5, *RANGE), weights=weights, method="inverted_cdf")
    middle, low, high = (float(x) for x in ends)
    return Interval(middle, low, high, len(values))


def share_of(which: Array, weights: Array) -> float:
    """The share of the weight on those of which something holds.

    >>> share_of(np.array([True, False]), np.array([3.0, 1.0]))
    0.75
    """
    return float(np.average(which, weights=weights))
