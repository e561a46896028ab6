"""A building firm: bids or stays away, prices, hires and trains."""

from __future__ import annotations

import mesa
import numpy as np

from sim.inputs.parameters import Parameters
from sim.rules.choice import OPTIONS
from sim.world.columns import Floats


class Builder(mesa.Agent):
    """A firm with skilled workers, some busy elsewhere, and experience that fades.

    Attributes
    ----------
    workers : skilled workers (persons; fractions at small scale). busy : of them on the estates' sites.
    places_owed : training places that clauses ask for and that nobody has been given yet; a part of one at the start.
    experience : recently renovated flats by package (9,), in series. taught : of them those of joint lots (9,).
    visible : committed work ahead, years.
    """

    def __init__(self, model: mesa.Model, index: int, name: str, municipality: int, workers: float, size: str) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.municipality = municipality
        self.workers = self.start_workers = workers
        self.size = size
        self.busy = 0.0
        self.experience: Floats = np.zeros(OPTIONS)
        self.taught: Floats = np.zeros(OPTIONS)
        self.visible = 0.0
        self.places_owed = 0.0

    def utilisation(self, other_demand: float, p: Parameters) -> float:
        """Share of workers at work somewhere."""
        return min(self.busy / max(self.workers, 1e-9) + p.background_share * other_demand, p.utilisation_most)

    def adjust_workforce(self, shortage: float, p: Parameters) -> float:
        """Retire, lose people to a hot market, recruit toward what the visible order book needs; returns recruits.

        Only work that can be seen ahead makes hiring worth its premium.
        """
        leaving = min(p.retirement / 4.0 + p.poaching * max(shortage - p.shortage_start, 0.0), 1.0)
        wish = self.start_workers * (1.0 + p.hire_visibility * min(self.visible, p.hire_years) / p.hire_years)
        stay = self.workers * (1.0 - leaving)
        recruits = min(max(wish - stay, 0.0), p.hire_speed * self.workers * (1.0 - shortage))
        self.workers = stay + recruits
        return recruits
