"""Phase 7. Income, rent, assistance, health and satisfaction of every household; then who moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.phases.moving import move
from sim.phases.wellbeing import feel
from sim.world.books import Flow, rows_of
from sim.world.columns import Floats, Ints
from sim.world.incomes import set_incomes, set_rents
from sim.world.world import World

# Rent, heat, two taxes on it, the fee, the tax on upkeep and the rest of it.
_ROWS = rows_of(
    Flow.RENT_COMPANIES, Flow.RENT_LANDLORDS, Flow.HEAT_COMPANIES, Flow.HEAT_LANDLORDS,
    Flow.HEAT_TAX_COMPANIES, Flow.HEAT_TAX_LANDLORDS, Flow.CARBON_LEVY_COMPANIES, Flow.CARBON_LEVY_LANDLORDS,
    Flow.PROPERTY_FEE_COMPANIES, Flow.PROPERTY_FEE_LANDLORDS, Flow.UPKEEP_TAX_COMPANIES, Flow.UPKEEP_TAX_LANDLORDS,
    Flow.UPKEEP_COMPANIES, Flow.UPKEEP_LANDLORDS,
)  # fmt: skip
_FLOWS = len(_ROWS[::2])  # of companies and of landlords in turn


def advance(world: World) -> None:
    """Money first, then how life feels, then who moves.

    The order matters: burden is this quarter's rent over this quarter's income, and whoever moves does so knowing both.
    """
    rents = set_rents(world)
    set_incomes(world)
    feel(world)
    _rent_books(world, rents)
    move(world)


def _rent_books(world: World, rents: Floats) -> None:
    """Rent in, heat, upkeep and property fee out, building by building; the tax in their prices goes to the state.

    rents : that come in, SEK/month (b,).
    """
    b, flows = world.buildings, np.empty((_FLOWS, world.buildings.n))
    _flows(flows, rents, b.area, b.flats, b.energy, world.surroundings.heat_price, world.carbon_levy, world.p.numbers)
    world.pay_all_by_owner(_ROWS, flows)


@kernel
def _flows(
    flows: Floats, rents: Floats, area: Floats, flats: Ints, energy: Floats, heat_price: float, carbon_levy: float,
    numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """What each building's owner gets or pays in a quarter, SEK, in the order of ``_ROWS`` (7, b).

    heat_price, carbon_levy : SEK/kWh.
    """
    p = own(numbers)
    rent, heat_net, heat_tax, carbon, fee, tax, rest = (
        flows[0], flows[1], flows[2], flows[3], flows[4], flows[5], flows[6],
    )  # fmt: skip
    for b in rows(0, len(rents)):
        quarter = area[b] * flats[b] / 4.0
        heat, upkeep = energy[b] * heat_price * quarter, p.upkeep * quarter
        rent[b], heat_net[b], heat_tax[b] = rents[b] * 3.0, heat / (1.0 + p.vat), heat * p.vat / (1.0 + p.vat)
        carbon[b] = energy[b] * carbon_levy * quarter
        # The fee is part of what upkeep costs in all, however small that is set.
        fee[b] = min(p.property_fee * flats[b] / 4.0, upkeep)
        tax[b] = (upkeep - fee[b]) * p.upkeep_taxed_share * p.vat / (1.0 + p.vat)
        rest[b] = upkeep - fee[b] - tax[b]
