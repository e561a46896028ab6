"""Lived satisfaction and health, 0-1: both relax toward a level that home, work and burden set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.inputs.parameters import Parameters

Floats = NDArray[np.float64]


def home_satisfaction(comfort_gain: Floats, disturbance: Floats, voice: Floats, worn: Floats, p: Parameters) -> Floats:
    """The part of the satisfaction level that the building sets, points relative to its start (buildings,).

    comfort_gain : points of comfort. disturbance : 1 while works go on. voice : 0-1, how far tenants were heard. worn :
    0-1, missing condition.
    """
    # Disturbance and voice stand beside comfort and not in it: Chalmers finds that works, not rents, drive tenants out.
    return np.asarray(
        p.satisfaction_comfort * comfort_gain
        - p.satisfaction_disturbance * disturbance
        + p.satisfaction_voice * voice
        - p.satisfaction_worn * worn
    )


def burden_loss(burden: Floats, p: Parameters) -> Floats:
    """Satisfaction (points) lost to the rent burden (rent over income) above an ordinary one, (rows,)."""
    return np.asarray(p.satisfaction_burden * np.clip(burden - p.burden_ordinary, 0.0, p.burden_excess_most))


def ordinary_health(employed: NDArray[np.bool_], p: Parameters) -> Floats:
    """Health in an ordinary dwelling without strain, 0-1 (rows,)."""
    return np.asarray(np.minimum(p.health_start + p.health_work * employed, 1.0))


def health_level(employed: NDArray[np.bool_], home: Floats, strain: Floats, p: Parameters) -> Floats:
    """The level toward which health relaxes, 0-1 (rows,): work, dwelling (which may do nothing), and strain of rent.

    home, strain : points of health (rows,).
    """
    # Half of what the jobless lose in health is counted: the other half made them jobless (cohort of Swedish youth).
    level = p.health_start + p.health_work * employed + home - strain
    return np.asarray(np.clip(level, 0.0, 1.0, out=level))


def health_care_cost(health: Floats, persons: NDArray[Any], p: Parameters) -> Floats:
    """Health care of a household, SEK per year (rows,): the county's mean, more in ill health (0-1), never below 0."""
    cost = health * -(p.health_cost * p.health_cost_slope)
    cost += p.health_cost * (1.0 + p.health_cost_slope * p.health_mean)
    np.maximum(cost, 0.0, out=cost)
    return np.asarray(np.multiply(cost, persons, out=cost))
