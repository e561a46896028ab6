"""Who looks for work, and how easily each of them would find it."""

from __future__ import annotations

import numpy as np

from sim.inputs.parameters import Parameters
from sim.rules.employment import CELLS, age_factor, cell_weights, newcomer_factor
from sim.vocabulary import Work
from sim.world.columns import Floats, Ints
from sim.world.state import NATIVE, Residents
from sim.world.world import World


def job_seekers(world: World) -> tuple[Ints, Floats]:
    """Rows out of work and their finding rates per quarter at the start's tightness."""
    reputation = world.neighbourhoods.reputation
    rate = world.start_rate[:, None] * world.histories.scale
    return seekers(
        world.residents, world.neighbourhood_of, reputation, rate, world.histories.find, world.quarter, world.p
    )


def seekers(
    r: Residents,
    neighbourhood_of: Ints,
    reputation: Floats,
    rate: Floats,
    by_history: Floats,
    quarter: int,
    p: Parameters,
) -> tuple[Ints, Floats]:
    """The same from its parts: the neighbourhood of each flat (n,), reputation (0–1, k), the finding rate of each
    neighbourhood and cell at a full work history (shares a quarter, k × 8), and what histories leave of it (h,)."""
    rows = np.flatnonzero((r.work == Work.OUT_OF_WORK) & r.occupied)
    cell = r.skill[rows] * 2 + r.foreign[rows]
    table = cell_weights(reputation, p) * rate
    # One index into the whole table is several times as fast as two.
    weight = table.ravel().take(neighbourhood_of[rows] * CELLS + cell)
    weight *= by_history[r.history[rows]]
    weight *= np.maximum(1.0 + p.find_health * (r.health[rows] - p.health_start), 0.0)
    weight *= age_factor((quarter - r.born[rows]) / 4.0, p)
    arrival = r.arrival[rows]
    new = np.flatnonzero(arrival > NATIVE)
    weight[new] *= newcomer_factor((quarter - arrival[new]) / 4.0, p)
    return rows, weight
