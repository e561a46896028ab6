"""What may be built: options that a decree or a requirement on energy leaves to owners, who may still postpone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.appraisal import LEVELS, STANDARDS

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def decreed(standard: int | None, level: int | None) -> Bools:
    """The options (9,) of a decreed standard and a decreed energy level, each None where nobody decrees it."""
    allowed = np.ones(len(STANDARDS), dtype=bool)
    if standard is not None:
        allowed &= standard == STANDARDS
    if level is not None:
        allowed &= level == LEVELS
    return allowed


def reaching(allowed: Bools, saving: Floats, energy: Floats, most: float) -> Bools:
    """Of the options (9,) that are allowed, those after which a building uses no more than a requirement (n, 9).

    saving : share of heat (9,). energy : before, kWh/m2.year (n,). most : kWh/m2.year, 0 for no requirement. Where no
    option reaches it, those that save most are allowed: nobody is asked for what no option brings.
    """
    within = np.broadcast_to(allowed, (len(energy), len(allowed)))
    if most <= 0.0:
        return within.copy()
    reached = within & (energy[:, None] * (1.0 - saving)[None, :] <= most)
    deepest = within & (saving >= saving[allowed].max())[None, :]
    return np.where(reached.any(axis=1, keepdims=True), reached, deepest)
