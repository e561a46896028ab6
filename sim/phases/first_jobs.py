"""Newcomers' first jobs in Sweden, within phase 6, whichever way they come."""

from __future__ import annotations

from sim.world.columns import Bools, Ints
from sim.world.state import NATIVE, Residents
from sim.world.tallies import Tally
from sim.world.world import World


def never_worked(r: Residents, rows: Ints) -> Bools:
    """Which of these residents (rows) came to Sweden as adults and have not had a job here."""
    return ~r.ever_worked[rows] & (r.arrival[rows] > NATIVE)


def note_jobs(world: World, rows: Ints) -> None:
    """These rows of residents have begun to work; a newcomer's first job is tallied, with years in Sweden."""
    if len(rows) == 0:
        return
    r = world.residents
    first = rows[never_worked(r, rows)]
    world.tallies.count(Tally.FIRST_JOBS, world.neighbourhood_of[first])
    world.tallies.count(Tally.ARRIVAL_YEARS, world.neighbourhood_of[first], (world.quarter - r.arrival[first]) / 4.0)
    r.ever_worked[rows] = True
