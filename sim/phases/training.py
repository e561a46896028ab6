"""Training places within phase 6: practice, waiting, being stranded, graduating, dropping out, work after a place."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import scope
from sim.compiling import kernel, own, pick, rows
from sim.phases.filling import fill_clause_places, fill_service_jobs, take_vacancies
from sim.phases.first_jobs import note_jobs
from sim.phases.sites import firm_elsewhere, on_site, open_sites
from sim.randomness import Decision, Keys, uniform
from sim.rules.income import job_year_values
from sim.rules.rivals.coaching import COACHED_PLACEMENTS
from sim.rules.social import Gain
from sim.rules.training import Programme, by_quality, drop_out, loses_place, placement_success, readiness
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.programme import in_programme
from sim.world.state import NATIVE, Small
from sim.world.tallies import Tally
from sim.world.world import World

_JOBS = int(Gain.JOBS)


def run_training(world: World, seekers: Ints) -> None:
    """Advance everybody in a place, then fill new ones: who leaves a place this quarter takes none this quarter.

    Practice, waiting and subsidies are counted in quarters; places are persons. seekers : rows of residents out of
    work when the quarter began.
    """
    those = in_programme(world)
    _advance_places(world, those)
    people = [those, fill_clause_places(world, seekers, those)]
    if scope.state_money_free(world) > 0.0 and world.quarter % 4 == 0:
        people.append(fill_service_jobs(world, scope.state_money_free(world), seekers))
    # Nobody twice: who takes a place had no work when the quarter began, and who is in the programme had.
    _remember(world, np.concatenate(people))
    if world.events is not None:
        world.events.trained(world)


def _advance_places(world: World, those: Ints) -> None:
    """Placements end, hires lose their subsidy, apprentices practise or wait; some are stranded. those : all rows in
    the programme."""
    r = world.residents
    if len(those) == 0:
        return
    keys = world.draws.keys(Decision.TRAINING, world.quarter, 2)
    _end_places(world, those, keys)
    at_work = np.ones(len(those), dtype=bool)
    in_place = np.flatnonzero(r.builder[those] >= 0)
    if len(in_place):
        at_work[in_place] = on_site(world, those[in_place])
    _practise(world, those, at_work, keys)


def _end_places(world: World, those: Ints, keys: Keys) -> None:
    """Whose time is over has a job or looks for one."""
    r, rate = world.residents, COACHED_PLACEMENTS[world.levers.coached_placements](world.p)
    into_work = np.empty(len(those), dtype=np.int64)
    person = (
        r.programme,
        r.programme_since,
        r.work,
        r.builder,
        r.coached,
        r.history,
        r.arrival,
        r.quality,
        r.household,
    )
    n = _end(those, *person, world.histories.ready, rate, keys, into_work, world.quarter, NATIVE, world.p.numbers)
    # An ordinary job fills a vacancy that somebody else might have had.
    note_jobs(world, into_work[:n])
    take_vacancies(world, float(n))


@kernel
def _end(
    those: Ints, programme: Small, since: Ints, work: Small, builder: Ints, coached: Bools, history: Small,
    arrival: Ints, quality: Floats, household: Ints, ready: Floats, rate: float, keys: Keys, into_work: Ints,
    quarter: int, native: int, numbers: NDArray[np.void],
) -> int:  # fmt: skip
    """Fills ``into_work`` with the rows of those who have a job now, and says how far.

    ready : by work history (h,). rate : how often a coached placement ends in a job, share.
    """
    p, count = own(numbers), 0
    for row in those:
        kind, age = programme[row], quarter - since[row]
        if kind == Programme.PLACEMENT and age >= p.placement_quarters:
            # A coach decides, not the place: 67-73 % of followed people go on to a job, 3 % of others (see the rule).
            years = pick(arrival[row] > native, (quarter - arrival[row]) / 4.0, np.inf)
            near = readiness(ready[history[row]], years, p)
            chance = placement_success(coached[row] * near, rate, p) * by_quality(quality[row], p)
            since[row] = quarter
        elif kind == Programme.HIRE and age >= p.subsidy_quarters:
            chance = p.hire_retained  # when the subsidy ends, most stay
        elif kind == Programme.SERVICE and age >= p.service_quarters:
            chance = p.service_to_job
        else:
            continue
        builder[row] = -1
        if uniform(keys[0], household[row]) < chance:
            work[row], programme[row] = Work.EMPLOYED, Programme.THROUGH
            into_work[count] = row
            count += 1
        else:
            work[row], programme[row] = Work.OUT_OF_WORK, Programme.NONE
    return count


def _practise(world: World, those: Ints, at_work: Bools, keys: Keys) -> None:
    """On a site (``at_work``), with their firm elsewhere, or waiting, or stranded: practice counts, waiting wears out.

    A certified tradesperson is better paid, safer, and one skilled worker more in the firm.
    """
    r, where = world.residents, world.neighbourhood_of
    found = np.empty((3, len(those)), dtype=np.int64)
    person = (r.programme, r.work, r.skill, r.practice, r.waiting, r.builder, r.quality, r.household)
    # A place is kept as long as the firm's other work is plenty enough for it: one draw a household for all quarters.
    all_keys = np.append(keys, world.draws.keys(Decision.STRANDING, 0, 2)[1])
    counts = _go_on(those, at_work, *person, found, all_keys, firm_elsewhere(world), world.p.numbers)
    for tally, who, n in zip((Tally.STRANDED, Tally.DROPOUTS, Tally.GRADUATES), found, counts, strict=True):
        if n:
            world.tallies.count(tally, where[who[:n]])
    certified = found[2, : counts[2]]
    note_jobs(world, certified)
    for builder in r.builder[certified]:
        world.builders[builder].workers += 1.0
    r.builder[certified] = -1
    take_vacancies(world, len(certified) * (1.0 - world.surroundings.shortage))


@kernel
def _go_on(
    those: Ints, at_work: Bools, programme: Small, work: Small, skill: Small, practice: Floats, waiting: Small,
    builder: Ints, quality: Floats, household: Ints, found: Ints, keys: Keys, elsewhere: float,
    numbers: NDArray[np.void],
) -> tuple[int, int, int]:  # fmt: skip
    """Fills ``found`` (3, rows) with those who are stranded, give up and are certified, and says how far each.

    elsewhere : chance that a firm without a site has other work for somebody.
    """
    p, alone, quits, certified, longest_wait = own(numbers), 0, 0, 0, 100  # what the column of waiting holds
    for i in rows(0, len(those)):
        row = those[i]
        if programme[row] == Programme.APPRENTICE:
            # Two draws for two questions, so that a longer wait does not change who gives up.
            there = at_work[i] | (uniform(keys[1], household[row]) < elsewhere)
            found[0, alone] = row
            alone += ~there & (waiting[row] == 0)
            practice[row] += there
            waiting[row] = pick(there, 0, min(waiting[row] + 1, longest_wait))
            # Practice counts, not time: an apprentice without a site gets no nearer the certificate.
            if practice[row] >= p.apprenticeship_quarters:
                work[row], skill[row], programme[row] = Work.EMPLOYED, Skill.TRADE, Programme.GRADUATE
                found[2, certified] = row
                certified += 1
            elif uniform(keys[0], household[row]) < drop_out(float(waiting[row]), quality[row], p):
                work[row], programme[row], builder[row] = Work.OUT_OF_WORK, Programme.NONE, -1
                found[1, quits] = row
                quits += 1
        elif not at_work[i] and loses_place(programme[row], uniform(keys[2], household[row]), elsewhere):
            work[row], programme[row], builder[row] = Work.OUT_OF_WORK, Programme.NONE, -1
            found[0, alone] = row
            alone += 1
    return alone, quits, certified


def _remember(world: World, people: Ints) -> None:
    """What partners will compare at the end of the year: job-years promised by the works done, and job-years seen.

    people : rows with all who are in the programme.
    """
    p, r, seen = world.p, world.residents, np.zeros(len(world.municipalities))
    due, taxes = _promised(world), (world.municipal_tax, world.county_tax)
    if due.any():
        promised = (due * job_year_values(*taxes, p.assistance_share_of_trainees, p)).T
        for town in np.flatnonzero(due).tolist():
            world.municipalities[town].promised[_JOBS] += promised[town]
    latest = float(world.quarter - 4 * p.job_years_per_job)
    _at_work(people, r.programme, r.work, r.programme_since, world.municipality_of, latest, seen)
    if seen.any():
        # The books show what equalisation leaves, and everybody who works, not only those who would not have.
        realised = (seen / 4.0 * job_year_values(*taxes, p.assistance_share_of_trainees, p, equalised=True)).T
        for town in np.flatnonzero(seen).tolist():
            world.municipalities[town].realised[_JOBS] += realised[town]


@kernel
def _at_work(
    people: Ints, programme: Small, work: Small, since: Ints, municipality: Ints, latest: float, seen: Floats
) -> None:
    """Adds up, by municipality (``seen``), who of these works through the programme, in it since after ``latest``."""
    for row in people:
        kind = programme[row]
        working = (kind >= Programme.HIRE) & ((work[row] == Work.EMPLOYED) | (kind == Programme.APPRENTICE))
        if working & (since[row] > latest):
            seen[municipality[row]] += 1.0


def _promised(world: World) -> Floats:
    """Job-years that this quarter's work on sites with a clause promises, by municipality (m,)."""
    signed, m = world.signed, len(world.municipalities)
    sites = np.array([c.row for c in open_sites(world) if c.places > 0.0], dtype=np.int64)
    due = np.zeros((len(sites), m))
    if len(sites):
        _due(sites, signed.terms, signed.starts, signed.buildings, signed.cost_shares, world.buildings.municipality,
             world.p.numbers, due)  # fmt: skip
    return np.asarray(due.sum(axis=0))


@kernel
def _due(
    sites: Ints, terms: Any, starts: Ints, buildings: Ints, shares: Floats, towns: Ints, numbers: NDArray[np.void],
    due: Floats,
) -> None:  # fmt: skip
    """Job-years that each contract (``sites``, rows among all) promises in a quarter, by municipality (sites, m).

    shares : of a contract's cost, of its buildings. towns : municipality of houses.
    """
    p = own(numbers)
    for i in rows(0, len(sites)):
        c = terms[sites[i]]
        for j in rows(starts[sites[i]], starts[sites[i] + 1]):
            due[i, towns[buildings[j]]] += shares[j]
        for town in rows(0, due.shape[1]):
            due[i, town] = due[i, town] * c.places / c.quarters * p.placement_to_job * p.job_years_per_job
