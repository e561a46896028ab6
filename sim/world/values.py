"""Market values of buildings, and what their owners' stock is worth."""

from __future__ import annotations

import numpy as np

from sim.rules.appraisal import building_value, market_yields
from sim.rules.phase_in import paid, waiting
from sim.world.world import World


def set_values(world: World) -> None:
    """Market values: operating income over a yield that falls with the neighbourhood's reputation; renewal spills over.

    Sets ``building_values`` (SEK by building) and each owner's value and flats.
    """
    b, p, places = world.buildings, world.p, world.neighbourhoods
    market = market_yields(places.reputation, world.surroundings.yield_shift, p)[b.neighbourhood]
    # A buyer pays for the rent that is agreed, less what it will be short of while it is phased in.
    years = world.years_renovated()
    agreed = b.rent + b.rise - paid(b.rise, b.rise_first, years, p)
    unpaid, phased = np.zeros(b.n), np.flatnonzero(b.rise != b.rise_first)
    left = waiting(market[phased], np.maximum(years[phased], 0), p)
    unpaid[phased] = (b.rise[phased] - b.rise_first[phased]) * left
    per_m2 = building_value(agreed, b.energy, b.condition, world.heat_cost, market, p, unpaid, b.empty)
    per_m2 *= 1.0 + p.spillover * places.renovated_share[b.neighbourhood]
    world.building_values = per_m2 * b.area * b.flats
    totals = np.bincount(b.owner, world.building_values, minlength=len(world.owners))
    flats = np.bincount(b.owner, b.flats, minlength=len(world.owners))
    for x in world.owners:
        x.value, x.flats = float(totals[x.index]), int(flats[x.index])
