"""Choosing who gets a training place: the loop finds the best of each firm's towns, as sorting everybody would."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.phases.applicants import best
from sim.randomness import Decision
from sim.rules.training import preference
from sim.vocabulary import Skill
from sim.world.candidates import candidates, seeking
from sim.world.state import NATIVE

from ..conftest import Make


@pytest.mark.parametrize("rule", ["nearest", "newcomers", "longest"])
def test_each_firm_gets_the_best_of_its_towns_that_earlier_firms_left(make: Make, rule: str) -> None:
    world = make("regional", years=3).world
    world.levers = world.levers.model_copy(update={"places_go_to": rule})
    r, p, rows, towns = world.residents, world.p, candidates(world), len(world.municipalities)
    random = np.random.default_rng(1)
    wanted, theirs = np.array([7, 0, 40, 3, len(rows)]), random.random((5, towns)) < 0.4
    theirs[0] = True
    found, whose = best(world, rows, wanted, theirs)
    weights = {"nearest": [p.creaming, 0, 0], "newcomers": [0, p.places_by_rule, 0]}.get(rule, [0, 0, p.places_by_rule])
    new, schooled = ~r.ever_worked[rows] & (r.arrival[rows] > NATIVE), r.skill[rows] > Skill.LOW
    person: Any = (r.history[rows], schooled, r.health[rows], new, r.spell[rows])
    error = world.draws.gumbel(Decision.SELECTION, world.quarter, r.household[rows], 1)[:, 0]
    score, left = error + preference(*person, np.array(weights, dtype=float), p), np.ones(len(rows), dtype=bool)
    for firm, places in enumerate(wanted):
        mine = np.flatnonzero(left & theirs[firm, world.municipality_of[rows]])
        first = np.sort(mine[np.argsort(-score[mine])][:places])
        assert found[whose == firm].tolist() == rows[first].tolist(), "in order of rows"
        left[first] = False
    assert np.all(np.diff(whose) >= 0)


def test_nobody_is_chosen_where_nobody_is_there_or_nothing_is_wanted(make: Make) -> None:
    world = make("regional", years=1).world
    towns = np.ones((2, len(world.municipalities)), dtype=bool)
    none = np.zeros(0, dtype=np.int64)
    assert len(best(world, none, np.array([3, 1]), towns)[0]) == 0
    assert len(best(world, candidates(world), np.array([0, 0]), towns)[0]) == 0


def test_those_among_the_seekers_are_the_same_people_in_some_towns(make: Make) -> None:
    world = make("regional", years=1).world
    some = np.arange(len(world.municipalities)) % 2 == 0
    everybody = candidates(world)
    expected = everybody[some[world.municipality_of[everybody]]]
    assert candidates(world, np.arange(world.residents.n), some).tolist() == expected.tolist()
    assert seeking(world, seeking(world)).tolist() == seeking(world).tolist()
