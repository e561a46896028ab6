"""Letting empty flats to households from the queue, within phase 7."""

from __future__ import annotations

import numpy as np

from sim.phases.destinations import settle
from sim.phases.queue import Households, look, next_offer
from sim.randomness import Decision
from sim.rules.demand import looked_at
from sim.rules.wellbeing import ordinary_health
from sim.vocabulary import Work
from sim.world.columns import Ints
from sim.world.demand import looking
from sim.world.homes import empty_flats, worth_and_extra_rent
from sim.world.leavers import Leavers
from sim.world.schooling import by_schooling
from sim.world.state import FAR_PAST, NATIVE
from sim.world.tallies import Tally
from sim.world.world import World


def let(world: World, leavers: Leavers) -> None:
    """Empty flats are looked at by as many households as their neighbourhood draws, one after the other; what none of
    them takes stays empty this quarter, and so does what is not ready for a new tenant.

    Those who leave another flat of the region are the first of them, where there are any.
    """
    r, p = world.residents, world.p
    empty = empty_flats(world)
    homes = worth_and_extra_rent(world)
    offer = next_offer(world, homes)
    if len(empty) == 0:
        settle(world, leavers, empty, offer)
        return
    drawn = looking(world, empty, homes)
    u = world.draws.at(Decision.LET_FLAT, world.quarter, empty, 2)
    looks = np.minimum(looked_at(drawn.mean, u[:, 1]), round(p.queue_offers))
    offered = (u[:, 0] < p.letting) & (looks > 0)
    offered[offered] = ~settle(world, leavers, empty[offered], offer)
    # Nobody comes from nowhere: there may be fewer people elsewhere than empty flats.
    offered &= np.cumsum(offered) <= min(world.pool.people, world.elsewhere.people(world.quarter)) - 1.0
    rows = empty[offered]
    dearer = np.maximum(r.rent[rows] / world.plain_rent[rows] - 1.0, 0.0)
    taken, who = look(world, rows, dearer, looks[offered], drawn.choosing[offered], offer)
    _move_in(world, taken, who)


def _move_in(world: World, rows: Ints, who: Households) -> None:
    """These households move into these flats, out of the queue."""
    r, p, q = world.residents, world.p, world.quarter
    n, employed, arrived = world.neighbourhood_of[rows], who.employed, who.arrived
    r.household[rows] = ((q + 1) << 32) + rows  # above every id of 2011, and the same in a region of another size
    r.occupied[rows] = True
    r.born[rows] = world.elsewhere.send(q - np.minimum(who.age, world.elsewhere.working - 1), who.skill, q)
    r.foreign[rows], r.arrival[rows] = who.foreign, np.where(arrived, q, NATIVE)
    r.work[rows] = np.where(employed, Work.EMPLOYED, Work.OUT_OF_WORK)
    r.skill[rows], r.size[rows], r.other_income[rows] = who.skill, who.size, who.other_income
    r.ever_worked[rows] = ~arrived | employed
    r.history[rows], r.second_pay[rows] = who.history, who.second_pay
    r.spell[rows], r.entitled[rows], r.insured[rows] = who.spell, who.entitled, who.insured
    r.since[rows], r.wish[rows], r.third[rows] = q, who.wish, who.third
    r.health[rows] = ordinary_health(employed, p)
    # Until incomes are reckoned again: nobody pays out of what the last household had.
    r.income[rows] = who.income * world.pay_level
    r.burden[rows] = r.rent[rows] / np.maximum(r.income[rows], p.income_floor * world.pay_level)
    r.satisfaction[rows] = world.region.neighbourhoods.satisfaction[n]
    r.practice[rows], r.waiting[rows], r.placed[rows], r.quality[rows] = 0.0, 0, FAR_PAST, 0.0
    world.tallies.count(Tally.IN_MOVERS, n)
    world.tallies.count(Tally.ARRIVALS, n[arrived])
    world.tallies.count(Tally.IN_MOVERS_EMPLOYED, n[employed])
    world.pool.send(by_schooling(world.residents, rows[employed]), by_schooling(world.residents, rows[~employed]))
