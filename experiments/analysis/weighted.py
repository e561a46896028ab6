"""Numbers over members of a set that count by their weights: median, range, shares and ranks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.intervals import Interval

Array = NDArray[Any]

RANGE = (0.05, 0.95)  # of members, between which nine in ten lie
RESAMPLES = 2000
ROUNDING = 1e-12  # of the whole weight, by which sums of weights that are the same may differ
_ENDS: tuple[tuple[float, Literal["left", "right"]], ...] = ((-ROUNDING, "left"), (ROUNDING, "right"))


def weighted_quantiles(values: Array, weights: Array, shares: Sequence[float]) -> Array:
    """The values below which these shares of the weight lie; where a share ends exactly between two values, the middle
    of them, so that what holds of numbers holds of the same numbers with the other sign. NaN where a value is.

    NumPy (averaged_inverted_cdf) does so without weights; with them it only takes the lower of the two.

    >>> weighted_quantiles(np.array([1.0, -1.0]), np.ones(2), (0.5,))
    array([0.])
    """
    if np.isnan(values).any():
        return np.full(len(shares), np.nan)
    order = np.argsort(values)
    order = order[weights[order] > 0]
    up_to = np.cumsum(weights[order])
    up_to = up_to / up_to[-1]
    ends = [np.searchsorted(up_to, np.asarray(shares) + off, side) for off, side in _ENDS]
    lower, upper = (values[order[np.minimum(end, len(order) - 1)]] for end in ends)
    return np.asarray((lower + upper) / 2.0)


def weighted_interval(values: Array, weights: Array) -> Interval:
    """Weighted median with the ends between which nine in ten lie.

    >>> weighted_interval(np.array([1.0, 2.0, 30.0]), np.array([1.0, 1.0, 8.0]))
    Interval(mean=30.0, low=1.0, high=30.0, count=3)
    """
    middle, low, high = (float(x) for x in weighted_quantiles(values, weights, (0.5, *RANGE)))
    return Interval(middle, low, high, len(values))


def share_of(which: Array, weights: Array) -> float:
    """The share of the weight on those of which something holds.

    >>> share_of(np.array([True, False]), np.array([3.0, 1.0]))
    0.75
    """
    return float(np.average(which, weights=weights))


def worth_of(weights: Array) -> float:
    """How many members of equal weight the weighted ones are worth (Kish 1965).

    >>> worth_of(np.array([2.0, 2.0, 0.0]))
    2.0
    """
    return float(weights.sum() ** 2 / (weights**2).sum())


def side_of(values: Array, weights: Array) -> int:
    """+1 where more of the weight lies above zero than below it, -1 where more lies below, 0 where as much does. A
    value that is not known (NaN) counts for neither.

    >>> side_of(np.array([1.0, 2.0, -9.0]), np.array([1.0, 1.0, 1.0]))
    1
    """
    return int(np.sign(np.nansum(np.sign(values) * weights)))


def turned_in(values: Array, others: Array, weights: Array) -> float:
    """In which share of resamples of the members (bootstrap, as many as there are, each with its weight) two columns of
    numbers lie on opposite sides of zero: how far a difference of their sides can be trusted. NaN where no member is
    known in both.

    >>> some = np.array([1.0, 2.0, 3.0])
    >>> turned_in(some, -some, np.ones(3)), turned_in(some, some, np.ones(3))
    (1.0, 0.0)
    """
    known = ~np.isnan(values) & ~np.isnan(others)
    if not weights[known].sum() > 0:
        return float("nan")
    signs = np.sign(np.stack([values[known], others[known]])) * weights[known]
    draws = np.random.Generator(np.random.PCG64(len(weights)))
    members = draws.integers(signs.shape[1], size=(RESAMPLES, signs.shape[1]))
    one, other = np.sign(signs[:, members].sum(axis=-1))
    return float(np.mean(one * other < 0))
