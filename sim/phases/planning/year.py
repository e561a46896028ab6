"""What happens when a budget year opens: budgets, joining or leaving the compact, confidence, sales of flats."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import scope
from sim.randomness import Decision
from sim.rules.commitment import commits, revised_confidence
from sim.vocabulary import Site
from sim.world.columns import Ints

if TYPE_CHECKING:
    from sim.agents.municipality import Municipality
    from sim.model import RenewalModel


def open_year(model: RenewalModel) -> None:
    """Everything that is set once a year, before planning."""
    _budgets(model)
    _learn(model)
    if scope.convened(model):
        _convene(model)
    _same_money(model)
    _commitments(model)
    if model.levers.municipal_sales and model.levers.renovation:
        for municipality in model.municipalities:
            _sell(model, municipality)


def _budgets(model: RenewalModel) -> None:
    """Co-funding money of the year, by municipality."""
    p, scale, downturn = model.p, model.region.scale, model.surroundings.slack
    slack_sek = model.region.municipalities.investment_slack_sek
    for m in model.municipalities:
        m.open_budget(float(slack_sek[m.index]), downturn, p)
    model.county_council.open_budget(model.flat_shares, scale, downturn, p)
    model.state.open_budget(model.flat_shares, scale, scope.state_money_free(model), p)
    model.state.grants_left = model.levers.grant_budget_per_year * scale


def _learn(model: RenewalModel) -> None:
    """Partners compare what was promised with what last year's books showed: a silo its own, a compact everybody's."""
    if model.quarter == 0:
        return
    promised = np.array([m.promised for m in model.municipalities])
    realised = np.array([m.realised for m in model.municipalities])
    if scope.training_across_region(model):
        promised, realised = (
            np.broadcast_to(promised.sum(0), promised.shape),
            np.broadcast_to(realised.sum(0), realised.shape),
        )
    for m in model.municipalities:
        m.confidence = revised_confidence(m.confidence, realised[m.index], promised[m.index], model.p)
        m.promised, m.realised = np.zeros(3), np.zeros(3)


def _convene(model: RenewalModel) -> None:
    """Each municipality, and the county council, joins, stays or leaves on what it has seen."""
    p, table = model.p, model.region.municipalities
    trust = np.array([m.trust for m in model.municipalities])
    gain = np.array([m.seen_gain for m in model.municipalities])
    pressure = np.array([model.civic_pressure(m.index) for m in model.municipalities])
    downturn = max(model.surroundings.slack, 0.0)
    joins = commits(gain, pressure, table.drive, trust, table.courage, downturn, p)
    for m in model.municipalities:
        m.committed_to_compact = bool(joins[m.index])
    council = model.county_council
    share = np.array([joins.mean()])
    council.committed_to_compact = bool(
        commits(
            np.array([gain.mean()]),
            share,
            np.array([p.county_drive]),
            np.array([trust.mean()]),
            np.zeros(1),
            downturn,
            p,
        )[0]
    )
    secretariat = p.compact_staff * model.region.scale * joins
    model.books.pay("coordination_municipalities", scope.coordination_cost_factor(model) * secretariat)


def _same_money(model: RenewalModel) -> None:
    """The reviewer's arm: another run's co-funding of this year, handed over without conditions."""
    if model.same_money is None:
        return
    year = model.quarter // 4
    for k, name in enumerate(("municipalities", "county", "state")):
        model.books.pay(f"side_payment_{name}", model.same_money[year, k])


def _commitments(model: RenewalModel) -> None:
    """What owners have decided but not yet drawn in loans."""
    for owner in model.owners:
        owner.committed = 0.0
    for project in model.projects:
        model.owners[project.owner].committed += project.cost - float(project.payments.sum()) - project.grant
    for contract in model.contracts:
        left = (1.0 - contract.progress) * contract.total
        for index, share in model.cost_by_owner(contract):
            model.owners[index].committed += left * share


def _sell(model: RenewalModel, m: Municipality) -> None:
    """A company whose loan-to-value cap binds may sell buildings to a landlord of the place and pay off loans."""
    b, p = model.buildings, model.p
    buyers = [x for x in model.landlords if x.municipality == m.index]
    if not buyers or m.short <= p.sale_shortfall:
        return
    u = model.draws.at(Decision.SALE, model.quarter, m.index, 2)[0]
    if u[0] > p.sale_chance:
        return
    mine = np.flatnonzero((b.owner == m.index) & (b.site == Site.IDLE))
    rows = _to_sell(model, mine, float(u[1]))
    if len(rows) == 0:
        return
    buyer = buyers[int(u[1] * len(buyers))]
    price = float(model.building_values[rows].sum())
    b.owner[rows] = buyer.index
    model.borrow(buyer, p.ltv_cap * price)
    model.books.pay("sales", price, m.index)
    model.owners_known()


def _to_sell(model: RenewalModel, mine: Ints, u: float) -> Ints:
    """Neighbouring buildings from a random place in the company's stock, up to the share of a sale."""
    if len(mine) < 4:
        return mine[:0]
    flats = np.cumsum(model.buildings.flats[mine])
    limit = model.p.sale_share * flats[-1]
    start = int(u * (len(mine) - 1))
    inside = flats - (flats[start - 1] if start else 0)
    return np.asarray(mine[start:][inside[start:] <= limit])
