"""How safe places are, within phase 9, when the quarter's work, moves and empty flats are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiling import kernel, own, rows
from sim.phases.presence import presence
from sim.randomness import Decision, Keys, uniform
from sim.rules.calm import Conditions, calm_level, lift, next_calm, slow, wave, worn_part
from sim.rules.rivals.insecurity import INSECURITY
from sim.sums import pairwise_group
from sim.world.columns import Floats, Ints
from sim.world.tallies import Tally
from sim.world.world import World


def settle_calm(world: World) -> None:
    """Calm moves toward what the place makes of it, with presence and what neighbours' presence does to it."""
    p, places, calm, b, counted = world.p, world.neighbourhoods, world.calm, world.buildings, world.census
    start, usual, k = world.region.neighbourhoods.calm, world.calm.usual, len(world.neighbourhoods)
    level, here, lifted = np.zeros(k), np.zeros(k), np.zeros(k)
    somewhere = _look(
        level, here, lifted, b.condition, presence(world), b.flats, world.in_neighbourhood.counts, counted.flats,
        counted.households, counted.of_age, counted.at_work, world.tallies.of(Tally.MOVES), usual.idle, usual.turnover,
        usual.empty, usual.worn, start, p.numbers,
    )  # fmt: skip
    # Insecurity goes next door only where presence makes a place safer.
    outside = 0.0
    if somewhere:
        moved = INSECURITY[world.levers.insecurity_moves](lifted, here, counted.flats, calm.near, p)
        level, outside = level + lifted + moved.change, moved.outside
    _move(places.calm, level, here, start, world.draws.keys(Decision.INCIDENT, world.quarter, 2), p.numbers)
    # What lands outside is felt as slowly as it is here.
    calm.outside += float(slow(p, np.ones(1))[0]) * (outside - calm.outside)


@kernel
def _look(
    level: Floats, here: Floats, lifted: Floats, condition: Floats, there: Floats, flats: Ints, buildings: Ints,
    homes: Floats, households: Floats, of_age: Floats, at_work: Floats, moves: Floats, usual_idle: Floats,
    usual_turnover: Floats, usual_empty: Floats, usual_worn: Floats, start: Floats, numbers: Any,
) -> bool:  # fmt: skip
    """By place (k,): the level of calm that this quarter's conditions make, presence there, and the points by which
    that lifts the level; returns whether it does anywhere.

    condition, there, flats : of buildings, so many (``buildings``) a place in turn; ``there`` is local presence, 0-1.
    homes, households, of_age, at_work, moves : counts of the quarter. Where nobody of working age or nobody at all
    lives, conditions are as at the start.
    """
    p, first, somewhere = own(numbers), 0, False
    worn, guarded = np.empty(buildings.max()), np.empty(buildings.max())
    for k in range(len(level)):
        n = buildings[k]
        for i in rows(0, n):
            worn[i] = worn_part(condition[first + i], p) * flats[first + i]
            guarded[i] = there[first + i] * flats[first + i]
        first += n
        employed = at_work[k] / of_age[k] if of_age[k] > 0.0 else 1.0 - usual_idle[k]
        turnover = 4.0 * moves[k] / households[k] if households[k] > 0.0 else usual_turnover[k]
        now = Conditions(
            1.0 - employed,
            np.minimum(turnover, 1.0),
            1.0 - households[k] / homes[k],
            pairwise_group(worn[:n]) / homes[k],
        )
        usual = Conditions(usual_idle[k], usual_turnover[k], usual_empty[k], usual_worn[k])
        level[k] = calm_level(now, usual, start[k], p)
        here[k] = pairwise_group(guarded[:n]) / homes[k]
        lifted[k] = lift(level[k], here[k], p)
        somewhere |= lifted[k] > 0.0
    return somewhere


@kernel
def _move(calm: Floats, level: Floats, here: Floats, start: Floats, keys: Keys, numbers: Any) -> None:
    """A quarter of waves, and of moving toward the level (k,); ``here`` is presence, 0-1."""
    p = own(numbers)
    for k in range(len(calm)):
        waves = wave(calm[k], start[k], uniform(keys[0], k), uniform(keys[1], k), p)
        calm[k] = next_calm(calm[k], level[k], here[k], waves, p)
