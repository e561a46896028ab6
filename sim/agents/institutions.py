"""County council, state and civil society."""

from __future__ import annotations

import mesa
import numpy as np

from sim.inputs.parameters import Parameters
from sim.world.columns import Floats


class CountyCouncil(mesa.Agent):
    """Pays health care, takes county tax; convenes the compact and co-funds, or not."""

    def __init__(self, model: mesa.Model, municipalities: int, p: Parameters) -> None:
        super().__init__(model)
        self.committed_to_compact = False
        self.trust = p.trust_start
        self.budget: Floats = np.zeros(municipalities)

    def open_budget(self, flat_shares: Floats, scale: float, downturn: float, p: Parameters) -> None:
        """A new year's co-funding, SEK, set aside by municipality so that no order of asking matters."""
        cut = max(1.0 - p.budget_cyclicality * max(downturn, 0.0), 0.0)
        self.budget = p.county_budget * scale * cut * flat_shares


class State(mesa.Agent):
    """Pays benefits and grants; decides how free its transfers are."""

    def __init__(self, model: mesa.Model, municipalities: int) -> None:
        super().__init__(model)
        self.budget: Floats = np.zeros(municipalities)
        self.grants_left = 0.0
        self.grants_carried = 0.0

    def open_budget(self, flat_shares: Floats, scale: float, free: float, p: Parameters) -> None:
        """A new year's appropriation. Unspent money lapses, or is carried over as far as it is free."""
        self.budget = free * self.budget + p.state_budget * scale * flat_shares


class CivilSociety(mesa.Agent):
    """The associations of one municipality: which neighbourhood's image and voice to work on."""

    def __init__(self, model: mesa.Model, municipality: int, strength: float) -> None:
        super().__init__(model)
        self.municipality = municipality
        self.strength = strength
