"""How safe places are, within phase 9, when the quarter's work, moves and empty flats are known."""

from __future__ import annotations

import numpy as np

from sim.phases.presence import presence
from sim.randomness import Decision
from sim.rules.calm import Conditions, calm_level, lift, next_calm, slow, wave
from sim.rules.rivals.insecurity import INSECURITY
from sim.world.columns import Floats
from sim.world.conditions import worn
from sim.world.tallies import Tally
from sim.world.world import World


def settle_calm(world: World) -> None:
    """Calm moves toward what the place makes of it, with presence and what neighbours' presence does to it."""
    p, places, calm = world.p, world.neighbourhoods, world.calm
    start, flats = world.region.neighbourhoods.calm, world.census.flats
    level = calm_level(_conditions(world), calm.usual, start, p)
    here = world.in_neighbourhood.sum(presence(world) * world.buildings.flats) / flats
    lifted = lift(level, here, p)
    moved = INSECURITY[world.levers.insecurity_moves](lifted, here, flats, calm.near, p)
    u = world.draws.at(Decision.INCIDENT, world.quarter, np.arange(len(places)), 2)
    waves = wave(places.calm, start, u, p)
    places.calm[:] = next_calm(places.calm, level + lifted + moved.change, here, waves, p)
    # What lands outside is felt as slowly as it is here.
    calm.outside += float(slow(p, np.ones(1))[0]) * (moved.outside - calm.outside)


def _conditions(world: World) -> Conditions:
    """Of this quarter; where nobody of working age or nobody at all lives, as at the start."""
    counted, usual = world.census, world.calm.usual
    at_work, turnover = 1.0 - usual.idle, usual.turnover.copy()
    np.divide(counted.at_work, counted.of_age, out=at_work, where=counted.of_age > 0.0)
    np.divide(4.0 * world.tallies.of(Tally.MOVES), counted.households, out=turnover, where=counted.households > 0.0)
    return Conditions(1.0 - at_work, np.minimum(turnover, 1.0), _empty(world), worn(world))


def _empty(world: World) -> Floats:
    """Share of flats in which nobody lives (k,)."""
    return np.asarray(1.0 - world.census.households / world.census.flats)
