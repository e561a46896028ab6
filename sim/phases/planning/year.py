"""What happens when a budget year opens: budgets, joining or leaving the compact, confidence, sales of flats."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.agents.municipality import Municipality
from sim.phases.finance.loans import count_commitments
from sim.phases.planning.learning import learn
from sim.phases.planning.pledges import hand_over, pay_pledges
from sim.randomness import Decision
from sim.rules.commitment import commits
from sim.vocabulary import Site
from sim.world.books import Flow
from sim.world.columns import Floats, Ints
from sim.world.world import World


def open_year(world: World) -> None:
    """Everything that is set once a year, before planning: budgets are SEK of the year.

    Partners learn from the year that is over before they decide whether to stay, and owners sell last.
    """
    _budgets(world)
    learn(world)
    pay_pledges(world)
    if scope.convened(world):
        _convene(world)
    hand_over(world)
    count_commitments(world)
    if world.levers.municipal_sales and world.levers.renovation:
        for municipality in world.municipalities:
            _sell(world, municipality)


def _budgets(world: World) -> None:
    """Co-funding money of the year, by municipality."""
    p, scale, downturn = world.p, world.region.scale, world.surroundings.slack
    slack_sek = world.region.municipalities.investment_slack_sek
    for m in world.municipalities:
        m.open_budget(float(slack_sek[m.index]), downturn, p)
    world.county_council.open_budget(world.flat_shares, scale, downturn, p)
    world.state.open_budget(world.flat_shares, scale, scope.state_money_free(world), p)
    world.state.grants_left = world.levers.grant_budget_per_year * scale


def _convene(world: World) -> None:
    """Each municipality, and the county council, joins, stays or leaves on what it has seen."""
    p, table = world.p, world.region.municipalities
    trust = np.array([m.trust for m in world.municipalities])
    gain = np.array([m.seen_gain for m in world.municipalities])
    pressure = np.array([world.civic_pressure(m.index) for m in world.municipalities])
    downturn = max(world.surroundings.slack, 0.0)
    joins = commits(gain, pressure, table.drive, trust, table.courage, downturn, p)
    for m in world.municipalities:
        m.committed_to_compact = bool(joins[m.index])
    council = world.county_council
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
    secretariat = p.compact_staff * world.region.scale * joins
    world.books.pay(Flow.COORDINATION_MUNICIPALITIES, scope.coordination_cost_factor(world) * secretariat)


def _sell(world: World, m: Municipality) -> None:
    """A company whose loan-to-value cap binds may sell buildings to a landlord of the place and pay off loans."""
    b, p = world.buildings, world.p
    buyers = [x for x in world.landlords if x.municipality == m.index]
    if not buyers or m.short <= p.sale_shortfall:
        return
    u = world.draws.at(Decision.SALE, world.quarter, m.index, 3)[0]
    if u[0] > p.sale_chance:
        return
    mine = np.flatnonzero((b.owner == m.index) & (b.site == Site.IDLE))
    rows = _to_sell(world, mine, u)
    if len(rows) == 0:
        return
    buyer = buyers[int(u[1] * len(buyers))]
    price = float(world.building_values[rows].sum())
    b.owner[rows] = buyer.index
    world.borrow(buyer, p.ltv_cap * price)
    world.books.pay(Flow.SALES, price, m.index)
    world.owners_known()


def _to_sell(world: World, mine: Ints, u: Floats) -> Ints:
    """Neighbouring buildings from a random place in the company's stock, up to the share of a sale."""
    scale = world.region.scale
    if len(mine) < world.p.sale_least_buildings * scale:
        return mine[:0]
    flats = np.cumsum(world.buildings.flats[mine])
    limit = world.p.sale_share * flats[-1]
    # Neighbouring buildings, as sales were of whole estates and not of scattered houses.
    start = int(u[1] * (len(mine) - 1))
    inside = flats - (flats[start - 1] if start else 0)
    # At a small scale one building may be more than the share: it is sold as often as the share of it has to be.
    part = (1.0 - scale) * u[2] * world.buildings.flats[mine[start:]]
    return np.asarray(mine[start:][inside[start:] - part <= limit])
