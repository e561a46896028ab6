"""The yearly decision: what is due, worth it, agreed and affordable goes to tender."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.aggregate.joint import offered, parties
from sim.aggregate.means import Means
from sim.aggregate.owners import affordable, shares
from sim.aggregate.works import Done, change_orders, times, visible
from sim.rules import appraisal
from sim.rules.appraisal import Offer
from sim.rules.phase_in import steps
from sim.rules.rehousing import expected_cost
from sim.vocabulary import Practice

Array = NDArray[Any]


def planned(world: Means) -> None:
    """Both owners choose; what they begin finds its price and enters the pipeline."""
    s, p, c, stock, market = world.s, world.p, world.c, world.stock, world.market
    if stock.idle <= 0.0:
        return
    o = appraisal.offer(world.rents(), market.believed, p)
    headroom = world.owners.headroom(world.pipeline.unpaid, p)
    begun = np.stack([stock.idle * _wanted(world, o, owner, float(headroom[owner])) for owner in (0, 1)])
    by_option = s.owners @ begun
    standard, energy = appraisal.reference_costs(p)
    reference = float(by_option @ (standard + energy))
    if by_option.sum() <= 0.0:
        return
    ahead = visible(world.pipeline.reference, s, p)
    pooled = c.strength(Practice.POOLED_PROCUREMENT)
    market.award(reference / by_option.sum(), ahead, pooled, world.clause(), s, p)
    level = market.price * (1.0 + change_orders(c, p))
    rise, first = (by_option @ each[0] for each in appraisal.rent_rise(world.rents(), level, p))
    paid = begun @ (standard + energy) * level
    lead, duration = times(market.ahead(pooled, p), market.shortage, c, p)
    world.pipeline.add(Done(by_option, float(first), reference, paid), lead, duration)
    for year, step in enumerate(steps(float(rise - first), p), 1):
        world.pipeline.add(Done(0.0 * by_option, step, 0.0, 0.0 * paid), lead + 4.0 * year, duration)
    stock.begun += float(by_option.sum())


def _wanted(world: Means, o: Offer, owner: int, headroom: float) -> Array:
    """Shares of an owner's idle due flats that it begins, by option: as much as loans and staff allow."""
    p, stock = world.p, world.stock
    one = np.ones(1)
    numbers = (one * world.energy_worn, one * world.s.area, one * stock.worn)
    own = appraisal.own_value(o, *numbers, world.heat_price, one * world.s.required[owner], p)[0]
    own -= expected_cost(p)
    rest = (o.cost[0], stock.idle, stock.forced(p), headroom, p)
    wanted = shares(own, *rest)
    together = _together(world) * (owner == 0)
    if together > 0.0:
        now = world.energy_worn, world.labour.employed, world.market.shortage, world.asked
        paid = offered(o, own, *now, world.c, world.s, p)
        joint = shares(own + world.c.strength(Practice.SHARED_CALCULATION) * paid, *rest)
        wanted = together * joint + (1.0 - together) * wanted
    return wanted * affordable(wanted, o.cost[0], stock.idle, headroom, p)


def _together(world: Means) -> float:
    """The part of a company's due flats that the partners' staff can take up and that talks do not fail on."""
    p, c, s = world.p, world.c, world.s
    if c.strength(Practice.SHARED_CALCULATION) == 0.0:
        return 0.0
    due = world.stock.idle * s.owners[0] * s.flats
    staffed = min(1.0, p.compact_capacity * s.scale * s.municipalities / due) if due > 0.0 else 1.0
    return staffed * (1.0 - p.haggling) ** max(parties(c) - 1, 0)
