"""Moving out, renewal of single flats at turnover, and moving in, within phase 7."""

from __future__ import annotations

import numpy as np

from sim.phases.payments import pay_builders
from sim.randomness import Decision
from sim.rules import bids
from sim.rules.appraisal import market_yields
from sim.rules.moving import disturbance_rate, household_rate, success_pull
from sim.rules.rivals.aims import AIMS
from sim.rules.rivals.leaving import LEAVING, Tenants, Works, plain_burden
from sim.rules.training import Programme
from sim.rules.wellbeing import ordinary_health
from sim.sums import total
from sim.vocabulary import Site, Skill, Work
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.state import NATIVE
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
    b = world.buildings
    new = (b.renovated >= 0) & (world.quarter - b.renovated < world.p.new_rent_quarters)
    rise = np.where(new, np.maximum(b.rent / b.rent_plain - 1.0, 0.0), 0.0)
    return Works(disturbance, rise, b.renovated)


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
    world.pool.receive(_by_skill(world, gone[employed]), _by_skill(world, gone[working & ~employed]))
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
    renewed = rows[np.sort(wanted[np.argsort(u[wanted], kind="stable")][: _hands_for(world)])]
    r.upgraded[renewed] = True
    for m, flats in enumerate(np.bincount(world.municipality_of[renewed], minlength=len(world.municipalities))):
        if flats:
            world.books.pay(Flow.WORKS_LANDLORDS, cost * flats, m)
            pay_builders(world, cost * flats, m)


def _yields(world: World) -> tuple[float, Floats]:
    """What loans cost a year, and the yield at which buildings are sold by neighbourhood."""
    outside, p = world.surroundings, world.p
    reputation = world.neighbourhoods.reputation
    return max(outside.interest + p.loan_margin, 0.0), market_yields(reputation, outside.yield_shift, p)


def _hands_for(world: World) -> int:
    """How many single flats the firms' idle skilled workers can renew in a quarter."""
    p = world.p
    elsewhere = bids.elsewhere(world.surroundings.other_demand, p)
    idle = total(float(bids.free(x.workers, x.busy, elsewhere)) for x in world.builders)
    flats = idle / (4.0 * p.turnover_cost * p.labour_intensity / 1e6)
    return int(flats + float(world.draws.at(Decision.HANDS, world.quarter, 0)[0, 0]))


def _fill(world: World) -> None:
    """Empty flats are let with a chance that falls with rent above the area's start and rises with reputation."""
    r, p = world.residents, world.p
    empty = np.flatnonzero(~r.occupied)
    if len(empty) == 0:
        return
    n = world.neighbourhood_of[empty]
    reputation = world.neighbourhoods.reputation[n]
    dearer = np.maximum(r.rent[empty] / world.plain_rent[empty] - 1.0, 0.0)
    # A dear flat in a place with a poor reputation waits longer for a tenant.
    chance = np.clip(p.letting - p.letting_rent * dearer * (1.0 - reputation), p.letting_least, 1.0)
    u = world.draws.at(Decision.LET_FLAT, world.quarter, empty)[:, 0]
    new = u < chance
    _households(world, empty[new], dearer[new], reputation[new])


def _households(world: World, rows: Ints, dearer: Floats, reputation: Floats) -> None:
    """New households in these flats: the dearer the rent and the better the name, the better off the newcomers."""
    r, p, q = world.residents, world.p, world.quarter
    n = world.neighbourhood_of[rows]
    # Twelve draws a flat, each with its place, so that a new attribute would not move the others.
    u = world.draws.at(Decision.REFILL, q, rows, 12)
    places = world.region.neighbourhoods
    better = p.queue_rent * dearer + p.queue_reputation * (reputation - places.reputation[n])
    chance = np.clip(places.employment[n] - p.queue_gap + better, p.queue_employment_least, p.queue_employment_most)
    r.household[rows] = ((q + 1) << 32) + rows  # above every id of 2011, and the same in a region of another size
    r.occupied[rows] = True
    r.born[rows] = q - np.floor(4.0 * (p.mover_age_from + p.mover_age_span * u[:, 0] ** 2)).astype(np.int64)
    r.foreign[rows] = u[:, 1] < places.foreign_background[n]
    arrived = (u[:, 2] < p.queue_newcomers) & r.foreign[rows]
    r.arrival[rows] = np.where(arrived, q, NATIVE)
    # A newcomer's first years go without work; the others keep the queue's mean.
    new = p.queue_newcomers * places.foreign_background[n]
    others = np.maximum(1.0 - new, 1e-9)  # there may be none
    settled = np.minimum((chance - p.newcomer_employed * new) / others, p.settled_employment_most)
    chance = np.where(arrived, p.newcomer_employed, settled)
    employed = u[:, 3] < chance
    r.work[rows] = np.where(employed, Work.EMPLOYED, Work.OUT_OF_WORK)
    low, high = places.education_shares[n, 0], places.education_shares[n, 2]
    lift = np.where(employed, p.queue_schooling, -p.queue_schooling) + better
    r.skill[rows] = np.where(
        u[:, 4] < low - lift, Skill.LOW, np.where(u[:, 4] > 1.0 - high - lift, Skill.HIGH, Skill.MIDDLE)
    )
    r.size[rows] = 1 + (u[:, 5][:, None] > np.cumsum(places.size_shares[n], axis=1)[:, :3]).sum(axis=1)
    earns = (r.size[rows] > 1) & (u[:, 6] < p.second_earner_share)
    around = 1.0 - p.second_income_spread / 2.0 + p.second_income_spread * u[:, 7]
    r.other_income[rows] = earns * p.second_income * around
    r.ever_worked[rows] = ~arrived | employed
    r.spell[rows] = np.where(employed, 0, np.minimum(-np.log1p(-u[:, 8]) * p.mover_spell, 99.0))
    share = world.region.municipalities.assistance_share[world.municipality_of[rows]]
    r.entitled[rows], r.insured[rows] = u[:, 9] < share, u[:, 10] < p.insured_share
    r.since[rows], r.wish[rows] = q, -p.tenant_wish * np.log1p(-u[:, 11])
    r.health[rows] = ordinary_health(employed, p)
    r.satisfaction[rows] = places.satisfaction[n]
    r.practice[rows], r.waiting[rows] = 0.0, 0
    world.tallies.count(Tally.IN_MOVERS, n)
    world.tallies.count(Tally.IN_MOVERS_EMPLOYED, n[employed])
    world.pool.send(_by_skill(world, rows[employed & ~arrived]), _by_skill(world, rows[~employed & ~arrived]))
    world.pool.arrivals += float(arrived.sum())
