"""Lived satisfaction and health, 0-1: both relax toward a level that home, work and burden set."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import rule
from sim.inputs.parameters import Parameters
from sim.vocabulary import Site

Floats = NDArray[np.float64]


@rule
def disturbance(site: NDArray[np.int8], inside: Floats, p: Parameters) -> Floats:
    """How far works disturb, by what goes on in a building (``Site``), 1 in a typical renovation (buildings,).

    inside : how far the option at hand disturbs against a typical one (``inside.done_inside``), (buildings,).
    """
    felt: Floats = p.disturbance_announced * (site == Site.ANNOUNCED) + 1.0 * (site == Site.ON_SITE)
    return felt * inside


@rule
def home_satisfaction(
    comfort_gain: Floats, disturbed: Floats, voice: Floats, condition: Floats, p: Parameters
) -> Floats:
    """The part of the satisfaction level that the building sets, points relative to its start (buildings,).

    comfort_gain : points of comfort. disturbed : 1 while typical works go on. voice : 0-1, how far tenants were heard.
    condition : 0-1, missed where it is short of what calls for repair.
    """
    worn = np.maximum(p.repair_threshold - condition, 0.0) / p.repair_threshold
    # Disturbance and voice stand beside comfort and not in it: Chalmers finds that works, not rents, drive tenants out.
    points: Floats = (
        p.satisfaction_comfort * comfort_gain
        - p.satisfaction_disturbance * disturbed
        + p.satisfaction_voice * voice
        - p.satisfaction_worn * worn
    )
    return points


@rule
def burden_beyond(burden: Floats, p: Parameters) -> Floats:
    """What of the rent burden (rent over income) lies above an ordinary one, as far as it is felt, share (rows,)."""
    beyond: Floats = np.minimum(np.maximum(burden - p.burden_ordinary, 0.0), p.burden_excess_most)
    return beyond


@rule
def burden_loss(burden: Floats, p: Parameters) -> Floats:
    """Satisfaction (points) lost to the rent burden (rent over income) above an ordinary one, (rows,)."""
    return p.satisfaction_burden * burden_beyond(burden, p)


@rule
def ties(quarters: NDArray[np.int64], p: Parameters) -> Floats:
    """Satisfaction (points) by how long a household has lived there, growing over ``ties_years`` (rows,)."""
    grown: Floats = np.minimum(quarters * (p.satisfaction_ties / (4.0 * p.ties_years)), p.satisfaction_ties)
    return grown


def ordinary_health(employed: NDArray[np.bool_], p: Parameters) -> Floats:
    """Health in an ordinary dwelling without strain, 0-1 (rows,)."""
    return np.asarray(np.minimum(p.health_start + p.health_work * employed, 1.0))


@rule
def home_health(comfort_gain: Floats, disturbed: Floats, p: Parameters) -> Floats:
    """Health (points) by the dwelling, which may do nothing (buildings,); the arguments as in ``home_satisfaction``."""
    return p.health_dwelling * comfort_gain - p.health_disturbance * disturbed


@rule
def health_level(employed: NDArray[np.bool_], home: Floats, burden: Floats, p: Parameters) -> Floats:
    """The level toward which health relaxes, 0-1 (rows,): work, dwelling, and strain of rent.

    home : points of health. burden : rent over income; all (rows,).
    """
    strain = p.health_burden * burden_beyond(burden, p)
    # Half of what the jobless lose in health is counted: the other half made them jobless (cohort of Swedish youth).
    level: Floats = p.health_start + p.health_work * employed + home - strain
    return within(level)


@rule
def within(level: Floats) -> Floats:
    """Held between 0 and 1 (rows,)."""
    held: Floats = np.minimum(np.maximum(level, 0.0), 1.0)
    return held


@rule
def health_care_cost(health: Floats, persons: NDArray[Any], p: Parameters) -> Floats:
    """Health care of a household, SEK per year (rows,): the county's mean, more in ill health (0-1), never below 0."""
    more = health * -(p.health_cost * p.health_cost_slope)
    cost: Floats = np.maximum(more + p.health_cost * (1.0 + p.health_cost_slope * p.health_mean), 0.0) * persons
    return cost
