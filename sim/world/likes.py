"""All buildings of the region at a small scale: those that are modelled and those that they stand for.

Buildings keep their size, so that there are fewer of them. What few of them decide would be lumpy: one would be worth
years of an owner's staff and of a budget, and a lot would have one building. So owners plan, tender and build all that
they have at full size. The modelled buildings are a part of these, with tenants, and with a place in the books.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.world.columns import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.world.state import Buildings


class Likes:
    """The buildings at full size (l,), one row each.

    ``like`` is the modelled building (row) that each is like in size, place, owner and tenants; ``modelled`` are these
    themselves. ``idle`` are those neither announced nor on site. The others are what the column of that name is of the
    modelled ones (``sim/world/state.py``), each building with its own.
    """

    def __init__(self, like: Ints, start: Buildings, b: Buildings) -> None:
        self.like = like
        self.modelled: Bools = np.diff(like, prepend=-1) > 0
        self.idle: Bools = np.ones(len(like), dtype=bool)
        self.condition, self.energy, self.tuned = start.condition, start.energy, start.tuned
        self.rent, self.rise, self.rise_first = start.rent, start.rise, start.rise_first
        self.use_value, self.built, self.renovated = start.use_value, start.built, start.renovated
        for name in ("condition", "energy", "tuned", "rent", "rise", "rise_first", "use_value", "built", "renovated"):
            getattr(self, name)[self.modelled] = getattr(b, name)

    def finish(self, keys: Ints, saved: Floats, quarter: int) -> None:
        """Works are done in these (rows), and heat is saved (share)."""
        self.energy[keys] *= 1.0 - saved
        self.condition[keys], self.renovated[keys], self.idle[keys] = 1.0, quarter, True
