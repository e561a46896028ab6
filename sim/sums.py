"""Sums of numbers that decide or are recorded, to the same bytes on every Python, and in kernels to those of numpy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, rows, rule

Floats = NDArray[np.float64]

_LANES = 8  # sums side by side
_LEAF = 128  # as many are added up without halving
_1, _2, _3, _4, _5, _6, _7, _8 = (np.uint64(i) for i in range(1, _LANES + 1))
_DEPTH = 60  # halvings that no column needs


def total(values: Iterable[float]) -> float:
    """The sum, added up one by one in the order given, in the unit of the values; 0 of none.

    From Python 3.12 on the builtin `sum` makes up for what rounding loses, so that its last bits are other ones there.
    """
    added = 0.0
    for value in values:
        added += value
    return added


@kernel
def pairwise(values: Floats) -> float:
    """The sum of a column (rows,) inside a kernel, to the bytes of ``np.sum``: halves are added up apart, so that
    little is lost by rounding. The column lies in one piece."""
    return _leaf(values) if len(values) <= _LEAF else _halves(values, False, 0.0)


@kernel
def pairwise_above(values: Floats, least: float) -> float:
    """The same of what each number is above ``least``, 0 for those below: without a column of that, which a kernel
    would have to ask the machine for in every quarter."""
    return _halves(values, True, least)


@rule
def _halves(values: Floats, above: bool, least: float) -> float:
    """Without calling itself: kept code of a kernel that does so may break off the process in which it is loaded."""
    room = np.empty(_LEAF)
    first, size = np.zeros(_DEPTH, np.int64), np.zeros(_DEPTH, np.int64)
    halves_done, left = np.zeros(_DEPTH, np.int64), np.zeros(_DEPTH)
    at, size[0], added = 0, len(values), 0.0
    while at >= 0:
        if size[at] <= _LEAF:
            those = values[first[at] : first[at] + size[at]]
            if above:
                for i in rows(0, len(those)):
                    room[i] = max(those[i] - least, 0.0)
                those = room[: len(those)]
            added = _leaf(those)
            at -= 1
            continue
        half, done = half_of(size[at]), halves_done[at]
        halves_done[at] += 1
        if done == 0:
            first[at + 1], size[at + 1], halves_done[at + 1] = first[at], half, 0
            at += 1
        elif done == 1:
            left[at] = added
            first[at + 1], size[at + 1], halves_done[at + 1] = first[at] + half, size[at] - half, 0
            at += 1
        else:
            added = left[at] + added
            at -= 1
    return added


@rule
def _leaf(values: Floats) -> float:
    """The sum of few numbers: eight sums side by side, and what is left over one by one."""
    n = len(values)
    if n < _LANES:
        few: float = -0.0  # the only number that changes no other when it is added
        for i in range(n):
            few += values[i]
        return few
    a, b, c, d = values[0], values[1], values[2], values[3]
    e, f, g, h = values[4], values[5], values[6], values[7]
    # Numbers without a sign, so that no index needs a look at it and the machine adds up the eight at once.
    blocks = n // _LANES
    for block in rows(1, blocks):
        at = block * _8
        a += values[at]
        b += values[at + _1]
        c += values[at + _2]
        d += values[at + _3]
        e += values[at + _4]
        f += values[at + _5]
        g += values[at + _6]
        h += values[at + _7]
    found: float = ((a + b) + (c + d)) + ((e + f) + (g + h))
    for i in rows(blocks * _LANES, n):
        found += values[i]
    return found


@rule
def half_of(n: int) -> int:
    """How many of so many numbers are in the first half, as ``pairwise`` halves them."""
    return n // 2 - n // 2 % _LANES


@rule
def pairwise_group(values: Floats) -> float:
    """The sum of a group of one row or more, to the bytes of ``Groups.sum``: the first, and the sum of the others."""
    first: float = values[0]
    return first + pairwise(values[1:])
