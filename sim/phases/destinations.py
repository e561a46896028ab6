"""Where those who leave go, within phase 7: into another flat of the region, or to a kind of place elsewhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, pick, rows
from sim.phases.queue import Offer
from sim.phases.settling import leave_region, move_within, record_places
from sim.randomness import Decision, Keys, uniform
from sim.rules.destinations import ELSEWHERE, Places, clock, draw_of, open_elsewhere, place_within
from sim.rules.homes import extra_rent, pay_factor, takes, worth_of_flats
from sim.rules.moving import told
from sim.rules.rivals.demand import PLACES
from sim.rules.rivals.destinations import DESTINATIONS
from sim.world.columns import Bools, Floats, Ints
from sim.world.demand import place_terms
from sim.world.leavers import Leavers
from sim.world.state import Small
from sim.world.world import World


def see_incomes(world: World) -> None:
    """A year begins, and statistics tell how well off each neighbourhood's households are."""
    r = world.residents
    world.around.count(r.income, r.occupied, world.flats_by_neighbourhood, world.pay_level)


def settle(world: World, leavers: Leavers, offered: Ints, offer: Offer) -> Bools:
    """All who leave find a place: some a flat among those on offer (rows), the others elsewhere in the county or
    beyond. Which of these flats are taken (flats,). offer : what they may expect next in the region."""
    k, r, b, around = world.around.k, world.residents, world.buildings, world.around
    rule = DESTINATIONS[world.levers.destinations]
    free, order, here, rents = _open(
        world.draws.keys(Decision.DESTINATION_FLAT, world.quarter),
        offered,
        r.building,
        b.neighbourhood,
        b.site,
        r.rent,
        k,
    )
    weights = _weights(world, here * rule.within, rents * rule.within)
    # All neighbourhoods together, by class of income and neighbourhood that is left, then each kind of place elsewhere.
    region, beyond = weights[:, :k] @ around.near[:, :k].T, weights[:, k:] * around.near[0, k:]
    origin = world.neighbourhood_of[leavers.rows]
    keys = world.draws.keys(Decision.DESTINATION, world.quarter, len(ELSEWHERE) + 4)
    who, chosen, elsewhere, turn, choosy = _choose(
        keys, leavers.of("household"), leavers.of("income"), origin, world.pay_level,
        around.edges, weights, around.near, region, beyond,
    )  # fmt: skip
    free = free[np.argsort(order, kind="stable")]
    # In each neighbourhood households come in a drawn order, and so do the flats: nobody has queued for longer here.
    who = who[np.argsort(turn, kind="stable")]
    who, flats = _shown(world, leavers, who, chosen, choosy, free, here, offer)
    goes: Ints = k + elsewhere
    goes[who] = chosen[who]
    record_places(world, leavers, origin, goes)
    move_within(world, leavers, who, flats)
    leave_region(world, leavers, goes)
    taken = np.zeros(r.n, dtype=bool)
    taken[flats] = True
    return taken[offered]


@kernel
def _open(
    key: Keys, offered: Ints, building: Ints, neighbourhood: Ints, site: Small, rent: Floats, k: int
) -> tuple[Ints, Floats, Ints, Floats]:
    """Which of these flats are to be moved into, and the order in which they are shown: a place and a number below 1 in
    one, so that they are in turn by place, and at random within it; how many in each neighbourhood, and the sum of
    their rents (k,)."""
    free, order, count = np.empty(len(offered), np.int64), np.empty(len(offered)), 0
    here, rents = np.zeros(k, np.int64), np.zeros(k)
    for row in offered:
        # A flat in a building with works announced or under way is none to move into.
        b = building[row]
        if not told(site[b]):
            free[count], order[count] = row, neighbourhood[b] + uniform(key[0], row)
            here[neighbourhood[b]] += 1
            rents[neighbourhood[b]] += rent[row]
            count += 1
    return free[:count], order[:count], here, rents


@kernel
def _choose(
    keys: Keys, household: Ints, income: Floats, origin: Ints, pay_level: float,
    edges: Floats, weights: Floats, near: Floats, region: Floats, beyond: Floats,
) -> tuple[Ints, Ints, Ints, Floats, Floats]:  # fmt: skip
    """Who tries a neighbourhood first and not a place elsewhere; of all, that neighbourhood (or -1), and the kind of
    place elsewhere that they like best (rows,); the turn of those who try one, in order by neighbourhood; and a uniform
    of all (rows,).

    weights : as ``draw_of`` gives. region, beyond : weights of all neighbourhoods together, by class and neighbourhood
    that is left (c, k), and of kinds of places elsewhere (c, e).
    """
    n, k = len(household), region.shape[1]
    best: Any
    stays: Any
    chosen, elsewhere, choosy = np.full(n, -1), np.zeros(n, np.int64), np.empty(n)
    # Counted without branches, which nobody could foresee, and so are the clocks below.
    kinds = np.zeros(n, np.int64)
    for i in rows(0, n):
        below, at_first_pay = 0, income[i] / pay_level
        for edge in edges:
            below += edge <= at_first_pay
        kinds[i] = below
    draws = np.empty((1 + beyond.shape[1], n))
    for i in rows(0, n):
        choosy[i] = uniform(keys[1], household[i])
    for j in range(len(draws)):
        u = draws[j]
        for i in rows(0, n):
            u[i] = uniform(keys[3 + j], household[i])
    staying, stays = np.empty(n, np.int64), 0
    for i in rows(0, n):
        kind = kinds[i]
        stay = clock(region[kind, origin[i]], draws[0, i])
        best, soonest = 0, clock(beyond[kind, 0], draws[1, i])
        for place in rows(1, beyond.shape[1]):
            rings = clock(beyond[kind, place], draws[place + np.uint64(1), i])
            best, soonest = pick(rings < soonest, place, best), min(soonest, rings)
        elsewhere[i], staying[stays] = best, i
        stays += stay <= soonest
    who, turn = staying[:stays].copy(), np.empty(stays)
    for j in rows(0, stays):
        one = who[j]
        kind, left = kinds[one], origin[one]
        u = uniform(keys[2], household[one])
        chosen[one] = place_within(weights[kind], near[left, :k], kind * k + left, u)
        turn[j] = chosen[one] + uniform(keys[0], household[one])
    return who, chosen, elsewhere, turn, choosy


def _weights(world: World, here: Ints, rents: Floats) -> Floats:
    """What each place weighs this quarter for each class of incomes (c, k + e); here : flats to move into in each
    neighbourhood, and the sum of their rents, SEK/month (k,)."""
    around, p = world.around, world.p
    appeal = np.zeros(len(ELSEWHERE))  # ordinary places
    # Other rental estates are spoken of as these were at the start.
    start = world.region.neighbourhoods
    as_here = PLACES[world.levers.refused_for](start.reputation, start.calm, p)
    appeal[0] = (as_here * start.flats).sum() / start.flats.sum()
    places = Places(
        np.concatenate([here, open_elsewhere(world.region.county.county_population, p)]),
        np.concatenate([rents / np.maximum(here, 1), around.rents * world.rent_level]),
        np.concatenate([place_terms(world), appeal]),
    )
    utility = DESTINATIONS[world.levers.destinations].utility(places, around.typical * world.pay_level, p)
    return draw_of(utility, places.open)


def _shown(
    world: World, leavers: Leavers, who: Ints, chosen: Ints, choosy: Floats, flats: Ints, here: Ints, offer: Offer
) -> tuple[Ints, Ints]:
    """Who of these, in their order, takes which flat: places among the leavers and rows of flats, one each, as far as
    flats go round."""
    r, b, p = world.residents, world.buildings, world.p
    return _accept(
        who, chosen, choosy, leavers.rows, leavers.of("wish"), flats, here,
        pay_factor(world.pay_level, p), offer.worth, offer.extra, p.numbers,
        b.municipality, b.rent_chosen, b.rent, b.area, r.building, r.standard, r.upgraded, r.rent_apart,
    )  # fmt: skip


@kernel
def _accept(
    who: Ints, chosen: Ints, choosy: Floats, rows: Ints, wish: Floats, flats: Ints, here: Ints,
    wish_level: float, next_worth: Floats, next_extra: Floats, numbers: NDArray[np.void],
    municipality: Ints, rent_chosen: Floats, rents: Floats, area: Floats,
    building: Ints, standard: Small, upgraded: Bools, rent_apart: Floats,
) -> tuple[Ints, Ints]:  # fmt: skip
    """Which of these households (places among the leavers), each in its turn, take the flat that they are shown: as
    those of the queue do, but none its own. flats, here : rows by neighbourhood, and how many in each (k,)."""
    p: Any = numbers[0]
    next_flat = np.cumsum(here) - here
    ends = next_flat + here
    takers, taken, count = np.empty(len(who), np.int64), np.empty(len(who), np.int64), 0
    for i in who:
        place = chosen[i]
        if next_flat[place] == ends[place]:
            continue
        flat = flats[next_flat[place]]
        next_flat[place] += 1
        b = building[flat]
        worth = worth_of_flats(standard[flat], upgraded[flat], p)
        extra = extra_rent(rent_chosen[b], rent_apart[flat], rents[b], upgraded[flat], area[b], p)
        m = municipality[b]
        better = takes(wish[i] * wish_level, worth, extra, next_worth[m], next_extra[m])
        if (better or choosy[i] >= p.queue_sorting) and rows[i] != flat:
            takers[count], taken[count] = i, flat
            count += 1
    return takers[:count], taken[:count]
