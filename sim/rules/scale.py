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


def evened_out(left: Floats, flats: Ints, staff: float, overrun: float, scale: float) -> Bools:
    """Which buildings are begun (n,): at full size those for which their owner has staff (``left`` not negative).

    At a small scale owners begin a building in one year and none in others. Which of them is early and which is late is
    settled so that together they begin each year what they have staff for, as they do at full size.

    left, flats : of each building, in flats. staff : of all these owners together, in flats.
    """
    loose = (1.0 - scale) * overrun * flats
    order = np.argsort(-left, kind="stable")
    together = np.zeros(len(left), dtype=bool)
    together[order] = fitting(flats[order], staff, overrun)
    return np.asarray(left >= np.where(together, -loose, loose))


def learnt(mean: Floats, value: Floats, seen: float, scale: float) -> Floats:
    """A running mean with one more value, both of one shape; at full size it is the value.

    A part of a place has in more years what the whole has in one: it is seen over 1/scale of them. As long as fewer
    have been seen, all count alike. seen : years before this value.
    """
    weight = max(scale, 1.0 / (seen + 1.0))
    return np.asarray(value if weight == 1.0 else mean + weight * (value - mean))
