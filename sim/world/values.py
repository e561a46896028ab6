"""Market values of buildings, and what their owners' stock is worth."""

from __future__ import annotations

import numpy as np

from sim.rules.appraisal import building_value, market_yields
from sim.world.world import World


def set_values(world: World) -> None:
    """Market values: operating income over a yield that falls with the neighbourhood's reputation; renewal spills over.

    Sets ``building_values`` (SEK by building) and each owner's value and flats.
    """
    b, p, places = world.buildings, world.p, world.neighbourhoods
    market = market_yields(places.reputation, world.surroundings.yield_shift, p)[b.neighbourhood]
    per_m2 = building_value(b.rent, b.energy, b.condition, world.surroundings.heat_price, market, p)
    per_m2 *= 1.0 + p.spillover * places.renovated_share[b.neighbourhood]
    world.building_values = per_m2 * b.area * b.flats
    totals = np.bincount(b.owner, world.building_values, minlength=len(world.owners))
    flats = np.bincount(b.owner, b.flats, minlength=len(world.owners))
    for x in world.owners:
        x.value, x.flats = float(totals[x.index]), int(flats[x.index])
