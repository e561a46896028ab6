"""Where those who leave go, within phase 7: into another flat of the region, or to a kind of place elsewhere."""

from __future__ import annotations

import numpy as np

from sim.phases.queue import Offer
from sim.randomness import Decision
from sim.rules.destinations import ELSEWHERE, Places, clocks, draw_of, first_to_ring, open_elsewhere, place_within
from sim.rules.homes import pay_factor, takes
from sim.rules.rivals.demand import PLACES
from sim.rules.rivals.destinations import DESTINATIONS
from sim.rules.training import Programme
from sim.vocabulary import Site, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.demand import place_terms
from sim.world.homes import extra_rent, worth_in_wishes
from sim.world.leavers import Leavers, Settled
from sim.world.schooling import schooled
from sim.world.state import Buildings
from sim.world.tallies import Tally
from sim.world.world import World


def see_incomes(world: World) -> None:
    """A year begins, and statistics tell how well off each neighbourhood's households are."""
    r = world.residents
    world.around.count(r.income, r.occupied, world.flats_by_neighbourhood, world.pay_level)


def settle(world: World, leavers: Leavers, offered: Ints, offer: Offer) -> Bools:
    """All who leave find a place: some a flat among those on offer (rows), the others elsewhere in the county or
    beyond. Which of these flats are taken (flats,). offer : what they may expect next in the region."""
    k, r = world.around.k, world.residents
    # A flat in a building with works announced or under way is none to move into.
    free = offered[~_told(world.buildings)[r.building[offered]]]
    chosen, elsewhere, u = _choices(world, leavers, free)
    who, flats = _shown(world, chosen, u[:, 0], free)
    accepted = _accept(world, leavers, who, flats, u[who, 1], offer)
    who, flats = who[accepted], flats[accepted]
    goes: Ints = k + elsewhere
    goes[who] = chosen[who]
    _record(world, leavers, goes)
    _move_within(world, leavers, who, flats)
    _leave_region(world, leavers, np.flatnonzero(goes >= k))
    taken = np.zeros(r.n, dtype=bool)
    taken[flats] = True
    return taken[offered]


def _choices(world: World, leavers: Leavers, flats: Ints) -> tuple[Ints, Ints, Floats]:
    """The neighbourhood that each household tries first, or -1 where that is a place elsewhere; the kind of place
    elsewhere that it likes best; and two more uniforms each (rows, 2)."""
    around, k = world.around, world.around.k
    rule = DESTINATIONS[world.levers.destinations]
    places = _places(world, flats if rule.within else flats[:0])
    income = around.typical * world.pay_level
    weights = draw_of(rule.utility(places, income, world.p), places.open)
    # All neighbourhoods together, by class of income and neighbourhood that is left, then each kind of place elsewhere.
    region, beyond = weights[:, :k] @ around.near[:, :k].T, weights[:, k:] * around.near[0, k:]
    kind = around.class_of(leavers.of("income") / world.pay_level)
    origin = world.neighbourhood_of[leavers.rows]
    each = np.hstack([region[kind, origin][:, None], beyond[kind]])
    u = world.draws.at(Decision.DESTINATION, world.quarter, leavers.of("household"), each.shape[1] + 3)
    rings = clocks(each, u[:, 3:])
    elsewhere, soonest = first_to_ring(rings[:, 1:])
    chosen = np.full(len(leavers), -1)
    stay = np.flatnonzero(rings[:, 0] <= soonest)
    chosen[stay] = place_within(weights[:, :k], around.near[:, :k], kind[stay], origin[stay], u[stay, 2])
    return chosen, elsewhere, u[:, :2]


def _places(world: World, flats: Ints) -> Places:
    """Places as they are this quarter, with these flats (rows) to move into."""
    r, around = world.residents, world.around
    where = world.neighbourhood_of[flats]
    here = np.bincount(where, minlength=around.k).astype(np.float64)
    rent = np.bincount(where, r.rent[flats], minlength=around.k) / np.maximum(here, 1.0)
    appeal = np.zeros(len(ELSEWHERE))  # ordinary places
    # Other rental estates are spoken of as these were at the start.
    start = world.region.neighbourhoods
    as_here = PLACES[world.levers.refused_for](start.reputation, start.calm, world.p)
    appeal[0] = np.average(as_here, weights=start.flats)
    return Places(
        np.concatenate([here, open_elsewhere(world.region.county.county_population, world.p)]),
        np.concatenate([rent, around.rents * world.rent_level]),
        np.concatenate([place_terms(world), appeal]),
    )


def _told(b: Buildings) -> Bools:
    """In which buildings tenants know of works or live with them (b,)."""
    return np.asarray((b.site == Site.ANNOUNCED) | (b.site == Site.ON_SITE))


def _shown(world: World, chosen: Ints, turn: Floats, flats: Ints) -> tuple[Ints, Ints]:
    """Who is shown which flat: places among the leavers and rows of flats, one each, as far as flats go round.

    In each neighbourhood households come in a drawn order, and so do the flats: nobody has queued for longer here.
    """
    who = np.flatnonzero(chosen >= 0)
    if len(who) == 0:
        return who, who
    # A place and a number below 1 in one key: sorted by place, and at random within it.
    who = who[np.argsort(chosen[who] + turn[who], kind="stable")]
    order = world.draws.at(Decision.DESTINATION_FLAT, world.quarter, flats)[:, 0]
    flats = flats[np.argsort(world.neighbourhood_of[flats] + order, kind="stable")]
    there = np.bincount(world.neighbourhood_of[flats], minlength=world.around.k)
    starts, wanted = np.cumsum(there) - there, chosen[who]
    wanting = np.bincount(wanted, minlength=world.around.k)
    rank = np.arange(len(who)) - (np.cumsum(wanting) - wanting)[wanted]
    lucky = rank < there[wanted]
    return who[lucky], flats[starts[wanted[lucky]] + rank[lucky]]


def _accept(world: World, leavers: Leavers, who: Ints, flats: Ints, u: Floats, offer: Offer) -> Bools:
    """Which of these households take the flat that they are shown: as those of the queue do, but none its own."""
    m = world.municipality_of[flats]
    wishes = leavers.of("wish")[who] * pay_factor(world.pay_level, world.p)
    better = takes(wishes, worth_in_wishes(world, flats), extra_rent(world, flats), offer.worth[m], offer.extra[m])
    return np.asarray((better | (u >= world.p.queue_sorting)) & (leavers.rows[who] != flats))


def _move_within(world: World, leavers: Leavers, who: Ints, flats: Ints) -> None:
    """These households (places among the leavers) move into these flats (rows), with all that is theirs."""
    r, n = world.residents, world.neighbourhood_of[flats]
    if world.events is not None:
        world.events.moved_within(leavers.of("household")[who], flats)
    leavers.move_in(r, who, flats, world.quarter)
    r.satisfaction[flats] = world.region.neighbourhoods.satisfaction[n]
    world.tallies.count(Tally.IN_MOVERS, n)
    world.tallies.count(Tally.IN_MOVERS_EMPLOYED, n[r.work[flats] == Work.EMPLOYED])
    world.tallies.count(Tally.IN_MOVERS_RETIRED, n[r.work[flats] == Work.RETIRED])


def _leave_region(world: World, leavers: Leavers, which: Ints) -> None:
    """These (places among the leavers) join the rest of the county; those of the start are followed by name."""
    c, n = world.cohort, world.residents.n
    work, skill, born, household, programme = (
        leavers.of(name)[which] for name in ("work", "skill", "born", "household", "programme")
    )
    employed = work == Work.EMPLOYED
    # By age and not by work: whoever was retired early at the start is of working age elsewhere.
    idle = ~employed & (born > world.quarter - world.elsewhere.working)
    world.pool.receive(schooled(skill[employed]), schooled(skill[idle]))
    world.elsewhere.receive(born, skill)
    through = programme >= Programme.HIRE
    left = world.municipality_of[leavers.rows[which[through]]]
    np.add.at(world.programme_away, left, employed[through].astype(float))
    first = household < n
    who = household[first]
    c.away[who], c.employed[who] = True, employed[first]
    c.skill[who], c.born[who] = skill[first], born[first]
    c.history[who] = leavers.of("history")[which[first]]


def _record(world: World, leavers: Leavers, goes: Ints) -> None:
    """Where they go (places of the region, then kinds elsewhere), how far, and how well off people are there."""
    around, b, tallies = world.around, world.buildings, world.tallies
    building, origin = world.residents.building[leavers.rows], world.neighbourhood_of[leavers.rows]
    just = world.quarter - b.renovated < world.p.new_rent_quarters
    renovated = (_told(b) | (just & (b.renovated >= 0)))[building]
    here, there, km = around.incomes[origin], around.incomes[goes], around.km[origin, goes]
    gap = there / np.maximum(here, 1.0) - 1.0
    tallies.count(Tally.MOVES_WITHIN, origin[goes < around.k])
    tallies.count(Tally.MOVES_RENOVATED, origin[renovated])
    for of, kilometres, some in (
        (Tally.GAP_RENOVATED, Tally.KM_RENOVATED, renovated),
        (Tally.GAP_OTHER, Tally.KM_OTHER, ~renovated),
    ):
        tallies.count(of, origin[some], gap[some])
        tallies.count(kilometres, origin[some], km[some])
    if world.events is not None:
        world.events.settled(Settled(origin, goes, here, there, km, renovated, b.standard[building]))
