"""The record of work: which households of 2011 have somebody at work in which quarter, wherever they live by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Ints

if TYPE_CHECKING:
    from sim.world.world import World

Bits = NDArray[np.uint8]


class WorkRecord:
    """A bit for each household of 2011 and quarter: main earner at work, apprentices among them.

    ``packed`` : (quarters, bytes), as numpy.packbits packs rows.
    """

    def __init__(self, quarters: int, households: int) -> None:
        self.households = households
        self.packed: Bits = np.zeros((quarters, -(-households // 8)), dtype=np.uint8)

    def note(self, world: World) -> None:
        """A quarter is over: households in their flats and, of those that have left, what the county knows of them."""
        r, c = world.residents, world.cohort
        # Whoever has left and grown old works no longer, whatever was known last.
        at_work = c.employed & (c.born > world.quarter - world.elsewhere.working)
        here = r.occupied & (r.household < self.households)
        working = (r.work == Work.EMPLOYED) | (r.programme == Programme.APPRENTICE)
        at_work[r.household[here]] = working[here]
        self.packed[world.quarter] = np.packbits(at_work)

    def spells(self) -> pd.DataFrame:
        """One row a spell of work: household, its first quarter, and the first one after it."""
        worked = np.unpackbits(self.packed, axis=1, count=self.households).astype(np.int8)
        nobody = np.zeros((1, self.households), np.int8)
        turns = np.diff(np.concatenate([nobody, worked, nobody]), axis=0)
        household, began = np.nonzero(turns.T > 0)
        ended = np.nonzero(turns.T < 0)[1]  # as many, in the same order
        return pd.DataFrame({"household": household, "from_quarter": began, "to_quarter": ended})


def packed_work(household: Ints, began: Ints, ended: Ints, quarters: int, households: int) -> Bits:
    """Spells of work as bits again: (quarters, bytes)."""
    turns = np.zeros((quarters + 1, households), dtype=np.int16)
    np.add.at(turns, (began, household), 1)
    np.add.at(turns, (ended, household), -1)
    return np.packbits(np.cumsum(turns[:-1], axis=0).astype(bool), axis=1)
