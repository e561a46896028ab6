"""Phase 6. Losing and finding work, training places, retirement, and the work of those who have left the estates."""

from __future__ import annotations

import numpy as np

from sim.phases import second_earners
from sim.phases.first_jobs import note_jobs
from sim.phases.training import run_training
from sim.randomness import Decision
from sim.rules.employment import losing
from sim.rules.history import lengthen
from sim.rules.rivals.long_spells import LONG_SPELLS
from sim.rules.training import Programme
from sim.vocabulary import Skill, Work
from sim.world.columns import Floats, Ints
from sim.world.seekers import job_seekers
from sim.world.world import World


def advance(world: World) -> None:
    """Ordinary transitions for everybody, then the programme's places.

    Who loses and who finds is drawn from the state before, so that nobody does both in a quarter. Chances are per
    quarter and row.
    """
    r, p = world.residents, world.p
    lost = _losses(world)
    # Who loses work now looks for it from the next quarter on: seekers are counted before losses take effect.
    seekers, weight = job_seekers(world)
    fixed = world.levers.vacancies == "fixed"
    world.pool.open_quarter(float(weight.sum()), world.surroundings.slack, fixed, p)
    u = world.draws.stream(Decision.FIND_JOB, world.quarter, r.n)
    found = seekers[u[seekers] < np.minimum(weight * world.pool.tightness, p.finding_most)]
    r.work[lost] = Work.OUT_OF_WORK
    r.programme[lost] = Programme.NONE
    r.builder[lost] = -1
    hire(world, found)
    run_training(world)
    _retire(world)
    _work_histories(world)
    # Spells stop at what the column holds; only the first year of them acts on anything.
    r.spell += 1
    np.minimum(r.spell, 100, out=r.spell)
    r.spell *= r.work == Work.OUT_OF_WORK
    world.pool.close_quarter(float(len(found)), world.surroundings.slack, p)
    elsewhere = world.elsewhere
    retiring = elsewhere.grow(world.quarter)
    world.pool.renew(elsewhere.grown_up, retiring, elsewhere.arrivals, p)
    world.pool.settle_queue(_of_age(world))
    _cohort(world)
    second_earners.change_work(world)


def _of_age(world: World) -> Floats:
    """Main earners of working age in the estates by schooling, persons (4,)."""
    r = world.residents
    of_age = (r.work != Work.RETIRED) & r.occupied
    return np.array([np.count_nonzero(of_age & (r.skill == skill)) for skill in Skill], dtype=np.float64)


def _losses(world: World) -> Ints:
    """Rows that lose their ordinary job this quarter."""
    r, p = world.residents, world.p
    chance = world.histories.losing * losing(world.surroundings.slack, p)
    u = world.draws.stream(Decision.LOSE_JOB, world.quarter, r.n)
    # Few draws are below any rate, and fewer below that of a full history: only those rows are looked at.
    rows = np.flatnonzero(u < chance.max())
    rows = rows[(u[rows] < chance[:, -1].max()) | (r.history[rows] < chance.shape[1] - 1)]
    kind = r.programme[rows]
    exposed = (r.work[rows] == Work.EMPLOYED) & (kind != Programme.HIRE) & (kind != Programme.SERVICE)
    return np.asarray(rows[exposed & (u[rows] < chance[r.skill[rows], r.history[rows]])])


def hire(world: World, rows: Ints) -> None:
    """These rows of residents take ordinary work."""
    r = world.residents
    note_jobs(world, rows)
    r.work[rows] = Work.EMPLOYED
    r.insured[rows] = True


def _retire(world: World) -> None:
    """At 65 the main earner retires."""
    r = world.residents
    old = (r.born <= world.quarter - world.elsewhere.working) & (r.work != Work.RETIRED)
    rows = np.flatnonzero(old)
    r.work[rows] = Work.RETIRED
    r.programme[rows] = Programme.NONE
    r.builder[rows] = -1


def _cohort(world: World) -> None:
    """Work of the households of 2011 that have moved away: the county's rates, their own schooling and work history,
    no address."""
    c, p = world.cohort, world.p
    u = world.draws.stream(Decision.COHORT_WORK, world.quarter, len(c.away))
    lose = world.histories.losing * losing(world.surroundings.slack, p)
    find = np.outer(world.cohort_find, world.histories.find) * world.pool.tightness
    find = np.minimum(find, p.cohort_finding_most)
    # One draw a row: low draws find work, high draws lose it; in between nothing happens.
    low = np.flatnonzero((u < find.max()) & c.away & ~c.employed)
    high = np.flatnonzero((u >= 1.0 - lose.max()) & c.away & c.employed)
    found = low[u[low] < find[c.skill[low], c.history[low]]]
    lost = high[u[high] >= 1.0 - lose[c.skill[high], c.history[high]]]
    c.employed[found], c.employed[lost] = True, False
    if LONG_SPELLS[world.levers.long_spells].move:
        lengthen(c.history, c.employed, p)


def _work_histories(world: World) -> None:
    """A quarter at work, in practice too, lengthens a work history, and one out of work uses some of it up."""
    r = world.residents
    if LONG_SPELLS[world.levers.long_spells].move:
        lengthen(r.history, (r.work == Work.EMPLOYED) | (r.work == Work.TRAINEE), world.p)
