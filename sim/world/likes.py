"""The buildings that a modelled one stands for at a small scale, as long as they have not been renovated.

They start as the modelled building does and wear as it does. Which of them is modelled is chance: when some of them are
begun, the modelled one is among these as often as any other. Those that are left are planned on as they are, also when
the modelled one is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.vocabulary import Site
from sim.world.columns import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.world.state import Buildings


class Likes:
    """By building (b,): condition (0-1), energy (kWh/m2.year) and rent (SEK/m2.year) of those not yet renovated since the
    start, and how many are ``left``, 1/scale of each at the start.

    At full size a building stands for itself alone, and this is not used.
    """

    def __init__(self, b: Buildings, scale: float) -> None:
        self.each = 1.0 / scale
        self.left: Floats = np.full(b.n, self.each)
        self.condition, self.energy, self.rent = b.condition.copy(), b.energy.copy(), b.rent.copy()
        self.renovated: Ints = b.renovated.copy()
        self.generation: Ints = b.renovated.copy()

    def age(self, decline: Floats, least: float, tuned: Floats, rent: float) -> None:
        """A quarter: condition declines (b,) down to ``least``, heat is tuned by a share (b,), rents grow by a share."""
        self.condition[:] = np.maximum(self.condition - decline, least)
        self.energy *= 1.0 - tuned
        self.rent *= 1.0 + rent

    def due(self, b: Buildings, due_condition: float) -> Bools:
        """Which buildings (b,) have due ones among those that they stand for.

        A building that is due once more, years after its renovation, stands for others that are due as well.
        """
        again = (b.site == Site.IDLE) & (b.condition < due_condition) & (b.renovated != self.generation)
        self.left[again] = self.each
        self.condition[again], self.energy[again], self.rent[again] = b.condition[again], b.energy[again], b.rent[again]
        self.renovated[again] = self.generation[again] = b.renovated[again]
        return np.asarray((self.left > 0.0) & (self.condition < due_condition))

    def waiting(self, b: Buildings) -> Bools:
        """Which modelled buildings (b,) are still among those left."""
        return np.asarray((b.site == Site.IDLE) & (b.renovated == self.generation))
