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
    years = world.years_renovated()
    world.building_values, totals, flats = np.zeros(b.n), np.zeros(len(world.owners)), np.zeros(len(world.owners))
    _values(
        world.building_values, totals, flats, b.rent, b.rise, b.rise_first, years, _unpaid(world, years), b.energy,
        b.condition, b.empty, b.area, b.flats, b.neighbourhood, b.owner, places.reputation, places.renovated_share,
        world.surroundings.yield_shift, world.heat_cost, world.p.numbers,
    )  # fmt: skip
    for x, value, number in zip(world.owners, totals.tolist(), flats.tolist(), strict=True):
        x.value, x.flats = value, int(number)


def _unpaid(world: World, years: Ints) -> Floats:
    """Present value of the part of each building's agreed rent that is still phased in, SEK/m2 (b,); years : whole ones
    since it was finished."""
    b, p = world.buildings, world.p
    unpaid, phased = np.zeros(b.n), np.flatnonzero(b.rise != b.rise_first)
    if len(phased):  # the market sees it by the yield of its place
        market = market_yields(world.neighbourhoods.reputation, world.surroundings.yield_shift, p)
        left = waiting(market[b.neighbourhood[phased]], np.maximum(years[phased], 0), p)
        unpaid[phased] = (b.rise[phased] - b.rise_first[phased]) * left
    return unpaid


@kernel
def _values(
    values: Floats, totals: Floats, owned: Floats, rent: Floats, rise: Floats, first: Floats, years: Ints,
    unpaid: Floats, energy: Floats, condition: Floats, empty: Floats, area: Floats, flats: Ints, neighbourhood: Ints,
    owner: Ints, reputation: Floats, renovated: Floats, shift: float, heat: float, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Values of buildings (b,), and their sums and flats by owner. shift : what interest adds to yields, per year.
    heat : SEK/kWh."""
    p = own(numbers)
    market, more = market_yields(reputation, shift, p), 1.0 + p.spillover * renovated
    for b in range(len(values)):
        place = neighbourhood[b]
        # A buyer pays for the rent that is agreed, less what it will be short of while it is phased in.
        agreed = rent[b] + rise[b] - paid(rise[b], first[b], years[b], p)
        each = building_value(agreed, energy[b], condition[b], heat, market[place], p, unpaid[b], empty[b])
        values[b] = each * more[place] * area[b] * flats[b]
    for b in range(len(values)):
        totals[owner[b]] += values[b]
        owned[owner[b]] += flats[b]
