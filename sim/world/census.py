"""The census of the closing: who lives in each neighbourhood, who works, how content they are, what is renovated."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from sim.compiling import kernel, rows
from sim.sums import pairwise_group
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Groups, Ints
from sim.world.state import Buildings, Residents, Small


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
        found = cls.none(len(flats.counts))
        _count(
            found.households, found.satisfaction, found.of_age, found.at_work, r.occupied, r.work, r.satisfaction,
            flats.counts,
        )  # fmt: skip
        found.flats[:] = buildings.sum(b.flats)
        found.renovated[:] = buildings.sum(b.flats * (b.renovated >= 0))
        return found

    @classmethod
    def none(cls, neighbourhoods: int) -> Census:
        """Before the first closing: zeros (k,)."""
        return cls(*(np.zeros(neighbourhoods) for _ in fields(cls)))


@kernel
def _count(
    households: Floats,
    content: Floats,
    of_age: Floats,
    at_work: Floats,
    occupied: Bools,
    work: Small,
    satisfaction: Floats,
    counts: Ints,
) -> None:
    """The sums over people by neighbourhood (k,) each, of rows (n,)."""
    likes = np.empty(counts.max())
    start = 0
    for place in range(len(counts)):
        n = counts[place]
        # Slices count from their own start, so that the machine takes many rows at a time.
        lived_in, works, liked = occupied[start : start + n], work[start : start + n], satisfaction[start : start + n]
        # Counts in half the width, so that twice as many rows are taken at a time.
        here = old_enough = working = np.int32(0)
        for i in rows(0, n):
            here = np.int32(here + lived_in[i])
            old_enough = np.int32(old_enough + (lived_in[i] & (works[i] != Work.RETIRED)))
            working = np.int32(working + (works[i] == Work.EMPLOYED))
        for i in rows(0, n):
            likes[i] = liked[i] * lived_in[i]
        households[place], content[place] = here, pairwise_group(likes[:n])
        of_age[place], at_work[place] = old_enough, working
        start += n
