"""The households of the start, wherever they live now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.world.columns import Bools, Ints


class Cohort:
    """The households of the start by their own id: whether they have left, and the leavers' work since.

    Arrays of length ``n``, the number of flats. Those who stay are rows of the residents; what this holds of them means
    nothing until they leave. ``lived`` is false of the ids of flats that started empty, which no household has.
    """

    def __init__(self, lived: Bools) -> None:
        n = len(lived)
        self.lived = lived
        self.away: Bools = np.zeros(n, dtype=bool)
        self.employed: Bools = np.zeros(n, dtype=bool)
        self.skill: NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self.born: Ints = np.zeros(n, dtype=np.int64)
