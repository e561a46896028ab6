"""Phase 4. Projects become lots, builders bid or stay away, the lowest price wins."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim import scope
from sim.phases.payments import pay_due
from sim.randomness import Decision
from sim.rules import appraisal, bids
from sim.rules.rivals.entry import ENTRY, Invitation
from sim.vocabulary import EnergyLevel, Site
from sim.world.columns import Floats, Ints
from sim.world.projects import Contract, Project

if TYPE_CHECKING:
    from sim.model import RenewalModel


class Part(NamedTuple):
    """One building of a project in a lot, with its option."""

    project: Project
    building: int
    option: int


Lot = list[Part]


def advance(model: RenewalModel) -> None:
    """Tender what is ready; pooled projects of one year wait for the slowest of them."""
    ready = [q for q in model.projects if not q.pooled and q.ready <= model.quarter]
    ready += _pooled_ready(model)
    _visible_work(model)
    lots = _lots(model, ready)
    if not lots:
        return
    firms, luck = _Firms(model), _Luck(model, lots)
    for i, lot in enumerate(lots):
        _tender(model, lot, firms, luck, i)


class _Firms:
    """All firms' state as arrays for one quarter's tenders; an award updates the winner."""

    def __init__(self, model: RenewalModel) -> None:
        self.workers = np.array([x.workers for x in model.builders])
        self.busy = np.array([x.busy for x in model.builders])
        self.visible = np.array([x.visible for x in model.builders])
        self.place = np.array([x.municipality for x in model.builders])
        self.elsewhere = bids.elsewhere(model.surroundings.other_demand, model.p)
        rate = model.p.learning_cost / model.p.labour_share
        self.output = bids.productivity(np.array([x.experience for x in model.builders]), rate)

    def free(self) -> Floats:
        """Workers neither on the estates' sites nor held by other construction."""
        return bids.free(self.workers, self.busy, self.elsewhere)

    def utilisation(self) -> Floats:
        """Share of workers at work somewhere."""
        return np.asarray(np.minimum(self.busy / np.maximum(self.workers, 1e-9) + self.elsewhere, 1.2))


class _Luck:
    """Draws of one quarter's tenders, one row per lot; a lot is known by its first building."""

    def __init__(self, model: RenewalModel, lots: list[Lot]) -> None:
        draws, quarter, n = model.draws, model.quarter, len(model.builders)
        first = np.array([lot[0].building for lot in lots])
        each = (first[:, None] * 1000 + np.arange(n)).ravel()
        self.entry = draws.at(Decision.BID_ENTRY, quarter, each).reshape(-1, n)
        self.price = draws.normal(Decision.BID_PRICE, quarter, each).reshape(-1, n)
        self.appeal = draws.at(Decision.APPEAL, quarter, first, 2)
        self.change = draws.normal(Decision.CHANGE_ORDER, quarter, first)[:, 0]


def _pooled_ready(model: RenewalModel) -> list[Project]:
    """Pooled projects whose whole round is ready (or has waited as long as the framework lets it)."""
    pooled = [q for q in model.projects if q.pooled]
    last = {year: max(q.ready for q in pooled if q.decided == year) for year in {q.decided for q in pooled}}
    return [q for q in pooled if min(last[q.decided], q.decided + model.p.pool_patience) <= model.quarter >= q.ready]


def _visible_work(model: RenewalModel) -> None:
    """How far ahead each firm can see work: its contracts, and its part of a framework's pipeline, in years."""
    pipeline = sum(q.cost for q in model.projects if q.pooled)
    crew_cost = 1e6 / model.p.labour_intensity
    capacity = sum(x.start_workers for x in model.builders if x.size != "small")
    for firm in model.builders:
        left = sum((1.0 - c.progress) * c.labour for c in model.contracts if c.builder == firm.index)
        firm.visible = left / max(firm.start_workers, 1e-9)
        if firm.size != "small" and pipeline > 0.0:
            firm.visible += model.p.framework_years * pipeline / crew_cost / capacity


def _lots(model: RenewalModel, ready: list[Project]) -> list[Lot]:
    """One owner's neighbourhood alone, or pooled packages; cut to the largest lot of their kind.

    What nobody wanted is tendered again in lots of half the size.
    """
    scale, p = model.region.scale, model.p
    lots: list[Lot] = []
    for project in ready:
        if not project.pooled:
            lots += _cut(_parts([project]), p.lot_flats * scale / 2**project.tenders, model)
    pooled = _parts([q for q in ready if q.pooled])
    for option, tenders in sorted({(part.option, part.project.tenders) for part in pooled}):
        parts = [part for part in pooled if part.option == option and part.project.tenders == tenders]
        lots += _cut(parts, p.lot_flats_pooled * scale / 2**tenders, model)
    return lots


def _parts(projects: list[Project]) -> list[Part]:
    """Every building of the projects."""
    return [
        Part(q, int(row), int(option)) for q in projects for row, option in zip(q.buildings, q.options, strict=True)
    ]


def _cut(parts: list[Part], limit: float, model: RenewalModel) -> list[Lot]:
    """Fill lots building by building up to a number of flats."""
    lots: list[Lot] = []
    room = 0.0
    for part in parts:
        flats = float(model.buildings.flats[part.building])
        if not lots or flats > room:
            lots.append([])
            room = limit
        lots[-1].append(part)
        room -= flats
    return lots


def _tender(model: RenewalModel, lot: Lot, firms: _Firms, luck: _Luck, i: int) -> None:
    """One tender: entry, bids, award; no acceptable bid sends the buildings back to planning after a second try."""
    p, b = model.p, model.buildings
    rows = np.array([part.building for part in lot])
    options = np.array([part.option for part in lot])
    standard, energy = appraisal.reference_costs(p)
    reference = float(((standard + energy)[options] * b.flats[rows]).sum()) * model.cost_level
    labour = reference / model.cost_level * p.labour_intensity / 1e6
    quarters = _duration(model, b.flats[rows].sum(), appraisal.LEVELS[options])
    crew = labour * 4.0 / quarters
    pooled = lot[0].project.pooled
    prices = _bids(model, lot, firms, luck, i, reference, crew, pooled)
    offers = np.isfinite(prices)
    model.tally_region("tenders", 1.0)
    model.tally_region("bids", float(offers.sum()))
    model.tally_region("single_bids", float(offers.sum() == 1))
    failed = not offers.any() or prices.min() > p.price_ceiling * max(model.believed_price / model.cost_level, 1.0)
    if model.events is not None:
        model.events.tendered(model, pooled, int(b.flats[rows].sum()), reference, prices, not failed)
    if failed:
        _failed(model, lot, rows)
        return
    winner = int(prices.argmin())
    firms.busy[winner] += crew
    price = float(prices[winner]) * reference + p.lot_setup * model.region.scale
    _award(model, lot, rows, options, winner, price, reference, labour, crew, quarters, pooled, luck, i)


def _duration(model: RenewalModel, flats: int, levels: Ints) -> int:
    """Planned quarters on site: a base, more for long series and deep energy measures."""
    p = model.p
    series = p.site_quarters_series * min(float(flats) / (p.lot_flats_pooled * model.region.scale), 1.0)
    return max(round(float(p.site_quarters + series + (levels == EnergyLevel.DEEP).mean())), 1)


def _bids(model: RenewalModel, lot: Lot, firms: _Firms, luck: _Luck, i: int, reference: float, crew: float,
          pooled: bool) -> Floats:  # fmt: skip
    """Relative prices of all firms, infinite where a firm stays away."""
    p, world = model.p, model.surroundings
    busy = firms.utilisation()
    places = {part.project.municipality for part in lot}
    home = np.isin(firms.place, list(places)).astype(float)
    ahead = firms.visible + (p.framework_years if pooled else 0.0)
    clause = float(scope.training_share(model)[list(places)].mean())
    asked = bids.margin(busy, model.expected_bidders, p)
    profit = np.maximum(asked, 0.01) * reference / (model.expected_bidders + 1.0)
    cost = p.bid_cost * reference + p.bid_fixed * model.region.scale * (p.pooled_bid_effort if pooled else 1.0)
    seen = Invitation(profit, np.full_like(profit, cost), home, clause, busy, crew / np.maximum(firms.workers, 1e-9))
    chance = ENTRY[model.levers.entry](seen, p)
    enters = (firms.free() >= crew * p.crew_slack) & (luck.entry[i] < chance)
    prices = bids.bid(
        p.labour_share, world.wage_premium(p), firms.output, asked, bids.risk_premium(ahead, p), luck.price[i], p
    )
    model.books.pay("bidding", cost * enters.sum(), lot[0].project.municipality)
    return np.where(enters, prices, np.inf)


def _failed(model: RenewalModel, lot: Lot, rows: Ints) -> None:
    """A failed tender is tried again next quarter; after a second failure its buildings go back to planning."""
    for project in _projects(lot):
        project.tenders += 1
        project.ready = model.quarter + 1
        if project.tenders >= 2:
            back = project.buildings[np.isin(project.buildings, rows)]
            model.buildings.site[back] = Site.IDLE
            _take_out(model, project, rows)


def _projects(lot: Lot) -> list[Project]:
    """The projects of a lot, each once, in order."""
    return list({id(part.project): part.project for part in lot}.values())


def _take_out(model: RenewalModel, project: Project, rows: Ints) -> float:
    """Remove buildings from a project and return their part of its flats; an emptied project is done."""
    stay = ~np.isin(project.buildings, rows)
    flats = int(model.buildings.flats[project.buildings[stay]].sum())
    left = flats / project.flats
    project.buildings, project.options, project.flats = project.buildings[stay], project.options[stay], flats
    project.cost, project.grant = project.cost * left, project.grant * left
    project.payments, project.promised = project.payments * left, project.promised * left
    if not stay.any():
        model.projects.remove(project)
    return 1.0 - left


def _award(model: RenewalModel, lot: Lot, rows: Ints, options: Ints, winner: int,
           price: float, reference: float, labour: float, crew: float, quarters: int,
           pooled: bool, luck: _Luck, i: int) -> None:  # fmt: skip
    """Sign the contract; appeals delay the start, change orders will raise the bill (half as much in partnering)."""
    p, b = model.p, model.buildings
    u = luck.appeal[i]
    appeal = u[0] < p.appeal_chance
    wait = round(p.appeal_quarters * (0.5 + u[1])) if appeal else 0
    if appeal:
        model.books.pay("appeals", p.appeal_cost * model.region.scale, lot[0].project.municipality)
    change = p.change_orders * np.exp(0.6 * luck.change[i] - 0.18) * (p.partnering if pooled else 1.0)
    standard, energy = appraisal.reference_costs(p)
    share = (standard + energy)[options] * b.flats[rows]
    strength = float((scope.training_share(model)[b.municipality[rows]] * share).sum() / max(share.sum(), 1e-9))
    places = p.clause_places * price / 1e6 * strength
    pace = min(float(bids.productivity(np.array(model.builders[winner].experience), p.learning_time)), 2.0)
    contract = Contract(
        builder=winner,
        buildings=rows,
        options=options,
        owners=b.owner[rows].copy(),
        flats=b.flats[rows],
        cost_shares=share / max(share.sum(), 1e-9),
        price=price,
        reference=reference / model.cost_level,
        labour=labour,
        crew=crew,
        pace=pace,
        quarters=max(round(quarters / pace), 1),
        awarded=model.quarter,
        start=model.quarter + 1 + wait,
        change=float(change),
        pooled=pooled,
        places=places,
        due=np.zeros((len(model.municipalities), 3)),
        promised=np.zeros((len(model.municipalities), 3)),
    )
    model.contracts.append(contract)
    if model.builders[winner].size == "small":
        model.tally_region("award_small", price)
    model.builders[winner].busy += crew
    model.tally_region("award_value", price)
    model.tally_region("award_reference", reference / model.cost_level)
    for project in _projects(lot):
        payments, promised, grant = project.payments, project.promised, project.grant
        part = _take_out(model, project, rows)
        contract.due[project.municipality] += payments * part
        contract.promised[project.municipality] += promised * part
        contract.grants[project.owner] = contract.grants.get(project.owner, 0.0) + grant * part
    pay_due(model, contract, p.payment_at_award)
