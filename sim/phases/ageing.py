"""Phase 2. Buildings wear out; owners tune heating; rents follow the general round once a year."""

from __future__ import annotations

import numpy as np

from sim.rules.appraisal import yearly_repairs
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.state import FAR_PAST
from sim.world.world import World


def advance(world: World) -> None:
    """Condition, tuning, and the repairs that poor condition costs this quarter (booked, SEK).

    Changes the buildings' condition (0-1), energy (kWh/m2.year), what was tuned (share), and rents (SEK/m2.year).
    """
    b, p = world.buildings, world.p
    decline = _decline(world, b.renovated)
    b.condition[:] = np.maximum(b.condition - decline, p.condition_least)
    step = np.minimum(p.tuning_rate / 4.0, np.maximum(p.tuning_limit - b.tuned, 0.0))
    b.tuned += step
    b.energy *= 1.0 - step
    growth = p.rent_growth if world.quarter % 4 == 0 and world.quarter > 0 else 0.0
    if growth:
        b.rent *= 1.0 + growth
        b.rent_plain *= 1.0 + growth
        b.rent_chosen *= 1.0 + growth
    if world.likes is not None:
        world.likes.age(_decline(world, world.likes.renovated), p.condition_least, step, growth)
    repairs = yearly_repairs(b.condition, p) * b.area * b.flats / 4.0
    world.pay_by_owner(Flow.REPAIRS_COMPANIES, Flow.REPAIRS_LANDLORDS, repairs)


def _decline(world: World, renovated: Ints) -> Floats:
    """What condition loses this quarter (b,); ``renovated`` is the quarter of the latest renovation."""
    b, p = world.buildings, world.p
    age = world.year0 + world.quarter / 4.0 - np.where(renovated > FAR_PAST, world.year0 + renovated / 4.0, b.built)
    # Pipes past their life wear faster; age counts from the latest renovation.
    return np.asarray(p.condition_decline / 4.0 * np.where(age > p.pipe_life, p.decline_past_life, 1.0))
