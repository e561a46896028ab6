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
from sim.sums import pairwise_group
from sim.vocabulary import Work
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.world import World


def feel(world: World) -> None:
    """A quarter of satisfaction and health; what ill health costs goes into the books."""
    r, b, p = world.residents, world.buildings, world.p
    place = world.base_satisfaction + p.satisfaction_calm * world.neighbourhoods.calm
    cost = np.empty(len(place))
    households = (r.burden, r.since, r.work, r.size, r.occupied, r.satisfaction, r.health)
    buildings = (b.site, b.works, b.comfort, b.comfort_start, b.voice, b.condition, b.flats)
    places = (world.flats_by_neighbourhood.counts, place, cost)
    _feel(*households, *buildings, *places, done_inside(p), world.quarter, p.numbers)
    b.voice *= 1.0 - p.voice_fades / 4.0
    # As many persons as the household's size says, until all are added up.
    world.books.pay_at(Flow.HEALTH_CARE, cost * p.persons_per_size / 4.0)


@kernel
def _feel(
    burden: Floats, since: Ints, work: Small, size: Small, occupied: Bools, satisfaction: Floats, health: Floats,
    site: Small, works: Small, comfort: Floats, comfort_start: Floats, voice: Floats, condition: Floats, flats: Ints,
    places: Ints, place: Floats, cost: Floats, inside: Floats, quarter: int, numbers: NDArray[np.void],
) -> None:  # fmt: skip
    """One passage over all flats, neighbourhood by neighbourhood.

    flats, places : of each building (b,) and neighbourhood (k,). place : what a neighbourhood does to satisfaction,
    points (k,). cost : to be filled with what health care costs, SEK a year and person of the size (k,). inside : how
    far works of each option disturb against typical ones (9,).
    """
    p, most = own(numbers), places.max()
    home, dwelling, care = np.empty(most), np.empty(most), np.empty(most)
    end = b = 0
    for k in range(len(places)):
        # Slices count from their own start, so that the machine takes many rows at a time.
        n, first, end, done = places[k], end, end + places[k], 0
        load, came, does, persons = burden[first:end], since[first:end], work[first:end], size[first:end]
        here, content, well = occupied[first:end], satisfaction[first:end], health[first:end]
        # What the building does, to each of its flats.
        while done < n:
            disturbed, gain = disturbance(site[b], inside[works[b]], p), comfort[b] - comfort_start[b]
            home[done : done + flats[b]] = home_satisfaction(gain, disturbed, voice[b], condition[b], p) + place[k]
            dwelling[done : done + flats[b]] = home_health(gain, disturbed, p)
            done += flats[b]
            b += 1
        for i in rows(0, n):
            level = home[i] - burden_loss(load[i], p) + ties(quarter - came[i], p)
            content[i] = within(content[i] + p.satisfaction_speed * (level - content[i]))
            employed = (does[i] == Work.EMPLOYED) | (does[i] == Work.TRAINEE)
            well[i] += p.health_speed * (health_level(employed, dwelling[i], load[i], p) - well[i])
            care[i] = health_care_cost(well[i], persons[i] * here[i], p)
        cost[k] = pairwise_group(care[:n])
