"""What calm follows at the start of a run, and how worn places are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules.calm import Conditions, near, worn_part
from sim.rules.moving import household_rate, insecurity_push, success_pull
from sim.vocabulary import Skill, Work
from sim.world.calm import Calm
from sim.world.census import Census
from sim.world.columns import Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def calm_at_start(world: World, leaving: Floats) -> Calm:
    """The start's conditions, against which calm moves; turnover is what its households may be expected to do.

    leaving : as ``leaving_rate`` gives.
    """
    seeds, flats, p = world.region.neighbourhoods, world.flats_by_neighbourhood, world.p
    counted = Census.of(world.residents, world.buildings, flats, world.in_neighbourhood)
    at_work = seeds.employment.copy()
    np.divide(counted.at_work, counted.of_age, out=at_work, where=counted.of_age > 0.0)
    turnover = np.full(len(seeds), p.move_base)
    moves = 4.0 * flats.sum(leaving * world.residents.occupied)
    np.divide(moves, counted.households, out=turnover, where=counted.households > 0.0)
    empty = 1.0 - counted.households / counted.flats
    usual = Conditions(1.0 - at_work, turnover, empty, worn(world))
    return Calm(usual, near(seeds.tiles_apart, seeds.municipality_index, seeds.flats, p))


def leaving_rate(world: World) -> Floats:
    """The chance a quarter that each household leaves, works apart (n,)."""
    r, p, places = world.residents, world.p, world.neighbourhoods
    pull, push = success_pull(places.reputation, p), insecurity_push(places.calm, p)
    found, flats = np.empty(r.n), world.flats_by_neighbourhood.counts
    _leaving(found, r.burden, r.satisfaction, r.work, r.skill, r.born, flats, pull, push, world.quarter, p.numbers)
    return found


@kernel
def _leaving(
    found: Floats, burden: Floats, satisfaction: Floats, work: Small, skill: Small, born: Ints, flats: Ints,
    pull: Floats, push: Floats, quarter: int, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """Those chances (n,). pull, push : what success and insecurity add in each place (k,)."""
    p, start = own(numbers), 0
    for place in range(len(flats)):
        for row in rows(start, start + flats[place]):
            gets_on = (work[row] == Work.EMPLOYED) & (skill[row] >= Skill.MIDDLE)
            more = pull[place] * gets_on + push[place]
            young = p.move_young if (quarter - born[row]) / 4.0 < p.young_age else 1.0
            found[row] = p.move_base / 4.0 * young * household_rate(burden[row], satisfaction[row], more, p)
        start += flats[place]


def worn(world: World) -> Floats:
    """Condition missing below the repair threshold, share of it, mean over each place's flats (k,)."""
    b, groups = world.buildings, world.in_neighbourhood
    return np.asarray(groups.sum(worn_part(b.condition, world.p) * b.flats) / groups.sum(b.flats))
