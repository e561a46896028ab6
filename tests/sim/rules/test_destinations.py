"""Which alternative a household that leaves chooses."""

from __future__ import annotations

import numpy as np

from sim.rules.destinations import clocks


def test_nobody_chooses_what_nothing_or_next_to_nothing_speaks_for() -> None:
    rings = clocks(np.array([[1e-320, 1.0], [0.0, 1.0]]), np.full((2, 2), 0.5))
    assert np.isinf(rings[:, 0]).all() and rings.argmin(axis=1).tolist() == [1, 1]
