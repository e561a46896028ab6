"""Market values of buildings, and what their owners' stock is worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own
from sim.rules.appraisal import building_value, market_yields
from sim.rules.phase_in import paid, waiting
from sim.world.columns import Floats, Ints
from sim.world.world import World


def set_values(world: World) -> None:
    """Market values: operating income over a yield that falls with the neighbourhood's reputation; renewal spills over.

    Sets ``building_values`` (SEK by building) and each owner's value and flats.
    """
    b, places = world.buildings, world.neighbourhoods
    world.building_values, totals, flats = np.zeros(b.n), np.zeros(len(world.owners)), np.zeros(len(world.owners))
    _values(
        world.building_values, totals, flats, b.rent, b.rise, b.rise_first, b.renovated, b.energy, b.condition, b.empty,
        b.area, b.flats, b.neighbourhood, b.owner, places.reputation, places.renovated_share,
        world.surroundings.yield_shift, world.heat_cost, world.quarter, world.p.numbers,
    )  # fmt: skip
    for x, value, number in zip(world.owners, totals.tolist(), flats.tolist(), strict=True):
        x.value, x.flats = value, int(number)


@kernel
def _values(
    values: Floats, totals: Floats, owned: Floats, rent: Floats, rise: Floats, first: Floats, renovated: Ints,
    energy: Floats, condition: Floats, empty: Floats, area: Floats, flats: Ints, neighbourhood: Ints, owner: Ints,
    reputation: Floats, renovated_share: Floats, shift: float, heat: float, quarter: int, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Values of buildings (b,), and their sums and flats by owner. shift : what interest adds to yields, per year.
    heat : SEK/kWh."""
    p = own(numbers)
    market, more = market_yields(reputation, shift, p), 1.0 + p.spillover * renovated_share
    for b in range(len(values)):
        place, years = neighbourhood[b], (quarter - renovated[b]) // 4
        # A buyer pays for the rent that is agreed, less what it will be short of while it is phased in, which the
        # market sees by the yield of the place.
        agreed, unpaid = rent[b] + rise[b] - paid(rise[b], first[b], years, p), 0.0
        if rise[b] != first[b]:
            unpaid = (rise[b] - first[b]) * waiting(market[place], max(years, 0), p)
        each = building_value(agreed, energy[b], condition[b], heat, market[place], p, unpaid, empty[b])
        values[b] = each * more[place] * area[b] * flats[b]
    for b in range(len(values)):
        totals[owner[b]] += values[b]
        owned[owner[b]] += flats[b]
