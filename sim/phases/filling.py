"""Filling training places within phase 6: who is there to take one, for how many crews have time; service jobs.

The funnel saturates: people who suit a site are a part of those out of work and get no second place for years, a crew
shows only so many the work, and coaching grows slowly.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import scope
from sim.compiling import kernel, own, rows
from sim.phases.applicants import best
from sim.phases.first_jobs import never_worked, note_jobs
from sim.phases.sites import open_sites, room
from sim.randomness import Decision, Keys, uniform
from sim.rules.training import Programme, coached, next_coaches
from sim.vocabulary import Work
from sim.world.books import Flow
from sim.world.candidates import candidates, seeking
from sim.world.columns import Bools, Floats, Ints
from sim.world.state import Small
from sim.world.tallies import Tally
from sim.world.world import World


def fill_clause_places(world: World, seekers: Ints, people: Ints) -> Ints:
    """New places on open sites with a clause, as works progress, for people of the municipalities where they stand.

    What a firm owes in parts of a place, or from a site that is finished, it gives on its next site; what nobody is
    there for when it falls due stays empty for ever. seekers : rows of residents out of work when the quarter began.
    people : rows with all who are in a place already. Who takes a new one, rows.
    """
    if world.quarter % 4 == 0:
        world.coaches = next_coaches(world.coaches, world.intake / world.region.scale, world.p)
        world.intake[:] = 0.0
    sites = [c for c in open_sites(world) if c.places > 0.0]
    # reversed: of a firm's open sites the one that was awarded first counts.
    site_of = {c.builder: c for c in reversed(sites) if world.builders[c.builder].places_owed >= 1.0}
    if not site_of:
        return np.zeros(0, dtype=np.int64)
    wanted = np.array([int(world.builders[firm].places_owed) for firm in site_of])
    towns = np.zeros((len(site_of), len(world.municipalities)), dtype=bool)
    for theirs, contract in zip(towns, site_of.values(), strict=True):
        theirs[world.buildings.municipality[contract.buildings]] = True
    # What crews have no room for is taken from all firms alike: whole places, the last one by a draw.
    given, firms = min(room(world, people) / int(wanted.sum()), 1.0), np.array(list(site_of))
    part = world.draws.at(Decision.CREW_ROOM, world.quarter, firms)[:, 0]
    open_now = np.minimum((wanted * given + part).astype(np.int64), wanted)
    found, whose = best(world, candidates(world, seekers, np.asarray(towns.any(axis=0))), open_now, towns)
    filled = np.bincount(whose, minlength=len(firms))
    for firm, places in zip(firms.tolist(), wanted.tolist(), strict=True):
        world.builders[firm].places_owed -= places
    if world.events is not None:
        for contract, theirs in zip(site_of.values(), np.split(found, np.cumsum(filled)[:-1]), strict=True):
            world.events.placed(world, contract, theirs)
    # Places that nobody is there for count where the contract's first building stands.
    where = world.buildings.neighbourhood[[c.buildings[0] for c in site_of.values()]]
    world.tallies.count(Tally.PLACES_UNFILLED, where, (wanted - filled).astype(float))
    _place(world, found, firms[whose])
    return found


def _place(world: World, rows: Ints, builder: Ints) -> None:
    """Split new trainees into placements, hires and apprenticeships; freed transfers turn placements into hires."""
    r, p = world.residents, world.p
    if len(rows) == 0:
        return
    wages = p.share_placements * p.transfers_into_wages * scope.state_money_free(world)
    keys = np.append(
        world.draws.keys(Decision.TRAINEE_KIND, world.quarter, 3),
        world.draws.keys(Decision.PLACE_QUALITY, world.quarter),
    )
    person = (
        r.household, r.programme, r.work, r.programme_since, r.placed, r.builder, r.practice, r.waiting, r.quality,
        r.coached, world.cohort.took_place, world.municipality_of,
    )  # fmt: skip
    hired = np.empty(len(rows), dtype=np.int64)
    hires = _take_up(rows, builder, *person, world.intake, world.coaches, keys, wages, world.region.scale,
                     world.quarter, hired, p.numbers)  # fmt: skip
    world.tallies.count(Tally.NEWCOMER_PLACES, world.neighbourhood_of[rows[never_worked(r, rows)]])
    note_jobs(world, hired[:hires])
    world.tallies.count(Tally.PLACEMENTS, world.neighbourhood_of[rows])
    # One cost of a place, in two parts: the builder has put its part into the bid.
    cost = p.place_cost * np.bincount(world.neighbourhood_of[rows], minlength=len(world.neighbourhoods))
    world.books.pay_at(Flow.COACHING, (1.0 - p.place_cost_in_bid) * cost)
    world.books.pay_at(Flow.PLACE_ADMINISTRATION, p.place_cost_in_bid * cost)
    # A hire fills a post that the firm would have filled from the market, unless hands are too short for that.
    take_vacancies(world, float(hires) * (1.0 - world.surroundings.shortage))


@kernel
def _take_up(
    those: Ints, firm: Ints, household: Ints, programme: Small, work: Small, since: Ints, placed: Ints, builder: Ints,
    practice: Floats, waiting: Small, quality: Floats, followed: Bools, took_place: Bools, municipality: Ints,
    intake: Floats, coaches: Floats, keys: Keys, wages: float, scale: float, quarter: int, hired: Ints,
    numbers: NDArray[np.void],
) -> int:  # fmt: skip
    """One after the other takes up a place with the firm beside it; fills ``hired`` with those who are hired, and says
    how far. wages : share of places that are hires instead of placements, as transfers pay them."""
    p, hires = own(numbers), 0
    for i in rows(0, len(those)):
        row = those[i]
        who, town = household[row], municipality[row]
        u, chance, place = uniform(keys[0], who), uniform(keys[1], who), uniform(keys[2], who)
        programme[row], work[row] = Programme.APPRENTICE, Work.TRAINEE
        if u < p.share_placements - wages:
            programme[row] = Programme.PLACEMENT
        elif u < p.share_placements + p.share_hires:
            programme[row], work[row] = Programme.HIRE, Work.EMPLOYED
            hired[hires] = row
            hires += 1
        if who < len(took_place):
            took_place[who] = True
        since[row], placed[row], builder[row] = quarter, quarter, firm[i]
        practice[row], waiting[row], quality[row] = 0.0, 0, uniform(keys[3], who)
        # At a small scale a place stands for several, of which it is any.
        number = np.floor((intake[town] + place) / scale)
        followed[row] = coached(number, chance, coaches[town], p)
        intake[town] += 1.0
    return hires


def take_vacancies(world: World, jobs: float) -> None:
    """Vacancies filled through the programme; none under full additionality or fixed vacancies."""
    if world.levers.additionality == "emergent" and world.levers.vacancies == "finite":
        world.pool.taken += jobs


def fill_service_jobs(world: World, free: float, seekers: Ints) -> Ints:
    """Transfers become wages in care and integration: jobs for a while, some of them instead of ordinary ones. Who
    takes one, rows."""
    r, p = world.residents, world.p
    towns = np.arange(len(world.municipalities))
    clients = (r.work == Work.OUT_OF_WORK) & r.occupied & r.entitled
    idle = np.bincount(world.municipality_of[clients], minlength=len(towns))
    u = world.draws.at(Decision.SERVICE_JOBS, world.quarter, towns)[:, 0]
    offered = (p.service_share * free * idle + u).astype(np.int64)
    rows, whose = best(world, seeking(world, seekers), offered, np.eye(len(towns), dtype=bool))
    r.work[rows], r.programme[rows], r.programme_since[rows] = Work.EMPLOYED, Programme.SERVICE, world.quarter
    note_jobs(world, rows)
    world.tallies.count(Tally.SERVICE_JOBS, world.neighbourhood_of[rows])
    for jobs in np.bincount(whose, minlength=len(towns)).tolist():
        take_vacancies(world, p.service_displacement * jobs)
    return rows
