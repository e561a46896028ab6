"""Which buildings an owner does first: pipes that give out, then what gains most for each krona of its own."""

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


def urgency(each: Floats, worn: NDArray[np.bool_]) -> Floats:
    """Places in the order of doing, the largest first (buildings,): worn-out ones, and by value for own money.

    each : as ``per_krona`` gives. worn : pipes give out and cannot wait.
    """
    place = np.empty(len(each))
    place[np.lexsort((-each, ~worn))] = np.arange(len(each), 0, -1)
    return place
