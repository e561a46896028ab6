"""What works do inside the home, by option (9,): how far they disturb, and whether the household must live elsewhere.

The anchor is a typical renovation, at 1: the excess of moves that Boverket found is a mean over all kinds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters
from sim.rules.appraisal import LEVELS, STANDARDS

Floats = NDArray[np.float64]


def done_inside(p: Parameters) -> Floats:
    """How much each option disturbs those who live there, against a typical renovation (9,)."""
    # Pipes and bathroom; the kitchen too; every room; with energy measures windows, vents and, when deep, the walls.
    standard = np.array([0.0, p.inside_basic, p.inside_intermediate, p.inside_full])[STANDARDS]
    return np.asarray(standard + np.array([0.0, p.inside_energy_medium, p.inside_energy_deep])[LEVELS])
