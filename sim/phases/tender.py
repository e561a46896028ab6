"""Phase 4. Projects become lots, builders bid or stay away, the lowest price wins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import scope
from sim.phases.lots import Lot, elsewhere, lots_of
from sim.phases.payments import pay_due
from sim.randomness import NEXT_LIKE, Decision
from sim.rules import appraisal, bids
from sim.rules.rivals.entry import ENTRY, Invitation
from sim.sums import total
from sim.vocabulary import EnergyLevel, Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract, Project
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
    firms, luck = _Firms(world), _Luck(world, lots)
    i = 0
    for lot in lots:
        _tender(world, lot, firms, luck, i)
        i += lot.draws


class _Firms:
    """All firms' state as arrays for one quarter's tenders; an award updates the winner."""

    def __init__(self, world: World) -> None:
        self.workers = np.array([x.workers for x in world.builders])
        self.busy = np.array([x.busy for x in world.builders], dtype=np.float64)
        self.visible = np.array([x.visible for x in world.builders])
        self.place = np.array([x.municipality for x in world.builders])
        self.elsewhere = bids.elsewhere(world.surroundings.other_demand, world.p)
        self.most = world.p.utilisation_most
        rate = world.p.learning_cost / world.p.labour_share
        self.output = bids.productivity(np.array([x.experience for x in world.builders]), rate)

    def free(self) -> Floats:
        """Workers neither on the estates' sites nor held by other construction."""
        return bids.free(self.workers, self.busy, self.elsewhere)

    def utilisation(self) -> Floats:
        """Share of workers at work somewhere."""
        return np.asarray(np.minimum(self.busy / np.maximum(self.workers, 1e-9) + self.elsewhere, self.most))


class _Luck:
    """Draws of one quarter's tenders, one row per tender; a lot is known by its first building.

    ``place`` is the municipality (row) of a tender that is held elsewhere, -1 where it is the lot's own.
    """

    def __init__(self, world: World, lots: list[Lot]) -> None:
        draws, quarter, n = world.draws, world.quarter, len(world.builders)
        # Lots that one lot stands for follow it, each with numbers of its own.
        like = np.concatenate([np.arange(lot.draws) for lot in lots])
        first = np.repeat([lot.parts[0].building for lot in lots], [lot.draws for lot in lots]) + like * NEXT_LIKE
        here = np.repeat([lot.here for lot in lots], [lot.draws for lot in lots])
        private = np.repeat(
            [lot.parts[0].project.owner >= len(world.municipalities) for lot in lots], [lot.draws for lot in lots]
        )
        self.place = np.full(len(first), -1)
        for kind in (False, True):
            away = np.flatnonzero((like >= here) & (private == kind))
            if len(away):
                self.place[away] = elsewhere(world, kind, first[away])
        # One key for each pair of lot and firm, as long as there are fewer than 1,000 firms.
        each = (first[:, None] * 1000 + np.arange(n)).ravel()
        self.entry = draws.at(Decision.BID_ENTRY, quarter, each).reshape(-1, n)
        self.price = draws.normal(Decision.BID_PRICE, quarter, each).reshape(-1, n)
        self.appeal = draws.at(Decision.APPEAL, quarter, first, 2)
        self.change = draws.normal(Decision.CHANGE_ORDER, quarter, first)[:, 0]


def _pooled_ready(world: World) -> list[Project]:
    """Pooled projects whose whole round is ready (or has waited as long as the framework lets it)."""
    pooled = [q for q in world.projects if q.pooled]
    last = {
        year: max(max(q.ready, q.slowest) for q in pooled if q.decided == year) for year in {q.decided for q in pooled}
    }
    return [q for q in pooled if min(last[q.decided], q.decided + world.p.pool_patience) <= world.quarter >= q.ready]


def _visible_work(world: World) -> None:
    """How far ahead each firm can see work: its contracts, and its part of a framework's pipeline, in years."""
    pipeline = total(q.cost for q in world.projects if q.pooled)
    crew_cost = 1e6 / world.p.labour_intensity
    capacity = total(x.start_workers for x in world.builders if x.size != "small")
    for firm in world.builders:
        left = total((1.0 - c.progress) * c.labour for c in world.contracts if c.builder == firm.index)
        firm.visible = left / max(firm.start_workers, 1e-9)
        # A framework's pipeline is seen by those who can take its lots, in proportion to what they were at the start.
        if firm.size != "small" and pipeline > 0.0:
            firm.visible += world.p.framework_years * pipeline / crew_cost / capacity


class _Size(NamedTuple):
    """A lot at full size: its cost at the reference prices of 2011, drifted (SEK), the crew that it takes (persons, at
    the scale of the region) and its quarters on site. ``share`` is the part of it that is modelled."""

    reference: float
    crew: float
    quarters: int
    share: float


def _size(world: World, lot: Lot) -> _Size:
    """What a tender is about."""
    p, b = world.p, world.buildings
    standard, energy = appraisal.reference_costs(p)
    flats = b.flats[lot.rows]
    whole = lot.flats / float(flats.sum())
    # What the same lot would have cost in 2011, drifted: prices are judged against it, not against other bids.
    reference = float(((standard + energy)[lot.options] * flats).sum()) * world.cost_level * whole
    labour = reference / world.cost_level * p.labour_intensity / 1e6
    series = p.site_quarters_series * min(lot.flats / p.lot_flats_pooled, 1.0)
    deep = p.site_quarters_deep * (appraisal.LEVELS[lot.options] == EnergyLevel.DEEP).mean()
    quarters = max(round(float(p.site_quarters + series + deep)), 1)
    # Hands are to scale, lots are not.
    return _Size(reference, labour * 4.0 / quarters * world.region.scale, quarters, 1.0 / whole)


def _tender(world: World, lot: Lot, firms: _Firms, luck: _Luck, i: int) -> None:
    """The tenders of a lot and of those that it stands for, each with its own entry, bids and award.

    The first is that of the lot itself; the others take hands, and their buildings are those that are not modelled. No
    acceptable bid sends the buildings back to planning after a second try.
    """
    size = _size(world, lot)
    failed = False
    for k in range(lot.draws):
        prices = _bids(world, lot, size, firms, luck, i + k)
        if _acceptable(world, lot, size, prices):
            # Procurement law: the lowest acceptable price wins, whatever else speaks for a firm.
            winner = int(prices.argmin())
            firms.busy[winner] += size.crew * lot.alike / lot.draws
            price = float(prices[winner]) * size.reference + world.p.lot_setup
            contract = _sign(world, lot, size, winner, price, luck, i + k)
            if k == 0:
                _award(world, lot, contract)
        else:
            failed |= k == 0
    if failed:
        _failed(world, lot)


def _acceptable(world: World, lot: Lot, size: _Size, prices: Floats) -> bool:
    """Whether the bids (by firm, infinite without one) hold one that the owner takes."""
    p, offers, weight = world.p, np.isfinite(prices), size.share / lot.draws
    world.tallies.add(RegionTally.TENDERS, weight)
    world.tallies.add(RegionTally.BIDS, weight * float(offers.sum()))
    world.tallies.add(RegionTally.SINGLE_BIDS, weight * float(offers.sum() == 1))
    # Owners refuse what is far above the price that they believe in, so that a hot market postpones renovation.
    failed = not offers.any() or prices.min() > p.price_ceiling * max(world.believed_price / world.cost_level, 1.0)
    if world.events is not None:
        world.events.tendered(world, lot.pooled, int(lot.flats), size.reference, prices, not failed)
    return not failed


def _bids(world: World, lot: Lot, size: _Size, firms: _Firms, luck: _Luck, i: int) -> Floats:
    """Relative prices of all firms, infinite where a firm stays away."""
    p, outside, pooled = world.p, world.surroundings, lot.pooled
    reference, crew = size.reference, size.crew
    busy = firms.utilisation()
    places = {part.project.municipality for part in lot.parts}
    home = np.isin(firms.place, list(places) if luck.place[i] < 0 else [luck.place[i]]).astype(float)
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
    prices = bids.bid(
        p.labour_share, outside.wage_premium(p), firms.output, asked, bids.risk_premium(ahead, p), luck.price[i], p
    )
    world.books.pay(Flow.BIDDING, cost * enters.sum() * size.share / lot.draws, lot.parts[0].project.municipality)
    return np.where(enters, prices, np.inf)


def _failed(world: World, lot: Lot) -> None:
    """A failed tender is tried again next quarter; after a second failure its buildings go back to planning."""
    rows = lot.rows
    for project in lot.projects():
        project.tenders += 1
        project.ready = world.quarter + 1
        if project.tenders >= world.p.tender_tries:
            back = project.buildings[np.isin(project.buildings, rows)]
            world.buildings.site[back] = Site.IDLE
            _take_out(world, project, rows)


def _take_out(world: World, project: Project, rows: Ints) -> float:
    """Remove buildings from a project and return their part of its flats; an emptied project is done."""
    stay = ~np.isin(project.buildings, rows)
    flats = int(world.buildings.flats[project.buildings[stay]].sum())
    left = flats / project.flats
    project.buildings, project.options, project.flats = project.buildings[stay], project.options[stay], flats
    project.cost, project.grant = project.cost * left, project.grant * left
    project.payments, project.promised = project.payments * left, project.promised * left
    if not stay.any():
        world.projects.remove(project)
    return 1.0 - left


def _sign(world: World, lot: Lot, size: _Size, winner: int, price: float, luck: _Luck, i: int) -> Contract:
    """A contract: appeals delay the start, change orders will raise the bill (half as much in partnering).

    ``price`` is that of the lot at full size, SEK.
    """
    p, b, rows = world.p, world.buildings, lot.rows
    u = luck.appeal[i]
    appeal = u[0] < p.appeal_chance
    wait = round(p.appeal_quarters * (p.appeal_shortest + u[1])) if appeal else 0
    if appeal:
        world.books.pay(Flow.APPEALS, p.appeal_cost * size.share / lot.draws, lot.parts[0].project.municipality)
    spread = p.change_orders_spread
    # Change orders are unequal between contracts and right-skewed; partnering, which frameworks use, lowers them.
    partnering = p.partnering if lot.pooled else 1.0
    change = p.change_orders * np.exp(spread * luck.change[i] - 0.5 * spread**2) * partnering
    shares = _cost_shares(world, lot)
    strength = float((scope.training_share(world)[b.municipality[rows]] * shares).sum())
    reference = size.reference * size.share / world.cost_level
    pace = min(float(bids.productivity(np.array(world.builders[winner].experience), p.learning_time)), p.pace_most)
    contract = Contract(
        builder=winner,
        buildings=rows[:0],
        options=lot.options,
        owners=rows[:0],
        flats=b.flats[rows],
        cost_shares=shares[:0],
        ends=lot.ends,
        order=lot.order,
        estate=int(b.neighbourhood[rows[0]]),
        towns=np.unique(b.municipality[rows]) if luck.place[i] < 0 else luck.place[i : i + 1],
        alike=lot.alike / lot.draws,
        part=1.0 / lot.draws,
        price=price * size.share,
        reference=reference,
        labour=reference * p.labour_intensity / 1e6 / lot.draws,
        crew=size.crew * lot.alike / lot.draws,
        pace=pace,
        quarters=max(round(size.quarters / pace), 1),
        awarded=world.quarter,
        start=world.quarter + 1 + wait,
        change=float(change),
        pooled=lot.pooled,
        # A clause asks for places by the contract's worth, as procurement agencies recommend, not by its flats.
        places=p.clause_places * (price * size.share) / 1e6 * strength / lot.draws,
        due=np.zeros((len(world.municipalities), 3)),
        promised=np.zeros((len(world.municipalities), 3)),
    )
    world.contracts.append(contract)
    world.builders[winner].busy += contract.crew
    if world.builders[winner].size == "small":
        world.tallies.add(RegionTally.AWARD_SMALL, contract.price / lot.draws)
    world.tallies.add(RegionTally.AWARD_VALUE, contract.price / lot.draws)
    world.tallies.add(RegionTally.AWARD_REFERENCE, reference / lot.draws)
    return contract


def _cost_shares(world: World, lot: Lot) -> Floats:
    """Each modelled building's share of what they cost together."""
    standard, energy = appraisal.reference_costs(world.p)
    cost = (standard + energy)[lot.options] * world.buildings.flats[lot.rows]
    return np.asarray(cost / max(cost.sum(), 1e-9))


def _award(world: World, lot: Lot, contract: Contract) -> None:
    """The modelled buildings, with what partners and the state have promised for them, go into a contract."""
    contract.buildings = rows = lot.rows
    contract.owners, contract.cost_shares = world.buildings.owner[rows].copy(), _cost_shares(world, lot)
    for project in lot.projects():
        payments, promised, grant = project.payments, project.promised, project.grant
        part = _take_out(world, project, rows)
        contract.due[project.municipality] += payments * part
        contract.promised[project.municipality] += promised * part
        contract.grants[project.owner] = contract.grants.get(project.owner, 0.0) + grant * part
    pay_due(world, contract, world.p.payment_at_award)
