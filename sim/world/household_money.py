"""What the start of a run makes level: first incomes, burdens, satisfaction and wishes; and incomes of who may come."""

from __future__ import annotations

import numpy as np

from sim.randomness import Decision
from sim.rules.homes import seen, wish
from sim.rules.income import Pay, pay_table, third
from sim.rules.wellbeing import burden_loss, home_satisfaction, ordinary_health, ties
from sim.vocabulary import Skill, Work
from sim.world.around import Around
from sim.world.homes import kinds_in_places
from sim.world.incomes import set_incomes, set_rents
from sim.world.kinds import KINDS
from sim.world.world import World


def settle_start(world: World) -> None:
    """First incomes and burdens, and each neighbourhood's own level of satisfaction, so that the start is level.

    The rule for satisfaction leaves a constant of each neighbourhood open (``base_satisfaction``, points): it is solved
    such that the mean at the start is the seed table's.
    """
    r, b, p = world.residents, world.buildings, world.p
    set_rents(world)
    set_incomes(world)
    set_wishes(world)
    world.books.clear()  # nothing has been paid before the first quarter
    incomes, flats = r.income[r.occupied], world.flats_by_neighbourhood
    low, high = np.quantile(incomes, [1 / 3, 2 / 3]).tolist()
    world.income_terciles = low, high
    r.third[:] = third(r.income, *world.income_terciles)
    world.cohort.settle(r, kinds_in_places(world), KINDS * len(world.neighbourhoods))
    plain = float(np.average(b.rent_plain * b.area, weights=b.flats)) / 12.0
    world.around = Around(world.region.neighbourhoods, incomes, plain, p)
    home = home_satisfaction(b.comfort - b.comfort_start, np.zeros(b.n), b.voice, b.condition, p)
    home += p.satisfaction_calm * world.neighbourhoods.calm[b.neighbourhood]
    level = world.in_building.spread(home) - burden_loss(r.burden, p) + ties(world.quarter - r.since, p)
    mean = flats.sum(level * r.occupied) / flats.sum(r.occupied)
    world.base_satisfaction = world.region.neighbourhoods.satisfaction - mean
    r.satisfaction[:] = np.clip(level + world.base_satisfaction[world.neighbourhood_of], 0.0, 1.0)
    r.health[:] = ordinary_health(r.work == int(Work.EMPLOYED), p)


def set_wishes(world: World) -> None:
    """What the start's households would pay for a better standard, and what that says of the county."""
    r, p = world.residents, world.p
    r.wish[:] = wish(r.income, world.draws.stream(Decision.RESIDENT_START, 9, r.n), p)
    world.wishes = seen(r.wish[r.occupied], _county_income(world), p)


def _county_income(world: World) -> float:
    """Mean income of main earners in the rest of the county over that in the estates, by schooling and work."""
    r, pool, gross = world.residents, world.pool, pay_table(world.p).gross
    wages, support = gross[: len(Skill)], gross[Pay.OTHER_SUPPORT]
    at_work = np.bincount(r.skill[r.work == int(Work.EMPLOYED)], minlength=len(Skill))
    idle = float(((r.work == int(Work.OUT_OF_WORK)) & r.occupied).sum())
    here = (float(at_work @ wages) + idle * support) / (float(at_work.sum()) + idle)
    people, out = pool.employed[0], float(pool.unemployed[0].sum())
    there = (float(people @ wages) + out * support) / (float(people.sum()) + out)
    return float(there / max(here, world.p.income_floor))
