"""Who moves out, within phase 7, and what is counted of it."""

from __future__ import annotations

import numpy as np

from sim.phases.disturbed import felt, in_touched, works_now
from sim.phases.rehousing import come_back
from sim.randomness import Decision
from sim.rules.moving import household_rate, insecurity_push, success_pull
from sim.rules.rivals.leaving import LEAVING, Felt, Tenants, plain_burden
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Ints
from sim.world.kinds import kind
from sim.world.leavers import Leavers
from sim.world.tallies import Tally
from sim.world.world import World


def leave(world: World) -> Leavers:
    """Households that move out this quarter, taken out of their flats. One draw per flat: higher rates only ever add
    moves."""
    r, p = world.residents, world.p
    reputation, push = world.neighbourhoods.reputation, insecurity_push(world.neighbourhoods.calm, p)
    works, lost = works_now(world), come_back(world)
    u = world.draws.stream(Decision.MOVE, world.quarter, r.n)
    # No ordinary rate exceeds this bound (satisfaction and the burden's part are limited): other rows need not be
    # looked at, unless there are works in their building.
    factors = 1.0 + p.move_burden_most + p.move_dissatisfied * p.satisfaction_stay + p.move_success + float(push.max())
    young_born = world.quarter - 4.0 * p.young_age
    most = p.move_base / 4.0 * factors
    near = u < most
    if p.move_young > 1.0:
        between = np.flatnonzero(~near & (u < most * p.move_young))
        near[between[r.born[between] > young_born]] = True
        most *= p.move_young
    touched, more_there = in_touched(world, works)
    near[touched[u[touched] < most + more_there]] = True
    near[lost] = True
    rows = np.flatnonzero(near & r.occupied)
    pull = success_pull(reputation, p)[world.neighbourhood_of[rows]]
    more = pull * (r.work[rows] == Work.EMPLOYED) * (r.skill[rows] >= Skill.MIDDLE)
    more += push[world.neighbourhood_of[rows]]
    base = p.move_base / 4.0 * np.where(r.born[rows] > young_born, p.move_young, 1.0)
    low_below = world.income_terciles[0]
    tenants = Tenants(rows, r.building, r.burden, r.rent, world.plain_rent, r.income, r.since, low_below)
    extra, burden = LEAVING[world.levers.leaving](works, Felt(*felt(world, works, rows)), tenants, p)
    leaves = u[rows] < base * household_rate(burden, r.satisfaction[rows], more, p) + extra
    leaves[np.searchsorted(rows, lost)] = True
    # What these households would have done at the plain rent and without works tells which moves renovation caused.
    gone = rows[leaves]
    plain = plain_burden(r.burden[gone], r.rent[gone], world.plain_rent[gone])
    alone = base[leaves] * household_rate(plain, r.satisfaction[gone], more[leaves], p)
    caused = u[gone] >= alone
    _record_moves(world, gone, caused)
    return Leavers(r, gone, caused)


def _record_moves(world: World, gone: Ints, caused: Bools) -> None:
    """Counts by neighbourhood. caused : whom renovation drives away (rows,)."""
    r, where = world.residents, world.neighbourhood_of[gone]
    world.tallies.count(Tally.MOVES, where)
    working = r.work[gone] != Work.RETIRED
    world.tallies.count(Tally.OUT_MOVERS, where[working])
    world.tallies.count(Tally.OUT_MOVERS_EMPLOYED, where[r.work[gone] == Work.EMPLOYED])
    if world.events is not None:
        world.events.moved(world, gone, gone[caused])
    world.tallies.count_moves(where, kind(r.third[gone], r.size[gone]), caused)
