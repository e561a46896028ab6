"""Candidates for training places: the loop over residents finds whom the columns describe."""

from __future__ import annotations

import numpy as np
import pytest

from sim.randomness import Decision
from sim.rules.training import may_take
from sim.vocabulary import Work
from sim.world.candidates import by_municipality, candidates, seeking

from ...conftest import Make


@pytest.mark.parametrize("quarters", [0, 9])
def test_candidates_are_those_who_look_for_work_and_may_take_a_place(make: Make, quarters: int) -> None:
    model = make("regional", years=3)
    for _ in range(quarters):
        model.step()
    world, r = model.world, model.world.residents
    rows = seeking(world)
    u = world.draws.at(Decision.SUITABLE, 0, r.household[rows])[:, 0]
    expected = rows[may_take(u, world.quarter - r.placed[rows], world.p)]
    found = candidates(world)
    assert len(found) and np.array_equal(found, expected)
    everywhere = by_municipality(world)
    assert everywhere.tolist() == np.bincount(world.municipality_of[found], minlength=len(everywhere)).tolist()
    some = np.arange(len(everywhere)) % 2 == 0
    assert by_municipality(world, some).tolist() == (everywhere * some).tolist()


def test_where_everybody_works_there_is_no_candidate(make: Make) -> None:
    world = make("siloed", years=1).world
    world.residents.work[:] = Work.EMPLOYED
    assert len(candidates(world)) == 0 and not by_municipality(world).any()
