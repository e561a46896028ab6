"""What homes are worth to those who live in them."""

from __future__ import annotations

import numpy as np

from sim.rules.wellbeing import worth_of_standards
from sim.world.columns import Floats
from sim.world.world import World


def homes_worth(world: World) -> float:
    """Worth of homes this quarter, SEK: the plain rent of occupied flats, and standards above basic."""
    r = world.residents
    return 3.0 * float((world.plain_rent * r.occupied).sum()) + 0.25 * float(standard_worth_by_building(world).sum())


def standard_worth_by_building(world: World) -> Floats:
    """What those who live there would pay for the standard above basic, SEK/year (b,)."""
    r = world.residents
    wished = world.in_building.sum(r.wish * r.occupied) * 12.0
    return np.asarray(worth_of_standards(world.p)[world.buildings.standard] * wished)
