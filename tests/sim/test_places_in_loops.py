"""Training places: the loops do with each person what the rules say of a column, with each household's own draws."""

from __future__ import annotations

import numpy as np
import pytest

from sim.phases import filling, training
from sim.phases.sites import firm_elsewhere
from sim.randomness import Decision
from sim.rules.rivals.coaching import COACHED_PLACEMENTS
from sim.rules.training import (
    Programme,
    by_quality,
    coached,
    drop_out,
    loses_place,
    placement_success,
    readiness,
    ready_by_history,
)
from sim.vocabulary import Skill, Work
from sim.world.state import in_sweden
from sim.world.tallies import Tally
from sim.world.world import World

from ..conftest import Make
from .test_work_passages import SEEDS, disorder

KINDS = (Programme.PLACEMENT, Programme.HIRE, Programme.APPRENTICE, Programme.SERVICE)


def in_places(make: Make, seed: int) -> World:
    """A world in which everybody is in a place of some kind, since up to four years; nobody builds."""
    world = make("regional").world
    disorder(world, seed)
    r, rng = world.residents, np.random.default_rng(seed)
    world.quarter, r.programme[:] = 20, rng.choice(KINDS, r.n)
    r.programme_since[:], r.builder[:] = rng.integers(4, 20, r.n), rng.integers(0, len(world.builders), r.n)
    r.coached[:], r.quality[:] = rng.random(r.n) < 0.5, rng.random(r.n)
    r.practice[:], r.waiting[:] = rng.integers(0, 14, r.n), rng.choice([0, 0, 1, 2, 99, 100], r.n)
    return world


@SEEDS
def test_places_end_when_their_time_is_over_and_lead_to_work_as_often_as_the_rules_say(make: Make, seed: int) -> None:
    world = in_places(make, seed)
    r, p, now = world.residents, world.p, world.quarter
    kind, age, since = r.programme.copy(), now - r.programme_since, r.programme_since.copy()
    rate = COACHED_PLACEMENTS[world.levers.coached_placements](p)
    ready = readiness(ready_by_history(p)[r.history], in_sweden(r.arrival, now), p)
    chance = placement_success(r.coached * ready, rate, p) * by_quality(r.quality, p)
    chance = np.where(kind == Programme.HIRE, p.hire_retained, chance)
    chance = np.where(kind == Programme.SERVICE, p.service_to_job, chance)
    lasts = {Programme.PLACEMENT: p.placement_quarters, Programme.HIRE: p.subsidy_quarters}
    lasts |= {Programme.SERVICE: p.service_quarters, Programme.APPRENTICE: np.inf}
    over = age >= np.array([lasts[Programme(k)] for k in kind])
    u = world.draws.at(Decision.TRAINING, now, r.household)[:, 0]
    works = over & (u < chance)
    keys = world.draws.keys(Decision.TRAINING, now, 2)
    training._end_places(world, np.arange(r.n), keys)
    assert 0 < works.sum() < over.sum() < r.n
    ended = np.where(works, Programme.THROUGH, Programme.NONE)
    assert r.programme.tolist() == np.where(over, ended, kind).tolist()
    assert r.work[over].tolist() == np.where(works, Work.EMPLOYED, Work.OUT_OF_WORK)[over].tolist()
    assert (r.builder < 0).tolist() == over.tolist() and r.ever_worked[works].all()
    assert r.programme_since.tolist() == np.where(over & (kind == Programme.PLACEMENT), now, since).tolist()


@SEEDS
def test_without_a_site_trainees_are_stranded_and_apprentices_wait_as_the_rules_say(make: Make, seed: int) -> None:
    world = in_places(make, seed)
    r, p, now = world.residents, world.p, world.quarter
    there = np.random.default_rng(seed + 9).random(r.n) < 0.5
    kind, practice, waiting = r.programme.copy(), r.practice.copy(), r.waiting.astype(int)
    workers = sum(b.workers for b in world.builders)
    u = world.draws.at(Decision.TRAINING, now, r.household, 2)
    elsewhere, last = firm_elsewhere(world), world.draws.at(Decision.STRANDING, 0, r.household, 2)[:, 1]
    apprentice, busy = kind == Programme.APPRENTICE, there | (u[:, 1] < elsewhere)
    lost = ~there & loses_place(kind, last, elsewhere)
    waits = np.where(busy, 0, np.minimum(waiting + 1, 100))
    certified = apprentice & (practice + busy >= p.apprenticeship_quarters)
    quits = apprentice & ~certified & (u[:, 0] < drop_out(waits.astype(float), r.quality, p))
    training._practise(world, np.arange(r.n), there, world.draws.keys(Decision.TRAINING, now, 2))
    assert all(x.any() for x in (lost, certified, quits)) and not (lost & apprentice).any()
    expected = np.where(certified, Programme.GRADUATE, np.where(lost | quits, Programme.NONE, kind))
    assert r.programme.tolist() == expected.tolist()
    assert r.waiting.tolist() == np.where(apprentice, waits, waiting).tolist()
    assert r.practice.tolist() == np.where(apprentice, practice + busy, practice).tolist()
    assert (r.skill[certified] == Skill.TRADE).all() and (r.work[lost | quits] == Work.OUT_OF_WORK).all()
    assert (r.builder < 0).tolist() == (lost | quits | certified).tolist()
    assert sum(b.workers for b in world.builders) == workers + certified.sum()
    alone = lost | (apprentice & ~busy & (waiting == 0))
    for tally, who in ((Tally.STRANDED, alone), (Tally.DROPOUTS, quits), (Tally.GRADUATES, certified)):
        assert world.tallies.of(tally).sum() == who.sum()


@SEEDS
@pytest.mark.parametrize("partners", ["regional", "national"])
def test_who_gets_a_place_is_placed_hired_or_apprenticed_and_coached_by_number(
    make: Make, seed: int, partners: str
) -> None:
    world = make(partners).world
    disorder(world, seed)
    world.quarter = 7
    world.coaches[:], world.intake[:] = 5.0, 3.0
    r, p, rng = world.residents, world.p, np.random.default_rng(seed)
    r.programme[:] = Programme.NONE
    rows, firms = np.sort(rng.choice(r.n, 40, replace=False)), rng.integers(0, len(world.builders), 40)
    town = world.municipality_of[rows]
    earlier = np.array([np.count_nonzero(town[:i] == town[i]) for i in range(len(rows))])
    u, chance, place = world.draws.at(Decision.TRAINEE_KIND, 7, r.household[rows], 3).T
    number = np.floor((3.0 + earlier + place) / world.region.scale)
    followed = coached(number, chance, np.full(len(rows), 5.0), p)
    filling._place(world, rows, firms)
    kind = r.programme[rows]
    hired = (kind == Programme.HIRE).tolist()
    assert r.coached[rows].tolist() == followed.tolist() and r.builder[rows].tolist() == firms.tolist()
    assert (kind == Programme.APPRENTICE).tolist() == (u >= p.share_placements + p.share_hires).tolist()
    assert (r.work[rows] == Work.EMPLOYED).tolist() == hired and r.ever_worked[rows][hired].all()
    assert set(kind.tolist()) == {Programme.PLACEMENT, Programme.HIRE, Programme.APPRENTICE}
    quality = world.draws.at(Decision.PLACE_QUALITY, 7, r.household[rows])[:, 0]
    assert r.quality[rows].tolist() == quality.tolist() and (r.placed[rows] == 7).all()
    assert world.cohort.took_place[r.household[rows][r.household[rows] < r.n]].all()
    assert world.intake.tolist() == (3.0 + np.bincount(town, minlength=len(world.intake))).tolist()
    assert world.tallies.of(Tally.PLACEMENTS).sum() == len(rows)
