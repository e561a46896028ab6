"""Work: a passage over everybody does what the rules say of a column, with each row's own draw."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim import RenewalModel
from sim.phases import second_earners, work
from sim.randomness import Decision
from sim.rules.employment import age_factor, cell_weights, health_factor, losing, newcomer_factor, openings_left
from sim.rules.history import lengthened, longest
from sim.rules.second_earners import year_of_second_earners
from sim.rules.training import Programme, exposed
from sim.vocabulary import Skill, Work
from sim.world.candidates import seeking
from sim.world.seekers import job_seekers, losers_and_seekers
from sim.world.state import NATIVE
from sim.world.world import World

Make = Callable[..., RenewalModel]
SEEDS = pytest.mark.parametrize("seed", range(3))


def disorder(world: World, seed: int) -> None:
    """People of all kinds, such as no run would bring together."""
    r, c, rng = world.residents, world.cohort, np.random.default_rng(seed)
    r.work[:], r.skill[:], r.programme[:] = (rng.choice(list(kinds), r.n) for kinds in (Work, Skill, Programme))
    r.foreign[:], r.occupied[:] = rng.random(r.n) < 0.4, rng.random(r.n) < 0.8
    r.history[:], r.spell[:] = rng.integers(0, longest(world.p) + 1, r.n), rng.integers(0, 101, r.n)
    r.health[:], r.born[:] = rng.random(r.n), rng.integers(-300, -80, r.n)
    r.arrival[:] = np.where(r.foreign, rng.integers(-60, 0, r.n), NATIVE)
    c.away[:], c.employed[:] = rng.random(r.n) < 0.5, rng.random(r.n) < 0.5
    c.skill[:], c.history[:] = rng.choice(list(Skill), r.n), rng.integers(0, longest(world.p) + 1, r.n)


@SEEDS
def test_who_loses_work_and_who_seeks_it_is_what_the_rules_say_of_each(make: Make, seed: int) -> None:
    world = make().world
    disorder(world, seed)
    world.quarter, world.surroundings.slack = 5, 0.03
    r, p = world.residents, world.p
    chance = world.histories.losing * losing(world.surroundings.slack, p)
    u = world.draws.stream(Decision.LOSE_JOB, world.quarter, r.n)
    loses = (r.work == Work.EMPLOYED) & exposed(r.programme) & (u < chance[r.skill, r.history])
    seeks = np.flatnonzero((r.work == Work.OUT_OF_WORK) & r.occupied)
    table = cell_weights(world.neighbourhoods.reputation, p) * (world.start_rate[:, None] * world.histories.scale)
    rate = table[world.neighbourhood_of[seeks], r.skill[seeks] * 2 + r.foreign[seeks]]
    rate = rate * world.histories.find[r.history[seeks]] * health_factor(r.health[seeks], p)
    rate = rate * age_factor((world.quarter - r.born[seeks]) / 4.0, p)
    new = newcomer_factor((world.quarter - r.arrival[seeks]) / 4.0, p)
    rate = np.where(r.arrival[seeks] > NATIVE, rate * new, rate)
    lost, rows, weight = losers_and_seekers(world)
    assert lost.tolist() == np.flatnonzero(loses).tolist() and len(lost) > 0
    assert rows.tolist() == seeks.tolist() and weight.tobytes() == rate.tobytes()
    assert [x.tolist() for x in job_seekers(world)] == [rows.tolist(), weight.tolist()]


@SEEDS
@pytest.mark.parametrize("rule", ["scar", "select"])
def test_a_quarter_lengthens_histories_and_spells_and_retires_the_old(make: Make, seed: int, rule: str) -> None:
    world = make(levers={"long_spells": rule}).world
    disorder(world, seed)
    r, full = world.residents, longest(world.p)
    old = r.born <= world.quarter - world.elsewhere.working
    then = np.where(old, Work.RETIRED, r.work)
    working = (then == Work.EMPLOYED) | (then == Work.TRAINEE)
    history = lengthened(r.history, working, full) if rule == "scar" else r.history.copy()
    spell = np.minimum(r.spell.astype(int) + 1, 100) * (then == Work.OUT_OF_WORK)
    programme = np.where(old & (r.work != Work.RETIRED), Programme.NONE, r.programme)
    of_age = work.grow_older(world)
    assert r.work.tolist() == then.tolist() and 0 < old.sum() < r.n
    assert r.history.tolist() == history.tolist() and r.spell.tolist() == spell.tolist()
    assert r.programme.tolist() == programme.tolist()
    counted = (then != Work.RETIRED) & r.occupied
    assert of_age.tolist() == [np.count_nonzero(counted & (r.skill == skill)) for skill in Skill]


@SEEDS
@pytest.mark.parametrize("rule", ["scar", "select"])
def test_those_who_have_left_find_and_lose_work_by_one_draw_each(make: Make, seed: int, rule: str) -> None:
    world = make(levers={"long_spells": rule}).world
    disorder(world, seed)
    c, p = world.cohort, world.p
    u = world.draws.stream(Decision.COHORT_WORK, world.quarter, len(c.away))
    lose = (world.histories.losing * losing(world.surroundings.slack, p))[c.skill, c.history]
    find = np.outer(world.cohort_find, world.histories.find) * world.pool.tightness
    find = np.minimum(find, p.cohort_finding_most)[c.skill, c.history]
    then = np.where(c.away, np.where(c.employed, u < 1.0 - lose, u < find), c.employed)
    history = lengthened(c.history, then, longest(p)) if rule == "scar" else c.history.copy()
    before = c.employed.copy()
    work.work_elsewhere(world)
    assert c.employed.tolist() == then.tolist() and c.history.tolist() == history.tolist()
    assert (before[c.away] != then[c.away]).any()


@SEEDS
@pytest.mark.parametrize("quarter", range(4))
def test_second_earners_of_every_fourth_household_change_work_by_their_draw(
    make: Make, seed: int, quarter: int
) -> None:
    world = make(parameters={"second_loss": 0.3}).world
    disorder(world, seed)
    world.quarter = quarter
    r, p, slack = world.residents, world.p, world.surroundings.slack
    find, lose = year_of_second_earners(openings_left(slack, p), losing(slack, p), p)
    turn = np.arange(quarter, r.n, 4)
    u = world.draws.stream(Decision.SECOND_EARNER, quarter, len(turn))
    works = r.other_income[turn] > 0.0
    changes = r.occupied[turn] & (r.work[turn] != Work.RETIRED) & (u < np.where(works, lose, find))
    then = r.other_income.copy()
    then[turn[changes]] = np.where(works[changes], 0.0, r.second_pay[turn[changes]])
    second_earners.change_work(world)
    assert r.other_income.tolist() == then.tolist() and changes.any()


@SEEDS
def test_those_who_seek_a_place_are_out_of_work_since_an_earlier_quarter_and_young(make: Make, seed: int) -> None:
    world = make().world
    disorder(world, seed)
    r = world.residents
    young = world.quarter - r.born < 4 * int(world.p.trainee_age_limit)
    fits = (r.work == Work.OUT_OF_WORK) & (r.spell > 0) & r.occupied & young
    assert seeking(world).tolist() == np.flatnonzero(fits).tolist() and 0 < fits.sum() < r.n


def test_where_nobody_lives_nobody_seeks_and_nobody_is_of_age(make: Make) -> None:
    world = make().world
    world.residents.occupied[:] = False
    assert len(job_seekers(world)[0]) == len(seeking(world)) == 0
    assert not work.grow_older(world).any()
