"""The households of the start, wherever they live now."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel
from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Groups, Ints
from sim.world.state import Residents, Small

Shorts = NDArray[np.int16]


class Cohort:
    """The households of the start by their own id: whether they have left, and the leavers' work since.

    Arrays of length ``n``, the number of flats. Those who stay are rows of the residents; what this holds of them means
    nothing until they leave. ``lived`` is false of the ids of flats that started empty, which no household has.
    ``working`` is whether somebody worked in the quarter closed last, ``worked`` quarters of work since the start,
    apprenticeships among them, wherever they live. ``took_place`` says who of them has had a training place. ``cell``
    is their neighbourhood and kind at the start, ``of_age`` are those whose main earner was of working age then,
    ``people`` the same by cell; all three are fixed. ``counted`` are sums of the latest closing.
    """

    def __init__(self, lived: Bools, of_age: Bools) -> None:
        n = len(lived)
        self.lived, self.of_age = lived, of_age
        self.took_place: Bools = np.zeros(n, dtype=bool)
        self.away: Bools = np.zeros(n, dtype=bool)
        self.employed: Bools = np.zeros(n, dtype=bool)
        self.history: NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self.skill: NDArray[np.int8] = np.zeros(n, dtype=np.int8)
        self.born: Shorts = np.zeros(n, dtype=np.int16)
        self.working: Bools = np.zeros(n, dtype=bool)
        self.worked: Shorts = np.zeros(n, dtype=np.int16)
        self.cell: NDArray[np.int32] = np.zeros(n, dtype=np.int32)
        self.people: Ints = np.zeros(0, dtype=np.int64)
        self.counted = CohortCount(*np.zeros((len(CohortCount._fields), 0)))

    def settle(self, r: Residents, cell: Ints, cells: int) -> None:
        """Who they are, before the first quarter: the cell of each, one of so many."""
        self.cell[:] = cell
        self.people = np.bincount(cell[self.lived & (r.work != int(Work.RETIRED))], minlength=cells)

    def count_work(self, r: Residents, flats: Groups, retired_born: float) -> None:
        """A quarter is over: who of them works, here or elsewhere.

        flats : the rows of each neighbourhood. retired_born : quarter of birth from which leavers are not retired.
        """
        sums = np.zeros((len(CohortCount._fields), len(flats.counts)))
        _count_work(
            self.working, self.worked, sums, r.household, r.occupied, r.work, r.programme, self.away, self.employed,
            self.born, self.took_place, self.of_age, flats.counts, float(retired_born),
        )  # fmt: skip
        self.counted = CohortCount(*sums)


class CohortCount(NamedTuple):
    """Sums by the neighbourhood where they lived at the start (k,): households whose main earner is of working age now,
    of them those at work; quarters of work since the start, of all and of those who have had a training place; and how
    many were of working age at the start, and of them how many have had one."""

    force: Floats
    working: Floats
    worked: Floats
    worked_placed: Floats
    persons: Floats
    placed: Floats


@kernel
def _count_work(
    working: Bools,
    worked: Shorts,
    sums: Floats,
    household: Ints,
    occupied: Bools,
    work: Small,
    programme: Small,
    away: Bools,
    employed: Bools,
    born: Shorts,
    took_place: Bools,
    of_age: Bools,
    counts: Ints,
    retired_born: float,
) -> None:
    n = len(working)
    paid, force = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_)
    at_home, moved = np.empty(n, dtype=np.bool_), np.empty(n, dtype=np.bool_)
    # Ids of the start are rows: most live in the flat whose row is their id, or have left; few in another flat. Wide
    # columns by themselves, and then narrow ones, of which the machine takes many more rows at a time.
    for row in range(n):
        known = household[row]
        at_home[row] = (known == row) & occupied[row]
        moved[row] = (known != row) & (known >= 0) & (known < n) & occupied[row]
    latest = np.int16(np.floor(retired_born))
    for row in range(n):
        home, gone = at_home[row], away[row] & (born[row] > latest)
        works = (home & (work[row] == Work.EMPLOYED)) | (gone & employed[row])
        working[row] = works
        # Apprentices are trainees to the labour market, and paid for their work all the same.
        paid[row] = works | (home & (programme[row] == Programme.APPRENTICE))
        force[row] = (home & (work[row] != Work.RETIRED)) | gone
    for row in range(n):
        if moved[row]:
            known, works = household[row], work[row] == Work.EMPLOYED
            working[known] |= works
            paid[known] |= works | (programme[row] == Programme.APPRENTICE)
            force[known] |= work[row] != Work.RETIRED
    start = 0
    for place in range(len(counts)):
        stop = start + counts[place]
        # Slices count from their own start, so that the machine takes many rows at a time.
        of_force, at_work, new = force[start:stop], working[start:stop], paid[start:stop]
        quarters, old_enough, had = worked[start:stop], of_age[start:stop], took_place[start:stop]
        mine = works_now = 0
        for i in range(stop - start):
            mine += of_force[i]
            works_now += at_work[i]
        sums[0, place], sums[1, place] = mine, works_now
        total = of_placed = persons = placed = 0
        for i in range(stop - start):
            quarters[i] += new[i]
            total += quarters[i]
        for i in range(stop - start):
            both = had[i] & old_enough[i]
            persons += old_enough[i]
            placed += both
            of_placed += quarters[i] * both
        sums[2, place], sums[3, place], sums[4, place], sums[5, place] = total, of_placed, persons, placed
        start = stop
