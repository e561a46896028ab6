"""Who works through the training programme, and what their work would be reported as worth."""

from __future__ import annotations

import numpy as np

from sim.rules.income import job_year_values
from sim.rules.training import Programme
from sim.vocabulary import Work
from sim.world.columns import Floats, Ints
from sim.world.world import World


def in_programme(world: World) -> Ints:
    """Rows of residents in a place, or at work after one."""
    # With a plain number: numpy compares a whole column with a member of an enum fifty times as slowly.
    return np.flatnonzero(world.residents.programme != int(Programme.NONE))


def in_programme_work(world: World) -> Ints:
    """Rows at work through the programme (hires, service jobs, jobs after a place, graduates, apprentices)."""
    r = world.residents
    rows = np.flatnonzero(r.programme >= int(Programme.HIRE))
    at_work = (r.work[rows] == Work.EMPLOYED) | (r.programme[rows] == Programme.APPRENTICE)
    return np.asarray(rows[at_work])


def programme_jobs(world: World) -> Floats:
    """People at work through the programme by municipality (m,) where they took their place, movers included."""
    here = np.bincount(world.municipality_of[in_programme_work(world)], minlength=len(world.municipalities))
    return np.asarray(here + world.programme_away)


def clause_value(world: World, here: Floats) -> Floats:
    """Their work as the programme would report it, SEK this quarter, shape (3 payers, municipalities).

    here : people at work through the programme by neighbourhood (k,); those who moved away are added.
    """
    p = world.p
    values = job_year_values(world.municipal_tax, world.county_tax, p.assistance_share_of_trainees, p)
    jobs = np.bincount(world.region.neighbourhoods.municipality_index, here, minlength=len(world.municipalities))
    return np.asarray(values / 4.0 * (jobs + world.programme_away))
