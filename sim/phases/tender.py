"""Phase 4. Projects become lots, builders bid or stay away, the lowest price wins."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.inputs.parameters import Parameters
from sim.phases.clauses import Clause, Clauses
from sim.phases.lots import Lot, lots_of, own_lots, work_of
from sim.phases.withdrawals import note_no_bids
from sim.randomness import Decision
from sim.rules import appraisal, bids, choice, mixture, repetition
from sim.rules.rivals.entry import ENTRY, Invitation
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

    Lots are tendered one after another: a firm that has won one has fewer hands for the next.
    """
    ready = [q for q in world.projects if not q.pooled and q.ready <= world.quarter]
    ready += _pooled_ready(world)
    _visible_work(world)
    lots = lots_of(world, ready)
    if not lots:
        return
    firms, luck, clauses = _Firms(world), _Luck(world, lots), Clauses(world)
    for i, lot in enumerate(lots):
        _tender(world, lot, firms, luck, clauses, i)


class _Firms:
    """All firms' state as arrays for one quarter's tenders; an award updates the winner."""

    def __init__(self, world: World) -> None:
        self.workers = np.array([x.workers for x in world.builders])
        self.busy = np.array([x.busy for x in world.builders], dtype=np.float64)
        self.visible = np.array([x.visible for x in world.builders])
        self.places = [x.municipality for x in world.builders]
        self.elsewhere = bids.elsewhere(world.surroundings.other_demand, world.p)
        self.most = world.p.utilisation_most
        self.experience = np.array([x.experience for x in world.builders])

    def free(self) -> Floats:
        """Workers neither on the estates' sites nor held by other construction."""
        return bids.free(self.workers, self.busy, self.elsewhere)

    def utilisation(self) -> Floats:
        """Share of workers at work somewhere."""
        return np.asarray(np.minimum(self.busy / np.maximum(self.workers, 1e-9) + self.elsewhere, self.most))


class _Luck:
    """Draws of one quarter's tenders, one row per lot; a lot is known by its first building."""

    def __init__(self, world: World, lots: list[Lot]) -> None:
        draws, quarter, n = world.draws, world.quarter, len(world.builders)
        first = np.array([lot[0].key for lot in lots])
        # One key for each pair of lot and firm, as long as there are fewer than 1,000 firms.
        each = (first[:, None] * 1000 + np.arange(n)).ravel()
        self.entry = draws.at(Decision.BID_ENTRY, quarter, each).reshape(-1, n)
        self.price = draws.normal(Decision.BID_PRICE, quarter, each).reshape(-1, n)
        self.appeal = draws.at(Decision.APPEAL, quarter, first, 2)
        self.change = draws.normal(Decision.CHANGE_ORDER, quarter, first)[:, 0]


def _pooled_ready(world: World) -> list[Project]:
    """Pooled projects whose whole round is ready (or has waited as long as the framework lets it)."""
    pooled = [q for q in world.projects if q.pooled]
    last = {year: max(q.ready for q in pooled if q.decided == year) for year in {q.decided for q in pooled}}
    return [q for q in pooled if min(last[q.decided], q.decided + world.p.pool_patience) <= world.quarter >= q.ready]


def _visible_work(world: World) -> None:
    """How far ahead each firm can see work: its contracts, and its part of a framework's pipeline, in years."""
    pipeline = total(q.cost for q in world.projects if q.pooled) * world.region.scale
    crew_cost = 1e6 / world.p.labour_intensity
    capacity = total(x.start_workers for x in world.builders if x.size != "small")
    left = [0.0] * len(world.builders)
    for c in world.contracts:
        left[c.builder] += (1.0 - c.progress) * c.labour
    for firm in world.builders:
        firm.visible = left[firm.index] / max(firm.start_workers, 1e-9)
        # A framework's pipeline is seen by those who can take its lots, in proportion to what they were at the start.
        if firm.size != "small" and pipeline > 0.0:
            firm.visible += world.p.framework_years * pipeline / crew_cost / capacity


def _tender(world: World, lot: Lot, firms: _Firms, luck: _Luck, clauses: Clauses, i: int) -> None:
    """One tender: entry, bids, award; no acceptable bid sends the buildings back to planning after a second try."""
    p, b = world.p, world.buildings
    rows, options, mix, reference, labour, quarters, crew = work_of(world, lot)
    shares = _shares(options, mix, b.flats[rows], p)
    scale = world.region.scale  # hands are to scale, lots are not
    pooled = lot[0].project.pooled
    # Owners ask around before they put a lot to tender: where nobody has the hands, nobody is asked to bid.
    if not (firms.free() >= crew * p.crew_slack).any():
        _failed(world, lot, Slip.HANDS)
        return
    ahead = _ahead(world, options, b.flats[rows], firms)
    works, cost = _bids(world, lot, firms, luck, i, reference, crew, pooled, ahead)
    world.books.pay(Flow.BIDDING, cost * scale, lot[0].project.municipality)
    # What the clause costs is the same for all bidders, and all of them hold it in their price.
    clause = clauses.of(rows, shares, reference, labour)
    prices = works * (1.0 + clause.rise(p.vat)) if clause else works
    offers = np.isfinite(prices)
    world.tallies.add(RegionTally.TENDERS, scale)
    world.tallies.add(RegionTally.BIDS, float(offers.sum()) * scale)
    world.tallies.add(RegionTally.SINGLE_BIDS, float(offers.sum() == 1) * scale)
    # Owners refuse what is far above the price that they believe in, so that a hot market postpones renovation.
    failed = not offers.any() or prices.min() > p.price_ceiling * max(world.believed_price / world.cost_level, 1.0)
    if world.events is not None:
        twin = _twin(world, lot, firms) if pooled and world.events.twins else None
        owners = np.unique(b.owner[rows])
        world.events.tendered(world, Tender(pooled, owners, options, b.flats[rows], reference, works, not failed, twin))
    if failed:
        _failed(world, lot, Slip.BIDS)
        return
    # Procurement law: the lowest acceptable price wins, whatever else speaks for a firm.
    winner = int(prices.argmin())
    firms.busy[winner] += crew
    price = float(works[winner]) * reference + p.lot_setup
    _award(world, lot, rows, options, winner, price, reference, labour, crew, quarters, pooled,
           float(ahead[winner]), luck, i, shares, clause, mix)  # fmt: skip


def _shares(options: Ints, mix: Floats, flats: Ints, p: Parameters) -> Floats:
    """Each building's part of what a lot costs; of works that cost nothing, of its flats."""
    standard, energy = appraisal.reference_costs(p)
    costs = mixture.mean(standard + energy, options, mix) * flats
    costs = costs if costs.any() else flats.astype(float)
    return np.asarray(costs / max(costs.sum(), 1e-9))


def _twin(world: World, lot: Lot, firms: _Firms) -> Twin:
    """What the buildings of a joint lot would have cost, had each owner put its own to tender now, to the same firms.

    Every part meets the firms as the joint lot does, with the draws of its own first building. Nothing is changed.
    """
    lots, flats = own_lots(world, lot), world.buildings.flats
    luck, found = _Luck(world, lots), []
    for i, own in enumerate(lots):
        work = work_of(world, own)
        ahead = _ahead(world, work.options, flats[work.rows], firms)
        prices, _ = _bids(world, own, firms, luck, i, work.reference, work.crew, False, ahead)
        price = float(prices.min()) * work.reference + world.p.lot_setup
        found.append((int(np.isfinite(prices).sum()), int(flats[work.rows].sum()), price, work.reference))
    return Twin(*map(np.array, zip(*found, strict=True)))


def _ahead(world: World, options: Ints, flats: Ints, firms: _Firms) -> Floats:
    """Doublings by which each firm's practice would be ahead of an ordinary lot's in this one (firms,)."""
    p = world.p
    shares = np.bincount(options, flats, minlength=choice.OPTIONS) / flats.sum()
    length = float(repetition.alike(shares, p)) * float(flats.sum()) / p.lot_flats
    return repetition.doublings(repetition.brought(shares, firms.experience, p), length)


def _bids(world: World, lot: Lot, firms: _Firms, luck: _Luck, i: int, reference: float, crew: float,
          pooled: bool, practice: Floats) -> tuple[Floats, float]:  # fmt: skip
    """Relative prices of all firms, infinite where a firm stays away, and what their bids cost them in all, SEK.
    practice : doublings ahead (firms,)."""
    p, outside = world.p, world.surroundings
    busy = firms.utilisation()
    places = {part.project.municipality for part in lot}
    home = np.array([place in places for place in firms.places], dtype=float)
    ahead = firms.visible + (p.framework_years if pooled else 0.0)
    clause = float(scope.training_share(world)[list(places)].mean())
    asked = bids.margin(busy, world.expected_bidders, p)
    # Chance of winning, one in the bidders expected and oneself: what bidding is worth on average.
    profit = np.maximum(asked, p.profit_least) * reference / (world.expected_bidders + 1.0)
    cost = p.bid_cost * reference + p.bid_fixed * (p.pooled_bid_effort if pooled else 1.0)
    seen = Invitation(profit, np.full_like(profit, cost), home, clause, busy, crew / np.maximum(firms.workers, 1e-9))
    chance = ENTRY[world.levers.entry](seen, p)
    enters = (firms.free() >= crew * p.crew_slack) & (luck.entry[i] < chance)
    # All firms are priced, also those that stay away: draws are keyed by firm, and entry must not shift a price.
    output = repetition.productivity(practice, repetition.labour_rate(p))
    prices = bids.bid(
        p.labour_share, outside.wage_premium(p), output, asked, bids.risk_premium(ahead, p), luck.price[i], p
    )
    return np.where(enters, prices, np.inf), float(cost * enters.sum())


def _failed(world: World, lot: Lot, why: Slip) -> None:
    """What could not be awarded is tried again next quarter; after a second failure it goes back to planning."""
    keys = np.array([part.key for part in lot])
    world.plans.hold(keys, why)
    for project in _projects(lot):
        project.tenders += 1
        project.ready = world.quarter + 1
        if project.tenders >= world.p.tender_tries:
            mine = among(project.keys, keys, len(world.plans.begun))
            world.set_site(project.keys[mine], Site.IDLE)
            note_no_bids(world, project, keys)
            if project.pooled:
                world.compact.failed[project.municipality] += 1.0
            _take_out(world, project, keys)


def _note_price(world: World, c: Contract, price: float, reference: float, ahead: float) -> None:
    """What municipalities can read of an award: its price, and what of it practice on joint lots has saved."""
    b, p, saved = world.buildings, world.p, 0.0
    taught = world.builders[c.builder].taught
    if taught.any() and not c.pooled:
        shares = np.bincount(c.options, c.flats, minlength=choice.OPTIONS) / c.flats.sum()
        length = float(repetition.alike(shares, p)) * float(c.flats.sum()) / p.lot_flats
        less = world.builders[c.builder].experience - taught
        alone = repetition.doublings(repetition.brought(shares, less[None], p), length)
        output = [float(repetition.productivity(x, repetition.labour_rate(p))) for x in (ahead, float(alone[0]))]
        saved = price * repetition.saved_by(output[0], output[1], p.labour_share)
    m = len(world.municipalities)
    mine = c.owners < m
    companies = np.bincount(b.municipality[c.buildings[mine]], c.cost_shares[mine], minlength=m).astype(np.float64)
    scale = world.region.scale
    world.compact.bought(c.pooled, companies * reference * scale, price * scale, reference * scale, saved * scale)


def _projects(lot: Lot) -> list[Project]:
    """The projects of a lot, each once, in order."""
    return list({id(part.project): part.project for part in lot}.values())


def _take_out(world: World, project: Project, keys: Ints) -> float:
    """Remove buildings from a project and return their part of its flats; an emptied project is done."""
    stay = ~among(project.keys, keys, len(world.plans.begun))
    flats = int(world.buildings.flats[project.buildings[stay]].sum())
    left = flats / project.flats
    for name in ("keys", "buildings", "modelled", "options", "mix"):
        setattr(project, name, getattr(project, name)[stay])
    project.flats = flats
    project.cost *= left
    project.payments = project.payments * left
    if not stay.any():
        world.projects.remove(project)
    return 1.0 - left


def _heat(world: World, lot: Lot) -> Floats:
    """What the buildings of a lot use for heat before the works, kWh a year each."""
    keys, rows = np.array([part.key for part in lot]), np.array([part.building for part in lot])
    return np.asarray(world.at_full_size.energy[keys] * (world.buildings.area * world.buildings.flats)[rows])


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


def _award(world: World, lot: Lot, rows: Ints, options: Ints, winner: int,
           price: float, reference: float, labour: float, crew: float, quarters: int, pooled: bool,
           ahead: float, luck: _Luck, i: int, shares: Floats, clause: Clause | None,
           mix: Floats) -> None:  # fmt: skip
    """Sign the contract; appeals delay the start, change orders will raise the bill (half as much in partnering).

    ahead : doublings by which the winner's practice in this lot is ahead of an ordinary one's."""
    p, b, scale = world.p, world.buildings, world.region.scale
    u = luck.appeal[i]
    appeal = u[0] < p.appeal_chance
    wait = round(p.appeal_quarters * (p.appeal_shortest + u[1])) if appeal else 0
    if appeal:
        world.books.pay(Flow.APPEALS, p.appeal_cost * scale, lot[0].project.municipality)
    spread = p.change_orders_spread
    # Change orders are unequal between contracts and right-skewed; partnering, which frameworks use, lowers them.
    change = p.change_orders * np.exp(spread * luck.change[i] - 0.5 * spread**2) * (p.partnering if pooled else 1.0)
    # A clause asks for places by the contract's worth, as procurement agencies recommend, not by its flats.
    places = clause.places * price * scale if clause else 0.0
    training = clause.rise(p.vat) * price if clause else 0.0
    pace = min(float(repetition.productivity(ahead, p.learning_time)), p.pace_most)
    practised = float(repetition.productivity(ahead, repetition.labour_rate(p)))
    labour_cost, materials_cost = bids.cost_of_work(reference, world.surroundings.wage_premium(p), practised, p)
    materials_cost += p.lot_setup / (1.0 + p.vat)  # fences, cranes and huts
    contract = Contract(
        builder=winner,
        keys=np.array([part.key for part in lot]),
        buildings=rows,
        modelled=np.array([part.modelled for part in lot]),
        options=options,
        mix=mix,
        owners=np.array([part.project.owner for part in lot]),  # also of a house that was sold since
        flats=b.flats[rows],
        cost_shares=shares,
        price=price,
        reference=reference / world.cost_level,
        labour_cost=labour_cost,
        materials_cost=materials_cost,
        labour=labour,
        crew=crew,
        pace=pace,
        quarters=max(round(quarters / pace), 1),
        awarded=world.quarter,
        start=world.quarter + 1 + wait,
        change=float(change),
        pooled=pooled,
        places=places,
        clause=training,
        heat=_heat(world, lot),
    )
    world.contracts.append(contract)
    if scope.convened(world):  # else nobody reads it, and it is forgotten with the year
        _note_price(world, contract, price, reference, ahead)
    if world.builders[winner].size == "small":
        world.tallies.add(RegionTally.AWARD_SMALL, (price + training) * scale)
    world.builders[winner].busy += crew
    world.tallies.add(RegionTally.AWARD_VALUE, (price + training) * scale)
    world.tallies.add(RegionTally.AWARD_REFERENCE, reference / world.cost_level * scale)
    for project in _projects(lot):
        payments = project.payments
        part = _take_out(world, project, contract.keys)
        _pledge(world, contract, project, payments * part)
