"""What hands the building firms have for the estates, as they tell the buyers at their table."""

from __future__ import annotations

import numpy as np

from sim.rules import appraisal, bids, repetition
from sim.world.columns import Floats
from sim.world.world import World


def joint_limits(world: World) -> Floats:
    """Flats of the largest joint lot of each package (9,): builders sit at the table, and say what hands they have.

    So many that ``joint_bidders`` firms could man it with those that are free now. A framework asks no more of the
    market than it can take; owners alone learn by their failed tenders.
    """
    p, scale = world.p, world.region.scale
    held = bids.elsewhere(world.surroundings.other_demand, p)
    free = np.sort([float(bids.free(x.workers, x.busy, held)) for x in world.builders])[::-1]
    crew = float(free[: round(p.joint_bidders)][-1]) / scale / p.crew_slack
    standard, energy = appraisal.reference_costs(p)
    each = (standard + energy) / 1e6 * p.labour_intensity * 4.0  # person-quarters a flat
    base = bids.quarters(0.0, appraisal.LEVELS, p)
    # A crew of L T/4 for L person-years, where T grows with the lot: solved for its flats.
    slower = crew * p.site_quarters_series / p.lot_flats_pooled
    flats = np.divide(crew * base, each - slower, out=np.full(len(each), np.inf), where=each > slower)
    return np.asarray(np.clip(flats, 1.0, p.lot_flats_pooled))


def usual_practice(world: World) -> Floats:
    """Practice that a lot of each package is likely to meet, series (9,): firms by their references, those with more of
    them counting for more, as they win more."""
    experience = np.array([x.experience for x in world.builders])
    built = experience.sum(axis=1)
    share = built / max(float(built.sum()), 1e-9)
    return np.asarray(repetition.kinship(world.p) @ (share @ experience))
