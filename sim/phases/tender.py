"""Phase 4. Projects become lots, builders bid or stay away, the lowest price wins."""

from __future__ import annotations

import itertools

import numpy as np

from sim import scope
from sim.phases.awards import Outcome, Taken, contracts, outcome
from sim.phases.bidding import NO_BID, NO_HANDS, Bids, bids_for, practice_ahead
from sim.phases.clauses import clauses, none_asked
from sim.phases.lots import Lots, Work, lots_of, own_lots, work_of
from sim.phases.withdrawals import note_no_bids
from sim.rules import choice, repetition
from sim.sums import total
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.notes import Tender, Twin
from sim.world.plans import Slip
from sim.world.projects import Contract, Pledge, Project
from sim.world.tallies import RegionTally
from sim.world.world import World


def advance(world: World) -> None:
    """Tender what is ready; pooled projects of one year wait for the slowest of them.

    What bidders know and do is settled for all lots first, one after another; what comes of it is then written down.
    """
    ready = [q for q in world.projects if not q.pooled and q.ready <= world.quarter]
    ready += _pooled_ready(world)
    _visible_work(world)
    lots = lots_of(world, ready)
    if not len(lots):
        return
    work = work_of(world, lots)
    found = bids_for(world, lots, work, clauses(world, lots.buildings))
    _count(world, lots, found)
    then = outcome(world, lots, work, found)
    signed = iter(contracts(world, lots, work, found, then))
    for i, winner in enumerate(found.winner.tolist()):
        if winner != NO_HANDS and world.events is not None:
            _tell(world, lots, work, found, i)
        if winner < 0:
            _failed(world, lots, then.taken[i])
        else:
            _award(world, lots, next(signed), then.taken[i])
    _leave(world, lots, found, then)


def _pooled_ready(world: World) -> list[Project]:
    """Pooled projects whose whole round is ready (or has waited as long as the framework lets it)."""
    pooled = [q for q in world.projects if q.pooled]
    last = {year: max(q.ready for q in pooled if q.decided == year) for year in {q.decided for q in pooled}}
    return [q for q in pooled if min(last[q.decided], q.decided + world.p.pool_patience) <= world.quarter >= q.ready]


def _visible_work(world: World) -> None:
    """How far ahead each firm can see work: its contracts, and its part of a framework's pipeline, in years."""
    firms = world.firms
    pipeline = total(q.cost for q in world.projects if q.pooled) * world.region.scale
    crew_cost = 1e6 / world.p.labour_intensity
    left = [0.0] * len(firms)
    for c in world.contracts:
        left[c.builder] += (1.0 - c.progress) * c.labour
    firms.visible[:] = left / np.maximum(firms.start_workers, 1e-9)
    # A framework's pipeline is seen by those who can take its lots, in proportion to what they were at the start.
    if pipeline > 0.0:
        capacity = total(firms.start_workers[~firms.small].tolist())
        firms.visible[~firms.small] += world.p.framework_years * pipeline / crew_cost / capacity


def _count(world: World, lots: Lots, found: Bids) -> None:
    """Tenders and bids are counted, and firms pay for their bids, SEK to scale."""
    scale, tenders, bids, single = world.region.scale, 0.0, 0.0, 0.0
    for winner, number in zip(found.winner.tolist(), found.number.tolist(), strict=True):
        if winner != NO_HANDS:
            tenders += scale
            bids += number * scale
            single += (number == 1) * scale
    world.tallies.add(RegionTally.TENDERS, tenders)
    world.tallies.add(RegionTally.BIDS, bids)
    world.tallies.add(RegionTally.SINGLE_BIDS, single)
    buyers = [lots.projects[q].municipality for q in lots.project[lots.starts[:-1]].tolist()]
    world.books.pay(Flow.BIDDING, np.bincount(buyers, found.cost * scale, minlength=len(world.municipalities)))


def _tell(world: World, lots: Lots, work: Work, found: Bids, i: int) -> None:
    """Whoever wants to know hears of a tender as its bids are opened."""
    here, b, events = lots.part(i), world.buildings, world.events
    assert events is not None
    pooled, rows = bool(lots.pooled[i]), lots.buildings[here]
    twin = _twin(world, lots, i) if pooled and events.twins else None
    options, awarded = lots.options[here], bool(found.winner[i] >= 0)
    reference, prices = float(work.reference[i]), found.prices[i]
    told = Tender(pooled, np.unique(b.owner[rows]), options, b.flats[rows], reference, prices, awarded, twin)
    events.tendered(world, told)


def _twin(world: World, lots: Lots, i: int) -> Twin:
    """What the buildings of a joint lot would have cost, had each owner put its own to tender now, to the same firms.

    Every part meets the firms as the joint lot does, with the draws of its own first building. Nothing is changed.
    """
    own = own_lots(world, lots, i)
    work = work_of(world, own)
    found = bids_for(world, own, work, none_asked(world), one_after_another=False)
    price = found.prices.min(axis=1) * work.reference + world.p.lot_setup
    return Twin(found.number, work.flats.astype(np.int64), price, work.reference)


def _failed(world: World, lots: Lots, taken: list[Taken]) -> None:
    """What could not be awarded is tried again next quarter; after a second failure it goes back to planning."""
    for one in taken:
        project = lots.projects[one.project]
        project.tenders += 1
        project.ready = world.quarter + 1
        if one.out:
            note_no_bids(world, project, one.flats, one.before)
            if project.pooled:
                world.compact.failed[project.municipality] += 1.0
            _take_out(project, one)


def _award(world: World, lots: Lots, contract: Contract, taken: list[Taken]) -> None:
    """A contract is signed."""
    scale, worth = world.region.scale, contract.price + contract.clause
    if contract.appealed:
        world.books.pay(Flow.APPEALS, world.p.appeal_cost * scale, lots.projects[taken[0].project].municipality)
    world.contracts.append(contract)
    if scope.convened(world):  # else nobody reads it, and it is forgotten with the year
        _note_price(world, contract)
    if world.firms.small[contract.builder]:
        world.tallies.add(RegionTally.AWARD_SMALL, worth * scale)
    world.firms.busy[contract.builder] += contract.crew
    world.tallies.add(RegionTally.AWARD_VALUE, worth * scale)
    world.tallies.add(RegionTally.AWARD_REFERENCE, contract.reference * scale)
    for one in taken:
        _pledge(world, contract, lots.projects[one.project], one)
        _take_out(lots.projects[one.project], one)


def _note_price(world: World, c: Contract) -> None:
    """What municipalities can read of an award: its price, and what of it practice on joint lots has saved."""
    b, p, saved, m = world.buildings, world.p, 0.0, len(world.municipalities)
    taught, terms = world.firms.taught[c.builder], world.signed.terms[c.row]
    if taught.any() and not c.pooled:
        shares = np.bincount(c.options, c.flats, minlength=choice.OPTIONS) / c.flats.sum()
        less = world.firms.experience[c.builder] - taught
        alone = practice_ahead(shares[None], c.flats.sum(keepdims=True), less[None], p)
        ahead = float(terms.ahead), float(alone[0, 0])
        output = [float(repetition.productivity(x, repetition.labour_rate(p))) for x in ahead]
        saved = c.price * repetition.saved_by(output[0], output[1], p.labour_share)
    mine, reference = c.owners < m, float(terms.drifted)
    companies = np.bincount(b.municipality[c.buildings[mine]], c.cost_shares[mine], minlength=m).astype(np.float64)
    scale = world.region.scale
    world.compact.bought(c.pooled, companies * reference * scale, c.price * scale, reference * scale, saved * scale)


def _take_out(project: Project, taken: Taken) -> None:
    """A project without the flats that a lot has taken. Its buildings are those of the quarter's beginning still."""
    project.flats = taken.before - taken.flats
    project.cost *= taken.left
    project.payments = project.payments * taken.left


def _leave(world: World, lots: Lots, found: Bids, then: Outcome) -> None:
    """Buildings that are awarded, or that nobody wants, leave their projects; an emptied project is done."""
    if (found.winner < 0).any():
        failed = np.repeat(found.winner, np.diff(lots.starts))
        for winner, why in ((NO_HANDS, Slip.HANDS), (NO_BID, Slip.BIDS)):
            world.plans.hold(lots.keys[failed == winner], why)
        world.set_site(lots.keys[then.out & (failed < 0)], Site.IDLE)
    ends = list(itertools.accumulate([len(q.keys) for q in lots.projects]))
    stay = np.ones(ends[-1], dtype=bool)
    stay[lots.place[then.out]] = False
    gone = set[int]()
    for q in set(lots.project[then.out].tolist()):
        project = lots.projects[q]
        if project.flats == 0:
            gone.add(id(project))
            continue
        mine = stay[ends[q] - len(project.keys) : ends[q]]
        project.keys, project.buildings, project.modelled = (
            project.keys[mine],
            project.buildings[mine],
            project.modelled[mine],
        )
        project.options, project.mix = project.options[mine], project.mix[mine]
    if gone:
        world.projects[:] = [project for project in world.projects if id(project) not in gone]


def _pledge(world: World, contract: Contract, project: Project, taken: Taken) -> None:
    """What payers have agreed to for a project's buildings in this contract (SEK a year) goes along with it."""
    if project.shared:
        contract.shared_by.add(project.municipality)
    if project.payments.any():
        yearly = project.payments * (1.0 - taken.left)
        mine = contract.owners == project.owner
        share = contract.flats[mine & contract.modelled].sum() / max(contract.flats[mine].sum(), 1)
        years = np.array(project.years, dtype=np.int64)
        where = contract.buildings[mine] if mine.any() else contract.buildings
        place = int(world.buildings.neighbourhood[where[0]])
        contract.pledges.append(
            Pledge(project.owner, project.municipality, place, project.programme, yearly, years, float(share))
        )
