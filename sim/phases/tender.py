"""Phase 4. Projects become lots, builders bid or stay away, the lowest price wins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import scope
from sim.phases.bidding import NO_HANDS, Bids, bids_for, practice_ahead
from sim.phases.clauses import clauses, none_asked
from sim.phases.lots import Lots, Work, lots_of, own_lots, work_of
from sim.phases.withdrawals import note_no_bids
from sim.randomness import Decision
from sim.rules import bids, choice, repetition
from sim.sums import total
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints, among
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
    found = bids_for(world, lots, work, clauses(world))
    _count(world, lots, found)
    terms = _terms(world, lots, work, found)
    for i, winner in enumerate(found.winner.tolist()):
        if winner != NO_HANDS and world.events is not None:
            _tell(world, lots, work, found, i)
        if winner < 0:
            _failed(world, lots, i, Slip.HANDS if winner == NO_HANDS else Slip.BIDS)
        else:
            _award(world, lots, i, winner, terms[i])


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
    held, scale = found.winner != NO_HANDS, world.region.scale
    world.tallies.add(RegionTally.TENDERS, total([scale] * int(held.sum())))
    world.tallies.add(RegionTally.BIDS, total((found.number[held] * scale).tolist()))
    world.tallies.add(RegionTally.SINGLE_BIDS, total(((found.number[held] == 1) * scale).tolist()))
    buyers = np.array([q.municipality for q in lots.projects])[lots.project[lots.starts[:-1]]]
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


def _failed(world: World, lots: Lots, i: int, why: Slip) -> None:
    """What could not be awarded is tried again next quarter; after a second failure it goes back to planning."""
    keys = lots.keys[lots.part(i)]
    world.plans.hold(keys, why)
    for project in lots.projects_of(i):
        project.tenders += 1
        project.ready = world.quarter + 1
        if project.tenders >= world.p.tender_tries:
            mine = among(project.keys, keys, len(world.plans.begun))
            world.set_site(project.keys[mine], Site.IDLE)
            note_no_bids(world, project, keys)
            if project.pooled:
                world.compact.failed[project.municipality] += 1.0
            _take_out(world, project, keys)


class _Terms(NamedTuple):
    """What a contract of a lot would say; SEK, persons and quarters, as a ``Contract`` has them."""

    price: float
    reference: float
    labour_cost: float
    materials_cost: float
    labour: float
    crew: float
    pace: float
    quarters: int
    appealed: bool
    wait: int
    change: float
    places: float
    clause: float
    ahead: float
    shares: Floats


def _terms(world: World, lots: Lots, work: Work, found: Bids) -> list[_Terms]:
    """The terms at which each lot's winner builds it; of lots that nobody has won, anybody's.

    Appeals delay the start; change orders will raise the bill, half as much in partnering.
    """
    p, first, winner = world.p, lots.keys[lots.starts[:-1]], (np.arange(len(lots)), np.maximum(found.winner, 0))
    price = np.where(found.winner < 0, 0.0, found.prices[winner]) * work.reference + p.lot_setup
    u = world.draws.at(Decision.APPEAL, world.quarter, first, 2)
    appeal = u[:, 0] < p.appeal_chance
    wait = np.where(appeal, np.rint(p.appeal_quarters * (p.appeal_shortest + u[:, 1])), 0.0).astype(np.int64)
    # Change orders are unequal between contracts and right-skewed; partnering, which frameworks use, lowers them.
    z, spread = world.draws.normal(Decision.CHANGE_ORDER, world.quarter, first)[:, 0], p.change_orders_spread
    change = p.change_orders * np.exp(spread * z - 0.5 * spread**2) * np.where(lots.pooled, p.partnering, 1.0)
    ahead = found.ahead[winner]
    pace = np.minimum(repetition.productivity(ahead, p.learning_time), p.pace_most)
    practised = repetition.productivity(ahead, repetition.labour_rate(p))
    labour, materials = bids.cost_of_work(work.reference, world.surroundings.wage_premium(p), practised, p)
    materials = materials + p.lot_setup / (1.0 + p.vat)  # fences, cranes and huts
    quarters = np.maximum(np.rint(work.quarters / pace), 1.0).astype(np.int64)
    # A clause asks for places by the contract's worth, as procurement agencies recommend, not by its flats.
    places, clause = found.places * price * world.region.scale, found.rise * price
    columns = (price, work.reference, labour, materials, work.labour, work.crew, pace, quarters, appeal, wait, change,
               places, clause, ahead)  # fmt: skip
    shares = [work.shares[lots.part(i)] for i in range(len(lots))]
    return [_Terms(*row) for row in zip(*(np.asarray(x).tolist() for x in columns), shares, strict=True)]


def _award(world: World, lots: Lots, i: int, winner: int, terms: _Terms) -> None:
    """Sign the contract."""
    scale, here, projects = world.region.scale, lots.part(i), lots.projects_of(i)
    if terms.appealed:
        world.books.pay(Flow.APPEALS, world.p.appeal_cost * scale, projects[0].municipality)
    contract = _contract(world, lots, here, winner, terms, bool(lots.pooled[i]))
    world.contracts.append(contract)
    if scope.convened(world):  # else nobody reads it, and it is forgotten with the year
        _note_price(world, contract, terms.price, terms.reference, terms.ahead)
    if world.firms.small[winner]:
        world.tallies.add(RegionTally.AWARD_SMALL, (terms.price + terms.clause) * scale)
    world.firms.busy[winner] += terms.crew
    world.tallies.add(RegionTally.AWARD_VALUE, (terms.price + terms.clause) * scale)
    world.tallies.add(RegionTally.AWARD_REFERENCE, terms.reference / world.cost_level * scale)
    for project in projects:
        payments = project.payments
        part = _take_out(world, project, contract.keys)
        _pledge(world, contract, project, payments * part)


def _contract(world: World, lots: Lots, here: slice, winner: int, terms: _Terms, pooled: bool) -> Contract:
    """The contract of a lot, whose buildings stand ``here`` in the columns."""
    b, keys, rows = world.buildings, lots.keys[here], lots.buildings[here]
    owners = np.array([lots.projects[q].owner for q in lots.project[here].tolist()], dtype=np.int64)
    flats = b.flats[rows]
    return Contract(
        builder=winner,
        keys=keys,
        buildings=rows,
        modelled=lots.modelled[here],
        options=lots.options[here],
        mix=lots.mix[here],
        owners=owners,  # also of a house that was sold since
        flats=flats,
        cost_shares=terms.shares,
        price=terms.price,
        reference=terms.reference / world.cost_level,
        labour_cost=terms.labour_cost,
        materials_cost=terms.materials_cost,
        labour=terms.labour,
        crew=terms.crew,
        pace=terms.pace,
        quarters=terms.quarters,
        awarded=world.quarter,
        start=world.quarter + 1 + terms.wait,
        change=terms.change,
        pooled=pooled,
        places=terms.places,
        clause=terms.clause,
        heat=world.at_full_size.energy[keys] * (b.area[rows] * flats),
    )


def _note_price(world: World, c: Contract, price: float, reference: float, ahead: float) -> None:
    """What municipalities can read of an award: its price, and what of it practice on joint lots has saved."""
    b, p, saved, m = world.buildings, world.p, 0.0, len(world.municipalities)
    taught = world.firms.taught[c.builder]
    if taught.any() and not c.pooled:
        shares = np.bincount(c.options, c.flats, minlength=choice.OPTIONS) / c.flats.sum()
        less = world.firms.experience[c.builder] - taught
        alone = practice_ahead(shares[None], c.flats.sum(keepdims=True), less[None], p)
        output = [float(repetition.productivity(x, repetition.labour_rate(p))) for x in (ahead, float(alone[0, 0]))]
        saved = price * repetition.saved_by(output[0], output[1], p.labour_share)
    mine = c.owners < m
    companies = np.bincount(b.municipality[c.buildings[mine]], c.cost_shares[mine], minlength=m).astype(np.float64)
    scale = world.region.scale
    world.compact.bought(c.pooled, companies * reference * scale, price * scale, reference * scale, saved * scale)


def _take_out(world: World, project: Project, keys: Ints) -> float:
    """Remove buildings from a project and return their part of its flats; an emptied project is done."""
    stay = ~among(project.keys, keys, len(world.plans.begun))
    if not stay.any():
        world.projects.remove(project)
        return 1.0
    flats = int(world.buildings.flats[project.buildings[stay]].sum())
    left = flats / project.flats
    project.keys, project.buildings, project.modelled = (
        project.keys[stay],
        project.buildings[stay],
        project.modelled[stay],
    )
    project.options, project.mix, project.flats = project.options[stay], project.mix[stay], flats
    project.cost *= left
    project.payments = project.payments * left
    return 1.0 - left


def _pledge(world: World, contract: Contract, project: Project, yearly: Floats) -> None:
    """What payers have agreed to for a project's buildings in this contract (SEK a year) goes along with it."""
    if project.shared:
        contract.shared_by.add(project.municipality)
    if yearly.any():
        mine = contract.owners == project.owner
        share = contract.flats[mine & contract.modelled].sum() / max(contract.flats[mine].sum(), 1)
        years = np.array(project.years, dtype=np.int64)
        where = contract.buildings[mine] if mine.any() else contract.buildings
        place = int(world.buildings.neighbourhood[where[0]])
        contract.pledges.append(
            Pledge(project.owner, project.municipality, place, project.programme, yearly, years, float(share))
        )
