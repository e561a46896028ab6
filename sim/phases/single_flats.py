"""Renewal of single flats by private landlords between two tenants, within phase 7."""

from __future__ import annotations

import numpy as np

from sim.phases.payments import pay_builders
from sim.randomness import Decision
from sim.rules import bids
from sim.rules.appraisal import market_yields, voids
from sim.rules.rivals.aims import AIMS
from sim.rules.works_cost import split
from sim.sums import total
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.world import World


def renew_singly(world: World, gone: Ints) -> None:
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
    gain = p.turnover_rent * r.rent[rows] * 12.0 * (1.0 - voids(b.empty[r.building[rows]], p))
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
    flats = np.bincount(world.neighbourhood_of[renewed], minlength=len(world.neighbourhoods))
    places: Floats = cost * flats.astype(np.float64)
    world.books.pay_at(Flow.WORKS_LANDLORDS, places)
    paid = np.asarray(np.bincount(world.books.towns, places, minlength=len(world.municipalities)), dtype=np.float64)
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
    idle = total(bids.free(world.firms.workers, world.firms.busy, elsewhere).tolist())
    return int(idle / each + float(world.draws.at(Decision.HANDS, world.quarter, 0)[0, 0]))
