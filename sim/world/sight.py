"""How municipalities see a compact: each too bright or too dark in its own way, most of which lasts."""

from __future__ import annotations

import numpy as np

from sim.randomness import Decision
from sim.rules.commitment import perceived
from sim.world.columns import Floats
from sim.world.world import World


def compact_as_seen(world: World) -> Floats:
    """What each sees beyond what there is this year, share of the works' worth (m,)."""
    rows = np.arange(len(world.municipalities))
    lasting = world.draws.normal(Decision.COMPACT_VIEW, 0, rows)[:, 0]
    return perceived(lasting, world.draws.normal(Decision.COMPACT_VIEW_YEAR, world.quarter, rows)[:, 0], world.p)
