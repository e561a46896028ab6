"""How lots are bid for, within phase 4: firms enter or stay away, clauses are priced, the lowest price wins."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import scope
from sim.compiling import kernel
from sim.inputs.parameters import Parameters
from sim.phases.clauses import Clauses
from sim.phases.lots import Lots, Work
from sim.randomness import Decision, Keys, normal, uniform
from sim.rules import bids, repetition
from sim.rules.clauses import filled, rise
from sim.rules.rivals.entry import ENTRY, Invitation, chance_by
from sim.sums import pairwise
from sim.world.columns import Bools, Floats, Ints
from sim.world.world import World

MOST_FIRMS = 1000  # of a region, by which a draw tells them apart
NO_HANDS, NO_BID = -2, -1  # instead of a winner: nobody has the hands, nobody bids what owners accept


# What is the same for all lots of a quarter: share of hands that other construction holds, bidders expected, wage
# premium, scale of the region, what a training place has to bring, quarters it lasts, highest price that owners accept.
_MARKET = np.dtype((np.record, [
    (name, np.float64) for name in ("elsewhere", "bidders", "premium", "scale", "net", "quarters", "ceiling")
]))  # fmt: skip


class Bids(NamedTuple):
    """What lots drew, one entry a lot: the ``winner`` (row of a firm, or one of the above), what all bids cost those
    who made them (SEK), their ``number``; places that the clause asks for, per SEK of works, and what it adds to
    prices, share of them; by firm, ``prices`` relative to the reference, infinite where there is no bid, and ``ahead``,
    doublings by which a firm's practice is ahead of an ordinary lot's (lots, firms)."""

    winner: Ints
    number: Ints
    cost: Floats
    places: Floats
    rise: Floats
    prices: Floats
    ahead: Floats


def practice_ahead(packages: Floats, flats: Floats, experience: Floats, p: Parameters) -> Floats:
    """Doublings by which each firm's practice would be ahead of an ordinary lot's (lots, firms).

    packages : shares of a lot's flats (lots, 9). flats : of a lot (lots,). experience : series (firms, 9).
    """
    length = repetition.alike(packages, p) * flats / p.lot_flats
    return repetition.doublings(repetition.brought(packages, experience, p), length[:, None])


def bids_for(world: World, lots: Lots, work: Work, clauses: Clauses, one_after_another: bool = True) -> Bids:
    """Bids for all lots. They are tendered one after another: a firm that has won one has fewer hands for the next;
    else each lot meets the firms as they are. Nothing is changed."""
    p, firms, signed, n = world.p, world.firms, world.signed, len(lots)
    ahead = practice_ahead(work.packages, work.flats, firms.experience, p)
    output = repetition.productivity(ahead, repetition.labour_rate(p))
    buyers = np.array([q.municipality for q in lots.projects], dtype=np.int64)[lots.project]
    share = scope.training_share(world)
    clause = share[buyers[lots.starts[:-1]]]
    for i in np.flatnonzero(lots.pooled).tolist():
        clause[i] = share[list(set(buyers[lots.part(i)].tolist()))].mean()
    held, premium = bids.elsewhere(world.surroundings.other_demand, p), world.surroundings.wage_premium(p)
    # Owners refuse what is far above the price that they believe in: a hot market postpones renovation.
    ceiling = p.price_ceiling * max(world.believed_price / world.cost_level, 1.0)
    at_large = (held, world.expected_bidders, premium, world.region.scale, clauses.net, clauses.quarters, ceiling)
    market = np.array([at_large], dtype=_MARKET)
    draws, quarter, entry = world.draws, world.quarter, list(ENTRY).index(world.levers.entry)
    keys = np.concatenate([draws.keys(Decision.BID_ENTRY, quarter), draws.keys(Decision.BID_PRICE, quarter, 2)])
    asked = np.array((work.reference, work.labour, work.crew, clause))
    hands, towns = np.array((firms.workers, firms.busy, firms.visible)), np.array((clauses.asked, clauses.people))
    winner, told, prices = np.full(n, NO_HANDS), np.zeros((4, n)), np.full(output.shape, np.inf)
    _tender(lots.starts, lots.keys, buyers, lots.buildings, work.shares, lots.pooled, asked, output, hands,
            firms.municipality, towns, clauses.due, clauses.rows, signed.starts, signed.buildings,
            world.buildings.municipality, market, p.numbers, keys, entry, one_after_another, winner, told,
            prices)  # fmt: skip
    return Bids(winner, told[3].astype(np.int64), told[0], told[1], told[2], prices, ahead)


@kernel
def _tender(starts: Ints, firsts: Ints, buyers: Ints, buildings: Ints, shares: Floats, pooled: Bools, asked: Floats,
            output: Floats, hands: Floats, homes: Ints, towns: Floats, due: Floats, due_rows: Ints, signed: Ints,
            signed_buildings: Ints, town_of: Ints, market: Any, numbers: Any, keys: Keys, entry: int,
            one_after_another: bool, winner: Ints, told: Floats, prices: Floats) -> None:  # fmt: skip
    """One lot after another.

    Columns of buildings, by lot: key, municipality of the buyer, row of the house, part of the lot's cost. Columns of
    lots: ``asked`` are reference (SEK), labour (person-years), crew and strength of clauses. Columns of firms: output
    per hour in each lot; ``hands`` are workers, busy and years of work in sight (a copy: awards change it). Contracts
    under way owe places ``due`` and have these rows among all ``signed``, where their buildings start; ``town_of`` are
    the municipalities of houses. ``told`` of each lot are what bidding costs, places of the clause per SEK, what it
    adds to prices, and bids.
    """
    p, m = numbers[0], market[0]
    firms, municipalities = len(homes), towns.shape[1]
    workers, busy, visible = hands[0], hands[1], hands[2]
    owed = np.zeros(len(pooled))  # places that awards of this quarter will give
    for i in range(len(pooled)):
        first, last = starts[i], starts[i + 1]
        reference, labour, crew, clause = asked[0, i], asked[1, i], asked[2, i], asked[3, i]
        # Owners ask around before they put a lot to tender: where nobody has the hands, nobody is asked to bid.
        need, able = crew * p.crew_slack, 0
        for f in range(firms):
            able += bids.free(workers[f], busy[f], m.elsewhere) >= need
        if able == 0:
            continue
        winner[i] = NO_BID

        near = np.zeros(municipalities, np.bool_)
        for k in range(first, last):
            near[buyers[k]] = True
        cost = p.bid_cost * reference + p.bid_fixed * (p.pooled_bid_effort if pooled[i] else 1.0)
        came = 0
        for f in range(firms):
            if bids.free(workers[f], busy[f], m.elsewhere) < need:
                continue
            at_work = bids.utilisation(workers[f], busy[f], m.elsewhere, p)
            margin = bids.margin(at_work, m.bidders, p)
            # Chance of winning, one in the bidders expected and oneself: what bidding is worth on average.
            profit = max(margin, p.profit_least) * reference / (m.bidders + 1.0)
            here, taken = 1.0 if near[homes[f]] else 0.0, crew / max(workers[f], 1e-9)
            seen = Invitation(profit, cost, here, clause, at_work, taken)
            # A lot is known by its first building; one key for each pair of lot and firm.
            pair = firsts[first] * MOST_FIRMS + f
            if uniform(keys[0], pair) < chance_by(entry, seen, p):
                came += 1
                risk = bids.risk_premium(visible[f] + (p.framework_years if pooled[i] else 0.0), p)
                noise = normal(uniform(keys[1], pair), uniform(keys[2], pair))
                prices[i, f] = bids.bid(p.labour_share, m.premium, output[i, f], margin, risk, noise, p)
        told[0, i], told[3, i] = cost * came, came

        # What the clause costs is the same for all bidders, and all of them hold it in their price.
        places = np.zeros(last - first)
        inside = np.zeros(municipalities, np.bool_)
        for k in range(first, last):
            places[k - first] = towns[0, town_of[buildings[k]]] * shares[k]
            inside[town_of[buildings[k]]] = True
        told[1, i] = pairwise(places)
        if told[1, i] > 0.0:
            own, people, before = told[1, i] * reference * m.scale, 0.0, 0.0
            part: Any = 1.0
            for t in range(municipalities):
                people += towns[1, t] if inside[t] else 0.0
            # Contracts in these municipalities have yet to find people for the places that they owe.
            for c in range(len(due)):
                for k in range(signed[due_rows[c]], signed[due_rows[c] + 1]):
                    if inside[town_of[signed_buildings[k]]]:
                        before += due[c]
                        break
            for j in range(i):
                for k in range(starts[j], starts[j + 1]):
                    if inside[town_of[buildings[k]]]:
                        before += owed[j]
                        break
            if own > 0.0:
                room = p.trainees_most * labour * 4.0 / max(m.quarters, 1e-9)
                part = filled(own, before, people, room)
            told[2, i] = rise(told[1, i], part, m.net, p.vat)

        # Procurement law: the lowest acceptable price wins, whatever else speaks for a firm.
        best, offer = NO_BID, np.inf
        for f in range(firms):
            if prices[i, f] * (1.0 + told[2, i]) < offer:
                best, offer = f, prices[i, f] * (1.0 + told[2, i])
        if best != NO_BID and offer <= m.ceiling:
            winner[i] = best
            owed[i] = told[1, i] * (prices[i, best] * reference + p.lot_setup) * m.scale
            if one_after_another:
                busy[best] += crew
