"""Phase 6. Losing and finding work, training places, retirement, and the work of those who have left the estates."""

from __future__ import annotations

import numpy as np

from sim.compiling import kernel, rows
from sim.phases import second_earners
from sim.phases.first_jobs import note_jobs
from sim.phases.training import run_training
from sim.randomness import Decision, Keys, uniform
from sim.rules.employment import losing
from sim.rules.history import lengthened, longest
from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.rules.training import Programme
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.seekers import losers_and_seekers
from sim.world.state import Small
from sim.world.world import World


def advance(world: World) -> None:
    """Ordinary transitions for everybody, then the programme's places.

    Who loses and who finds is drawn from the state before, so that nobody does both in a quarter. Chances are per
    quarter and row.
    """
    r, p = world.residents, world.p
    lost, seekers, weight = losers_and_seekers(world)
    fixed = world.levers.vacancies == "fixed"
    world.pool.open_quarter(float(weight.sum()), world.surroundings.slack, fixed, p)
    found = np.empty(len(seekers), dtype=np.int64)
    key = world.draws.keys(Decision.FIND_JOB, world.quarter)
    found = found[: _find(seekers, weight, key, world.pool.tightness, p.finding_most, found)]
    r.work[lost] = Work.OUT_OF_WORK
    r.programme[lost] = Programme.NONE
    r.builder[lost] = -1
    hire(world, found)
    run_training(world, seekers)
    of_age = grow_older(world)
    world.pool.close_quarter(float(len(found)), world.surroundings.slack, p)
    elsewhere = world.elsewhere
    retiring = elsewhere.grow(world.quarter)
    world.pool.renew(elsewhere.grown_up, retiring, elsewhere.arrivals, p)
    world.pool.settle_queue(of_age)
    work_elsewhere(world)
    second_earners.change_work(world)


@kernel
def _find(seekers: Ints, weight: Floats, key: Keys, tightness: float, most: float, found: Ints) -> int:
    """Fills ``found`` with the seekers who find work, in order; how many. weight : rates per quarter at the start's
    tightness, ``most`` the highest chance."""
    n, finds = np.uint64(0), np.empty(len(seekers), dtype=np.bool_)
    for i in rows(0, len(seekers)):
        finds[i] = uniform(key[0], seekers[i]) < min(weight[i] * tightness, most)
    for i in rows(0, len(seekers)):
        found[n] = seekers[i]
        n += np.uint64(finds[i])
    return int(n)


def hire(world: World, rows: Ints) -> None:
    """These rows of residents take ordinary work."""
    r = world.residents
    note_jobs(world, rows)
    r.work[rows] = Work.EMPLOYED
    r.insured[rows] = True


def grow_older(world: World) -> Floats:
    """Main earners retire at 65; work histories and spells go on. Afterwards, main earners of working age in the
    estates by schooling, persons (4,)."""
    r, of_age = world.residents, np.zeros(len(Skill))
    full = longest(world.p) if LONG_SPELLS[world.levers.long_spells].move else 0
    latest = world.quarter - world.elsewhere.working
    person = (r.work, r.programme, r.builder, r.born, r.history, r.spell, r.skill, r.occupied)
    longest_spell = 100  # what the column of spells holds
    _a_quarter_more(*person, of_age, float(latest), full, longest_spell)
    return of_age


@kernel
def _a_quarter_more(
    work: Small,
    programme: Small,
    builder: Ints,
    born: Ints,
    history: Small,
    spell: Small,
    skill: Small,
    occupied: Bools,
    of_age: Floats,
    latest: float,
    full: int,
    longest_spell: int,
) -> None:
    """``latest`` : quarter of birth up to which people are retired. full : history, or 0 where none changes."""
    n = len(work)
    for row in rows(0, n):
        if (born[row] <= latest) & (work[row] != Work.RETIRED):
            work[row], programme[row], builder[row] = Work.RETIRED, Programme.NONE, -1
    # A quarter at work, in practice too, lengthens a work history, and one out of work uses some of it up.
    if full > 0:
        for row in rows(0, n):
            working = (work[row] == Work.EMPLOYED) | (work[row] == Work.TRAINEE)
            history[row] = lengthened(history[row], working, full)
    # Spells stop at what the column holds; only the first year of them acts on anything.
    for row in rows(0, n):
        spell[row] = min(spell[row] + 1, longest_spell) * (work[row] == Work.OUT_OF_WORK)
    for schooling in range(len(of_age)):
        # As narrow as the numbers allow: so the machine counts many rows at a time.
        people, kind = np.int32(0), np.int8(schooling)
        for row in rows(0, n):
            people = np.int32(people + ((skill[row] == kind) & (work[row] != Work.RETIRED) & occupied[row]))
        of_age[schooling] = people


def work_elsewhere(world: World) -> None:
    """Work of the households of 2011 that have moved away: the county's rates, their own schooling and work history,
    no address."""
    c, p = world.cohort, world.p
    lose = world.histories.losing * losing(world.surroundings.slack, p)
    find = np.outer(world.cohort_find, world.histories.find) * world.pool.tightness
    find = np.minimum(find, p.cohort_finding_most)
    full = longest(p) if LONG_SPELLS[world.levers.long_spells].move else 0
    key = world.draws.keys(Decision.COHORT_WORK, world.quarter)
    _find_and_lose(c.away, c.employed, c.skill, c.history, find, lose, key, full)


@kernel
def _find_and_lose(
    away: Bools, employed: Bools, skill: Small, history: Small, find: Floats, lose: Floats, key: Keys, full: int
) -> None:
    """find, lose : chances by schooling and history (4, h). full : history, or 0 where none changes."""
    # One draw a row: low draws find work, high draws lose it; in between nothing happens, and that goes for most. Whose
    # draw may do something is found by itself, as the compiler takes many rows at a time where nothing else happens.
    most_find, most_lose, some = find.max(), lose.max(), np.empty(len(away), dtype=np.bool_)
    for row in rows(0, len(away)):
        u = uniform(key[0], row)
        some[row] = away[row] & ((employed[row] & (u >= 1.0 - most_lose)) | (~employed[row] & (u < most_find)))
    for row in rows(0, len(away)):
        if some[row]:
            u = uniform(key[0], row)
            if employed[row]:
                employed[row] = u < 1.0 - lose[skill[row], history[row]]
            else:
                employed[row] = u < find[skill[row], history[row]]
    if full > 0:
        for row in rows(0, len(away)):
            history[row] = lengthened(history[row], employed[row], full)
