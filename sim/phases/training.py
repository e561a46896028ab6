"""Training places within phase 6: filling, practice, waiting, graduating, dropping out; service jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules.income import job_year_values
from sim.rules.training import Programme, coached, drop_out, placement_success
from sim.vocabulary import Skill, Work
from sim.world.columns import Bools, Floats, Ints

if TYPE_CHECKING:
    from sim.model import RenewalModel


def run_training(model: RenewalModel) -> None:
    """Advance everybody in a place, then fill new ones."""
    _advance_places(model)
    _fill_clause_places(model)
    if scope.state_money_free(model) > 0.0 and model.quarter % 4 == 0:
        _fill_service_jobs(model, scope.state_money_free(model))
    _remember(model)
    if model.events is not None:
        model.events.places.follow(model)


def _advance_places(model: RenewalModel) -> None:
    """Placements end, hires lose their subsidy, apprentices practise or wait."""
    r = model.residents
    rows = np.flatnonzero(r.programme)
    if len(rows) == 0:
        return
    u = model.draws.at(Decision.TRAINING, model.quarter, r.household[rows], 2)
    kind, age = r.programme[rows], model.quarter - r.programme_since[rows]
    _end_placements(model, rows, u, (kind == Programme.PLACEMENT) & (age >= model.p.placement_quarters))
    _end_subsidies(model, rows, u, (kind == Programme.HIRE) & (age >= model.p.subsidy_quarters), model.p.hire_retained)
    over = (kind == Programme.SERVICE) & (age >= model.p.service_quarters)
    _end_subsidies(model, rows, u, over, model.p.service_to_job)
    apprentices = kind == Programme.APPRENTICE
    _apprentices(model, rows[apprentices], u[apprentices])


def _end_placements(model: RenewalModel, rows: Ints, u: Floats, over: Bools) -> None:
    """Most of those whom a coach has followed go on to a job; few of the others."""
    r = model.residents
    success = u[:, 0] < placement_success(r.coached[rows], model.p)
    _into_work(model, rows[over & success])
    _out_of_work(model, rows[over & ~success])
    r.programme_since[rows[over]] = model.quarter


def _end_subsidies(model: RenewalModel, rows: Ints, u: Floats, over: Bools, kept: float) -> None:
    """When the subsidy ends, most stay."""
    _into_work(model, rows[over & (u[:, 0] < kept)])
    _out_of_work(model, rows[over & (u[:, 0] >= kept)])


def _into_work(model: RenewalModel, rows: Ints) -> None:
    """An ordinary job after a place; it fills a vacancy that somebody else might have had."""
    r = model.residents
    r.work[rows], r.programme[rows], r.builder[rows] = Work.EMPLOYED, Programme.THROUGH, -1
    r.ever_worked[rows] = True
    _take_vacancies(model, float(len(rows)))


def _out_of_work(model: RenewalModel, rows: Ints) -> None:
    """Back to looking for work."""
    r = model.residents
    r.work[rows], r.programme[rows], r.builder[rows] = Work.OUT_OF_WORK, Programme.NONE, -1


def _take_vacancies(model: RenewalModel, jobs: float) -> None:
    """Vacancies filled through the programme; none under full additionality or fixed vacancies."""
    if model.levers.additionality == "emergent" and model.levers.vacancies == "finite":
        model.pool.taken += jobs


def _apprentices(model: RenewalModel, rows: Ints, u: Floats) -> None:
    """On a site, with their firm elsewhere, or waiting: practice counts, waiting wears them out."""
    r, p = model.residents, model.p
    if len(rows) == 0:
        return
    at_work = _has_site(model, rows) | (u[:, 1] < _firm_elsewhere(model))
    r.practice[rows] += at_work
    r.waiting[rows] = np.where(at_work, 0, np.minimum(r.waiting[rows] + 1, 100))
    certified = r.practice[rows] >= p.apprenticeship_quarters
    quits = ~certified & (u[:, 0] < drop_out(r.waiting[rows].astype(float), p))
    _out_of_work(model, rows[quits])
    model.tally("dropouts", model.neighbourhood_of[rows[quits]])
    _graduate(model, rows[certified])


def _has_site(model: RenewalModel, rows: Ints) -> Bools:
    """Whether a site with a training clause is open to each apprentice: in the own municipality, or in the region."""
    sites = np.zeros(len(model.municipalities))
    for c in model.contracts:
        if c.places > 0.0 and c.start <= model.quarter:
            sites[model.buildings.municipality[c.buildings]] += 1.0
    if scope.training_across_region(model):
        return np.full(len(rows), bool(sites.any()))
    return sites[model.municipality_of[rows]] > 0.0


def _firm_elsewhere(model: RenewalModel) -> float:
    """Chance that the firm can take its apprentice to other sites or ordinary building: a slump closes that way."""
    p = model.p
    return float(np.clip(p.follow_firm * (1.0 + p.follow_cycle * (model.surroundings.other_demand - 1.0)), 0.0, 1.0))


def _graduate(model: RenewalModel, rows: Ints) -> None:
    """A certified tradesperson: better paid, safer, and one skilled worker more in the firm."""
    r = model.residents
    r.work[rows], r.skill[rows], r.programme[rows] = Work.EMPLOYED, Skill.TRADE, Programme.GRADUATE
    r.ever_worked[rows] = True
    for builder in r.builder[rows]:
        model.builders[builder].workers += 1.0
    r.builder[rows] = -1
    model.tally("graduates", model.neighbourhood_of[rows])
    _take_vacancies(model, len(rows) * (1.0 - model.surroundings.shortage))


class _Applicants:
    """Those who may take a place, scored once: nearest to work first (furthest, under full additionality).

    They have been looking for work since an earlier quarter, so nobody drops out of a place into the next.

    Each municipality keeps a list of its best, no longer than the number of places wanted this quarter.
    """

    def __init__(self, model: RenewalModel, wanted: int) -> None:
        r, p = model.residents, model.p
        young = r.born > model.quarter - int(p.trainee_age_limit * 4)
        rows = np.flatnonzero((r.work == Work.OUT_OF_WORK) & (r.spell > 0) & r.occupied & young)
        error = model.draws.gumbel(Decision.SELECTION, model.quarter, r.household[rows], 1)[:, 0]
        near = -r.spell[rows] / 8.0 + (r.skill[rows] > Skill.LOW) + r.health[rows]
        score = error + (-5.0 if model.levers.additionality == "full" else p.creaming) * near
        where = model.municipality_of[rows]
        self.lists = [_top(rows[where == m], score[where == m], wanted) for m in range(len(model.municipalities))]

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


def _fill_clause_places(model: RenewalModel) -> None:
    """New places on open sites with a clause, as works progress, for people of the municipalities where they stand.

    What a firm owes in parts of a place, or from a site that is finished, it gives on its next site.
    """
    if model.quarter % 4 == 0:
        model.intake[:] = 0.0
    open_sites = [c for c in model.contracts if c.start <= model.quarter and c.places > 0.0]
    site_of = {c.builder: c for c in reversed(open_sites) if model.builders[c.builder].places_owed >= 1.0}
    if not site_of:
        return
    wanted = {firm: int(model.builders[firm].places_owed) for firm in site_of}
    applicants = _Applicants(model, sum(wanted.values()))
    rows, firms = [], []
    for firm, contract in site_of.items():
        places = wanted[firm]
        where = np.unique(model.buildings.municipality[contract.buildings])
        rows.append(applicants.best(places, where))
        firms.append(np.full(len(rows[-1]), contract.builder))
        if model.events is not None:
            model.events.places.placed(model, contract, rows[-1])
        model.builders[firm].places_owed -= places
    _place(model, np.concatenate(rows), np.concatenate(firms))


def _place(model: RenewalModel, rows: Ints, builder: Ints) -> None:
    """Split new trainees into placements, hires and apprenticeships; freed transfers turn placements into hires."""
    r, p = model.residents, model.p
    if len(rows) == 0:
        return
    u, chance = model.draws.at(Decision.TRAINEE_KIND, model.quarter, r.household[rows], 2).T
    wages = p.share_placements * p.transfers_into_wages * scope.state_money_free(model)
    placement = u < p.share_placements - wages
    hire = ~placement & (u < p.share_placements + p.share_hires)
    r.programme[rows] = np.where(placement, Programme.PLACEMENT, np.where(hire, Programme.HIRE, Programme.APPRENTICE))
    r.work[rows] = np.where(hire, Work.EMPLOYED, Work.TRAINEE)
    r.programme_since[rows], r.builder[rows] = model.quarter, builder
    r.practice[rows], r.waiting[rows] = 0.0, 0
    where = model.municipality_of[rows]
    r.coached[rows] = coached((model.intake[where] + _earlier(where)) / model.region.scale, chance, p)
    np.add.at(model.intake, where, 1.0)
    model.tally("placements", model.neighbourhood_of[rows])
    cost = p.place_cost * np.bincount(where, minlength=len(model.municipalities))
    model.books.pay("coaching", cost)
    # A hire fills a post that the firm would have filled from the market, unless hands are too short for that.
    _take_vacancies(model, float(hire.sum()) * (1.0 - model.surroundings.shortage))


def _earlier(where: Ints) -> Ints:
    """For each entry, how many before it are the same."""
    order = np.argsort(where, kind="stable")
    before = np.empty(len(where), dtype=np.int64)
    before[order] = np.arange(len(where)) - np.searchsorted(where[order], where[order])
    return before


def _fill_service_jobs(model: RenewalModel, free: float) -> None:
    """Transfers become wages in care and integration: jobs for a while, some of them instead of ordinary ones."""
    r, p = model.residents, model.p
    clients = (r.work == Work.OUT_OF_WORK) & r.occupied & r.entitled
    idle = np.bincount(model.municipality_of[clients], minlength=len(model.municipalities))
    offered = (p.service_share * free * idle + 0.5).astype(np.int64)
    applicants = _Applicants(model, int(offered.max()))
    for m in range(len(model.municipalities)):
        rows = applicants.best(int(offered[m]), np.array([m]))
        r.work[rows], r.programme[rows], r.programme_since[rows] = Work.EMPLOYED, Programme.SERVICE, model.quarter
        model.tally("service_jobs", model.neighbourhood_of[rows])
        _take_vacancies(model, p.service_displacement * len(rows))


def _remember(model: RenewalModel) -> None:
    """What partners will compare at the end of the year: job-years promised by the works done, and job-years seen."""
    p, m = model.p, len(model.municipalities)
    values = job_year_values(model.municipal_tax, model.county_tax, p.assistance_share_of_trainees, p)
    rows = in_programme_work(model)
    recent = rows[model.residents.programme_since[rows] > model.quarter - 4 * p.job_years_per_job]
    seen = np.bincount(model.municipality_of[recent], minlength=m) / 4.0
    due = np.zeros(m)
    for c in model.contracts:
        if c.start <= model.quarter and c.places > 0.0:
            where = np.bincount(model.buildings.municipality[c.buildings], weights=c.cost_shares, minlength=m)
            due += where * c.places / c.quarters * p.placement_to_job * p.job_years_per_job
    # The books show what equalisation leaves, and they show everybody who works, not only those who would not have.
    kept = job_year_values(model.municipal_tax, model.county_tax, p.assistance_share_of_trainees, p, equalised=True)
    for x in model.municipalities:
        x.promised += due[x.index] * values[:, x.index]
        x.realised += seen[x.index] * kept[:, x.index]


def in_programme_work(model: RenewalModel) -> Ints:
    """Rows at work through the programme (hires, service jobs, jobs after a place, graduates, apprentices)."""
    r = model.residents
    at_work = (r.work == Work.EMPLOYED) | (r.programme == Programme.APPRENTICE)
    return np.flatnonzero((r.programme >= Programme.HIRE) & at_work)
