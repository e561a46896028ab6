"""A building firm: bids or stays away, prices, hires and trains."""

from __future__ import annotations

import mesa
import numpy as np

from sim.inputs.parameters import Parameters
from sim.world.columns import Floats
from sim.world.firms import Firms


class _Held:
    """A firm's number, kept in the column of all firms that has its name."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, firm: Builder, kind: type) -> float:
        return float(getattr(firm.firms, self.name)[firm.index])

    def __set__(self, firm: Builder, value: float) -> None:
        getattr(firm.firms, self.name)[firm.index] = value


class Builder(mesa.Agent):
    """A firm with skilled workers, some busy elsewhere, and experience that fades: a row of ``Firms``, which say what
    its numbers are.

    Attributes
    ----------
    index : row among firms. municipality : row of its home. size : large, medium or small.
    """

    workers = _Held()
    start_workers = _Held()
    busy = _Held()
    visible = _Held()
    places_owed = _Held()

    def __init__(self, model: mesa.Model, index: int, name: str, municipality: int, size: str, firms: Firms) -> None:
        super().__init__(model)
        self.index = index
        self.name = name
        self.municipality = municipality
        self.size = size
        self.firms = firms

    @property
    def experience(self) -> Floats:
        """Recently renovated flats by package, in series (9,)."""
        return np.asarray(self.firms.experience[self.index])

    @property
    def taught(self) -> Floats:
        """Of them those of joint lots (9,)."""
        return np.asarray(self.firms.taught[self.index])

    def utilisation(self, other_demand: float, p: Parameters) -> float:
        """Share of workers at work somewhere."""
        return min(self.busy / max(self.workers, 1e-9) + p.background_share * other_demand, p.utilisation_most)
