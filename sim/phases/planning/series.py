"""How many buildings an owner begins in a place and year for each of them that is modelled."""

from __future__ import annotations

import numpy as np

from sim.phases.planning.negotiation import Case
from sim.randomness import NEXT_LIKE, Decision
from sim.world.columns import Bools, Ints
from sim.world.world import World


def stands_for(world: World, case: Case, part: Ints, like: Bools) -> float:
    """Buildings of a project at full size for each that is modelled; 1 where all are.

    ``part`` are the project's places in the case, ``like`` all due buildings that would belong to it if they were
    chosen. At a small scale a building stands for 1/scale. Most of these are begun in other years or in other places of
    the owner: it begins no more a year than its staff can, and each of them stands here as often as any due building.
    """
    p, scale = world.p, world.region.scale
    owner = world.owners[int(case.owner[part[0]])]
    own = case.owner == owner.index
    begun = int((own & (case.pick >= 0)).sum())
    most = p.programme_share * owner.flats / scale / float(case.flats[part].mean())
    others = max(min(begun / scale, most) - begun, 0.0)
    if others == 0.0:
        return 1.0
    keys = int(case.rows[part[0]]) + NEXT_LIKE * np.arange(int(others) + 2)
    u = world.draws.at(Decision.SERIES, world.quarter, keys)[:, 0]
    number = int(others + u[0])
    here = float(case.flats[like].sum()) / float(case.flats[own].sum())
    return 1.0 + float((u[1 : 1 + number] < here).sum()) / len(part)
