"""Sums of numbers that decide or are recorded, to the same bytes on every Python, and in kernels as with arrays."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule

Floats = NDArray[np.float64]

_BLOCK, _LANES = 128, 8  # numpy adds up so many in one go, as eight sums side by side
_DEEPEST = 64  # halvings of any column that there is memory for


def total(values: Iterable[float]) -> float:
    """The sum, added up one by one in the order given, in the unit of the values; 0 of none.

    From Python 3.12 on the builtin `sum` makes up for what rounding loses, so that its last bits are other ones there.
    """
    added = 0.0
    for value in values:
        added += value
    return added


@rule
def pairwise(values: Floats) -> float:
    """The sum of a column to the bits of ``values.sum()``, for kernels: numpy halves long ones and adds up blocks."""
    start, count = np.zeros(_DEEPEST, np.int64), np.zeros(_DEEPEST, np.int64)
    first, step = np.zeros(_DEEPEST), np.zeros(_DEEPEST, np.int64)
    count[0], at, found = len(values), 0, 0.0
    while at >= 0:
        half = count[at] // 2
        half -= half % _LANES
        if count[at] <= _BLOCK:
            found = _block(values[start[at] : start[at] + count[at]])
            at -= 1
        elif step[at] == 0:  # the first half
            step[at] = 1
            start[at + 1], count[at + 1], step[at + 1] = start[at], half, 0
            at += 1
        elif step[at] == 1:  # the second half
            first[at], step[at] = found, 2
            start[at + 1], count[at + 1], step[at + 1] = start[at] + half, count[at] - half, 0
            at += 1
        else:
            found = first[at] + found
            at -= 1
    return found


@rule
def _block(values: Floats) -> float:
    """The sum of a short column, as numpy adds it up."""
    n = len(values)
    found: float = 0.0
    if n < _LANES:
        for i in range(n):
            found += values[i]
        return found
    side = np.zeros(_LANES)
    even = n - n % _LANES
    for i in range(even):
        side[i % _LANES] += values[i]
    found = ((side[0] + side[1]) + (side[2] + side[3])) + ((side[4] + side[5]) + (side[6] + side[7]))
    for i in range(even, n):
        found += values[i]
    return found
