"""Phase 7. Income, rent, assistance, health and satisfaction of every household; then who moves."""

from __future__ import annotations

import numpy as np

from sim.phases.moving import move
from sim.phases.wellbeing import feel
from sim.world.books import Flow, rows_of
from sim.world.columns import Floats
from sim.world.incomes import set_incomes, set_rents
from sim.world.world import World

# Rent, heat, two taxes on it, the fee, the tax on upkeep and the rest of it.
_ROWS = rows_of(
    Flow.RENT_COMPANIES, Flow.RENT_LANDLORDS, Flow.HEAT_COMPANIES, Flow.HEAT_LANDLORDS,
    Flow.HEAT_TAX_COMPANIES, Flow.HEAT_TAX_LANDLORDS, Flow.CARBON_LEVY_COMPANIES, Flow.CARBON_LEVY_LANDLORDS,
    Flow.PROPERTY_FEE_COMPANIES, Flow.PROPERTY_FEE_LANDLORDS, Flow.UPKEEP_TAX_COMPANIES, Flow.UPKEEP_TAX_LANDLORDS,
    Flow.UPKEEP_COMPANIES, Flow.UPKEEP_LANDLORDS,
)  # fmt: skip


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
    b, p = world.buildings, world.p
    area, rent = b.area * b.flats / 4.0, rents * 3.0
    heat = b.energy * world.surroundings.heat_price * area
    heat_net, heat_tax, carbon = heat / (1.0 + p.vat), heat * p.vat / (1.0 + p.vat), b.energy * world.carbon_levy * area
    upkeep = p.upkeep * area
    # The fee is part of what upkeep costs in all, however small that is set.
    fee = np.minimum(p.property_fee * b.flats / 4.0, upkeep)
    tax = (upkeep - fee) * p.upkeep_taxed_share * p.vat / (1.0 + p.vat)
    world.pay_all_by_owner(_ROWS, np.array((rent, heat_net, heat_tax, carbon, fee, tax, upkeep - fee - tax)))
