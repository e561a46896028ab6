"""What society's account counts of homes, in one passage over all flats (``sim/world/homes.py``)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules.homes import worn_in_wishes, worth_of_standards
from sim.sums import pairwise, pairwise_above, pairwise_group
from sim.vocabulary import Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


class HomeCounts(NamedTuple):
    """Wishes for an intermediate standard, SEK/month at the pay of 2011, summed over those who live in each building
    (b,): wishes, and wishes times what the standard of their flat is worth. above : what they wish for beyond the
    marginal household, summed over all. better, empty : flats lived in of more than basic standard, and flats in which
    nobody lives. plain_empty : the plain rent of these, SEK/month. worn : what worn buildings cost those who live
    there, in wishes."""

    wishes: Floats
    worth: Floats
    above: float
    better: int
    empty: int
    plain_empty: float
    worn: float


def count_homes(world: World) -> HomeCounts:
    """At the wishes of those who live there, or all at the marginal one, by the lever ``home_worth_of``."""
    r, b = world.residents, world.buildings
    wishes, worth = np.zeros((2, b.n))
    at_the_margin = world.levers.home_worth_of == "marginal"
    above, better, empty, plain_empty, worn = _count(
        wishes, worth, r.occupied, r.wish, r.standard, r.upgraded, world.plain_rent, b.flats, b.standard, b.mixed,
        b.condition, worth_of_standards(world.p), float(world.wishes.marginal), at_the_margin, world.p.numbers,
    )  # fmt: skip
    return HomeCounts(wishes, worth, above, better, empty, plain_empty, worn)


@kernel
def _count(
    wishes: Floats,
    worth: Floats,
    occupied: Bools,
    wish: Floats,
    standard: Small,
    upgraded: Bools,
    plain_rent: Floats,
    flats: Ints,
    standards: Small,
    mixed: Bools,
    condition: Floats,
    worth_of: Floats,
    marginal: float,
    at_the_margin: bool,
    numbers: NDArray[np.void],
) -> tuple[float, int, int, float, float]:
    p = own(numbers)
    single, worn = p.home_worth_single, np.empty(len(flats))
    better = empty = start = found = 0
    for row in rows(0, len(occupied)):
        better += (upgraded[row] | (standard[row] > Standard.MINI)) & occupied[row]
        empty += not occupied[row]
    # Few flats are empty: theirs are added up apart, to be taken off.
    above_empty, plain_empty, here = np.empty(empty), np.empty(empty), np.empty(flats.max())
    for building in range(len(flats)):
        n = flats[building]
        stop = start + n
        # Slices count from their own start, so that the machine takes many rows at a time.
        lived_in, theirs, renewed = occupied[start:stop], wish[start:stop], upgraded[start:stop]
        left = some_renewed = 0
        for i in rows(0, n):
            some_renewed += renewed[i]
            left += not lived_in[i]
        if left or at_the_margin:
            for i in rows(0, n):
                here[i] = (marginal if at_the_margin else theirs[i]) * lived_in[i]
            for i in rows(0, n):
                if not lived_in[i]:
                    above_empty[found] = max(theirs[i] - marginal, 0.0)
                    plain_empty[found] = plain_rent[start + i]
                    found += 1
            theirs = here[:n]
        wishes[building] = pairwise_group(theirs)
        usual, more = worth_of[standards[building]], 0.0
        # Few flats are not as their building is: what they are worth more is added.
        if some_renewed:
            for i in rows(0, n):
                more += (single - usual) * theirs[i] * renewed[i]
        if mixed[building]:
            got = standard[start:stop]
            for i in rows(0, n):
                more += ((single if renewed[i] else worth_of[got[i]]) - usual) * theirs[i]
        worth[building] = usual * wishes[building] + more
        worn[building] = worn_in_wishes(condition[building], p) * wishes[building]
        start = stop
    above = pairwise_above(wish, marginal) - pairwise(above_empty)
    return above, better, empty, 0.0 + pairwise(plain_empty), pairwise(worn)
