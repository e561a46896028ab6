"""Phase 7. Income, rent, assistance, health and satisfaction of every household; then who moves."""

from __future__ import annotations

import numpy as np

from sim.phases.moving import move
from sim.phases.wellbeing import feel
from sim.world.books import Flow
from sim.world.incomes import set_incomes, set_rents
from sim.world.world import World


def advance(world: World) -> None:
    """Money first, then how life feels, then who moves.

    The order matters: burden is this quarter's rent over this quarter's income, and whoever moves does so knowing both.
    """
    set_rents(world)
    set_incomes(world)
    feel(world)
    _rent_books(world)
    move(world)


def _rent_books(world: World) -> None:
    """Rent in, heat, upkeep and property fee out, building by building; the tax in their prices goes to the state."""
    r, b, p, pay = world.residents, world.buildings, world.p, world.pay_by_owner
    area = b.area * b.flats / 4.0
    pay(Flow.RENT_COMPANIES, Flow.RENT_LANDLORDS, world.in_building.sum(r.rent * r.occupied) * 3.0)
    heat = b.energy * world.surroundings.heat_price * area
    pay(Flow.HEAT_COMPANIES, Flow.HEAT_LANDLORDS, heat / (1.0 + p.vat))
    pay(Flow.HEAT_TAX_COMPANIES, Flow.HEAT_TAX_LANDLORDS, heat * p.vat / (1.0 + p.vat))
    pay(Flow.CARBON_LEVY_COMPANIES, Flow.CARBON_LEVY_LANDLORDS, b.energy * world.carbon_levy * area)
    upkeep = p.upkeep * area
    # The fee is part of what upkeep costs in all, however small that is set.
    fee = np.minimum(p.property_fee * b.flats / 4.0, upkeep)
    tax = (upkeep - fee) * p.upkeep_taxed_share * p.vat / (1.0 + p.vat)
    pay(Flow.PROPERTY_FEE_COMPANIES, Flow.PROPERTY_FEE_LANDLORDS, fee)
    pay(Flow.UPKEEP_TAX_COMPANIES, Flow.UPKEEP_TAX_LANDLORDS, tax)
    pay(Flow.UPKEEP_COMPANIES, Flow.UPKEEP_LANDLORDS, upkeep - fee - tax)
