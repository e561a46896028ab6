"""Training places within phase 6: practice, waiting, being stranded, graduating, dropping out, work after a place."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.filling import fill_clause_places, fill_service_jobs, take_vacancies
from sim.phases.first_jobs import note_jobs
from sim.phases.sites import firm_elsewhere, on_site, stranded
from sim.randomness import Decision
from sim.rules.income import job_year_values
from sim.rules.rivals.coaching import COACHED_PLACEMENTS
from sim.rules.social import Gain
from sim.rules.training import Programme, by_quality, drop_out, placement_success, readiness
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints
from sim.world.programme import in_programme, in_programme_work
from sim.world.state import in_sweden
from sim.world.tallies import Tally
from sim.world.world import World


def run_training(world: World, seekers: Ints) -> None:
    """Advance everybody in a place, then fill new ones: who leaves a place this quarter takes none this quarter.

    Practice, waiting and subsidies are counted in quarters; places are persons. seekers : rows of residents out of
    work when the quarter began.
    """
    _advance_places(world)
    fill_clause_places(world, seekers)
    if scope.state_money_free(world) > 0.0 and world.quarter % 4 == 0:
        fill_service_jobs(world, scope.state_money_free(world), seekers)
    _remember(world)
    if world.events is not None:
        world.events.trained(world)


def _advance_places(world: World) -> None:
    """Placements end, hires lose their subsidy, apprentices practise or wait; some are stranded."""
    r = world.residents
    rows = in_programme(world)
    if len(rows) == 0:
        return
    u = world.draws.at(Decision.TRAINING, world.quarter, r.household[rows], 2)
    kind, age = r.programme[rows], world.quarter - r.programme_since[rows]
    _end_placements(world, rows, u, (kind == Programme.PLACEMENT) & (age >= world.p.placement_quarters))
    _end_subsidies(world, rows, u, (kind == Programme.HIRE) & (age >= world.p.subsidy_quarters), world.p.hire_retained)
    over = (kind == Programme.SERVICE) & (age >= world.p.service_quarters)
    _end_subsidies(world, rows, u, over, world.p.service_to_job)
    at_work = np.ones(len(rows), dtype=bool)
    in_place = np.flatnonzero(r.builder[rows] >= 0)
    at_work[in_place] = on_site(world, rows[in_place])
    alone = rows[~at_work]
    lost = alone[stranded(world, alone)]
    _out_of_work(world, lost)
    world.tallies.count(Tally.STRANDED, world.neighbourhood_of[lost])
    apprentices = kind == Programme.APPRENTICE
    _apprentices(world, rows[apprentices], u[apprentices], at_work[apprentices])


def _end_placements(world: World, rows: Ints, u: Floats, over: Bools) -> None:
    """Most of those whom a coach has followed go on to a job; few of the others."""
    r = world.residents
    # A coach decides, not the place: 67-73 % of followed people go on to a job, 3 % of others (see the rule).
    near = readiness(r.history[rows], in_sweden(r.arrival[rows], world.quarter), world.p)
    rate = COACHED_PLACEMENTS[world.levers.coached_placements](world.p)
    chance = placement_success(r.coached[rows] * near, rate, world.p) * by_quality(r.quality[rows], world.p)
    success = u[:, 0] < chance
    _into_work(world, rows[over & success])
    _out_of_work(world, rows[over & ~success])
    r.programme_since[rows[over]] = world.quarter


def _end_subsidies(world: World, rows: Ints, u: Floats, over: Bools, kept: float) -> None:
    """When the subsidy ends, most stay."""
    _into_work(world, rows[over & (u[:, 0] < kept)])
    _out_of_work(world, rows[over & (u[:, 0] >= kept)])


def _into_work(world: World, rows: Ints) -> None:
    """An ordinary job after a place; it fills a vacancy that somebody else might have had."""
    r = world.residents
    r.work[rows], r.programme[rows], r.builder[rows] = Work.EMPLOYED, Programme.THROUGH, -1
    note_jobs(world, rows)
    take_vacancies(world, float(len(rows)))


def _out_of_work(world: World, rows: Ints) -> None:
    """Back to looking for work."""
    r = world.residents
    r.work[rows], r.programme[rows], r.builder[rows] = Work.OUT_OF_WORK, Programme.NONE, -1


def _apprentices(world: World, rows: Ints, u: Floats, there: Bools) -> None:
    """On a site (there), with their firm elsewhere, or waiting: practice counts, waiting wears them out."""
    r, p = world.residents, world.p
    if len(rows) == 0:
        return
    # Two draws for two questions, so that a longer wait does not change who gives up.
    at_work = there | (u[:, 1] < firm_elsewhere(world))
    world.tallies.count(Tally.STRANDED, world.neighbourhood_of[rows[~at_work & (r.waiting[rows] == 0)]])
    r.practice[rows] += at_work
    r.waiting[rows] = np.where(at_work, 0, np.minimum(r.waiting[rows] + 1, 100))
    # Practice counts, not time: an apprentice without a site gets no nearer the certificate.
    certified = r.practice[rows] >= p.apprenticeship_quarters
    quits = ~certified & (u[:, 0] < drop_out(r.waiting[rows].astype(float), r.quality[rows], p))
    _out_of_work(world, rows[quits])
    world.tallies.count(Tally.DROPOUTS, world.neighbourhood_of[rows[quits]])
    _graduate(world, rows[certified])


def _graduate(world: World, rows: Ints) -> None:
    """A certified tradesperson: better paid, safer, and one skilled worker more in the firm."""
    r = world.residents
    r.work[rows], r.skill[rows], r.programme[rows] = Work.EMPLOYED, Skill.TRADE, Programme.GRADUATE
    note_jobs(world, rows)
    for builder in r.builder[rows]:
        world.builders[builder].workers += 1.0
    r.builder[rows] = -1
    world.tallies.count(Tally.GRADUATES, world.neighbourhood_of[rows])
    take_vacancies(world, len(rows) * (1.0 - world.surroundings.shortage))


def _remember(world: World) -> None:
    """What partners will compare at the end of the year: job-years promised by the works done, and job-years seen."""
    p, m = world.p, len(world.municipalities)
    rows = in_programme_work(world)
    recent = rows[world.residents.programme_since[rows] > world.quarter - 4 * p.job_years_per_job]
    seen = np.bincount(world.municipality_of[recent], minlength=m) / 4.0
    due, taxes = _promised(world), (world.municipal_tax, world.county_tax)
    if due.any():
        promised = (due * job_year_values(*taxes, p.assistance_share_of_trainees, p)).T
        for town in np.flatnonzero(due).tolist():
            world.municipalities[town].promised[Gain.JOBS] += promised[town]
    if seen.any():
        # The books show what equalisation leaves, and everybody who works, not only those who would not have.
        realised = (seen * job_year_values(*taxes, p.assistance_share_of_trainees, p, equalised=True)).T
        for town in np.flatnonzero(seen).tolist():
            world.municipalities[town].realised[Gain.JOBS] += realised[town]


def _promised(world: World) -> Floats:
    """Job-years that this quarter's work on sites with a clause promises, by municipality (m,)."""
    p, m = world.p, len(world.municipalities)
    sites = [c for c in world.contracts if c.start <= world.quarter and c.places > 0.0]
    if not sites:
        return np.zeros(m)
    site = np.repeat(np.arange(len(sites)), [len(c.buildings) for c in sites])
    town = world.buildings.municipality[np.concatenate([c.buildings for c in sites])]
    shares = np.bincount(site * m + town, np.concatenate([c.cost_shares for c in sites]), minlength=len(sites) * m)
    places, quarters = (np.array([[x] for x in xs]) for xs in ([c.places for c in sites], [c.quarters for c in sites]))
    due = shares.reshape(-1, m) * places / quarters * p.placement_to_job * p.job_years_per_job
    return np.asarray(due.sum(axis=0))
