"""A private landlord: renovates for return, renews flats when tenants leave, or sells on."""

from __future__ import annotations

import mesa

from sim.agents.owner import Owner
from sim.inputs.parameters import Parameters


class Landlord(Owner):
    """A private owner with a strategy: hold, upgrade (flat by flat at turnover) or resell."""

    def __init__(
        self, model: mesa.Model, index: int, name: str, municipality: int, required_yield: float, strategy: str
    ) -> None:
        super().__init__(model, index, name, municipality, required_yield)
        self.strategy = strategy

    def eagerness(self, p: Parameters) -> float:
        """How much less than others it asks of renewing an empty flat, per year: a share of what it costs."""
        return {"hold": 0.0, "upgrade": 1.0, "resell": p.resell_eagerness}[self.strategy] * p.upgrade_eagerness
