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
    themselves. ``idle`` are those neither announced nor on site. Condition 0-1, energy kWh/m2.year, rent SEK/m2.year,
    ``tuned`` share of heat, ``built`` year, ``renovated`` quarter.
    """

    def __init__(self, like: Ints, start: Buildings, b: Buildings) -> None:
        self.like = like
        self.modelled: Bools = np.diff(like, prepend=-1) > 0
        self.idle: Bools = np.ones(len(like), dtype=bool)
        self.condition, self.energy, self.rent = start.condition, start.energy, start.rent
        self.tuned, self.built, self.renovated = start.tuned, start.built, start.renovated
        for name in ("condition", "energy", "rent", "tuned", "built", "renovated"):
            getattr(self, name)[self.modelled] = getattr(b, name)

    def finish(self, keys: Ints, rise: Floats, saved: Floats, quarter: int) -> None:
        """Works are done in these (rows): rent rises (SEK/m2.year), heat is saved (share)."""
        self.rent[keys] += rise
        self.energy[keys] *= 1.0 - saved
        self.condition[keys], self.renovated[keys], self.idle[keys] = 1.0, quarter, True
