"""Phase 2. Buildings wear out; owners tune heating; rents follow the general round once a year."""

from __future__ import annotations

import numpy as np

from sim.rules.appraisal import yearly_repairs
from sim.world.books import Flow
from sim.world.likes import Likes
from sim.world.state import FAR_PAST, Buildings
from sim.world.world import World


def advance(world: World) -> None:
    """Condition, tuning, and the repairs that poor condition costs this quarter (booked, SEK).

    Changes the buildings' condition (0-1), energy (kWh/m2.year), what was tuned (share), and rents (SEK/m2.year).
    """
    b, p = world.buildings, world.p
    _wear(world, b)
    if world.likes is not None:
        _wear(world, world.likes)
    if world.quarter % 4 == 0 and world.quarter > 0:
        b.rent *= 1.0 + p.rent_growth
        b.rent_plain *= 1.0 + p.rent_growth
        b.rent_chosen *= 1.0 + p.rent_growth
        if world.likes is not None:
            world.likes.rent *= 1.0 + p.rent_growth
    repairs = yearly_repairs(b.condition, p) * b.area * b.flats / 4.0
    world.pay_by_owner(Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS, repairs)


def _wear(world: World, b: Buildings | Likes) -> None:
    """Condition declines and heat is tuned."""
    p = world.p
    age = world.year0 + world.quarter / 4.0 - np.where(b.renovated > FAR_PAST, world.year0 + b.renovated / 4.0, b.built)
    # Pipes past their life wear faster; age counts from the latest renovation.
    faster = np.where(age > p.pipe_life, p.decline_past_life, 1.0)
    b.condition[:] = np.maximum(b.condition - p.condition_decline / 4.0 * faster, p.condition_least)
    step = np.minimum(p.tuning_rate / 4.0, np.maximum(p.tuning_limit - b.tuned, 0.0))
    b.tuned += step
    b.energy *= 1.0 - step
