"""What a quarter's recording counts of households, in one passage over all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiling import kernel
from sim.rules.training import Programme
from sim.sums import pairwise_group
from sim.vocabulary import Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


class People(NamedTuple):
    """Sums by neighbourhood, (k,) each. rent : of all flats, SEK/month. burden, health : over households, the burden at
    most 1. voids : rent of the quarter that empty flats do not bring, SEK. upgraded : flats. second_earners :
    households. programme_jobs, apprentices : persons."""

    rent: Floats
    burden: Floats
    health: Floats
    voids: Floats
    upgraded: Floats
    second_earners: Floats
    programme_jobs: Floats
    apprentices: Floats


def count_people(world: World) -> People:
    """Of the quarter that has just been closed."""
    r, flats = world.residents, world.flats_by_neighbourhood
    found = np.zeros((len(People._fields), len(flats.counts)))
    _count(
        found, r.occupied, r.rent, r.burden, r.health, r.upgraded, r.other_income, r.programme, r.work, flats.counts
    )  # fmt: skip
    return People(*found)


@kernel
def _count(
    found: Floats,
    occupied: Bools,
    rent: Floats,
    burden: Floats,
    health: Floats,
    upgraded: Bools,
    other_income: Floats,
    programme: Small,
    work: Small,
    counts: Ints,
) -> None:
    longest = counts.max()
    burdens, healths = np.empty(longest), np.empty(longest)
    start = 0
    for place in range(len(counts)):
        n = counts[place]
        stop = start + n
        # Slices count from their own start, so that the machine takes many rows at a time.
        lived_in, month = occupied[start:stop], rent[start:stop]
        strain, well = burden[start:stop], health[start:stop]
        for i in range(n):
            burdens[i] = min(strain[i], 1.0) * lived_in[i]
            healths[i] = well[i] * lived_in[i]
        found[0, place] = pairwise_group(month)
        found[1, place] = pairwise_group(burdens[:n])
        found[2, place] = pairwise_group(healths[:n])
        for i in range(n):
            if not lived_in[i]:
                found[3, place] += 3.0 * month[i]
        renewed, second = upgraded[start:stop], other_income[start:stop]
        flats = earners = 0
        for i in range(n):
            flats += renewed[i]
            earners += lived_in[i] & (second[i] > 0.0)
        found[4, place], found[5, place] = flats, earners
        way, works = programme[start:stop], work[start:stop]
        jobs = apprentices = 0
        for i in range(n):
            apprentice = way[i] == Programme.APPRENTICE
            jobs += (way[i] >= Programme.HIRE) & (apprentice | (works[i] == Work.EMPLOYED))
            apprentices += apprentice
        found[6, place], found[7, place] = jobs, apprentices
        start = stop
