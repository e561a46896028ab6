"""Lived satisfaction and health: both relax toward a level that home, work and burden set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]

WORTH = np.array([0.0, 0.0, 1.0, 1.6])  # what each Standard is worth to a tenant above mini, in wishes for midi


def home_satisfaction(comfort_gain: Floats, disturbance: Floats, voice: Floats, worn: Floats, p: Parameters) -> Floats:
    """The part of the satisfaction level that the building sets, relative to its start."""
    return np.asarray(
        p.satisfaction_comfort * comfort_gain
        - p.satisfaction_disturbance * disturbance
        + p.satisfaction_voice * voice
        - p.satisfaction_worn * worn
    )


def burden_loss(burden: Floats, p: Parameters) -> Floats:
    """Satisfaction lost to the rent burden above an ordinary one."""
    return np.asarray(p.satisfaction_burden * np.clip(burden - p.burden_ordinary, 0.0, 0.5))


def health_level(employed: NDArray[np.bool_], home: Floats, strain: Floats, p: Parameters) -> Floats:
    """The level toward which health relaxes: work, dwelling (which may do nothing), and strain from rent and works."""
    return np.asarray(p.health_start + p.health_work * employed + home - strain)


def health_care_cost(health: Floats, persons: NDArray[Any], p: Parameters) -> Floats:
    """Health care of a household, SEK per year: the county's mean, more in ill health."""
    return np.asarray(persons * p.health_cost * (1.0 + p.health_cost_slope * (p.health_mean - health)))
