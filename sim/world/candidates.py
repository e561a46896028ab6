"""Who may take a training place: out of work, young enough, suited to a site, and without a place for some years."""

from __future__ import annotations

import numpy as np

from sim.randomness import Decision
from sim.vocabulary import Work
from sim.world.columns import Floats, Ints
from sim.world.world import World


def seeking(world: World) -> Ints:
    """Rows of residents that look for work since an earlier quarter and are young enough for a programme."""
    r = world.residents
    young = r.born > world.quarter - int(world.p.trainee_age_limit * 4)
    return np.flatnonzero((r.work == Work.OUT_OF_WORK) & (r.spell > 0) & r.occupied & young)


def candidates(world: World) -> Ints:
    """Those of them who suit a training place, and have not had one within ``place_again`` years."""
    r, p = world.residents, world.p
    rows = seeking(world)
    # Whether somebody suits a place lasts: the same household answers alike in every quarter and in every arm.
    suits = world.draws.at(Decision.SUITABLE, 0, r.household[rows])[:, 0] < p.suitable_share
    return rows[suits & (world.quarter - r.placed[rows] >= 4.0 * p.place_again)]


def by_municipality(world: World) -> Floats:
    """How many candidates each municipality has, persons to scale (m,)."""
    return np.bincount(world.municipality_of[candidates(world)], minlength=len(world.municipalities)).astype(float)
