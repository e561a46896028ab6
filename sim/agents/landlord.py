"""A private landlord: renovates for return, renews flats when tenants leave, or sells on."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.owner import Owner
from sim.inputs.parameters import Parameters
from sim.world.columns import Bools, Floats


class Landlord(Owner):
    """A private owner with a strategy: hold, upgrade (flat by flat at turnover) or resell."""

    def __init__(
        self, model: mesa.Model, index: int, name: str, municipality: int, required_yield: float, strategy: str
    ) -> None:
        super().__init__(model, index, name, municipality, required_yield)
        self.strategy = strategy

    def renews_at_turnover(self, rent_gain: Floats, cost: float, hurdle: Floats, p: Parameters) -> Bools:
        """Which empty flats pay for being renewed; rent gain, SEK per year, against cost times hurdle (per year)."""
        eager = {"hold": 0.0, "upgrade": 1.0, "resell": p.resell_eagerness}[self.strategy]
        return np.asarray(rent_gain >= (hurdle - eager * p.upgrade_eagerness) * cost)
