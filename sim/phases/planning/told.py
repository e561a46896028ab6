"""Buildings whose tenants have been told and that are not on site yet: they come before whatever is decided now."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.world.columns import Ints
from sim.world.world import World


class Told(NamedTuple):
    """Rows at full size, owners and flats of these buildings (rows,)."""

    keys: Ints
    owner: Ints
    flats: Ints


def told(world: World) -> Told:
    """Those of projects and of contracts that have not begun."""
    ahead = [c for c in world.contracts if c.start >= world.quarter and c.progress == 0.0]
    none = np.zeros(0, dtype=np.int64)
    of_projects = np.array([project.owner for project in world.projects], dtype=np.int64)
    owner = np.repeat(of_projects, np.array([len(project.keys) for project in world.projects], dtype=np.int64))
    keys = np.concatenate([none, *(x.keys for x in world.projects), *(c.keys for c in ahead)])
    owner = np.concatenate([owner, *(c.owners for c in ahead)])
    return Told(keys, owner, world.buildings.flats[world.rows_like(keys)])
