"""Room for the lists that a passage over everybody writes."""

from __future__ import annotations

import numpy as np

from sim.world.columns import Floats, Ints


class Spare:
    """Columns (n,) that one passage fills and its phase reads; what stands in them later means nothing.

    Kept from quarter to quarter: asking the machine for as much each time can cost as much as filling it.
    """

    def __init__(self, n: int) -> None:
        self.lost: Ints = np.zeros(n, dtype=np.int64)
        self.seeking: Ints = np.zeros(n, dtype=np.int64)
        self.weight: Floats = np.zeros(n)
