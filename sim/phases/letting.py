"""Letting empty flats to households from the queue, within phase 7."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel
from sim.phases.destinations import settle
from sim.phases.queue import Households, look, next_offer
from sim.randomness import NEXT_LIKE, Decision, Keys, uniform
from sim.rules.demand import looked_at
from sim.rules.wellbeing import ordinary_health
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.demand import looking
from sim.world.homes import empty_flats, worth_and_extra_rent
from sim.world.leavers import Leavers
from sim.world.state import FAR_PAST, NATIVE, Small
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
    offer, (mean, choosing) = next_offer(world, homes), looking(world, empty, homes)
    keys = world.draws.keys(Decision.LET_FLAT, world.quarter, 2)
    rows, looks = _on_offer(keys, empty, r.building, mean, p.letting, round(p.queue_offers))
    left = np.flatnonzero(~settle(world, leavers, rows, offer))
    # Nobody comes from nowhere: there may be fewer people elsewhere than empty flats.
    people = min(world.pool.people, world.elsewhere.people(world.quarter)) - 1.0
    left = left[: max(int(people), 0)]
    _move_in(world, look(world, rows[left], looks[left], choosing, offer))


@kernel
def _on_offer(keys: Keys, empty: Ints, building: Ints, mean: Floats, letting: float, most: int) -> tuple[Ints, Ints]:
    """Which of these flats are ready for a new tenant and looked at this quarter, and by how many households.

    mean : number of those (b,). most : who look at one flat.
    """
    rows, looks, count = np.empty(len(empty), np.int64), np.empty(len(empty), np.int64), 0
    for row in empty:
        households: Any = looked_at(mean[building[row]], uniform(keys[1], row))
        if uniform(keys[0], row) < letting and households > 0.0:
            rows[count], looks[count] = row, min(households, most)
            count += 1
    return rows[:count], looks[:count]


def _move_in(world: World, who: Households) -> None:
    """These households move into their flats, out of the queue."""
    r, p, q, tallies = world.residents, world.p, world.quarter, world.tallies
    born = world.elsewhere.send(q - np.minimum(who.age, world.elsewhere.working - 1), who.skill, q)
    at_work, idle = np.zeros(len(Skill)), np.zeros(len(Skill))
    _fill(
        *who, born, q, world.pay_level, p.income_floor * world.pay_level, ordinary_health(np.array([False, True]), p),
        world.neighbourhood_of, world.region.neighbourhoods.satisfaction,
        r.household, r.occupied, r.born, r.foreign, r.arrival, r.work, r.skill, r.size, r.other_income, r.ever_worked,
        r.history, r.second_pay, r.spell, r.entitled, r.insured, r.since, r.wish, r.third, r.health, r.income, r.burden,
        r.rent, r.satisfaction, r.practice, r.waiting, r.placed, r.quality, FAR_PAST, NATIVE,
        at_work, idle, tallies.of(Tally.IN_MOVERS), tallies.of(Tally.ARRIVALS), tallies.of(Tally.IN_MOVERS_EMPLOYED),
    )  # fmt: skip
    world.pool.send(at_work, idle)


@kernel
def _fill(
    rows: Ints, ages: Ints, arrived: Bools, foreign: Bools, employed: Bools, skill: Small, size: Small,
    other_income: Floats, second_pay: Floats, spell: Small, history: Small, entitled: Bools, insured: Bools,
    wish: Floats, income: Floats, third: Small, born: Ints,
    quarter: int, pay_level: float, income_floor: float, health: Floats, neighbourhood: Ints, satisfaction: Floats,
    to_household: Ints, to_occupied: Bools, to_born: Ints, to_foreign: Bools, to_arrival: Ints, to_work: Small,
    to_skill: Small, to_size: Small, to_other_income: Floats, to_ever_worked: Bools, to_history: Small,
    to_second_pay: Floats, to_spell: Small, to_entitled: Bools, to_insured: Bools, to_since: Ints, to_wish: Floats,
    to_third: Small, to_health: Floats, to_income: Floats, to_burden: Floats, rent: Floats, to_satisfaction: Floats,
    to_practice: Floats, to_waiting: Small, to_placed: Ints, to_quality: Floats, far_past: int, native: int,
    at_work: Floats, idle: Floats, in_movers: Floats, arrivals: Floats, in_movers_employed: Floats,
) -> None:  # fmt: skip
    """Write the columns of households (``to_``...) that move into these flats, and count them: by schooling (4,), and
    by neighbourhood (k,). health : ordinary, of those out of work and at work. satisfaction : by neighbourhood."""
    for i in range(len(rows)):
        row, n = rows[i], neighbourhood[rows[i]]
        to_household[row] = (quarter + 1) * NEXT_LIKE + row  # above every id of 2011, and the same in a larger region
        to_occupied[row], to_since[row], to_born[row] = True, quarter, born[i]
        to_foreign[row], to_arrival[row] = foreign[i], quarter if arrived[i] else native
        to_work[row] = Work.EMPLOYED if employed[i] else Work.OUT_OF_WORK
        to_skill[row], to_size[row], to_other_income[row] = skill[i], size[i], other_income[i]
        to_ever_worked[row] = not arrived[i] or employed[i]
        to_history[row], to_second_pay[row] = history[i], second_pay[i]
        to_spell[row], to_entitled[row], to_insured[row] = spell[i], entitled[i], insured[i]
        to_wish[row], to_third[row] = wish[i], third[i]
        to_health[row] = health[1 if employed[i] else 0]
        # Until incomes are reckoned again: nobody pays out of what the last household had.
        to_income[row] = income[i] * pay_level
        to_burden[row] = rent[row] / max(to_income[row], income_floor)
        to_satisfaction[row] = satisfaction[n]
        to_practice[row], to_waiting[row], to_placed[row], to_quality[row] = 0.0, 0, far_past, 0.0
        in_movers[n] += 1.0
        arrivals[n] += arrived[i]
        in_movers_employed[n] += employed[i]
        if employed[i]:
            at_work[skill[i]] += 1.0
        else:
            idle[skill[i]] += 1.0
