"""What households that look for a home know of places: how far they are, and how well off their people."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel, rows
from sim.inputs.parameters import Parameters
from sim.inputs.region_tables import Neighbourhoods
from sim.rules.destinations import income_elsewhere, km_apart, nearness, rent_elsewhere
from sim.sums import pairwise_group
from sim.world.columns import Bools, Floats, Groups, Ints

CLASSES = 16  # of incomes, as many households in each at the start: fine enough that a finer grain changes nothing seen


class Around:
    """Places of a region (k) and kinds of places elsewhere (e), with what is known of them.

    ``km`` and ``near`` are kilometres and what is left of a place's draw over them (k, k + e); ``incomes`` mean
    disposable incomes as counted at the beginning of the year, SEK/month (k + e,). ``edges`` and ``typical`` are limits
    and means of classes of incomes, SEK/month at the pay of 2011 (c - 1,), (c,).
    """

    def __init__(self, places: Neighbourhoods, incomes: Floats, rent: float, p: Parameters) -> None:
        """incomes : of the start's households, SEK/month (rows,). rent : mean without renovation, SEK/month."""
        self.km = km_apart(places.tiles_apart, places.municipality_index, p)
        self.near = nearness(self.km, p)
        self.k = len(places)
        self.edges: Floats = np.quantile(incomes, np.arange(1, CLASSES) / CLASSES)
        which = self.class_of(incomes)
        counts = np.bincount(which, minlength=CLASSES)
        mean = float(incomes.mean())
        sums = np.bincount(which, incomes, minlength=CLASSES)
        self.typical: Floats = np.where(counts > 0, sums / np.maximum(counts, 1), mean)
        self._elsewhere = mean * income_elsewhere(p)
        self.rents = rent * rent_elsewhere(p)  # elsewhere, SEK/month at the rents of 2011 (e,)
        self.incomes: Floats = np.concatenate([np.full(self.k, mean), self._elsewhere])

    def class_of(self, incomes: Floats) -> Ints:
        """Class of each income, SEK/month at the pay of 2011 (rows,)."""
        return np.asarray(np.searchsorted(self.edges, incomes, side="right"))

    def count(self, incomes: Floats, occupied: Bools, flats: Groups, pay_level: float) -> None:
        """A year begins: mean incomes of those who live in each neighbourhood, SEK/month; incomes elsewhere have grown
        with pay. incomes, occupied : of all flats (n,); flats : of each neighbourhood."""
        sums, people = np.empty(self.k), np.empty(self.k)
        _count(sums, people, incomes, occupied, flats.counts)
        mean = sums / np.maximum(people, 1.0)
        # Of a place where nobody lives, people remember who did.
        self.incomes[: self.k] = np.where(people > 0.0, mean, self.incomes[: self.k])
        self.incomes[self.k :] = self._elsewhere * pay_level


@kernel
def _count(sums: Floats, people: Floats, incomes: Floats, occupied: Bools, flats: Ints) -> None:
    """Incomes of those who live in each neighbourhood, added up, and their number (k,)."""
    here, end = np.empty(flats.max()), 0
    for k in range(len(flats)):
        n, first, end = flats[k], end, end + flats[k]
        theirs, lived_in, some = incomes[first:end], occupied[first:end], 0
        for i in rows(0, n):
            here[i] = theirs[i] * lived_in[i]
            some += lived_in[i]
        sums[k], people[k] = pairwise_group(here[:n]), some
