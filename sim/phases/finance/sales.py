"""Sales of flats when a year closes: to pay for works, by a majority's will, to a bidder; and what a sale books.

A sale is between owners: it moves money and buildings from one to the other, and no line of society's account.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.agents.landlord import Landlord
from sim.agents.owner import Owner
from sim.randomness import Decision
from sim.rules.appraisal import market_yields
from sim.rules.sales import bid, block, held_worth, yearly_chance
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.notes import Sale
from sim.world.tallies import Tally
from sim.world.world import World

FINANCE, POLITICS, OFFER, DISTRESS = "finance", "politics", "offer", "distress"
REASONS = (FINANCE, POLITICS, OFFER, DISTRESS)


class Chance(NamedTuple):
    """Uniform draws of one owner for one reason: whether there is an occasion, which buildings, how many, who buys, and
    the bid; each 0-1."""

    occasion: float
    start: float
    part: float
    buyer: float
    bid: float


def advance(world: World) -> None:
    """At the end of a year: whoever has a reason sells one block of neighbouring buildings."""
    draws, rows = world.draws, np.arange(len(world.owners))
    sales, offers = (
        [Chance(*u) for u in draws.at(what, world.quarter, rows, 5).tolist()]
        for what in (Decision.SALE, Decision.OFFER)
    )
    wills = _wills(world)
    for owner, sale, offer in zip(world.owners, sales, offers, strict=True):
        company = owner.index < len(world.municipalities)
        if company and not world.levers.municipal_sales:
            continue
        if not (company and (_for_works(world, owner, sale) or _wanted(world, owner, wills, sale))):
            _to_a_bidder(world, owner, offer)


def _wills(world: World) -> Floats:
    """A draw for each company's majority, kept for its term: below ``sale_majority`` it wants to sell (m,)."""
    term = int((world.quarter // 4) // world.p.term_years)
    return world.draws.at(Decision.MAJORITY, term, np.arange(len(world.municipalities)))[:, 0]


def _for_works(world: World, owner: Owner, luck: Chance) -> bool:
    """What could have been begun this year and could not be borrowed for; the price pays off loans, for the next."""
    p = world.p
    if owner.short <= p.sale_shortfall or luck.occasion >= p.sale_chance:
        return False
    return _sell_block(world, owner, luck, FINANCE)


def _wanted(world: World, owner: Owner, wills: Floats, luck: Chance) -> bool:
    """A majority that wants fewer flats to be municipal sells now and then."""
    wants = wills[owner.index] < world.p.sale_majority and luck.occasion < yearly_chance(world.p)
    return bool(wants) and _sell_block(world, owner, luck, POLITICS)


def _to_a_bidder(world: World, owner: Owner, luck: Chance) -> None:
    """Somebody makes an offer; it is taken where it is above what the owner holds the buildings worth."""
    if luck.occasion < world.p.offer_chance:
        _sell_block(world, owner, luck, OFFER)


def _sell_block(world: World, owner: Owner, luck: Chance, reason: str) -> bool:
    """Neighbouring idle buildings, up to the share of a sale, if there is a buyer and the price will do."""
    p, buyer = world.p, find_buyer(world, owner, luck.buyer)
    rows = _block(world, owner, luck)
    if buyer is None or len(rows) == 0:
        return False
    values = world.building_values[rows]
    worth = float(values.sum())
    price = (1.0 + p.sale_spread) * worth
    if reason == OFFER:
        price = bid(worth, luck.bid, p)
        reputation = world.neighbourhoods.reputation[world.buildings.neighbourhood[rows]]
        market = market_yields(reputation, world.surroundings.yield_shift, p)
        required = owner.required_yield + p.yield_passthrough * world.surroundings.yield_shift
        if price <= held_worth(values, market, required, p):
            return False
    mortgaged = owner.debt * min(worth / max(owner.value, 1.0), 1.0)
    transfer(world, rows, owner, buyer, price, reason, price if reason == FINANCE else min(mortgaged, price))
    return True


def _block(world: World, owner: Owner, luck: Chance) -> Ints:
    """The buildings (rows) of a sale: the place in the stock does not depend on what is being renovated.
    One stays: nobody is wound up by a sale of a part."""
    b, p = world.buildings, world.p
    mine = np.flatnonzero(b.owner == owner.index)
    if np.count_nonzero(b.site[mine] == Site.IDLE) < p.sale_least_buildings * world.region.scale:
        return mine[:0]
    # The building at the margin is sold as often as part of it belongs to the share: the mean is the share.
    near = mine[block(b.flats[mine], luck.start, p.sale_share * owner.flats, luck.part)][: len(mine) - 1]
    return np.asarray(near[b.site[near] == Site.IDLE])


def find_buyer(world: World, seller: Owner, u: float) -> Landlord | None:
    """A private landlord that is not strained itself: of the place, or of another where there is none."""
    others = [x for x in world.landlords if x is not seller and x.strained == 0]
    local = [x for x in others if x.municipality == seller.municipality]
    among = local or others
    return among[int(u * len(among))] if among else None


def transfer(world: World, rows: Ints, seller: Owner, buyer: Owner, price: float, reason: str, repaid: float) -> None:
    """Buildings (rows) change owner, and a price, SEK.

    The buyer borrows up to the cap; the seller pays off loans of ``repaid`` (SEK). The rest is its own: a landlord's
    owners keep it, in a company it is surplus.
    """
    b = world.buildings
    value, flats = float(world.building_values[rows].sum()), int(b.flats[rows].sum())
    _write_down(world, rows, seller, buyer, price, reason)
    b.owner[rows] = buyer.index
    world.owners_known()
    for owner, sign in ((seller, -1), (buyer, 1)):
        owner.value = max(owner.value + sign * value, 0.0)
        owner.flats += sign * flats
    world.borrow(buyer, world.p.ltv_cap * price)
    # From one landlord to another nothing is booked but their loans: private landlords are one purse.
    if seller.index < len(world.municipalities):
        world.books.pay(Flow.SALES, price, seller.municipality)
        world.municipalities[seller.index].stays(repaid)
    else:
        world.borrow(seller, -repaid)


def _write_down(world: World, rows: Ints, seller: Owner, buyer: Owner, price: float, reason: str) -> None:
    """A row an estate; the price by market value."""
    b = world.buildings
    value, places = world.building_values[rows], b.neighbourhood[rows]
    world.tallies.count(Tally.SOLD, places, b.flats[rows].astype(np.float64))
    for place in np.unique(places):
        here = places == place
        part = float(value[here].sum() / max(value.sum(), 1e-9))
        name, flats = str(world.region.neighbourhoods.name[place]), float(b.flats[rows[here]].sum())
        world.sales.append(Sale(world.year, seller.name, buyer.name, name, flats, part * price, reason))
