"""What keeps a part of a region like the whole: a building cannot be halved, and few make no smooth stream.

At a small scale (0-1] there are fewer buildings of the same size, while yearly capacities and budgets shrink. What one
building then needs is more than a year has; these rules let the years even out. At full size they change next to
nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def fitting(needs: Floats | Ints, left: float, overrun: float) -> Bools:
    """Which of these, one after another (n,), fit what is left; ``overrun`` is the part of one that may exceed it.

    needs : flats or SEK, in the order in which they are taken. left : the same unit.
    """
    return np.asarray(np.cumsum(needs) - overrun * needs <= left)


def carried(left: float, largest: float, overrun: float) -> float:
    """What is carried into the next year: what was taken too much, and what was too little for the largest one."""
    return min(left, (1.0 - overrun) * largest)


def quarters_of_memory(scale: float) -> float:
    """Quarters over which a part of a region has to be seen to show what the whole shows in one; 1 at full size."""
    # A tenth of a place has in ten years the buildings that the place has in one.
    return 1.0 + 4.0 * (1.0 / scale - 1.0)


def learnt(mean: Floats, value: Floats, quarter: int, scale: float) -> Floats:
    """A running mean with this quarter's value, both of one shape; at full size it is the value.

    quarter : quarters seen before this one.
    """
    # As long as less has been seen than can be remembered, all quarters count alike.
    weight = 1.0 / min(quarter + 1.0, quarters_of_memory(scale))
    return np.asarray(value if weight == 1.0 else mean + weight * (value - mean))
