"""Firms in columns: a builder is a row of them."""

from __future__ import annotations

import numpy as np

from sim import load_parameters
from sim.rules.workforce import recruits, staying

from ...conftest import Make

P = load_parameters()


def test_a_builder_and_its_row_among_all_firms_are_the_same(make: Make) -> None:
    world = make("siloed", years=1).world
    firm, firms = world.builders[2], world.firms
    firm.busy = 1.5
    firms.workers[2] = 7.0
    firm.experience[3] += 2.0
    assert firms.busy[2] == 1.5 and firm.workers == 7.0 and firms.experience[2, 3] == 2.0
    assert firms.busy.sum() == 1.5 and firms.experience.sum() == 2.0 and not firms.taught.any()
    assert len(firms) == len(world.builders)
    assert [x.municipality for x in world.builders] == firms.municipality.tolist()
    assert [x.size == "small" for x in world.builders] == firms.small.tolist()


def test_firms_recruit_what_they_see_work_for_and_no_faster_than_a_market_with_idle_hands_allows() -> None:
    workers = np.array([100.0, 100.0, 10.0])
    visible, start = np.array([0.0, 100.0, 0.0]), np.full(3, 100.0)
    stay = staying(workers, P.shortage_start, P)
    new = recruits(workers, stay, start, visible, P.shortage_start, P)
    fastest = P.hire_speed * workers * (1.0 - P.shortage_start)
    assert np.all(stay < workers) and np.all(new >= 0.0) and np.all(new <= fastest)
    assert new[1] >= new[0] and new[2] == fastest[2]
    assert not recruits(workers, stay, start, visible, 1.0, P).any(), "where nobody is free, nobody is found"
    assert np.all(staying(workers, 1.0, P) < stay)
