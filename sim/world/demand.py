"""What makes neighbourhoods wanted, how many households look at their empty flats, and what owners expect of it.

The start is evidence: where a table tells of empty flats, as many households look as keep them so, if nothing changes.
Elsewhere the county's shortage tells it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules import demand
from sim.rules.appraisal import LEVELS, STANDARDS
from sim.rules.choice import OPTIONS
from sim.rules.homes import pay_factor, worth_of_standards
from sim.rules.rivals.demand import PLACES
from sim.rules.rivals.rents import use_values
from sim.vocabulary import Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.homes import worth_and_extra_rent
from sim.world.state import Small
from sim.world.world import World


class Looking(NamedTuple):
    """Households that look at each empty flat of a building in a quarter: their mean number, and the share that
    chooses; (b,)."""

    mean: Floats
    choosing: Floats


def attractiveness(world: World) -> Floats:
    """How wanted each neighbourhood is now, by its homes, rents, reputation and calm: the logarithm of its appeal to
    households that choose, 0 for unrenovated homes in order in an ordinary place that is as safe as the county (k,)."""
    return np.asarray(np.log(_by_place(world, appeal_of_buildings(world))))


def appeal_of_buildings(world: World, homes: tuple[Floats, Floats] | None = None) -> Floats:
    """The appeal of each building's homes where they stand (b,), 1 for that ordinary home.

    homes : as ``worth_and_extra_rent`` gives, where it is known already.
    """
    b = world.buildings
    return _appeals(
        *(homes or worth_and_extra_rent(world)), b.flats, b.neighbourhood, b.standard, b.condition, b.rent,
        b.rent_plain, b.rent_chosen, b.area, place_terms(world), basic_worth(world), typical_wish(world),
        world.p.numbers,
    )  # fmt: skip


@kernel
def _appeals(
    worth: Floats, extra: Floats, flats: Ints, neighbourhood: Ints, standard: Small, condition: Floats, rent: Floats,
    rent_plain: Floats, rent_chosen: Floats, area: Floats, places: Floats, basic: float, wish: float,
    numbers: NDArray[np.void],
) -> Floats:  # fmt: skip
    """Those of all buildings (b,). worth, extra : sums over a building's flats, as ``worth_and_extra_rent`` gives.
    places : what each adds to the logarithm (k,). basic : worth of a basic renovation, SEK/m2.year. wish : of the
    typical household, SEK/month."""
    p, found = numbers[0], np.empty(len(flats))
    for b in range(len(flats)):
        renovated: Any = basic if standard[b] >= Standard.MINI else 0.0
        over = demand.dear(rent[b], rent_plain[b], rent_chosen[b], renovated)
        above, plain = extra[b] / flats[b] + over * area[b] / 12.0, rent_plain[b] * area[b] / 12.0
        value = demand.home_value(worth[b] / flats[b], condition[b], above, plain, wish, p)
        found[b] = demand.appeal(value, places[neighbourhood[b]], p)
    return found


def place_terms(world: World) -> Floats:
    """What reputation and calm add to the logarithm of each neighbourhood's appeal, by the lever `refused_for` (k,)."""
    places = world.neighbourhoods
    return PLACES[world.levers.refused_for](places.reputation, places.calm, world.p)


def basic_worth(world: World) -> float:
    """What a basic renovation is worth by use value now, SEK/m2.year."""
    return float(use_values(world.p)[0] * world.rent_level)


def typical_wish(world: World) -> float:
    """What the typical household of the start would pay for an intermediate standard now, SEK/month."""
    return world.wishes.typical * pay_factor(world.pay_level, world.p)


def looking(world: World, empty: Ints, homes: tuple[Floats, Floats]) -> Looking:
    """How many households look at each of these flats (rows), all that stand empty now; homes : as above."""
    b, p, first = world.buildings, world.p, world.lookers_start
    appeals = appeal_of_buildings(world, homes)
    number, best, whole = _seen(empty, world.residents.building, b.neighbourhood, b.flats, appeals, len(first))
    counts = world.flats_by_neighbourhood.counts
    change = whole / counts / world.appeal_start
    # Those who choose look at the best of what is empty, the others at any of it.
    tiny = np.finfo(np.float64).eps  # where nothing is empty nobody asks
    choose = demand.choosing(first, change, p) * counts / np.maximum(best, tiny)
    mine, others = choose[b.neighbourhood] * appeals, demand.not_choosing(first, p) * counts / np.maximum(number, tiny)
    some = mine + others[b.neighbourhood]
    return Looking(some, mine / np.maximum(some, tiny))


@kernel
def _seen(
    empty: Ints, building: Ints, neighbourhood: Ints, flats: Ints, appeals: Floats, k: int
) -> tuple[Floats, Floats, Floats]:
    """By neighbourhood: empty flats (rows), sums of their appeals, and of those of all flats (k,)."""
    here, number, best, whole = np.zeros(len(flats)), np.zeros(k), np.zeros(k), np.zeros(k)
    for row in empty:
        here[building[row]] += 1.0
    for b in range(len(flats)):
        n = neighbourhood[b]
        number[n] += here[b]
        best[n] += appeals[b] * here[b]
        whole[n] += appeals[b] * flats[b]
    return number, best, whole


def _by_place(world: World, appeals: Floats) -> Floats:
    """The mean appeal of a neighbourhood's flats (k,), let or empty, from that of its buildings (b,)."""
    b, k = world.buildings, len(world.neighbourhoods)
    return np.bincount(b.neighbourhood, appeals * b.flats, minlength=k) / world.flats_by_neighbourhood.counts


def settle_demand(world: World) -> None:
    """What the start says of demand; once, when rents, wishes and the usual turnover are there."""
    p, empty = world.p, world.region.neighbourhoods.empty_share
    world.leaving_start = np.minimum(world.calm.usual.turnover / 4.0, 1.0)
    world.appeal_start = _by_place(world, appeal_of_buildings(world))
    seen = demand.demand_seen(empty, world.leaving_start, p)
    world.lookers_start = np.where(empty > 0.0, np.minimum(seen, p.demand_shortage), p.demand_shortage)


def see_empty(world: World, speed: float) -> None:
    """What owners, banks and buyers see stand empty in each building and neighbourhood: what was, moved by this share
    toward what is."""
    b, places, counts = world.buildings, world.neighbourhoods, world.flats_by_neighbourhood.counts
    _see(b.empty, places.empty_share, world.residents.occupied, b.flats, b.emptied, b.neighbourhood, counts, speed)


@kernel
def _see(seen: Floats, share: Floats, occupied: Bools, flats: Ints, emptied: Bools, neighbourhood: Ints, homes: Ints,
         speed: float) -> None:  # fmt: skip
    """Shares of empty flats, as seen in buildings (b,) and places (k,) from now on; occupied : flats, building by
    building (n,). homes : flats of each place (k,)."""
    start = 0
    share[:] = 0.0
    for b in range(len(flats)):
        lived_in, here = 0, occupied[start : start + flats[b]]
        for i in rows(0, flats[b]):
            lived_in += here[i]
        start += flats[b]
        # What works have emptied nobody could have rented: it says nothing of demand.
        if not emptied[b]:
            seen[b] += speed * ((flats[b] - lived_in) / flats[b] - seen[b])
        share[neighbourhood[b]] += seen[b] * flats[b]
    for k in range(len(homes)):
        share[k] /= homes[k]


def expected_voids(world: World, rows: Ints, condition: Floats, rise: Floats) -> tuple[Floats, Floats]:
    """Share of these buildings' flats (rows) that their owner expects to stand empty, without works (rows,) and after
    each of the nine options (rows, 9): what it sees, and what the rule of demand makes of the works' difference.

    condition : now, 0-1 (rows,). rise : of the rent by option, SEK/m2.year (rows, 9), of the basic ones first.
    """
    b, after = world.buildings, np.empty((len(rows), OPTIONS))
    _voids(
        after, rows, condition, rise, *worth_and_extra_rent(world), b.flats, b.neighbourhood, b.standard,
        b.rent, b.rent_plain, b.rent_chosen, b.area, b.empty, place_terms(world), world.appeal_start,
        world.lookers_start, world.leaving_start, worth_of_standards(world.p), basic_worth(world), typical_wish(world),
        world.p.numbers,
    )  # fmt: skip
    return np.maximum(b.empty[rows], world.p.void_base), after


@kernel
def _voids(
    after: Floats, rows: Ints, conditions: Floats, rise: Floats, worth: Floats, extra: Floats,
    flats: Ints, neighbourhood: Ints, standard: Small, rent: Floats, rent_plain: Floats, rent_chosen: Floats,
    area: Floats, empty: Floats, places: Floats, appeals: Floats, lookers: Floats, leaving: Floats, worths: Floats,
    basic: float, wish: float, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Fills in what is expected after works. places, basic, wish : as above. appeals, lookers, leaving : of the start
    (k,). worths : of the standards, in wishes for intermediate (4,)."""
    p: Any = own(numbers)
    for i in range(len(rows)):
        b: Any = rows[i]
        n, plain = neighbourhood[b], rent_plain[b] * area[b] / 12.0
        renovated: Any = basic if standard[b] >= Standard.MINI else 0.0
        above = demand.dear(rent[b], rent_plain[b], rent_chosen[b], renovated) * area[b] / 12.0
        value = demand.home_value(
            worth[b] / flats[b], conditions[i], extra[b] / flats[b] + above, plain, wish, p
        )  # fmt: skip
        before = demand.empty_at_appeal(demand.appeal(value, places[n], p), appeals[n], lookers[n], leaving[n], p)
        # What comes is a building in order, with a basic renovation at least: what it costs more than comparable flats
        # is what its rent is above theirs.
        over = demand.dear(rent[b] - rent_plain[b] - rent_chosen[b] + rise[i, 0], 0.0, 0.0, basic)
        for j in range(OPTIONS):
            # Energy measures show in no rent and no standard: what holds without them holds with them.
            if LEVELS[j] > 0:
                after[i, j] = after[i, j - 1]
                continue
            above = (rent_chosen[b] + np.maximum(rise[i, j] - rise[i, 0], 0.0) + over) * (area[b] / 12.0)
            value = demand.home_value(
                np.maximum(worths[standard[b]], worths[STANDARDS[j]]), 1.0, above, plain, wish, p
            )  # fmt: skip
            then = demand.empty_at_appeal(demand.appeal(value, places[n], p), appeals[n], lookers[n], leaving[n], p)
            after[i, j] = np.maximum(np.minimum(np.maximum(empty[b] + then - before, 0.0), 1.0), p.void_base)
