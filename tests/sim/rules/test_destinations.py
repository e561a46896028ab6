"""Which alternative a household that leaves chooses."""

from __future__ import annotations

import numpy as np
import pytest

from sim.compiling import kernel
from sim.rules.destinations import clock, place_within
from sim.world.columns import Floats


@kernel
def rings(weights: Floats, u: float, found: Floats) -> None:
    """When each alternative's clock rings."""
    for i in range(len(weights)):
        found[i] = clock(weights[i], u)


@pytest.mark.parametrize("compiled", [True, False])
def test_nobody_chooses_what_nothing_or_next_to_nothing_speaks_for(compiled: bool) -> None:
    weights, found = np.array([1e-320, 0.0, 1.0]), np.empty(3)
    if compiled:
        rings(weights, 0.5, found)
    else:
        with np.errstate(divide="ignore", over="ignore"):
            found = clock(weights, 0.5)
    assert np.isinf(found[:2]).all() and found[2] == -np.log(0.5)


@pytest.mark.parametrize("first", [0.0, 37.0])
def test_who_stays_chooses_places_by_their_weight_and_what_is_left_of_it_from_there(first: float) -> None:
    weights, near = np.array([3.0, 0.0, 1.0, 2.0]), np.array([0.5, 1.0, 0.5, 0.0])
    u = (np.arange(400) + 0.5) / 400
    chosen = np.bincount([place_within(weights, near, first, one) for one in u], minlength=4)
    assert chosen.tolist() == [300, 0, 100, 0]
    assert place_within(0.0 * weights, near, first, 0.5) == 0
