"""Households between two homes: taken out of their flats, with all that is theirs."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.training import Programme
from sim.vocabulary import Away, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Residents, Small

# What stays where it is when a household moves; every other column goes along.
OF_THE_FLAT = ("building", "occupied", "rent", "upgraded", "away", "standard", "chosen", "rent_apart")
# What an empty flat no longer shows, and what is asked of all who leave; the rest of a household is copied if it moves.
_KEPT = ("household", "work", "skill", "born", "programme", "builder", "wish", "income", "history")


class Leavers:
    """Households that move out this quarter: the rows that they leave, and whether renovation drives them away; arrays
    (rows,)."""

    def __init__(self, r: Residents, rows: Ints, caused: Bools) -> None:
        self.rows, self.caused = rows, caused
        self._kept: dict[str, NDArray[Any]] = {name: getattr(r, name)[rows] for name in _KEPT}
        r.occupied[rows] = False
        r.away[rows] = Away.HOME
        r.work[rows] = Work.OUT_OF_WORK
        r.programme[rows], r.builder[rows] = Programme.NONE, -1

    def __len__(self) -> int:
        return len(self.rows)

    def of(self, name: str) -> NDArray[Any]:
        """One of the columns that are asked of all who leave, by its name among those of residents (rows,)."""
        return self._kept[name]

    def move_in(self, r: Residents, which: Ints, flats: Ints, quarter: int) -> None:
        """Some of them (places among these) move into these flats (rows of residents), one each, before anybody else
        does."""
        left = self.rows[which]
        # A flat may be another leaver's: of each column, all is read before anything is written.
        for name in r.fields:
            if name not in OF_THE_FLAT:
                values = getattr(r, name)
                values[flats] = self._kept[name][which] if name in self._kept else values[left]
        r.occupied[flats], r.since[flats] = True, quarter
        r.burden[flats] *= r.rent[flats] / np.maximum(r.rent[left], 1e-9)


class Settled(NamedTuple):
    """Where all who left in a quarter went, in their order; arrays (rows,).

    origin : neighbourhood that is left. goes : neighbourhood of the region (k), or k + the kind of place elsewhere.
    here, there : mean income of households in the neighbourhood that is left and where they go, SEK/month. km : between
    the two. renovated : out of a building under renovation or just renovated. standard : of that building.
    """

    origin: Ints
    goes: Ints
    here: Floats
    there: Floats
    km: Floats
    renovated: Bools
    standard: Small
