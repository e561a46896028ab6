"""Which buildings an owner does first: pipes that give out, grants that run out, then the gain for own money."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def per_krona(value: Floats, own_money: Floats) -> Floats:
    """Value gained for each krona that the owner itself has to find, any shape.

    value : SEK per flat against postponing. own_money : SEK per flat, cost less grants and what others pay. What costs
    the owner nothing, or less, ranks by its value, before whatever costs something.
    """
    return np.asarray(value / np.maximum(own_money, 1.0))


def urgency(each: Floats, worn: NDArray[np.bool_], promised: NDArray[np.bool_]) -> Floats:
    """Places in the order of doing, the largest first (buildings,): worn-out ones, those with a grant that would lapse,
    and by value for own money.

    each : as ``per_krona`` gives. worn : pipes give out and cannot wait. promised : a grant has
    been promised for works that begin in time.
    """
    place = np.empty(len(each))
    place[np.lexsort((-each, ~promised, ~worn))] = np.arange(len(each), 0, -1)
    return place
