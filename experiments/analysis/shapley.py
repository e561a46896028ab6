"""Who carries a gain: exact Shapley values of players (practices) from the value of every coalition.

A coalition is a bit mask: bit i is set where player i takes part, so `values[0]` is nobody and the last is all.
`values` has the coalitions along its first axis and anything behind it (replicates, outcomes).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.analysis.intervals import LEVEL, Interval, t_quantile

Array = NDArray[Any]

DRAWS = 2000


@dataclass(frozen=True)
class Order:
    """An order in which to take practices up, and what is reached after each step, from nobody on."""

    players: tuple[int, ...]
    path: tuple[float, ...]


def shapley(values: Array) -> Array:
    """What each player adds on average over all orders of joining: (2**n, …) to (n, …).

    >>> shapley(np.array([0.0, 1.0, 2.0, 5.0]))
    array([2., 3.])
    """
    values, n = _checked(values)
    found = []
    for player in range(n):
        without = _coalitions_without(n, player)
        # All coalitions are known, so values are exact: no sampling of orders, and no error of its own beside chance.
        weights = np.array([_weight(n - 1, int(mask).bit_count()) for mask in without])
        gains = values[without | (1 << player)] - values[without]
        found.append(np.tensordot(weights, gains, axes=1))
    return np.array(found)


def interactions(values: Array) -> Array:
    """What each pair adds together beyond what they add apart (the Shapley interaction index): (n, n, …),
    symmetric, zero on the diagonal. Positive: they need each other; negative: they stand in for each other."""
    values, n = _checked(values)
    found = np.zeros((n, n, *values.shape[1:]))
    for i, j in combinations(range(n), 2):
        without = _coalitions_without(n, i, j)
        weights = np.array([_weight(n - 2, int(mask).bit_count()) for mask in without])
        both, one, other = without | (1 << i) | (1 << j), without | (1 << i), without | (1 << j)
        gains = values[both] - values[one] - values[other] + values[without]
        found[i, j] = found[j, i] = np.tensordot(weights, gains, axes=1)
    return found


def first(values: Array) -> Array:
    """What each player adds alone, to nobody."""
    values, n = _checked(values)
    alone: Array = values[[1 << player for player in range(n)]] - values[0]
    return alone


def last(values: Array) -> Array:
    """What each player adds when all others are there already."""
    values, n = _checked(values)
    everyone = len(values) - 1
    added: Array = values[everyone] - values[[everyone ^ (1 << player) for player in range(n)]]
    return added


def best_order(values: Array) -> Order:
    """The order of joining with the highest value on average over its steps; of equals, the first found."""
    values, n = _checked(values)
    # The best order to reach a coalition ends with the best order to reach it without its last: 2**n steps, not n!.
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for mask in range(1, 1 << n):
        earlier = [(best[mask ^ (1 << player)], player) for player in range(n) if mask >> player & 1]
        (reached, order), player = max(earlier, key=lambda entry: entry[0][0])
        best[mask] = (reached + float(values[mask]), (*order, player))
    order = best[len(values) - 1][1]
    masks = np.cumsum([0, *(1 << player for player in order)])
    return Order(order, tuple(float(values[mask] - values[0]) for mask in masks))


def bootstrap(samples: Array, level: float = LEVEL) -> Interval:
    """The mean of one number a replicate, with the percentile bootstrap's interval over replicates, widened for
    their small number as a t interval is (the expanded percentile interval of Hesterberg 2015)."""
    samples = np.asarray(samples, np.float64)
    samples = samples[~np.isnan(samples)]
    mean = float(samples.mean()) if samples.size else np.nan
    if samples.size < 2:
        return Interval(mean, np.nan, np.nan, samples.size)
    drawn = stats.bootstrap(
        (samples,), np.mean, n_resamples=DRAWS, confidence_level=level, method="percentile", rng=1, vectorized=True
    )
    # Percentiles of resampled means are too narrow for a handful of replicates, by the factor that t and n - 1 mend.
    wider = t_quantile(samples.size, level) / t_quantile(10**6, level) * np.sqrt(samples.size / (samples.size - 1))
    low, high = (mean + wider * (float(bound) - mean) for bound in drawn.confidence_interval)
    return Interval(mean, float(low), float(high), samples.size)


def _weight(others: int, size: int) -> float:
    """The share of orders in which exactly these `size` of the others come before."""
    return factorial(size) * factorial(others - size) / factorial(others + 1)


def _coalitions_without(n: int, *players: int) -> Array:
    masks = np.arange(1 << n)
    for player in players:
        masks = masks[masks >> player & 1 == 0]
    return masks


def _checked(values: Array) -> tuple[Array, int]:
    values = np.asarray(values, np.float64)
    n = len(values).bit_length() - 1
    if len(values) != 1 << n:
        raise ValueError(f"{len(values)} coalitions; expected a power of two")
    return values, n
