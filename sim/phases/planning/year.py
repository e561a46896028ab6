"""What happens when a budget year opens: budgets, joining or leaving the compact, confidence."""

from __future__ import annotations

import numpy as np

from sim import scope
from sim.phases.finance.injections import inject
from sim.phases.finance.loans import count_commitments
from sim.phases.planning.learning import learn
from sim.phases.planning.pledges import hand_over, pay_pledges
from sim.rules.commitment import commits
from sim.world.books import Flow
from sim.world.world import World


def open_year(world: World) -> None:
    """Everything that is set once a year, before planning: budgets are SEK of the year.

    Partners learn from the year that is over before they decide whether to stay.
    """
    _budgets(world)
    inject(world)
    learn(world)
    pay_pledges(world)
    if scope.convened(world):
        _convene(world)
    hand_over(world)
    count_commitments(world)
    for owner in world.owners:
        owner.short, owner.missing = 0.0, 0.0


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
