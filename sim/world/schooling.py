"""Households counted by schooling."""

from __future__ import annotations

import numpy as np

from sim.vocabulary import Skill
from sim.world.columns import Floats, Ints
from sim.world.state import Residents


def by_schooling(residents: Residents, rows: Ints) -> Floats:
    """Number of households in these flats (rows,) by the main earner's schooling, (4,)."""
    return np.bincount(residents.skill[rows], minlength=len(Skill)).astype(float)
