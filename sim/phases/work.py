"""Phase 6. Losing and finding work, training places, retirement, and the work of those who have left the estates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.phases.training import run_training
from sim.randomness import Decision
from sim.rules.employment import age_factor, cell_weights, loss_rates, newcomer_factor
from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Floats, Ints
from sim.world.state import NATIVE

if TYPE_CHECKING:
    from sim.model import RenewalModel


def advance(model: RenewalModel) -> None:
    """Ordinary transitions for everybody, then the programme's places."""
    r, p = model.residents, model.p
    lost = _losses(model)
    seekers, weight = job_seekers(model)
    fixed = model.levers.vacancies == "fixed"
    model.pool.open_quarter(float(weight.sum()), model.surroundings.slack, fixed, p)
    u = model.draws.stream(Decision.FIND_JOB, model.quarter, r.n)
    found = seekers[u[seekers] < np.minimum(weight * model.pool.tightness, 0.9)]
    r.work[lost] = Work.OUT_OF_WORK
    r.programme[lost] = Programme.NONE
    r.builder[lost] = -1
    hire(model, found)
    run_training(model)
    _retire(model)
    r.spell += 1
    np.minimum(r.spell, 100, out=r.spell)
    r.spell *= r.work == Work.OUT_OF_WORK
    model.pool.close_quarter(float(len(found)), model.surroundings.slack, p)
    _cohort(model)


def _losses(model: RenewalModel) -> Ints:
    """Rows that lose their ordinary job this quarter."""
    r, p = model.residents, model.p
    worse = 1.0 + p.economy_losing * max(model.surroundings.slack, -0.03)
    chance = loss_rates(p) * worse
    u = model.draws.stream(Decision.LOSE_JOB, model.quarter, r.n)
    # Few draws are below any rate: only those rows are looked at.
    rows = np.flatnonzero(u < chance.max())
    kind = r.programme[rows]
    exposed = (r.work[rows] == Work.EMPLOYED) & (kind != Programme.HIRE) & (kind != Programme.SERVICE)
    return np.asarray(rows[exposed & (u[rows] < chance[r.skill[rows]])])


def job_seekers(model: RenewalModel) -> tuple[Ints, Floats]:
    """Rows out of work and their finding rates at the start's tightness."""
    r, p = model.residents, model.p
    rows = np.flatnonzero((r.work == Work.OUT_OF_WORK) & r.occupied)
    cell = r.skill[rows] * 2 + r.foreign[rows]
    reputation = np.array([n.reputation for n in model.neighbourhoods])
    table = cell_weights(reputation, p) * model.start_rate[:, None]
    weight = table[model.neighbourhood_of[rows], cell]
    weight *= 1.0 + p.find_health * (r.health[rows] - p.health_start)
    weight *= age_factor((model.quarter - r.born[rows]) / 4.0, p)
    arrival = r.arrival[rows]
    new = np.flatnonzero(arrival > NATIVE)
    weight[new] *= newcomer_factor((model.quarter - arrival[new]) / 4.0, p)
    return rows, weight


def hire(model: RenewalModel, rows: Ints) -> None:
    """These rows take work; a newcomer's first job is noted."""
    r = model.residents
    first = rows[~r.ever_worked[rows] & (r.arrival[rows] > NATIVE)]
    model.tally("first_jobs", model.neighbourhood_of[first])
    model.tally("arrival_years", model.neighbourhood_of[first], (model.quarter - r.arrival[first]) / 4.0)
    r.ever_worked[rows] = True
    r.work[rows] = Work.EMPLOYED
    r.insured[rows] = True


def _retire(model: RenewalModel) -> None:
    """At 65 the main earner retires."""
    r = model.residents
    old = (r.born <= model.quarter - 65 * 4) & (r.work != Work.RETIRED)
    rows = np.flatnonzero(old)
    r.work[rows] = Work.RETIRED
    r.programme[rows] = Programme.NONE
    r.builder[rows] = -1


def _cohort(model: RenewalModel) -> None:
    """Work of the households of 2011 that have moved away: the county's rates, their own schooling, no address."""
    c, p = model.cohort, model.p
    u = model.draws.stream(Decision.COHORT_WORK, model.quarter, len(c.away))
    slack = model.surroundings.slack
    lose = loss_rates(p) * (1.0 + p.economy_losing * max(slack, -0.03))
    find = np.minimum(model.cohort_find * model.pool.tightness, 0.5)
    # One draw a row: low draws find work, high draws lose it; in between nothing happens.
    low = np.flatnonzero((u < find.max()) & c.away)
    high = np.flatnonzero((u >= 1.0 - lose.max()) & c.away)
    found, lost = low[u[low] < find[c.skill[low]]], high[u[high] >= 1.0 - lose[c.skill[high]]]
    c.employed[found], c.employed[lost] = True, False
