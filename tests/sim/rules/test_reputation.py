"""What outsiders believe: hand cases."""

from __future__ import annotations

import numpy as np

from sim.rules.reputation import attention


def test_associations_attend_most_to_where_image_lies_furthest_below_life() -> None:
    gap, town = np.array([0.2, 0.1, -0.1, 0.4, -0.2]), np.array([0, 0, 0, 1, 2])
    found = attention(gap, town, np.array([0.5, 0.8, 1.0]))
    assert np.allclose(found, [0.5, 0.25, 0.0, 0.8, 0.0])
    assert not attention(-np.abs(gap), town, np.ones(3)).any()
