"""Renewal of single flats by private landlords between two tenants, within phase 7."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.phases.payments import pay_builders
from sim.randomness import Decision, Keys, uniform
from sim.rules import bids
from sim.rules.appraisal import market_yields, voids
from sim.rules.rivals.aims import AIMS
from sim.rules.works_cost import split
from sim.sums import total
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def renew_singly(world: World, gone: Ints) -> None:
    """Private landlords renew empty flats of old standard where the higher rent pays; nobody is there to object.

    It takes the hands that firms have left over from their sites, for the quarter.
    """
    r, b, p, m = world.residents, world.buildings, world.p, len(world.municipalities)
    if not (world.landlords and len(gone)):
        return
    cost = p.turnover_cost * world.believed_price
    wanted, u = _wanted(
        world.draws.keys(Decision.TURNOVER, world.quarter), gone, _least_gains(world, cost), m, p.numbers,
        r.building, r.rent, r.upgraded, b.renovated, b.site, b.owner, b.neighbourhood, b.empty,
    )  # fmt: skip
    renewed = np.sort(wanted[np.argsort(u, kind="stable")][: _hands_for(world, len(wanted))])
    r.upgraded[renewed] = True
    flats = np.bincount(world.neighbourhood_of[renewed], minlength=len(world.neighbourhoods))
    places: Floats = cost * flats.astype(np.float64)
    world.books.pay_at(Flow.WORKS_LANDLORDS, places)
    paid = np.asarray(np.bincount(world.books.towns, places, minlength=m), dtype=np.float64)
    pay_builders(world, split(paid, p))


@kernel
def _wanted(
    key: Keys, gone: Ints, least: Floats, companies: int, numbers: NDArray[np.void], building: Ints, rent: Floats,
    upgraded: Bools, renovated: Ints, site: Small, owner: Ints, neighbourhood: Ints, empty: Floats,
) -> tuple[Ints, Floats]:  # fmt: skip
    """Empty flats (rows) whose landlords want them renewed, and a draw of each.

    least : rent gain from which one is, SEK/year by landlord and neighbourhood (landlords, k). companies : owners
    before the landlords.
    """
    p, rows, draws, count = numbers[0], np.empty(len(gone), np.int64), np.empty(len(gone)), 0
    for row in gone:
        b = building[row]
        if upgraded[row] or renovated[b] >= 0 or site[b] != Site.IDLE or owner[b] < companies:
            continue
        u = uniform(key[0], row)
        gain = p.turnover_rent * rent[row] * 12.0 * (1.0 - voids(empty[b], p))
        if u < p.turnover_chance and gain >= least[owner[b] - companies, neighbourhood[b]]:
            rows[count], draws[count] = row, u
            count += 1
    return rows[:count], draws[:count]


def _least_gains(world: World, cost: float) -> Floats:
    """The rent gain from which each landlord renews an empty flat, SEK/year by neighbourhood (landlords, k); cost :
    SEK."""
    p, (interest, market) = world.p, _yields(world)
    required, eager = np.array([(one.required_yield, one.eagerness(p)) for one in world.landlords]).T[:, :, None]
    asked = AIMS[world.levers.landlords_maximise].hurdle(required, interest, market, p)
    return np.asarray((asked - eager) * cost)


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
    return int(idle / each + world.draws.one(Decision.HANDS, world.quarter)[0])
