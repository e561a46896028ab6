"""Phase 7. Income, rent, assistance, health and satisfaction of every household; then who moves."""

from __future__ import annotations

import numpy as np

from sim.phases.moving import move
from sim.rules.inside import done_inside
from sim.rules.wellbeing import health_care_cost, health_level
from sim.vocabulary import Site, Work
from sim.world.books import Flow
from sim.world.household_money import set_incomes, set_rents
from sim.world.satisfaction import satisfaction_level
from sim.world.world import World


def advance(world: World) -> None:
    """Money first, then how life feels, then who moves.

    The order matters: burden is this quarter's rent over this quarter's income, and whoever moves does so knowing both.
    """
    set_rents(world)
    set_incomes(world)
    _wellbeing(world)
    _rent_books(world)
    move(world)


def _wellbeing(world: World) -> None:
    """Satisfaction and health move toward what home, work and burden set."""
    r, b, p = world.residents, world.buildings, world.p
    disturbed = p.disturbance_announced * (b.site == Site.ANNOUNCED) + 1.0 * (b.site == Site.ON_SITE)
    disturbed *= done_inside(p)[b.works]
    r.satisfaction += p.satisfaction_speed * (satisfaction_level(world, disturbed) - r.satisfaction)
    np.clip(r.satisfaction, 0.0, 1.0, out=r.satisfaction)
    dwelling = p.health_dwelling * (b.comfort - b.comfort_start) - p.health_disturbance * disturbed
    strain = p.health_burden * np.clip(r.burden - p.burden_ordinary, 0.0, p.burden_excess_most)
    employed = (r.work == Work.EMPLOYED) | (r.work == Work.TRAINEE)
    target = health_level(employed, world.in_building.spread(dwelling), strain, p)
    r.health += p.health_speed * (target - r.health)
    b.voice *= 1.0 - p.voice_fades / 4.0
    # As many persons as the household's size says, until all are added up.
    cost = world.flats_by_neighbourhood.sum(health_care_cost(r.health, r.size * r.occupied, p))
    world.books.pay_at(Flow.HEALTH_CARE, cost * p.persons_per_size / 4.0)


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
