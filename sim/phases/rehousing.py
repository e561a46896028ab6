"""Tenants who cannot stay in are housed elsewhere while works go on in their building, and come back or not.

A rehoused household keeps its flat and goes on paying its rent to its owner, who houses it elsewhere and bears what
that costs. So it is one household in one row all the time, at work, with its income and its wish; only nobody is
driven out of the flat by the works, and nobody can be let an empty one beside it. Part of phases 5 and 7.
"""

from __future__ import annotations

import numpy as np

from sim.phases.disturbed import by_standard
from sim.randomness import Decision
from sim.rules.choice import bits
from sim.rules.rehousing import must_move, stays_away
from sim.rules.unwanted import leaving_factor
from sim.vocabulary import Away, Site
from sim.world.books import Flow
from sim.world.columns import Ints
from sim.world.homes import options_to_come
from sim.world.tallies import Tally
from sim.world.world import World


def rehouse(world: World) -> None:
    """Empty the buildings whose turn has come, and pay for the homes of those who live elsewhere (SEK this quarter)."""
    b, r, p = world.buildings, world.residents, world.p
    # Most contracts have no such works: nothing is looked up for them.
    outside = int(bits(must_move(p)))
    for contract in world.contracts if outside else ():
        if contract.start <= world.quarter and outside & contract.built:
            # As many quarters before each building is finished as works inside take.
            soon = contract.ends - contract.progress <= p.rehousing_quarters / contract.quarters
            soon[: contract.finished] = False
            _empty(world, contract.buildings[soon & contract.modelled])
    if b.emptied.any():
        rows = world.flats_in(np.flatnonzero(b.emptied))[1]
        _pay(world, rows[r.away[rows] != Away.HOME], p.rehousing_rent)


def _empty(world: World, buildings: Ints) -> None:
    """Households of flats in which nobody can stay move out of these buildings, and decide whether for good."""
    r, b, p = world.residents, world.buildings, world.p
    rows = world.flats_in(buildings[~b.emptied[buildings]])[1]
    options = options_to_come(world, rows)
    inside = must_move(p)[options]
    b.emptied[r.building[rows[inside]]] = True
    rows, options = rows[inside & r.occupied[rows]], options[inside & r.occupied[rows]]
    if len(rows) == 0:
        return
    rise, lost = by_standard(world, rows, options)
    settled = np.clip((world.quarter - r.since[rows]) / (4.0 * p.ties_years), 0.0, 1.0)
    u = world.draws.at(Decision.COMING_BACK, world.quarter, rows)[:, 0]
    away = u < stays_away(settled, rise / world.plain_rent[rows], leaving_factor(lost / r.rent[rows], p), p)
    r.away[rows] = np.where(away, Away.STAYS_AWAY, Away.COMES_BACK)
    _pay(world, rows, p.rehousing_removal / 2.0)


def come_back(world: World) -> Ints:
    """Once a building is finished its households return; the rows of those that do not, which leave."""
    r, b = world.residents, world.buildings
    done = np.flatnonzero(b.emptied & (b.site == Site.IDLE))
    if len(done) == 0:
        return done
    rows = world.flats_in(done)[1]
    lost: Ints = rows[r.away[rows] == Away.STAYS_AWAY]
    _pay(world, rows[r.away[rows] == Away.COMES_BACK], world.p.rehousing_removal / 2.0)
    world.tallies.count(Tally.NOT_BACK, world.neighbourhood_of[lost])
    r.away[rows], b.emptied[done] = Away.HOME, False
    return lost


def _pay(world: World, rows: Ints, each: float) -> None:
    """Owners pay so many SEK for each of these households (rows)."""
    households = np.bincount(world.residents.building[rows], minlength=world.buildings.n)
    world.pay_by_owner(Flow.REHOUSING_COMPANIES, Flow.REHOUSING_LANDLORDS, np.asarray(households * each))
