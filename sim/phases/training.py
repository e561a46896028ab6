"""Training places within phase 6: filling, practice, waiting, graduating, dropping out; service jobs."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules.income import job_year_values
from sim.rules.social import Gain
from sim.rules.training import Programme, coached, drop_out, placement_success
from sim.vocabulary import Skill, Work
from sim.world.books import Flow
from sim.world.columns import Bools, Floats, Ints
from sim.world.programme import in_programme_work
from sim.world.tallies import Tally
from sim.world.world import World


def run_training(world: World) -> None:
    """Advance everybody in a place, then fill new ones: who leaves a place this quarter takes none this quarter.

    Practice, waiting and subsidies are counted in quarters; places are persons.
    """
    _advance_places(world)
    _fill_clause_places(world)
    if scope.state_money_free(world) > 0.0 and world.quarter % 4 == 0:
        _fill_service_jobs(world, scope.state_money_free(world))
    _remember(world)
    if world.events is not None:
        world.events.trained(world)


def _advance_places(world: World) -> None:
    """Placements end, hires lose their subsidy, apprentices practise or wait."""
    r = world.residents
    rows = np.flatnonzero(r.programme)
    if len(rows) == 0:
        return
    u = world.draws.at(Decision.TRAINING, world.quarter, r.household[rows], 2)
    kind, age = r.programme[rows], world.quarter - r.programme_since[rows]
    _end_placements(world, rows, u, (kind == Programme.PLACEMENT) & (age >= world.p.placement_quarters))
    _end_subsidies(world, rows, u, (kind == Programme.HIRE) & (age >= world.p.subsidy_quarters), world.p.hire_retained)
    over = (kind == Programme.SERVICE) & (age >= world.p.service_quarters)
    _end_subsidies(world, rows, u, over, world.p.service_to_job)
    apprentices = kind == Programme.APPRENTICE
    _apprentices(world, rows[apprentices], u[apprentices])


def _end_placements(world: World, rows: Ints, u: Floats, over: Bools) -> None:
    """Most of those whom a coach has followed go on to a job; few of the others."""
    r = world.residents
    # A coach decides, not the place: 67-73 % of followed people go on to a job, 3 % of others (see the rule).
    success = u[:, 0] < placement_success(r.coached[rows], world.p)
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
    r.ever_worked[rows] = True
    _take_vacancies(world, float(len(rows)))


def _out_of_work(world: World, rows: Ints) -> None:
    """Back to looking for work."""
    r = world.residents
    r.work[rows], r.programme[rows], r.builder[rows] = Work.OUT_OF_WORK, Programme.NONE, -1


def _take_vacancies(world: World, jobs: float) -> None:
    """Vacancies filled through the programme; none under full additionality or fixed vacancies."""
    if world.levers.additionality == "emergent" and world.levers.vacancies == "finite":
        world.pool.taken += jobs


def _apprentices(world: World, rows: Ints, u: Floats) -> None:
    """On a site, with their firm elsewhere, or waiting: practice counts, waiting wears them out."""
    r, p = world.residents, world.p
    if len(rows) == 0:
        return
    # Two draws for two questions, so that a longer wait does not change who gives up.
    at_work = _has_site(world, rows) | (u[:, 1] < _firm_elsewhere(world))
    r.practice[rows] += at_work
    r.waiting[rows] = np.where(at_work, 0, np.minimum(r.waiting[rows] + 1, 100))
    # Practice counts, not time: an apprentice without a site gets no nearer the certificate.
    certified = r.practice[rows] >= p.apprenticeship_quarters
    quits = ~certified & (u[:, 0] < drop_out(r.waiting[rows].astype(float), p))
    _out_of_work(world, rows[quits])
    world.tallies.count(Tally.DROPOUTS, world.neighbourhood_of[rows[quits]])
    _graduate(world, rows[certified])


def _has_site(world: World, rows: Ints) -> Bools:
    """Whether a site with a training clause is open to each apprentice: in the own municipality, or in the region."""
    sites = np.zeros(len(world.municipalities))
    for c in world.contracts:
        if c.places > 0.0 and c.start <= world.quarter:
            sites[world.buildings.municipality[c.buildings]] += 1.0
    if scope.training_across_region(world):
        return np.full(len(rows), bool(sites.any()))
    return sites[world.municipality_of[rows]] > 0.0


def _firm_elsewhere(world: World) -> float:
    """Chance that the firm can take its apprentice to other sites or ordinary building: a slump closes that way."""
    p = world.p
    return float(np.clip(p.follow_firm * (1.0 + p.follow_cycle * (world.surroundings.other_demand - 1.0)), 0.0, 1.0))


def _graduate(world: World, rows: Ints) -> None:
    """A certified tradesperson: better paid, safer, and one skilled worker more in the firm."""
    r = world.residents
    r.work[rows], r.skill[rows], r.programme[rows] = Work.EMPLOYED, Skill.TRADE, Programme.GRADUATE
    r.ever_worked[rows] = True
    for builder in r.builder[rows]:
        world.builders[builder].workers += 1.0
    r.builder[rows] = -1
    world.tallies.count(Tally.GRADUATES, world.neighbourhood_of[rows])
    _take_vacancies(world, len(rows) * (1.0 - world.surroundings.shortage))


class _Applicants:
    """Those who may take a place, scored once: nearest to work first (furthest, under full additionality).

    They have been looking for work since an earlier quarter, so nobody drops out of a place into the next.

    Each municipality keeps a list of its best, no longer than the number of places wanted this quarter.
    """

    def __init__(self, world: World, wanted: int) -> None:
        r, p = world.residents, world.p
        young = r.born > world.quarter - int(p.trainee_age_limit * 4)
        rows = np.flatnonzero((r.work == Work.OUT_OF_WORK) & (r.spell > 0) & r.occupied & young)
        error = world.draws.gumbel(Decision.SELECTION, world.quarter, r.household[rows], 1)[:, 0]
        near = -r.spell[rows] / world.p.nearness_spell + (r.skill[rows] > Skill.LOW) + r.health[rows]
        score = error + (world.p.creaming_full if world.levers.additionality == "full" else p.creaming) * near
        where = world.municipality_of[rows]
        self.lists = [_top(rows[where == m], score[where == m], wanted) for m in range(len(world.municipalities))]

    def best(self, wanted: int, municipalities: Ints) -> Ints:
        """The best of these municipalities, taken off their lists; fewer where there are not enough."""
        rows, score = (np.concatenate([self.lists[m][k] for m in municipalities]) for k in (0, 1))
        chosen, _ = _top(rows, score, wanted)
        for m in municipalities:
            stay = ~np.isin(self.lists[m][0], chosen)
            self.lists[m] = (self.lists[m][0][stay], self.lists[m][1][stay])
        return np.sort(chosen)


def _top(rows: Ints, score: Floats, n: int) -> tuple[Ints, Floats]:
    """The n rows with the highest scores."""
    if len(rows) <= n:
        return rows, score
    best = np.argpartition(-score, n)[:n] if n else np.zeros(0, dtype=np.int64)
    return rows[best], score[best]


def _fill_clause_places(world: World) -> None:
    """New places on open sites with a clause, as works progress, for people of the municipalities where they stand.

    What a firm owes in parts of a place, or from a site that is finished, it gives on its next site.
    """
    if world.quarter % 4 == 0:
        world.intake[:] = 0.0
    open_sites = [c for c in world.contracts if c.start <= world.quarter and c.places > 0.0]
    # reversed: of a firm's open sites the one that was awarded first counts.
    site_of = {c.builder: c for c in reversed(open_sites) if world.builders[c.builder].places_owed >= 1.0}
    if not site_of:
        return
    wanted = {firm: int(world.builders[firm].places_owed) for firm in site_of}
    applicants = _Applicants(world, sum(wanted.values()))
    rows, firms = [], []
    for firm, contract in site_of.items():
        places = wanted[firm]
        where = np.unique(world.buildings.municipality[contract.buildings])
        rows.append(applicants.best(places, where))
        firms.append(np.full(len(rows[-1]), contract.builder))
        if world.events is not None:
            world.events.placed(world, contract, rows[-1])
        world.builders[firm].places_owed -= places
    _place(world, np.concatenate(rows), np.concatenate(firms))


def _place(world: World, rows: Ints, builder: Ints) -> None:
    """Split new trainees into placements, hires and apprenticeships; freed transfers turn placements into hires."""
    r, p = world.residents, world.p
    if len(rows) == 0:
        return
    u, chance, place = world.draws.at(Decision.TRAINEE_KIND, world.quarter, r.household[rows], 3).T
    wages = p.share_placements * p.transfers_into_wages * scope.state_money_free(world)
    placement = u < p.share_placements - wages
    hire = ~placement & (u < p.share_placements + p.share_hires)
    r.programme[rows] = np.where(placement, Programme.PLACEMENT, np.where(hire, Programme.HIRE, Programme.APPRENTICE))
    r.work[rows] = np.where(hire, Work.EMPLOYED, Work.TRAINEE)
    r.programme_since[rows], r.builder[rows] = world.quarter, builder
    r.practice[rows], r.waiting[rows] = 0.0, 0
    where = world.municipality_of[rows]
    # At a small scale a place stands for several, of which it is any.
    number = np.floor((world.intake[where] + _earlier(where) + place) / world.region.scale)
    r.coached[rows] = coached(number, chance, p)
    np.add.at(world.intake, where, 1.0)  # several in one municipality each count
    world.tallies.count(Tally.PLACEMENTS, world.neighbourhood_of[rows])
    cost = p.place_cost * np.bincount(where, minlength=len(world.municipalities))
    world.books.pay(Flow.COACHING, cost)
    # A hire fills a post that the firm would have filled from the market, unless hands are too short for that.
    _take_vacancies(world, float(hire.sum()) * (1.0 - world.surroundings.shortage))


def _earlier(where: Ints) -> Ints:
    """For each entry, how many before it are the same."""
    order = np.argsort(where, kind="stable")
    before = np.empty(len(where), dtype=np.int64)
    before[order] = np.arange(len(where)) - np.searchsorted(where[order], where[order])
    return before


def _fill_service_jobs(world: World, free: float) -> None:
    """Transfers become wages in care and integration: jobs for a while, some of them instead of ordinary ones."""
    r, p = world.residents, world.p
    clients = (r.work == Work.OUT_OF_WORK) & r.occupied & r.entitled
    idle = np.bincount(world.municipality_of[clients], minlength=len(world.municipalities))
    u = world.draws.at(Decision.SERVICE_JOBS, world.quarter, np.arange(len(idle)))[:, 0]
    offered = (p.service_share * free * idle + u).astype(np.int64)
    applicants = _Applicants(world, int(offered.max()))
    for m in range(len(world.municipalities)):
        rows = applicants.best(int(offered[m]), np.array([m]))
        r.work[rows], r.programme[rows], r.programme_since[rows] = Work.EMPLOYED, Programme.SERVICE, world.quarter
        world.tallies.count(Tally.SERVICE_JOBS, world.neighbourhood_of[rows])
        _take_vacancies(world, p.service_displacement * len(rows))


def _remember(world: World) -> None:
    """What partners will compare at the end of the year: job-years promised by the works done, and job-years seen."""
    p, m = world.p, len(world.municipalities)
    values = job_year_values(world.municipal_tax, world.county_tax, p.assistance_share_of_trainees, p)
    rows = in_programme_work(world)
    recent = rows[world.residents.programme_since[rows] > world.quarter - 4 * p.job_years_per_job]
    seen = np.bincount(world.municipality_of[recent], minlength=m) / 4.0
    due = np.zeros(m)
    for c in world.contracts:
        if c.start <= world.quarter and c.places > 0.0:
            where = np.bincount(world.buildings.municipality[c.buildings], weights=c.cost_shares, minlength=m)
            due += where * c.places / c.quarters * p.placement_to_job * p.job_years_per_job
    # The books show what equalisation leaves, and they show everybody who works, not only those who would not have.
    kept = job_year_values(world.municipal_tax, world.county_tax, p.assistance_share_of_trainees, p, equalised=True)
    for x in world.municipalities:
        x.promised[Gain.JOBS] += due[x.index] * values[:, x.index]
        x.realised[Gain.JOBS] += seen[x.index] * kept[:, x.index]
