"""What a quarter's recording counts of buildings, in one passage over all of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiling import kernel
from sim.sums import pairwise_group
from sim.vocabulary import Away, EnergyLevel, Standard
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


class Stock(NamedTuple):
    """Sums by neighbourhood (k,). condition : of all flats. area : m2. heat : kWh a year. need, municipal : flats in
    buildings that are due, and in those of the housing company. standards, energy : flats by Standard (mini, midi,
    maxi) and by EnergyLevel of their latest renovation since the start, (3, k) each. rehoused : households that live
    elsewhere while their building is emptied."""

    condition: Floats
    area: Floats
    heat: Floats
    need: Floats
    municipal: Floats
    rehoused: Floats
    standards: Floats
    energy: Floats


def count_stock(world: World) -> Stock:
    """Of the quarter that has just been closed."""
    b, r, groups = world.buildings, world.residents, world.in_neighbourhood
    sums, standards, energy = (np.zeros((n, len(groups.counts))) for n in (6, len(Standard), len(EnergyLevel)))
    _count(
        sums, standards, energy, b.flats, b.area, b.condition, b.energy, b.owner, b.renovated, b.standard,
        b.energy_level, b.mixed, b.emptied, r.standard, r.away, groups.counts, len(world.municipalities),
        world.p.due_condition,
    )  # fmt: skip
    condition, area, heat, need, municipal, rehoused = sums
    return Stock(condition, area, heat, need, municipal, rehoused, standards[Standard.MINI :], energy)


@kernel
def _count(
    sums: Floats,
    standards: Floats,
    levels: Floats,
    flats: Ints,
    area: Floats,
    condition: Floats,
    energy: Floats,
    owner: Ints,
    renovated: Ints,
    standard: Small,
    energy_level: Small,
    mixed: Bools,
    emptied: Bools,
    of_flat: Small,
    away: Small,
    counts: Ints,
    companies: int,
    due: float,
) -> None:
    longest = counts.max()
    state, space, heat = np.empty(longest), np.empty(longest), np.empty(longest)
    b = first_flat = 0
    for place in range(len(counts)):
        n = counts[place]
        for i in range(n):
            state[i] = flats[b] * condition[b]
            space[i] = flats[b] * area[b]
            heat[i] = energy[b] * space[i]
            if condition[b] < due:
                sums[3, place] += flats[b]
            if owner[b] < companies:
                sums[4, place] += flats[b]
            if mixed[b]:  # each flat by what its tenants chose
                for flat in range(first_flat, first_flat + flats[b]):
                    standards[of_flat[flat], place] += 1.0
            else:
                standards[standard[b], place] += flats[b]
            if renovated[b] >= 0:
                levels[energy_level[b], place] += flats[b]
            if emptied[b]:
                for flat in range(first_flat, first_flat + flats[b]):
                    sums[5, place] += away[flat] != Away.HOME
            first_flat += flats[b]
            b += 1
        sums[0, place] = pairwise_group(state[:n])
        sums[1, place], sums[2, place] = pairwise_group(space[:n]), pairwise_group(heat[:n])
