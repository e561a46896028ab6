"""The households of the start, wherever they live now."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Bools, Ints
from sim.world.state import Residents


class Cohort:
    """The households of the start by their own id: whether they have left, and the leavers' work since.

    Arrays of length ``n``, the number of flats. Those who stay are rows of the residents; what this holds of them means
    nothing until they leave. ``lived`` is false of the ids of flats that started empty, which no household has.
    ``working`` is whether somebody worked in the quarter closed last, ``worked`` quarters of work since the start,
    apprenticeships among them, wherever they live. ``took_place`` says who of them has had a training place. ``cell``
    is their neighbourhood and kind at the start, ``of_age`` are those whose main earner was of working age then,
    ``people`` the same by cell; all three are fixed. ``at_home`` are those who lived at the latest closing where they
    did at the start, ``moved`` those in another flat of the region, ``new_flats`` the rows of these.
    """

    def __init__(self, lived: Bools, of_age: Bools) -> None:
        n = len(lived)
        self.lived, self.of_age = lived, of_age
        self.took_place: Bools = np.zeros(n, dtype=bool)
        self.away: Bools = np.zeros(n, dtype=bool)
        self.employed: Bools = np.zeros(n, dtype=bool)
        self.history: NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self.skill: NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self.born: NDArray[np.int16] = np.zeros(n, dtype=np.int16)
        self.working: Bools = np.zeros(n, dtype=bool)
        self.worked: NDArray[np.int16] = np.zeros(n, dtype=np.int16)
        self.cell: NDArray[np.int32] = np.zeros(n, dtype=np.int32)
        self.people: Ints = np.zeros(0, dtype=np.int64)
        self.ids: NDArray[np.int32] = np.arange(n, dtype=np.int32)
        self.at_home: Bools = np.ones(n, dtype=bool)
        self.new_flats = self.moved = np.zeros(0, dtype=np.int64)

    def settle(self, r: Residents, cell: Ints, cells: int) -> None:
        """Who they are, before the first quarter: the cell of each, one of so many."""
        self.cell[:] = cell
        self.people = np.bincount(cell[self.lived & (r.work != Work.RETIRED)], minlength=cells)

    def count_work(self, r: Residents, retired_born: float) -> None:
        """A quarter is over: who of them works, here or elsewhere.

        retired_born : quarter of birth from which leavers are not retired.
        """
        self._find(r)
        here = self.of((r.work == Work.EMPLOYED) & r.occupied)
        self.working = here | (self.away & self.employed & (self.born > retired_born))
        # Apprentices are trainees to the labour market, and paid for their work all the same.
        at_work = self.working | self.of((r.programme == Programme.APPRENTICE) & r.occupied)
        self.worked += at_work.astype(self.worked.dtype)  # of one kind: several times as fast

    def of(self, rows: Bools) -> Bools:
        """Which of them, by id, live in these flats (a mask of rows of residents), as of the quarter closed last."""
        here = rows & self.at_home
        here[self.moved] = rows[self.new_flats]
        return here

    def _find(self, r: Residents) -> None:
        """Where they live now: most in the flat whose row is their id, few in another flat of the region."""
        self.at_home = r.household == self.ids
        self.new_flats = np.flatnonzero((r.household < r.n) & ~self.at_home & r.occupied)
        self.moved = r.household[self.new_flats]
