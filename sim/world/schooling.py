"""Households counted by schooling."""

from __future__ import annotations

import numpy as np

from sim.vocabulary import Skill
from sim.world.columns import Floats, Ints
from sim.world.state import Residents, Small


def by_schooling(residents: Residents, rows: Ints) -> Floats:
    """Number of households in these flats (rows,) by the main earner's schooling, (4,)."""
    return schooled(residents.skill[rows])


def schooled(skill: Small) -> Floats:
    """The same of households whose main earners have this schooling (rows,)."""
    return np.bincount(skill, minlength=len(Skill)).astype(float)
