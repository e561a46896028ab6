"""Phase 7. Income, rent, assistance, health and satisfaction of every household; then who moves."""

from __future__ import annotations

import numpy as np

from sim.phases.moving import move
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
    r.satisfaction += p.satisfaction_speed * (satisfaction_level(world, disturbed) - r.satisfaction)
    np.clip(r.satisfaction, 0.0, 1.0, out=r.satisfaction)
    dwelling = p.health_dwelling * (b.comfort - b.comfort_start) - p.health_disturbance * disturbed
    strain = p.health_burden * np.clip(r.burden - p.burden_ordinary, 0.0, p.burden_excess_most)
    employed = (r.work == Work.EMPLOYED) | (r.work == Work.TRAINEE)
    target = health_level(employed, world.in_building.spread(dwelling), strain, p)
    r.health += p.health_speed * (target - r.health)
    b.voice *= 1.0 - p.voice_fades / 4.0
    cost = health_care_cost(r.health, r.size * p.persons_per_size, p) * r.occupied
    world.books.pay(
        Flow.HEALTH_CARE, np.bincount(world.municipality_of, cost, minlength=len(world.municipalities)) / 4.0
    )


def _rent_books(world: World) -> None:
    """Rent in, heat and upkeep out, building by building."""
    r, b, p = world.residents, world.buildings, world.p
    paid = world.in_building.sum(r.rent * r.occupied) * 3.0
    area = b.area * b.flats / 4.0
    world.pay_by_owner(Flow.RENT_COMPANIES, Flow.RENT_LANDLORDS, paid)
    world.pay_by_owner(Flow.HEAT_COMPANIES, Flow.HEAT_LANDLORDS, b.energy * world.surroundings.heat_price * area)
    world.pay_by_owner(Flow.UPKEEP_COMPANIES, Flow.UPKEEP_LANDLORDS, p.upkeep * area)
