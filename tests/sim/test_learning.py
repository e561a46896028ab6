"""What partners see of health at the year's end, building by building."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import load_parameters
from sim.phases.planning.learning import count_care
from sim.rules.wellbeing import health_care_cost
from sim.world.columns import Groups

P = load_parameters()


@given(st.integers(0, 10_000), st.lists(st.integers(1, 300), min_size=1, max_size=8))
def test_care_and_persons_of_buildings_are_the_sums_of_their_flats_to_the_last_bit(seed: int, flats: list[int]) -> None:
    rng, building = np.random.default_rng(seed), Groups.of(np.array(flats))
    n = sum(flats)
    health, size, occupied = rng.random(n), rng.integers(1, 5, n).astype(np.int8), rng.random(n) < rng.random()
    care, persons = np.empty(len(flats)), np.empty(len(flats))
    count_care(care, persons, health, size, occupied, building.starts, building.counts, P.numbers)
    there = P.persons_per_size * size
    assert care.tolist() == building.sum(health_care_cost(health, there, P) * occupied).tolist()
    assert persons.tolist() == building.sum(there * occupied).tolist()
