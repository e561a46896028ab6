"""Who is sent into the estates exists: the queue goes first, then the county at large, then others in their stead."""

from __future__ import annotations

import copy

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim import PRESETS, Region, RenewalModel, load_parameters
from sim.world.county_labour import CountyLabour

SKILLS = st.lists(st.integers(0, 300), min_size=4, max_size=4).map(lambda counts: np.array(counts, dtype=float))


@pytest.fixture(scope="module")
def pool(tiny_region: Region) -> CountyLabour:
    """A county's labour whose stocks the tests set."""
    return RenewalModel(tiny_region, PRESETS["siloed"], 1, years=1).world.pool


def stock(pool: CountyLabour, employed: np.ndarray, unemployed: np.ndarray) -> float:
    """Set people at large and in the queue, alike; returns how many there are."""
    pool.employed, pool.unemployed = np.stack([employed, employed / 2]), np.stack([unemployed, unemployed / 2])
    pool.came = pool.left = 0.0
    return float((pool.employed + pool.unemployed).sum())


@given(SKILLS, SKILLS, SKILLS, SKILLS)
def test_everybody_who_is_sent_is_taken_from_somewhere_and_nobody_is_fewer_than_none(
    pool: CountyLabour, employed: np.ndarray, unemployed: np.ndarray, working: np.ndarray, idle: np.ndarray
) -> None:
    before = stock(pool, employed, unemployed)
    assume(before >= working.sum() + idle.sum())
    pool.send(working, idle)
    after = float((pool.employed + pool.unemployed).sum())
    assert (pool.employed >= 0.0).all() and (pool.unemployed >= 0.0).all()
    assert pool.left == working.sum() + idle.sum()
    assert after == pytest.approx(before - pool.left)


def test_the_queue_comes_first_and_others_only_for_whom_it_lacks(pool: CountyLabour) -> None:
    ten, none = np.full(4, 10.0), np.zeros(4)
    stock(pool, ten, ten)  # five of each in the queue
    pool.send(np.array([3.0, 5.0, 8.0, 15.0]), none)
    assert pool.employed[1].tolist() == [2.0, 0.0, 0.0, 0.0]
    assert pool.employed[0].tolist() == [10.0, 10.0, 7.0, 0.0]
    assert pool.left == 31.0 and pool.unemployed[1].tolist() == [5.0] * 4


def test_where_nobody_of_a_schooling_is_left_others_go_in_their_stead(pool: CountyLabour) -> None:
    before = stock(pool, np.full(4, 10.0), np.full(4, 10.0))
    pool.send(np.array([0.0, 0.0, 0.0, 20.0]), np.zeros(4))
    assert pool.people == pytest.approx(before - 20.0) and pool.employed[:, 3].tolist() == [0.0, 0.0]
    assert (pool.unemployed[:, 3] < 10.0).all(), "those without work go, before anybody of another schooling"


@given(SKILLS, SKILLS, st.floats(-0.1, 0.3))
def test_nobody_loses_work_who_has_none(
    pool: CountyLabour, employed: np.ndarray, unemployed: np.ndarray, slack: float
) -> None:
    pool = copy.deepcopy(pool)
    before = stock(pool, employed, unemployed)
    pool.loss = np.full(4, 0.5)
    pool.close_quarter(0.0, slack, load_parameters().replace({"economy_losing": 50.0, "finding_most": 1.0}))
    assert (pool.employed >= 0.0).all() and (pool.unemployed >= 0.0).all() and pool.vacancies > 0.0
    assert float((pool.employed + pool.unemployed).sum()) == pytest.approx(before)
