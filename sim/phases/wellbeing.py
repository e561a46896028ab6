"""How life feels, within phase 7: satisfaction and health move toward what home, work and burden set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.compiling import kernel, own, rows
from sim.rules.inside import done_inside
from sim.rules.wellbeing import (
    burden_loss,
    disturbance,
    health_care_cost,
    health_level,
    home_health,
    home_satisfaction,
    ties,
    within,
)
from sim.vocabulary import Work
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def feel(world: World) -> None:
    """A quarter of satisfaction and health; what ill health costs goes into the books."""
    r, b, p = world.residents, world.buildings, world.p
    place = world.base_satisfaction + p.satisfaction_calm * world.neighbourhoods.calm
    inside = done_inside(p)[b.works]
    households = (r.burden, r.since, r.work, r.size, r.occupied, r.satisfaction, r.health)
    buildings = (b.site, inside, b.comfort, b.comfort_start, b.voice, b.condition, b.flats)
    care = np.empty(r.n)
    _feel(*households, *buildings, b.neighbourhood, place, care, world.quarter, p.numbers)
    b.voice *= 1.0 - p.voice_fades / 4.0
    # As many persons as the household's size says, until all are added up.
    cost = world.flats_by_neighbourhood.sum(care)
    world.books.pay_at(Flow.HEALTH_CARE, cost * p.persons_per_size / 4.0)


@kernel
def _feel(
    burden: Floats,
    since: Ints,
    work: Small,
    size: Small,
    occupied: Bools,
    satisfaction: Floats,
    health: Floats,
    site: Small,
    inside: Floats,
    comfort: Floats,
    comfort_start: Floats,
    voice: Floats,
    condition: Floats,
    flats: Ints,
    neighbourhood: Ints,
    place: Floats,
    care: Floats,
    quarter: int,
    numbers: NDArray[np.void],
) -> None:
    """One passage over all flats, building by building, as they are sorted.

    inside : how far the works that go on disturb against typical ones (b,). place : what a neighbourhood does to
    satisfaction, points (k,). care : to be filled with what health care costs, SEK a year and person of the size (n,).
    """
    p = own(numbers)
    end = 0
    for b in range(len(flats)):
        disturbed, gain = disturbance(site[b], inside[b], p), comfort[b] - comfort_start[b]
        home = home_satisfaction(gain, disturbed, voice[b], condition[b], p) + place[neighbourhood[b]]
        dwelling = home_health(gain, disturbed, p)
        first, end = end, end + flats[b]
        for row in rows(first, end):
            level = home - burden_loss(burden[row], p) + ties(quarter - since[row], p)
            satisfaction[row] = within(satisfaction[row] + p.satisfaction_speed * (level - satisfaction[row]))
            employed = (work[row] == Work.EMPLOYED) | (work[row] == Work.TRAINEE)
            health[row] += p.health_speed * (health_level(employed, dwelling, burden[row], p) - health[row])
            care[row] = health_care_cost(health[row], size[row] * occupied[row], p)
