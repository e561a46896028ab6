"""What households' satisfaction with home and area relaxes toward."""

from __future__ import annotations

import numpy as np

from sim.rules.wellbeing import burden_loss, home_satisfaction
from sim.world.columns import Floats
from sim.world.world import World


def satisfaction_level(world: World, disturbed: Floats) -> Floats:
    """What satisfaction relaxes toward: home and neighbourhood, calm, rent burden, ties that grow over ten years.

    ``disturbed`` is by building, 1 in a typical works (b,); the result by flat, points (n,), not yet held within 0-1.
    """
    r, b, p = world.residents, world.buildings, world.p
    worn = np.maximum(p.repair_threshold - b.condition, 0.0) / p.repair_threshold
    home = home_satisfaction(b.comfort - b.comfort_start, disturbed, b.voice, worn, p)
    place = world.base_satisfaction + p.satisfaction_calm * world.neighbourhoods.calm
    level = world.in_building.spread(home + place[b.neighbourhood]) - burden_loss(r.burden, p)
    ties = np.minimum((world.quarter - r.since) * (p.satisfaction_ties / (4.0 * p.ties_years)), p.satisfaction_ties)
    return np.asarray(level + ties)
