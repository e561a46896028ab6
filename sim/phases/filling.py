"""Filling training places within phase 6: who is there to take one, for how many crews have time; service jobs.

The funnel saturates: people who suit a site are a part of those out of work and get no second place for years, a crew
shows only so many the work, and coaching grows slowly.
"""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.first_jobs import never_worked, note_jobs
from sim.phases.sites import room
from sim.randomness import Decision
from sim.rules.training import Programme, coached, next_coaches
from sim.vocabulary import Skill, Work
from sim.world.books import Flow
from sim.world.candidates import candidates, seeking
from sim.world.columns import Floats, Ints, among
from sim.world.projects import Contract
from sim.world.tallies import Tally
from sim.world.world import World


class _Applicants:
    """Those who may take a place, scored once by whom places go to.

    They have been looking for work since an earlier quarter, so nobody drops out of a place into the next.

    Each municipality keeps a list of its best, no longer than the number of places wanted this quarter.
    """

    def __init__(self, world: World, rows: Ints, wanted: int, towns: Ints) -> None:
        """wanted : places. towns : municipalities for whose people they are; nobody else need be scored."""
        r, m = world.residents, len(world.municipalities)
        rows = rows[among(world.municipality_of[rows], towns, m)]
        error = world.draws.gumbel(Decision.SELECTION, world.quarter, r.household[rows], 1)[:, 0]
        score = error + _preference(world, rows)
        where = world.municipality_of[rows].astype(np.int16)  # of so few bytes sorted several times as fast
        order = np.argsort(where, kind="stable")
        end = np.cumsum(np.bincount(where, minlength=m))
        ours = {town: order[(end[town - 1] if town else 0) : end[town]] for town in towns.tolist()}
        self.lists = {town: _top(rows[these], score[these], wanted) for town, these in ours.items()}

    def best(self, wanted: int, municipalities: Ints) -> Ints:
        """The best of these municipalities, taken off their lists; fewer where there are not enough."""
        towns = municipalities.tolist()
        rows, score = (np.concatenate([self.lists[town][k] for town in towns]) for k in (0, 1))
        chosen, _ = _top(rows, score, wanted)
        for town in towns:
            rows, score = self.lists[town]
            stay = (rows[:, None] != chosen).all(axis=1)
            self.lists[town] = rows[stay], score[stay]
        return np.sort(chosen)


def _preference(world: World, rows: Ints) -> Floats:
    """How far those who place prefer each of these residents (rows,), logits.

    Nearest to work are those with the longest work history, schooling and health. Who has never worked since arriving,
    where that is, and how long somebody has been out of work stands in the employment service's files.
    """
    r, p, rule = world.residents, world.p, world.levers.places_go_to
    if world.levers.additionality == "full" or rule == "nearest":
        near = r.history[rows] / p.nearness_history + (r.skill[rows] > Skill.LOW) + r.health[rows]
        return np.asarray((p.creaming_full if world.levers.additionality == "full" else p.creaming) * near)
    if rule == "newcomers":
        return np.asarray(p.places_by_rule * never_worked(r, rows))
    return np.asarray(p.places_by_rule * r.spell[rows] / p.long_spell)


def _top(rows: Ints, score: Floats, n: int) -> tuple[Ints, Floats]:
    """The n rows with the highest scores."""
    if len(rows) <= n:
        return rows, score
    best = np.argpartition(-score, n)[:n] if n else np.zeros(0, dtype=np.int64)
    return rows[best], score[best]


def fill_clause_places(world: World) -> None:
    """New places on open sites with a clause, as works progress, for people of the municipalities where they stand.

    What a firm owes in parts of a place, or from a site that is finished, it gives on its next site; what nobody is
    there for when it falls due stays empty for ever.
    """
    if world.quarter % 4 == 0:
        world.coaches = next_coaches(world.coaches, world.intake / world.region.scale, world.p)
        world.intake[:] = 0.0
    open_sites = [c for c in world.contracts if c.start <= world.quarter and c.places > 0.0]
    # reversed: of a firm's open sites the one that was awarded first counts.
    site_of = {c.builder: c for c in reversed(open_sites) if world.builders[c.builder].places_owed >= 1.0}
    if not site_of:
        return
    wanted = {firm: int(world.builders[firm].places_owed) for firm in site_of}
    towns = {firm: _towns(world, contract) for firm, contract in site_of.items()}
    theirs = np.flatnonzero(np.bincount(np.concatenate(list(towns.values()))))
    applicants = _Applicants(world, candidates(world), sum(wanted.values()), theirs)
    # What crews have no room for is taken from all firms alike: whole places, the last one by a draw.
    given = min(room(world) / sum(wanted.values()), 1.0)
    part = world.draws.at(Decision.CREW_ROOM, world.quarter, np.arange(len(world.builders)))[:, 0]
    rows, firms = [], []
    for firm, contract in site_of.items():
        rows.append(applicants.best(min(int(wanted[firm] * given + part[firm]), wanted[firm]), towns[firm]))
        firms.append(np.full(len(rows[-1]), contract.builder))
        if world.events is not None:
            world.events.placed(world, contract, rows[-1])
        world.builders[firm].places_owed -= wanted[firm]
        _count_empty(world, contract, wanted[firm] - len(rows[-1]))
    _place(world, np.concatenate(rows), np.concatenate(firms))


def _towns(world: World, contract: Contract) -> Ints:
    """Municipalities in which a contract's buildings stand."""
    return np.flatnonzero(np.bincount(world.buildings.municipality[contract.buildings]))


def _count_empty(world: World, contract: Contract, places: int) -> None:
    """Places that nobody is there for, where the contract's first building stands."""
    where = world.buildings.neighbourhood[contract.buildings[:1]]
    world.tallies.count(Tally.PLACES_UNFILLED, where, np.array([float(places)]))


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
    world.tallies.count(Tally.NEWCOMER_PLACES, world.neighbourhood_of[rows[never_worked(r, rows)]])
    note_jobs(world, rows[hire])
    world.cohort.took_place[r.household[rows[r.household[rows] < r.n]]] = True
    r.programme_since[rows], r.placed[rows], r.builder[rows] = world.quarter, world.quarter, builder
    r.practice[rows], r.waiting[rows] = 0.0, 0
    r.quality[rows] = world.draws.at(Decision.PLACE_QUALITY, world.quarter, r.household[rows])[:, 0]
    where = world.municipality_of[rows]
    # At a small scale a place stands for several, of which it is any.
    number = np.floor((world.intake[where] + _earlier(where) + place) / world.region.scale)
    r.coached[rows] = coached(number, chance, world.coaches[where], p)
    np.add.at(world.intake, where, 1.0)  # several in one municipality each count
    world.tallies.count(Tally.PLACEMENTS, world.neighbourhood_of[rows])
    # One cost of a place, in two parts: the builder has put its part into the bid.
    cost = p.place_cost * np.bincount(world.neighbourhood_of[rows], minlength=len(world.neighbourhoods))
    world.books.pay_at(Flow.COACHING, (1.0 - p.place_cost_in_bid) * cost)
    world.books.pay_at(Flow.PLACE_ADMINISTRATION, p.place_cost_in_bid * cost)
    # A hire fills a post that the firm would have filled from the market, unless hands are too short for that.
    take_vacancies(world, float(hire.sum()) * (1.0 - world.surroundings.shortage))


def take_vacancies(world: World, jobs: float) -> None:
    """Vacancies filled through the programme; none under full additionality or fixed vacancies."""
    if world.levers.additionality == "emergent" and world.levers.vacancies == "finite":
        world.pool.taken += jobs


def _earlier(where: Ints) -> Ints:
    """For each entry, how many before it are the same."""
    order = np.argsort(where, kind="stable")
    before = np.empty(len(where), dtype=np.int64)
    before[order] = np.arange(len(where)) - np.searchsorted(where[order], where[order])
    return before


def fill_service_jobs(world: World, free: float) -> None:
    """Transfers become wages in care and integration: jobs for a while, some of them instead of ordinary ones."""
    r, p = world.residents, world.p
    towns = np.arange(len(world.municipalities))
    clients = (r.work == Work.OUT_OF_WORK) & r.occupied & r.entitled
    idle = np.bincount(world.municipality_of[clients], minlength=len(towns))
    u = world.draws.at(Decision.SERVICE_JOBS, world.quarter, towns)[:, 0]
    offered = (p.service_share * free * idle + u).astype(np.int64)
    applicants = _Applicants(world, seeking(world), int(offered.max()), towns)
    for m in towns:
        rows = applicants.best(int(offered[m]), np.array([m]))
        r.work[rows], r.programme[rows], r.programme_since[rows] = Work.EMPLOYED, Programme.SERVICE, world.quarter
        note_jobs(world, rows)
        world.tallies.count(Tally.SERVICE_JOBS, world.neighbourhood_of[rows])
        take_vacancies(world, p.service_displacement * len(rows))
