"""The census of the closing: who lives in each neighbourhood, who works, how content they are, what is renovated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.vocabulary import Work
from sim.world.columns import Floats, Groups
from sim.world.state import Buildings, Residents


@dataclass(frozen=True, slots=True)
class Census:
    """Sums by neighbourhood, each of shape (neighbourhoods,): counted once a quarter, shown by the neighbourhoods and
    read by the recorder."""

    flats: Floats
    renovated: Floats  # flats in buildings renovated since the start
    households: Floats  # occupied flats
    satisfaction: Floats  # summed over households
    of_age: Floats  # main earners who have not retired
    at_work: Floats  # main earners employed

    @classmethod
    def of(cls, r: Residents, b: Buildings, flats: Groups, buildings: Groups) -> Census:
        """Count now, sums by neighbourhood (k,); ``flats`` and ``buildings`` are the rows of each neighbourhood."""
        return cls(
            flats=buildings.sum(b.flats),
            renovated=buildings.sum(b.flats * (b.renovated >= 0)),
            households=flats.sum(r.occupied),
            satisfaction=flats.sum(r.satisfaction * r.occupied),
            of_age=flats.sum((r.work != Work.RETIRED) & r.occupied),
            at_work=flats.sum(r.work == Work.EMPLOYED),
        )

    @classmethod
    def none(cls, neighbourhoods: int) -> Census:
        """Before the first closing: zeros (k,)."""
        zero: Floats = np.zeros(neighbourhoods)
        return cls(zero, zero, zero, zero, zero, zero)
