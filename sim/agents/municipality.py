"""A municipality: owner of a housing company, payer of social assistance, taker of municipal tax."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.owner import Owner
from sim.inputs.parameters import Parameters
from sim.rules.social import LEARNED, PAYERS
from sim.world.columns import Floats


class Municipality(Owner):
    """Decides what its housing company renovates, how deep, how it procures, and whether it joins the compact.

    Attributes
    ----------
    confidence : belief in forecasts, 0-1, by kind of gain that is learned about and payer (4, 3). shown : what the
        latest year showed of them. promised, realised : what is compared at the year's end, in each kind's own unit.
    committed_to_compact : whether it takes part in the joint rounds (only the emergent arm lets it stay away).
    trust : 0-1, moved by what joint rounds deliver; acts on commitment only.
    budget : what it can still pay for other purses' shortfalls this year, SEK.
    surplus : what its housing company has earned beyond works and interest this year so far, less deficits before, SEK.
    """

    def __init__(self, model: mesa.Model, index: int, name: str, required_yield: float, p: Parameters) -> None:
        super().__init__(model, index, name, index, required_yield)
        self.confidence: Floats = np.full((LEARNED, PAYERS), p.confidence_start)
        self.shown: Floats = self.confidence.copy()
        self.trust = p.trust_start
        self.committed_to_compact = False
        self.budget = 0.0
        self.surplus = 0.0
        self.promised: Floats = np.zeros((LEARNED, PAYERS))
        self.realised: Floats = np.zeros((LEARNED, PAYERS))
        self.kept = 0.0
        self.delayed = 0.0
        self.broken = 0.0
        self.seen_gain = 0.0

    def stays(self, sek: float) -> None:
        """Money that comes in this quarter to pay off loans, SEK: no surplus, none of it leaves the company."""
        self.surplus -= sek

    def open_budget(self, slack_sek: float, downturn: float, p: Parameters) -> None:
        """A new year's money for side payments: a share of the investment slack, less in a downturn."""
        self.budget = p.cofunding_share * slack_sek * max(1.0 - p.budget_cyclicality * max(downturn, 0.0), 0.0)
