"""Moving out, renewal of single flats at turnover, and moving in, within phase 7."""

from __future__ import annotations

import math

import numpy as np

from sim.phases.payments import pay_builders
from sim.phases.queue import Households, look
from sim.randomness import Decision
from sim.rules import bids
from sim.rules.appraisal import market_yields
from sim.rules.moving import disturbance_rate, household_rate, success_pull
from sim.rules.phase_in import paid
from sim.rules.rivals.aims import AIMS
from sim.rules.rivals.leaving import LEAVING, Tenants, Works, plain_burden
from sim.rules.training import Programme
from sim.rules.wellbeing import ordinary_health
from sim.rules.works_cost import split
from sim.sums import total
from sim.vocabulary import Site, Skill, Work
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.state import FAR_PAST, NATIVE
from sim.world.tallies import Tally
from sim.world.world import World


def move(world: World) -> None:
    """Households leave; private landlords may renew the empty flat; the queue fills it.

    Rows of residents are flats: a household that leaves and one that moves in are the same row before and after.
    """
    gone = _leave(world)
    if world.levers.turnover_renovation:
        _renew_singly(world, gone)
    _fill(world)


def _leave(world: World) -> Ints:
    """Rows whose household moves out this quarter. One draw per flat: higher rates only ever add moves."""
    r, b, p = world.residents, world.buildings, world.p
    reputation = world.neighbourhoods.reputation
    municipal = b.owner < len(world.municipalities)
    before, on_site = b.site == Site.ANNOUNCED, b.site == Site.ON_SITE
    rule, works = LEAVING[world.levers.leaving], _works(world, disturbance_rate(before, on_site, municipal, p))
    u = world.draws.stream(Decision.MOVE, world.quarter, r.n)
    # No rate exceeds this bound (satisfaction and the burden's part are limited): other rows need not be looked at.
    factors = 1.0 + p.move_burden_most + p.move_dissatisfied * p.satisfaction_stay + p.move_success
    most = p.move_base / 4.0 * max(p.move_young, 1.0) * factors
    rows = np.flatnonzero((u < most + rule.most(works, p)) & r.occupied)
    pull = success_pull(reputation, p)[world.neighbourhood_of[rows]]
    success = pull * (r.work[rows] == Work.EMPLOYED) * (r.skill[rows] >= Skill.MIDDLE)
    base = p.move_base / 4.0 * np.where(r.born[rows] > world.quarter - 4.0 * p.young_age, p.move_young, 1.0)
    low_below = world.income_terciles[0]
    tenants = Tenants(rows, r.building, r.burden, r.rent, world.plain_rent, r.income, r.since, low_below)
    extra, burden = rule.rates(works, tenants, p)
    leaves = u[rows] < base * household_rate(burden, r.satisfaction[rows], success, p) + extra
    # What these households would have done at the plain rent and without works tells which moves renovation caused.
    gone = rows[leaves]
    plain = plain_burden(r.burden[gone], r.rent[gone], world.plain_rent[gone])
    alone = base[leaves] * household_rate(plain, r.satisfaction[gone], success[leaves], p)
    _record_moves(world, gone, gone[u[gone] >= alone])
    return gone


def _works(world: World, disturbance: Floats) -> Works:
    """What tenants feel of works: disturbance, and a rent that has just risen."""
    b, p = world.buildings, world.p
    # A step of a rise that is phased in is as new as a rise that is not.
    now, then = (world.years_renovated(ago) for ago in (0, math.ceil(p.new_rent_quarters)))
    new = paid(b.rise, b.rise_first, now, p) - paid(b.rise, b.rise_first, then, p)
    return Works(disturbance, new / b.rent_plain, b.renovated)


def _record_moves(world: World, gone: Ints, caused: Ints) -> None:
    """Counts by neighbourhood; leavers join the rest of the county, those of 2011 are followed by name."""
    r, c = world.residents, world.cohort
    where = world.neighbourhood_of[gone]
    world.tallies.count(Tally.MOVES, where)
    if world.events is not None:
        world.events.moved(world, gone, caused)
    low, high = world.income_terciles
    for tally, part in (
        (Tally.DISPLACED_LOW, caused[r.income[caused] < low]),
        (Tally.DISPLACED_MIDDLE, caused[(r.income[caused] >= low) & (r.income[caused] < high)]),
        (Tally.DISPLACED_HIGH, caused[r.income[caused] >= high]),
    ):
        world.tallies.count(tally, world.neighbourhood_of[part])
    working = r.work[gone] != Work.RETIRED
    employed = r.work[gone] == Work.EMPLOYED
    world.tallies.count(Tally.OUT_MOVERS, where[working])
    world.tallies.count(Tally.OUT_MOVERS_EMPLOYED, where[employed])
    # By age and not by work: whoever was retired early at the start is of working age elsewhere.
    idle = ~employed & (r.born[gone] > world.quarter - world.elsewhere.working)
    world.pool.receive(_by_skill(world, gone[employed]), _by_skill(world, gone[idle]))
    world.elsewhere.receive(r.born[gone], r.skill[gone])
    through = gone[r.programme[gone] >= Programme.HIRE]
    np.add.at(world.programme_away, world.municipality_of[through], (r.work[through] == Work.EMPLOYED).astype(float))
    first = gone[r.household[gone] < r.n]
    who = r.household[first]
    c.away[who], c.employed[who] = True, r.work[first] == Work.EMPLOYED
    c.skill[who], c.born[who] = r.skill[first], r.born[first]
    r.occupied[gone] = False
    r.work[gone] = Work.OUT_OF_WORK
    r.programme[gone], r.builder[gone] = Programme.NONE, -1


def _by_skill(world: World, rows: Ints) -> Floats:
    """Number of households by the main earner's schooling."""
    return np.bincount(world.residents.skill[rows], minlength=len(Skill)).astype(float)


def _renew_singly(world: World, gone: Ints) -> None:
    """Private landlords renew empty flats of old standard where the higher rent pays; nobody is there to object.

    It takes the hands that firms have left over from their sites, for the quarter.
    """
    r, b, p = world.residents, world.buildings, world.p
    building = r.building[gone]
    old = ~r.upgraded[gone] & (b.renovated[building] < 0) & (b.site[building] == Site.IDLE)
    rows = gone[old & (b.owner[building] >= len(world.municipalities))]
    if len(rows) == 0:
        return
    u = world.draws.at(Decision.TURNOVER, world.quarter, rows)[:, 0]
    cost = p.turnover_cost * world.believed_price
    gain = p.turnover_rent * r.rent[rows] * 12.0
    hurdle = AIMS[world.levers.landlords_maximise].hurdle
    interest, market = _yields(world)
    pays = np.zeros(len(rows), dtype=bool)
    for landlord in world.landlords:
        mine = np.flatnonzero((b.owner[r.building[rows]] == landlord.index) & (u < p.turnover_chance))
        asked = hurdle(landlord.required_yield, interest, market[world.neighbourhood_of[rows[mine]]], p)
        pays[mine] = landlord.renews_at_turnover(gain[mine], cost, asked, p)
    wanted = np.flatnonzero(pays)
    renewed = rows[np.sort(wanted[np.argsort(u[wanted], kind="stable")][: _hands_for(world, len(wanted))])]
    r.upgraded[renewed] = True
    flats = np.bincount(world.municipality_of[renewed], minlength=len(world.municipalities))
    paid: Floats = cost * flats.astype(np.float64)
    world.books.pay(Flow.WORKS_LANDLORDS, paid)
    pay_builders(world, split(paid, p))


def _yields(world: World) -> tuple[float, Floats]:
    """What loans cost a year, and the yield at which buildings are sold by neighbourhood."""
    outside, p = world.surroundings, world.p
    reputation = world.neighbourhoods.reputation
    return max(outside.interest + p.loan_margin, 0.0), market_yields(reputation, outside.yield_shift, p)


def _hands_for(world: World, wanted: int) -> int:
    """How many of the single flats wanted the firms' idle skilled workers can renew in a quarter."""
    p = world.p
    each = 4.0 * p.turnover_cost * p.labour_intensity / 1e6
    if each <= 0.0:
        return wanted
    elsewhere = bids.elsewhere(world.surroundings.other_demand, p)
    idle = total(float(bids.free(x.workers, x.busy, elsewhere)) for x in world.builders)
    return int(idle / each + float(world.draws.at(Decision.HANDS, world.quarter, 0)[0, 0]))


def _fill(world: World) -> None:
    """Empty flats are let with a chance that falls with rent above the area's start and rises with reputation.

    What is on the market is looked at by households of the queue, one after the other; what none of them takes stays
    empty this quarter.
    """
    r, p = world.residents, world.p
    empty = np.flatnonzero(~r.occupied)
    if len(empty) == 0:
        return
    n = world.neighbourhood_of[empty]
    reputation = world.neighbourhoods.reputation[n]
    dearer = np.maximum(r.rent[empty] / world.plain_rent[empty] - 1.0, 0.0)
    # A dear flat in a place with a poor reputation waits longer for a tenant, beyond what choosing explains.
    slower = (1.0 - p.queue_sorting) * p.letting_rent * dearer * (1.0 - reputation)
    chance = np.clip(p.letting - slower, p.letting_least, 1.0)
    u = world.draws.at(Decision.LET_FLAT, world.quarter, empty)[:, 0]
    offered = u < chance
    # Nobody comes from nowhere: there may be fewer people elsewhere than empty flats.
    offered &= np.cumsum(offered) <= min(world.pool.people, world.elsewhere.people(world.quarter)) - 1.0
    rows, who = look(world, empty[offered], dearer[offered], reputation[offered], round(p.queue_offers))
    _move_in(world, rows, who)


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
    r.spell[rows], r.entitled[rows], r.insured[rows] = who.spell, who.entitled, who.insured
    r.since[rows], r.wish[rows] = q, who.wish
    r.health[rows] = ordinary_health(employed, p)
    r.satisfaction[rows] = world.region.neighbourhoods.satisfaction[n]
    r.practice[rows], r.waiting[rows], r.placed[rows], r.quality[rows] = 0.0, 0, FAR_PAST, 0.0
    world.tallies.count(Tally.IN_MOVERS, n)
    world.tallies.count(Tally.IN_MOVERS_EMPLOYED, n[employed])
    world.pool.send(_by_skill(world, rows[employed]), _by_skill(world, rows[~employed]))
