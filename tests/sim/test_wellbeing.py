"""Satisfaction and health: a passage over all flats does what its rules say of a column."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases.wellbeing import feel
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
from sim.vocabulary import Site, Work
from sim.world.books import Flow
from sim.world.world import World

Make = Callable[..., RenewalModel]


def disorder(world: World, seed: int) -> None:
    """Homes and households of all kinds, such as no run would bring together."""
    r, b, rng = world.residents, world.buildings, np.random.default_rng(seed)
    b.site[:], b.works[:] = rng.choice(list(Site), b.n), rng.integers(0, 9, b.n)
    b.voice[:], b.condition[:], b.comfort[:] = rng.random((3, b.n))
    r.burden[:], r.satisfaction[:], r.health[:] = rng.random((3, r.n)) * [[3.0], [1.0], [1.0]]
    r.work[:], r.size[:], r.occupied[:] = rng.choice(list(Work), r.n), rng.integers(1, 5, r.n), rng.random(r.n) < 0.9
    r.since[:] = world.quarter - rng.integers(0, 100, r.n)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("changes", [{}, {"health_dwelling": 0.05, "burden_ordinary": 0.9, "satisfaction_speed": 1.0}])
def test_a_quarter_of_life_is_what_the_rules_say_of_each_household(
    make: Make, seed: int, changes: dict[str, float]
) -> None:
    world = make(parameters=changes).world
    disorder(world, seed)
    r, b, p, spread = world.residents, world.buildings, world.p, world.in_building.spread
    disturbed = disturbance(b.site, done_inside(p)[b.works], p)
    gain = b.comfort - b.comfort_start
    place = world.base_satisfaction + p.satisfaction_calm * world.neighbourhoods.calm
    home = spread(home_satisfaction(gain, disturbed, b.voice, b.condition, p) + place[b.neighbourhood])
    level = home - burden_loss(r.burden, p) + ties(world.quarter - r.since, p)
    satisfaction = within(r.satisfaction + p.satisfaction_speed * (level - r.satisfaction))
    employed = (r.work == Work.EMPLOYED) | (r.work == Work.TRAINEE)
    target = health_level(employed, spread(home_health(gain, disturbed, p)), r.burden, p)
    health = r.health + p.health_speed * (target - r.health)
    care = world.flats_by_neighbourhood.sum(health_care_cost(health, r.size * r.occupied, p))
    feel(world)
    assert r.satisfaction.tobytes() == satisfaction.tobytes() and r.health.tobytes() == health.tobytes()
    assert world.books.at[world.quarter, Flow.HEALTH_CARE.row].tolist() == (care * p.persons_per_size / 4.0).tolist()


def test_nobody_where_no_flat_is_occupied_costs_health_care(make: Make) -> None:
    world = make().world
    world.residents.occupied[:] = False
    feel(world)
    assert not world.books.of(Flow.HEALTH_CARE).any()
